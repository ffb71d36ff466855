"""What a tip answers: the campaign or the case as the public reads it, and whether it fits.

    1. page      the campaign is published and takes tips today; the case is published
    2. answers   held against the campaign's questions, each fault with its place
    3. point     of a closeness that the campaign offers; there, where it is required
    4. link      in clear only where the front end asked for that

All before anything is sealed: afterwards nobody but staff could tell the reporter. A tip that
comes sealed was checked by its front end; the server holds only the link that came in clear
against what is public.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from mustshare_api.clock import bangkok_day
from mustshare_api.domain import answers as given
from mustshare_api.domain.about import About
from mustshare_api.domain.answers import Answers
from mustshare_api.domain.campaign import CampaignShown, takes
from mustshare_api.domain.message import Coordinates
from mustshare_api.domain.pages import CASE
from mustshare_api.domain.points import cell_of, size_for
from mustshare_api.errors import FieldError, Malformed
from mustshare_api.flows.public_campaigns import find_campaign
from mustshare_api.flows.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a reporter's front end says a tip is for."""

    campaign: str | None
    case: str | None
    answers: Mapping[str, object]
    coordinates: Coordinates | None
    link_in_clear: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """The same once it was found to fit. The point is no finer than its reporter said."""

    answers: Answers
    coordinates: Coordinates | None
    about: About | None


async def fit(bench: Workbench, said: Addressed) -> Fitting:
    """Checks what a tip is for.

    Raises:
        Malformed: `request.invalid_fields`, with everything that does not fit.
    """
    about = _about(said)
    if said.campaign is None:
        await _check_case(bench, said)
        return Fitting({}, said.coordinates, about if said.link_in_clear else None)
    campaign = await find_campaign(bench.published, said.campaign)
    if campaign is None or not takes(campaign, bangkok_day(bench.clock.now())):
        raise _refused([FieldError("/campaign", "campaign.not_open")])
    wrong = given.errors(campaign.questions, said.answers) + _point(campaign, said.coordinates)
    if wrong:
        raise _refused(wrong)
    answers = msgspec.convert(dict(said.answers), Answers, strict=True)
    point = _snapped(said.coordinates)
    return Fitting(answers, point, about if said.link_in_clear else None)


async def check_about(bench: Workbench, about: About) -> None:
    """That what a sealed tip says in clear is nothing but the name of a public page.

    Raises:
        Malformed: `about.unknown`.
    """
    row = await bench.published.shown(about.kind, about.slug)
    if row is None or row.shown is None:
        raise Malformed("about.unknown")


def _about(said: Addressed) -> About | None:
    """The one page that a tip is for.

    Raises:
        Malformed: two of them, answers without a campaign, or a link to nothing.
    """
    if said.campaign is not None and said.case is not None:
        raise _refused([FieldError("/case", "about.both")])
    if said.campaign is None and said.answers:
        raise _refused([FieldError("/answers", "answer.no_campaign")])
    if said.campaign is not None:
        return About("campaign", said.campaign)
    if said.case is not None:
        return About("case", said.case)
    if said.link_in_clear:
        raise _refused([FieldError("/link_in_clear", "about.nothing")])
    return None


async def _check_case(bench: Workbench, said: Addressed) -> None:
    if said.case is None:
        return
    row = await bench.published.shown(CASE, said.case)
    if row is None or row.shown is None:
        raise _refused([FieldError("/case", "about.no_case")])


def _point(campaign: CampaignShown, point: Coordinates | None) -> list[FieldError]:
    wanted = campaign.point
    if point is None:
        missing = wanted is not None and wanted.required
        return [FieldError("/coordinates", "field.missing")] if missing else []
    if wanted is not None and point.precision_m not in wanted.precisions_m:
        return [FieldError("/coordinates/precision_m", "campaign.precision")]
    return []


def _snapped(point: Coordinates | None) -> Coordinates | None:
    """The middle of the cell of the size that the reporter chose, wherever there is a grid."""
    if point is None:
        return point
    try:
        cell = cell_of(point.latitude, point.longitude, size_for(point.precision_m))
    except Malformed:
        return point
    latitude, longitude = cell.middle
    return Coordinates(latitude, longitude, point.precision_m)


def _refused(errors: list[FieldError]) -> Malformed:
    return Malformed("request.invalid_fields", errors=tuple(errors))

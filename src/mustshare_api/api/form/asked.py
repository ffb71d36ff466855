"""The form of a campaign, for browsers that run no script.

Like the plain form: a receipt in the page, sending twice is one tip, nothing in an address.
Where an answer does not fit, the same page comes back with what was typed and what is wrong
beside it, and nothing was stored.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from mustshare_api.api.answers import DoorState, state_of
from mustshare_api.api.bodies import AnyRequest, stream
from mustshare_api.api.catalogue.flood import IN_LINE
from mustshare_api.api.catalogue.sets import ATTACHED
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.checked import check_text
from mustshare_api.api.form.asked_page import Filled, asked_page, closed_page
from mustshare_api.api.form.multipart import PARTS, Bounds, Form
from mustshare_api.api.form.page import taken_page
from mustshare_api.api.form.routes import (
    PAGE,
    check_origin,
    choice_of,
    html,
    refusal,
    wait_for_them,
)
from mustshare_api.api.form.typed import PREFIX, answers_of, point_of
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.plane.campaigns import campaign_of, today_of
from mustshare_api.api.plane.shared import SLUG
from mustshare_api.domain import receipt
from mustshare_api.domain.campaign import CampaignShown, is_open
from mustshare_api.domain.limits import Limits
from mustshare_api.domain.message import TipBody
from mustshare_api.domain.questions import ChoicesQuestion
from mustshare_api.errors import FieldError, Malformed, MustShareError
from mustshare_api.flows.campaigns import Addressed, fit
from mustshare_api.flows.form import take_form
from mustshare_api.flows.recording import instant

_UNFIT = "request.invalid_fields"


@get(
    "/v1/form/campaigns/{slug:str}",
    operation=Operation(
        "showCampaignForm",
        "A campaign's form without a script",
        "HTML, in Thai and English: every question by its type, those that depend on another "
        "with a line that says on what.",
        {200: Answer("The page.", PAGE)},
        parameters=(SLUG,),
        problems=(
            *("page.not_found", "page.taken_down", "directory.missing"),
            *("directory.expired", "directory.no_recipients"),
        ),
    ),
)
async def show_campaign_form(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """The empty form of a campaign."""
    door = state_of(request)
    try:
        door.bench.directory.recipients()
        campaign = await campaign_of(request, slug)
    except MustShareError as error:
        return refusal(request, error)
    if not is_open(campaign, today_of(request)):
        return html(closed_page(campaign), 200)
    return _page(door, campaign, Filled(receipt.mint()), 200)


@post(
    "/v1/form/campaigns/{slug:str}",
    operation=Operation(
        "sendCampaignForm",
        "Send a campaign's form",
        "The fields of sendForm but `category`, one `q.<id>` for each question (several for "
        "`choices`), `point` as a map shows it (18.79, 98.98) and `precision_m`. What does not "
        "fit comes back in the page, beside its field.",
        {201: Answer("Stored: a page with the receipt.", PAGE)},
        takes=(Octets("The form.", ("multipart/form-data",)),),
        parameters=(SLUG, *STANDING),
        problems=(
            *ATTACHED,
            *(
                "page.not_found",
                "page.taken_down",
                "form.malformed",
                "form.foreign_page",
                "choice.malformed",
            ),
            *(_UNFIT, "receipt.malformed", "receipt.in_use", *IN_LINE, "directory.missing"),
        ),
    ),
)
async def send_campaign_form(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Takes a tip that answers a campaign, with its photos."""
    try:
        return await _sent(request, await campaign_of(request, slug))
    except MustShareError as error:
        return refusal(request, error)


async def _sent(request: AnyRequest, campaign: CampaignShown) -> Response[Any]:
    check_origin(request)
    door = state_of(request)
    wait_for_them()
    with Form(_bounds(campaign, door.bench.limits), door.bench.parking) as form:
        body = stream(request, door.bench.limits.form_bytes, door.patience)
        await form.read(request.headers.get("content-type", ""), body)
        digits = receipt.normalise(form.one("receipt"))
        try:
            tip = await _tip(door, campaign, form)
        except Malformed as unfit:
            if unfit.code != _UNFIT or "text/html" not in request.headers.get("accept", ""):
                raise
            return _page(door, campaign, Filled(digits, form.fields, unfit.errors), 400)
        chosen = choice_of(form)
        taken, photos = await take_form(door.bench, tip, digits, form.photos, chosen)
    return html(taken_page(taken, digits, photos), 201)


async def _tip(door: DoorState, campaign: CampaignShown, form: Form) -> TipBody:
    """What was typed, once all of it fits.

    Raises:
        Malformed: `request.invalid_fields`, with everything that does not.
    """
    wrong: list[FieldError] = []
    point = None
    try:
        point = point_of(form.one("point"), form.one("precision_m"))
    except Malformed as unfit:
        wrong += unfit.errors
    try:
        check_text(form.one("text"), door.bench.limits.text_bytes)
    except Malformed as unfit:
        wrong += unfit.errors
    answers = answers_of(campaign.questions, form.fields)
    said = Addressed(campaign.slug, None, answers, point, link_in_clear=False)
    try:
        fitting = await fit(door.bench, said)
    except Malformed as unfit:
        known = {one.pointer for one in wrong}
        wrong += [one for one in unfit.errors if one.pointer not in known]
        raise Malformed(_UNFIT, errors=tuple(wrong)) from None
    if wrong:
        raise Malformed(_UNFIT, errors=tuple(wrong))
    return TipBody(
        sent_at=instant(door.bench.clock.now()),
        text=form.one("text"),
        campaign=campaign.slug,
        coordinates=fitting.coordinates,
        answers=fitting.answers,
    )


def _bounds(campaign: CampaignShown, limits: Limits) -> Bounds:
    several = [q for q in campaign.questions if isinstance(q, ChoicesQuestion)]
    alone = [q for q in campaign.questions if not isinstance(q, ChoicesQuestion)]
    return Bounds(
        once=(
            *("receipt", "text", "location", "first_frame", "point", "precision_m"),
            *(PREFIX + one.id for one in alone),
        ),
        repeated=("keep", *(PREFIX + one.id for one in several)),
        files="photos",
        field_bytes=limits.json_bytes,
        photo_bytes=limits.attachment_bytes,
        photos=limits.form_photos,
        parts=PARTS + len(alone) + sum(len(one.options) for one in several),
    )


def _page(
    door: DoorState, campaign: CampaignShown, given: Filled, status: int
) -> Response[bytes]:
    evaluation = door.bench.directory.current().evaluation
    takes = door.bench.stripper.takes
    return html(asked_page(campaign, takes, given, evaluation=evaluation), status)


ROUTES: list[Any] = [show_campaign_form, send_campaign_form]

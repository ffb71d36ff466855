"""Campaigns as Open311 GeoReport v2: for programs that read many cities. JSON alone.

    services.json            a campaign is a service
    services/{code}.json     its questions as attributes
    requests.json            a shown cell of its map is a request
    requests/{id}.json       one of them

A cell stands for all that was approved in it; its count is told in `description`, its middle in
`lat` and `long`, and the week in which it last grew in `requested_datetime`. No field tells of
one report, a person, an address or a picture, because the public map does not. `type` is
`blackbox`: nobody who reports gets an id that could be asked for here.

It is for reading. A report is a tip, and tips are sealed at another door.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation, Parameter
from mustshare_api.api.plane.campaigns import map_of, today_of
from mustshare_api.api.plane.maps import band_of
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    by_path,
    by_query,
    json_of,
    plane_of,
)
from mustshare_api.api.ready import Answer
from mustshare_api.clock import BANGKOK
from mustshare_api.domain.campaign import CampaignShown, is_open
from mustshare_api.domain.questions import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    Question,
    YesNoQuestion,
)
from mustshare_api.errors import Malformed, NotFound, NotPermitted
from mustshare_api.flows.public_campaigns import find_campaign, list_campaigns
from mustshare_api.store.points import ShownCell

REQUESTS_MOST: Final = 1000
"""The standard's own bound for one answer."""

_BODY: Final = Octets("JSON, as GeoReport v2 has it.", ("application/json",))
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,62})\.([0-9]{2,6}_[0-9.]{5,8}_[0-9.]{5,9})")
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_ASKED: Final = frozenset(
    {"service_request_id", "service_code", "start_date", "end_date", "status"}
)


_PARAMETERS: Final = tuple(
    Parameter(name, "query", text, {"type": "string"})
    for name, text in (
        ("service_request_id", "Some alone, with commas between."),
        ("service_code", "Of some campaigns, with commas between."),
        ("start_date", "From the day of this W3C time on."),
        ("end_date", "Up to the day of this W3C time."),
        ("status", "`open`, `closed`, or both with a comma between."),
        ("jurisdiction_id", "Passed over: there is one."),
    )
)


@dataclass(frozen=True, slots=True)
class _Query:
    """Which requests are asked for."""

    ids: frozenset[str] | None
    codes: frozenset[str] | None
    start: date
    end: date
    states: frozenset[str]

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> "_Query":
        """Reads the query.

        Raises:
            Malformed: `open311.bad_query`.
        """
        said = {name: value for name, value in pairs if name != "jurisdiction_id"}
        if not set(said) <= _ASKED or len(dict(pairs)) < len(pairs):
            raise Malformed("open311.bad_query")
        states = _several(said.get("status")) or frozenset({"open", "closed"})
        if not states <= {"open", "closed"}:
            raise Malformed("open311.bad_query")
        return cls(
            _several(said.get("service_request_id")),
            _several(said.get("service_code")),
            _day(said.get("start_date"), date.min),
            _day(said.get("end_date"), date.max),
            states,
        )

    def takes(self, request: dict[str, Any], on: date) -> bool:
        """Whether a request is among them."""
        return (
            (self.ids is None or request["service_request_id"] in self.ids)
            and self.start <= on <= self.end
            and request["status"] in self.states
        )


def _several(value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset(value.split(",")[:REQUESTS_MOST])


def _day(value: str | None, otherwise: date) -> date:
    """The Bangkok day of a W3C time.

    Raises:
        Malformed: `open311.bad_query`.
    """
    if value is None:
        return otherwise
    if _STAMP.fullmatch(value) is None:
        raise Malformed("open311.bad_query")
    try:
        return datetime.fromisoformat(value).astimezone(BANGKOK).date()
    except (ValueError, OverflowError):
        raise Malformed("open311.bad_query") from None


@get(
    "/v1/open311/services.json",
    operation=Operation(
        "listOpen311Services",
        "Campaigns as GeoReport services",
        "GeoReport v2, JSON: those that have a map.",
        {200: Told("The services.", _BODY)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_services(request: AnyRequest) -> Answer:
    """Every campaign with a map."""

    async def made() -> Answer:
        found = await list_campaigns(plane_of(request).store)
        return _json([_service(one) for one in found if one.map is not None])

    return await by_path(request, made())


@get(
    "/v1/open311/services/{code_json:str}",
    operation=Operation(
        "showOpen311Service",
        "A campaign's questions as GeoReport attributes",
        "The path ends in `.json`.",
        {200: Told("The definition.", _BODY)},
        parameters=(
            Parameter("code_json", "path", "`{slug}.json`.", {"type": "string"}, required=True),
            IF_NONE_MATCH,
        ),
        problems=("open311.not_found",),
        public=True,
    ),
)
async def show_service(request: AnyRequest, code_json: FromPath[str]) -> Answer:
    """One campaign's attributes."""

    async def made() -> Answer:
        campaign = await _campaign(request, _without_json(code_json))
        attributes = [_attribute(order, q) for order, q in enumerate(campaign.questions, 1)]
        return _json({"service_code": campaign.slug, "attributes": attributes})

    return await by_path(request, made())


@get(
    "/v1/open311/requests.json",
    operation=Operation(
        "listOpen311Requests",
        "Cells of campaigns' maps as GeoReport requests",
        "At most 1,000, the latest first.",
        {200: Told("The requests.", _BODY)},
        parameters=(
            IF_NONE_MATCH,
            *_PARAMETERS,
        ),
        problems=("open311.bad_query",),
        public=True,
    ),
)
async def show_requests(request: AnyRequest) -> Answer:
    """The cells of all maps, or of those asked for."""
    pairs = list(request.query_params.multi_items())
    asked = _Query.of(pairs)

    async def made() -> Answer:
        return _json(await _all_requests(request, asked))

    return await by_query(request, (today_of(request), *sorted(pairs)), made)


async def _all_requests(request: AnyRequest, asked: _Query) -> list[dict[str, Any]]:
    found: list[tuple[date, dict[str, Any]]] = []
    for campaign in await list_campaigns(plane_of(request).store):
        wanted = asked.codes is None or campaign.slug in asked.codes
        if campaign.map is not None and wanted:
            found += await _requests(request, campaign)
    kept = [(on, one) for on, one in found if asked.takes(one, on)]
    kept.sort(key=lambda pair: (-pair[0].toordinal(), pair[1]["service_request_id"]))
    return [one for _, one in kept[:REQUESTS_MOST]]


@get(
    "/v1/open311/requests/{id_json:str}",
    operation=Operation(
        "showOpen311Request",
        "One cell as a GeoReport request",
        "The path ends in `.json`.",
        {200: Told("A list of one.", _BODY)},
        parameters=(
            Parameter("id_json", "path", "`{id}.json`.", {"type": "string"}, required=True),
            IF_NONE_MATCH,
        ),
        problems=("open311.not_found",),
        public=True,
    ),
)
async def show_request(request: AnyRequest, id_json: FromPath[str]) -> Answer:
    """One cell."""
    found = _ID.fullmatch(_without_json(id_json))
    if found is None:
        raise NotFound("open311.not_found")
    wanted, slug = found[0], found[1]

    async def made() -> Answer:
        some = await _requests(request, await _campaign(request, slug))
        kept = [one for _, one in some if one["service_request_id"] == wanted]
        if not kept:
            raise NotFound("open311.not_found")
        return _json(kept)

    return await by_query(request, (today_of(request),), made)


@post(
    "/v1/open311/requests.json",
    operation=Operation(
        "refuseOpen311Request",
        "Not how a tip is sent",
        "Always refused, without reading what was sent: it would come in clear and be kept in "
        "clear. `POST /v1/tips` seals.",
        {},
        problems=("open311.read_only",),
    ),
)
async def refuse_request() -> Answer:
    """Says where tips go."""
    raise NotPermitted("open311.read_only")


def _json(body: object) -> Answer:
    return json_of(msgspec.json.encode(body))


def _without_json(text: str) -> str:
    if not text.endswith(".json"):
        raise NotFound("open311.not_found")
    return text.removesuffix(".json")


async def _campaign(request: AnyRequest, slug: str) -> CampaignShown:
    campaign = None
    if _CODE.fullmatch(slug):
        campaign = await find_campaign(plane_of(request).store, slug)
    if campaign is None or campaign.map is None:
        raise NotFound("open311.not_found")
    return campaign


async def _requests(
    request: AnyRequest, campaign: CampaignShown
) -> list[tuple[date, dict[str, Any]]]:
    shown = await map_of(request, campaign)
    is_now_open = is_open(campaign, today_of(request))
    return [
        (cell.shown_on, _request(campaign, cell, shown.rules.k, is_now_open=is_now_open))
        for cell in shown.cells
    ]


def _service(campaign: CampaignShown) -> dict[str, Any]:
    return {
        "service_code": campaign.slug,
        "service_name": campaign.title.th,
        "description": campaign.summary.th,
        "metadata": bool(campaign.questions),
        "type": "blackbox",
        "keywords": (campaign.hashtag or "").removeprefix("#"),
        "group": "campaign",
    }


def _attribute(order: int, question: Question) -> dict[str, Any]:
    hint = question.hint.th if question.hint else ""
    made: dict[str, Any] = {
        "variable": True,
        "code": question.id,
        "datatype": _datatype(question),
        "required": question.required,
        "datatype_description": hint,
        "order": order,
        "description": question.label.th,
    }
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        made["values"] = [{"key": o.value, "name": o.label.th} for o in question.options]
    if isinstance(question, YesNoQuestion):
        made["values"] = [{"key": "true", "name": "ใช่"}, {"key": "false", "name": "ไม่ใช่"}]
    return made


def _datatype(question: Question) -> str:
    """The standard's own word for the type of an answer."""
    kinds: Iterable[tuple[type[Any], str]] = (
        (NumberQuestion, "number"),
        (DateQuestion, "datetime"),
        (ParagraphQuestion, "text"),
        (YesNoQuestion, "singlevaluelist"),
        (ChoiceQuestion, "singlevaluelist"),
        (ChoicesQuestion, "multivaluelist"),
    )
    return next((name for kind, name in kinds if isinstance(question, kind)), "string")


def _request(
    campaign: CampaignShown, cell: ShownCell, k: int, *, is_now_open: bool
) -> dict[str, Any]:
    band, (latitude, longitude) = band_of(cell, k), cell.cell.middle
    count = f"{band.at_least}-{band.at_most}" if band.at_most else f"{band.at_least}+"
    stamp = datetime.combine(cell.shown_on, time(), BANGKOK).isoformat()
    return {
        "service_request_id": f"{campaign.slug}.{cell.cell.name}",
        "status": "open" if is_now_open else "closed",
        "status_notes": None,
        "service_name": campaign.title.th,
        "service_code": campaign.slug,
        "description": f"{campaign.title.th} · {campaign.title.en}: {count}",
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": stamp,
        "updated_datetime": stamp,
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": latitude,
        "long": longitude,
        "media_url": None,
    }


ROUTES: list[Any] = [show_services, show_service, show_requests, show_request, refuse_request]

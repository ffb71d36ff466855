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
from datetime import date
from typing import Any, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation, Parameter
from mustshare_api.api.plane.campaigns import map_of, today_of
from mustshare_api.api.plane.open311_words import (
    PARAMETERS,
    REQUESTS_MOST,
    Query,
    attribute_of,
    request_of,
    service_of,
)
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    KEPT_BYTES,
    by_path,
    by_query,
    json_of,
    plane_of,
)
from mustshare_api.api.ready import Answer
from mustshare_api.domain.campaign import CampaignShown, is_open
from mustshare_api.errors import NotFound, NotPermitted
from mustshare_api.flows.public_campaigns import find_campaign, list_campaigns

_BODY: Final = Octets("JSON, as GeoReport v2 has it.", ("application/json",))
_LIST: Final = Octets("JSON, as GeoReport v2 has it.", ("application/json",), "array")
_REQUEST_BYTES: Final = 2048
"""What one takes in memory before it is written out."""

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,62})\.([0-9]{2,6}_[0-9.]{5,8}_[0-9.]{5,9})")


@get(
    "/v1/open311/services.json",
    operation=Operation(
        "listOpen311Services",
        "Campaigns as GeoReport services",
        "GeoReport v2, JSON: those that have a map.",
        {200: Told("The services.", _LIST)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_services(request: AnyRequest) -> Answer:
    """Every campaign with a map."""

    async def made() -> Answer:
        found = await list_campaigns(plane_of(request).store)
        return _json([service_of(one) for one in found if one.map is not None])

    return await by_path(request, made())


@get(
    "/v1/open311/services/{code_json:str}",
    operation=Operation(
        "showOpen311Service",
        "A campaign's questions as GeoReport attributes",
        "The path ends in `.json`.",
        {200: Told("The definition.", _BODY)},
        parameters=(
            Parameter(
                "code_json",
                "path",
                "`{slug}.json`.",
                {"type": "string", "maxLength": 128},
                required=True,
            ),
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
        attributes = [attribute_of(order, q) for order, q in enumerate(campaign.questions, 1)]
        return _json({"service_code": campaign.slug, "attributes": attributes})

    return await by_path(request, made())


@get(
    "/v1/open311/requests.json",
    operation=Operation(
        "listOpen311Requests",
        "Cells of campaigns' maps as GeoReport requests",
        "At most 1,000, the latest first.",
        {200: Told("The requests.", _LIST)},
        parameters=(
            IF_NONE_MATCH,
            *PARAMETERS,
        ),
        problems=("open311.bad_query",),
        public=True,
    ),
)
async def show_requests(request: AnyRequest) -> Answer:
    """The cells of all maps, or of those asked for."""
    pairs = list(request.query_params.multi_items())
    asked = Query.of(pairs)

    async def made() -> Answer:
        found = [one for on, one in await _all_requests(request) if asked.takes(one, on)]
        return _json(found[:REQUESTS_MOST])

    return await by_query(request, (today_of(request), *sorted(pairs)), made)


async def _all_requests(request: AnyRequest) -> list[tuple[date, dict[str, Any]]]:
    """The cells of all maps, the latest first: asked of the database once for all queries.

    There are as many queries as anybody cares to make up, and each would ask for every map.
    """
    plane, key = plane_of(request), ("open311", str(today_of(request)))
    found: list[tuple[date, dict[str, Any]]] | None = plane.kept.get(key)
    if found is not None:
        return found
    was, found = plane.current(), []
    for campaign in await list_campaigns(plane.store):
        if campaign.map is not None:
            found += await _requests(request, campaign)
    found.sort(key=lambda pair: (-pair[0].toordinal(), pair[1]["service_request_id"]))
    if plane.current() == was:
        plane.keep(key, found, len(found) * _REQUEST_BYTES, KEPT_BYTES)
    return found


@get(
    "/v1/open311/requests/{id_json:str}",
    operation=Operation(
        "showOpen311Request",
        "One cell as a GeoReport request",
        "The path ends in `.json`.",
        {200: Told("A list of one.", _LIST)},
        parameters=(
            Parameter(
                "id_json",
                "path",
                "`{id}.json`.",
                {"type": "string", "maxLength": 128},
                required=True,
            ),
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
        (cell.shown_on, request_of(campaign, cell, shown.rules.k, is_now_open=is_now_open))
        for cell in shown.cells
    ]


ROUTES: list[Any] = [show_services, show_service, show_requests, show_request, refuse_request]

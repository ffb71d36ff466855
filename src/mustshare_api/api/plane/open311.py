"""Campaigns as Open311 GeoReport v2: for programs that read many cities. XML and JSON.

    discovery           where this is, and in which formats
    services            a campaign is a service
    services/{code}     its questions as attributes
    requests            a shown cell of its map is a request
    requests/{id}       one of them

A cell stands for all that was approved in it; its count is told in `description`, its middle in
`lat` and `long`, and the week in which it last grew in `requested_datetime`. No field tells of
one report, a person, an address or a picture, because the public map does not. `type` is
`blackbox`: nobody who reports gets an id that could be asked for here.

It is for reading. A report is a tip, and tips are sealed at another door. What is refused is
told in the standard's own form.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import get, post
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.languages import preferred
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation, Parameter
from mustshare_api.api.plane.campaigns import today_of
from mustshare_api.api.plane.open311_forms import (
    TYPES,
    Format,
    refused,
    split,
    written,
)
from mustshare_api.api.plane.open311_query import PARAMETERS, Query, state_of
from mustshare_api.api.plane.open311_words import (
    attribute_of,
    discovered,
    request_of,
    service_of,
)
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    by_path,
    by_query,
    checked_slug,
    plane_of,
)
from mustshare_api.api.ready import Answer
from mustshare_api.errors import MustShareError, NotFound, NotPermitted
from mustshare_api.flows.public_campaigns import (
    MapCell,
    list_cells,
    list_mapped,
    load_campaign,
)

FORMATS: Final[tuple[Format, ...]] = ("xml", "json")
BASE: Final = "/v1/open311"
CELLS_MOST: Final = 131_072
"""Cells that are kept in memory, at 300 octets each. Of more, each query asks for all."""


def _octets(form: Format | None = None) -> Octets:
    kinds = ("text/xml", "application/json")
    of_one = {"xml": kinds[:1], "json": kinds[1:]}
    return Octets("As GeoReport v2 has it.", of_one[form] if form else kinds, "array")


def _operation(  # noqa: PLR0913 - what a route is made of
    name: str,
    summary: str,
    *,
    form: Format | None = None,
    parameters: tuple[Parameter, ...] = (),
    problems: tuple[int, ...] = (),
    is_object: bool = False,
) -> Operation:
    body = _octets(form)
    told = Octets(body.description, body.media_types, "object") if is_object else body
    errors = {status: Told("Refused, in the standard's form.", body) for status in problems}
    return Operation(
        name,
        summary,
        "GeoReport v2, for reading. docs/campaigns.md has the mapping.",
        {200: Told("What was asked for.", told), **errors},
        parameters=(*parameters, IF_NONE_MATCH),
        public=True,
    )


async def _told(request: AnyRequest, form: Format, answer: Awaitable[Answer]) -> Answer:
    """The answer; or the refusal, as the standard words it."""
    try:
        return await answer
    except MustShareError as error:
        return _refusal(request, form, error)


def _refusal(request: AnyRequest, form: Format, error: MustShareError) -> Answer:
    return refused(form, error, preferred(request.headers.get("accept-language")))


def _answer(form: Format, outermost: str, value: object) -> Answer:
    return Answer.public(written(form, outermost, value), TYPES[form])


def discovery(form: Format) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that tells where this is."""

    @get(
        f"{BASE}/discovery.{form}",
        operation=_operation(
            f"discoverOpen311As{form.capitalize()}",
            "Where GeoReport is spoken here",
            form=form,
            is_object=True,
        ),
        name=f"discover_open311_{form}",
    )
    async def show(request: AnyRequest) -> Answer:
        async def made() -> Answer:
            return _answer(form, "discovery", discovered(plane_of(request).base, BASE))

        return await _told(request, form, by_path(request, made()))

    return show


def services(form: Format) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that lists campaigns with a map."""

    @get(
        f"{BASE}/services.{form}",
        operation=_operation(
            f"listOpen311ServicesAs{form.capitalize()}",
            "Campaigns with a map as GeoReport services",
            form=form,
        ),
        name=f"list_open311_services_{form}",
    )
    async def show(request: AnyRequest) -> Answer:
        async def made() -> Answer:
            found = await list_mapped(plane_of(request).store)
            return _answer(form, "services", [service_of(one) for one, _ in found.values()])

        return await _told(request, form, by_path(request, made()))

    return show


def requests(form: Format) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that lists the cells of all maps, or of those asked for."""

    @get(
        f"{BASE}/requests.{form}",
        operation=_operation(
            f"listOpen311RequestsAs{form.capitalize()}",
            "Cells of campaigns' maps as GeoReport requests, the latest first",
            form=form,
            parameters=PARAMETERS,
            problems=(400,),
        ),
        name=f"list_open311_requests_{form}",
    )
    async def show(request: AnyRequest) -> Answer:
        return await _told(request, form, _requests(request, form))

    return show


async def _requests(request: AnyRequest, form: Format) -> Answer:
    pairs = list(request.query_params.multi_items())
    asked = Query.of(pairs)

    async def made() -> Answer:
        cells = await _cells(request)
        # A thousand as XML take a while, for every query that anybody makes up; tips wait.
        return await asyncio.to_thread(
            lambda: _written(request, form, asked.of_page(cells, today_of(request)))
        )

    return await by_query(request, (today_of(request), *sorted(pairs)), made)


def _written(request: AnyRequest, form: Format, cells: list[MapCell]) -> Answer:
    today = today_of(request)
    told = [request_of(one, is_now_open=state_of(one, today) == "open") for one in cells]
    return _answer(form, "service_requests", told)


async def _cells(request: AnyRequest) -> list[MapCell]:
    """The cells of all maps: asked of the database once for all queries.

    There are as many queries as anybody cares to make up, and each would ask for every map.
    """
    plane = plane_of(request)
    held: list[MapCell] | None = plane.cells
    if held is not None:
        return held
    was = plane.current()
    found = await list_cells(plane.store, plane.points)
    if plane.current() == was and len(found) <= CELLS_MOST:
        plane.cells = found
    return found


def _ending(name: str, what: str) -> Parameter:
    schema = {"type": "string", "maxLength": 128}
    said = f"{what}, with `.xml` or `.json` behind it."
    return Parameter(name, "path", said, schema, required=True)


def _form_of(text: str) -> Format:
    """In which format a path is refused, whatever it names: XML, unless it asks for JSON."""
    return "json" if text.endswith(".json") else "xml"


@get(
    f"{BASE}/services/{{code:str}}",
    operation=_operation(
        "showOpen311Service",
        "A campaign's questions as GeoReport attributes",
        parameters=(_ending("code", "A campaign's slug"),),
        problems=(404,),
        is_object=True,
    ),
)
async def show_service(request: AnyRequest, code: FromPath[str]) -> Answer:
    """One campaign's attributes."""

    async def made() -> Answer:
        slug, form = split(code)
        try:
            campaign = await load_campaign(plane_of(request).store, checked_slug(slug))
        except NotFound:
            raise NotFound("open311.not_found") from None
        if campaign.map is None:
            raise NotFound("open311.not_found")
        attributes = [attribute_of(order, q) for order, q in enumerate(campaign.questions, 1)]
        told = {"service_code": campaign.slug, "attributes": attributes}
        return _answer(form, "service_definition", told)

    return await _told(request, _form_of(code), by_path(request, made()))


@get(
    f"{BASE}/requests/{{id:str}}",
    operation=_operation(
        "showOpen311Request",
        "One cell as a GeoReport request",
        parameters=(_ending("id", "`{slug}.{cell}`"),),
        problems=(404,),
    ),
)
async def show_request(request: AnyRequest, id: FromPath[str]) -> Answer:  # noqa: A002 - the path's
    """One cell."""

    async def made() -> Answer:
        wanted, form = split(id)
        found = [one for one in await _cells(request) if one.name == wanted]
        if not found:
            raise NotFound("open311.not_found")
        return _written(request, form, found)

    return await _told(request, _form_of(id), by_query(request, (today_of(request),), made))


def refusing(form: Format) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which nothing is sent."""

    @post(
        f"{BASE}/requests.{form}",
        operation=Operation(
            f"refuseOpen311RequestAs{form.capitalize()}",
            "Not how a tip is sent",
            "Always refused, without reading what was sent: it would come in clear and be kept "
            "in clear. `POST /v1/tips` seals.",
            {403: Told("Refused, in the standard's form.", _octets(form))},
            problems=("open311.read_only",),
        ),
        name=f"refuse_open311_request_{form}",
    )
    async def refuse(request: AnyRequest) -> Answer:
        return _refusal(request, form, NotPermitted("open311.read_only"))

    return refuse


_MADE: Final[tuple[Callable[[Format], Any], ...]] = (discovery, services, requests, refusing)
ROUTES: list[Any] = [
    *(make(form) for make in _MADE for form in FORMATS),
    show_service,
    show_request,
]

"""The public's routes for Thailand's administrative codes.

A form needs no list of its own: provinces first, then what lies in the one that was picked.
"""

from typing import Annotated, Any, Literal

import msgspec
from litestar import get
from litestar.params import FromPath
from msgspec import Meta

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Operation, Parameter
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_path, json_of
from mustshare_api.api.ready import Answer
from mustshare_api.domain import places
from mustshare_api.domain.pages import Both
from mustshare_api.errors import NotFound

SOURCE = (
    "GeoThai/data, Copyright (c) 2026 Pongsakorn Thipayanate, CC BY 4.0; codes and names of "
    "the Department of Provincial Administration"
)
_CODE = Parameter(
    "code",
    "path",
    "2, 4 or 6 digits.",
    {"type": "string", "pattern": "^([0-9]{2}){1,3}$"},
    required=True,
)


class NamedPlace(msgspec.Struct, frozen=True):
    """A place by its code; names are ambiguous, codes are not."""

    code: Annotated[str, Meta(examples=["840503"])]
    name: Both


class PlaceList(msgspec.Struct, frozen=True):
    """The provinces, and which release of the list this is."""

    version: str
    source: str
    places: list[NamedPlace]


class ShownPlace(msgspec.Struct, frozen=True):
    """A place, what it lies in and what lies in it.

    One that was abolished has a day, and the codes that its area has today where that is known:
    by a notice in the Royal Gazette, or by the same name nearby.
    """

    code: str
    name: Both
    level: Literal["province", "district", "sub_district"]
    parent: NamedPlace | None
    children: list[NamedPlace]
    abolished_on: str | None
    successors: list[NamedPlace]
    successors_by: Literal["notice", "name"] | None


def _named(place: places.Place) -> NamedPlace:
    return NamedPlace(place.code, Both(place.name("th"), place.name("en")))


def _found(code: str | None) -> NamedPlace | None:
    place = places.find_place(code) if code else None
    return _named(place) if place else None


@get(
    "/v1/places",
    operation=Operation(
        "listPlaces",
        "The provinces",
        "Codes of TIS 1099. What lies in one is at /v1/places/{code}.",
        {200: Told("The provinces.", PlaceList)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def list_places(request: AnyRequest) -> Answer:
    """The provinces."""

    async def made() -> Answer:
        found = [_named(place) for place in places.provinces()]
        return json_of(PlaceList(places.version(), SOURCE, found))

    return await by_path(request, made())


@get(
    "/v1/places/{code:str}",
    operation=Operation(
        "showPlace",
        "One place",
        "With what it lies in and what lies in it; of an abolished one, what it is today.",
        {200: Told("The place.", ShownPlace)},
        parameters=(_CODE, IF_NONE_MATCH),
        problems=("place.not_found",),
        public=True,
    ),
)
async def show_place(request: AnyRequest, code: FromPath[str]) -> Answer:
    """One place."""

    async def made() -> Answer:
        place = places.find_place(code)
        if place is None:
            raise NotFound("place.not_found")
        return json_of(_shown(place))

    return await by_path(request, made())


def _shown(place: places.Place) -> ShownPlace:
    successors = [found for code in place.successors if (found := _found(code))]
    by: Literal["notice", "name"] = "notice" if place.by_notice else "name"
    return ShownPlace(
        code=place.code,
        name=Both(place.name("th"), place.name("en")),
        level=place.level.value,
        parent=_found(place.parent_code),
        children=[_named(child) for child in places.children(place.code)],
        abolished_on=place.abolished_on.isoformat() if place.abolished_on else None,
        successors=successors,
        successors_by=by if successors else None,
    )


ROUTES: list[Any] = [list_places, show_place]

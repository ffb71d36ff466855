"""The staff door's routes for the points of a campaign's map.

What comes is a cell and never a position within it: the key tool snaps it, and the server once
more. Nothing says which tip a point is from, and there is no field in which it could be said.
"""

import re
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath
from msgspec import Meta

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest, decode
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.ids import Id
from mustshare_api.api.operation import Answer, Link, Operation, Parameter, id_in_path
from mustshare_api.api.staff.permissions import APPROVE_POINTS
from mustshare_api.api.staff.queries import AFTER, LIMIT, page_of
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.domain.points import Cell
from mustshare_api.errors import NotFound
from mustshare_api.flows import points
from mustshare_api.store.points import PointRow

BODY_BYTES: Final = 1024
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

SLUG: Final = Parameter(
    "slug",
    "path",
    "The campaign's name in public paths.",
    {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"},
    required=True,
)
_POINT: Final = id_in_path("point_id", "As it was approved.")


class NewPoint(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A place that staff approved for the map. A retry keeps its id.

    `nonce` is dropped. The audit log keeps a digest of the request, and all else of it stands
    in the point's row: whoever has both would know which officer approved it, and on which day.
    """

    id: Id
    nonce: Id
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    precision_m: Annotated[
        float,
        Meta(
            ge=1,
            le=100_000,
            multiple_of=1,
            description="Whole metres; no finer than its reporter chose.",
        ),
    ]
    province: Annotated[str, Meta(pattern=r"^[0-9]{2}$(?!\n)")] | None = None


class PointTaken(msgspec.Struct, frozen=True):
    """The point is recorded; nobody is told when it comes out."""

    id: Id


class StaffPoint(msgspec.Struct, frozen=True):
    """A point as staff see it. `shown_in` is the cell in which the public finds it."""

    id: Id
    cell: str
    cell_m: int
    province: str | None
    batch_on: date
    shown_in: str | None
    shown_on: date | None


class PointList(msgspec.Struct, frozen=True):
    """A page of points, in the order of their ids."""

    points: list[StaffPoint]
    next: Id | None


_NEW_POINT: Final = msgspec.json.Decoder(NewPoint, strict=True)


def slug_of(text: str) -> str:
    """A slug out of a path.

    Raises:
        NotFound: `page.not_found`, no page could have it.
    """
    if _SLUG.fullmatch(text) is None:
        raise NotFound("page.not_found")
    return text


@post(
    "/v1/campaigns/{slug:str}/points",
    operation=Operation(
        "approvePoint",
        "Put a point on a campaign's map",
        "Snapped to what the campaign's grid allows. It comes out on one of the next three "
        "Mondays, by chance, and only together with others.",
        {
            201: Answer("Recorded.", PointTaken, links=(Link("listPoints", "All of them."),)),
            200: Answer("It was there already.", PointTaken),
        },
        takes=(NewPoint,),
        example={
            "id": "6f1a0c9be2d94b6b8f0e4c1d2a3b4c5d",
            "nonce": "c2b7f0a94d1e4e5f8a6b3c0d9e8f7a61",
            "latitude": 18.79,
            "longitude": 98.98,
            "precision_m": 1000,
            "province": "50",
        },
        parameters=(SLUG,),
        problems=(
            *SIGNED_DEED,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "page.not_found",
            "campaign.no_map",
            "campaign.full",
            "point.outside",
            "id.in_use",
        ),
        credential="staff",
    ),
    permission=APPROVE_POINTS,
)
async def approve_point(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    """Takes a point."""
    named = slug_of(slug)
    said = decode(await signed_body(request, BODY_BYTES), _NEW_POINT)
    # 1000.0 and 1000 are one number in JSON, which knows no whole ones.
    precision_m = int(said.precision_m)
    sent = points.Approved(
        bytes.fromhex(said.id), said.latitude, said.longitude, precision_m, said.province
    )
    is_new = await points.approve(state_of(request).bench, admitted(request), named, sent)
    return json_answer(PointTaken(said.id), 201 if is_new else 200)


@get(
    "/v1/campaigns/{slug:str}/points",
    operation=Operation(
        "listPoints",
        "The points of a campaign",
        "In the order of their ids, which tells nothing of time.",
        {
            200: Answer(
                "A page.",
                PointList,
                links=(
                    Link(
                        "takeBackPoint",
                        "Take one off the map.",
                        {"point_id": "$response.body#/points/0/id"},
                    ),
                ),
            )
        },
        parameters=(
            SLUG,
            AFTER,
            LIMIT,
        ),
        problems=(*SIGNED, "request.malformed", "id.malformed", "page.not_found"),
        credential="staff",
    ),
    permission=APPROVE_POINTS,
)
async def list_points(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    """A page of points."""
    bench = state_of(request).bench
    after, limit = page_of(request)
    rows = await bench.points.listed(slug_of(slug), after or b"", limit)
    listed = [_shown(row) for row in rows]
    return json_answer(PointList(listed, listed[-1].id if len(listed) == limit else None))


@delete(
    "/v1/campaigns/{slug:str}/points/{point_id:str}",
    status_code=204,
    operation=Operation(
        "takeBackPoint",
        "Take a point off the map",
        "At once, also while the campaign is hidden. A cell that it leaves with too few points "
        "is shown no more, and those wait for others. The same again is told that it is done, "
        "for a week.",
        {204: Answer("It is gone.")},
        parameters=(SLUG, _POINT),
        problems=(
            *SIGNED_DEED,
            "id.malformed",
            "page.not_found",
            "point.not_found",
        ),
        credential="staff",
    ),
    permission=APPROVE_POINTS,
)
async def take_back_point(
    request: AnyRequest, slug: FromPath[str], point_id: FromPath[str]
) -> Response[None]:
    """Deletes a point."""
    named, wanted = slug_of(slug), credentials.id_of(point_id)
    await signed_body(request, 0)
    await points.take_back(state_of(request).bench, admitted(request), named, wanted)
    return empty_answer()


def _shown(row: PointRow) -> StaffPoint:
    shown: Cell | None = row.shown
    return StaffPoint(
        id=row.point_id.hex(),
        cell=row.cell.name,
        cell_m=row.cell.size_m,
        province=row.province,
        batch_on=row.batch_on,
        shown_in=shown.name if shown else None,
        shown_on=row.shown_on,
    )


ROUTES: list[Any] = [approve_point, list_points, take_back_point]

"""The staff door's routes that read: what there is, and its octets.

Every one of them is behind the guard of `signed`, which stands on the whole door; a body is
read through it as well, and is then the one that was signed.
"""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import (
    OctetStream,
    json_answer,
    state_of,
)
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED
from mustshare_api.api.operation import (
    ID_SCHEMA,
    Answer,
    Link,
    Octets,
    Operation,
    Parameter,
    id_in_path,
)
from mustshare_api.api.staff.parts import IF_RANGE, RANGE, part_of
from mustshare_api.api.staff.permissions import READ_DIRECTORY, READ_OBJECTS
from mustshare_api.api.staff.signed import reach_of
from mustshare_api.api.staff.wire import Index, TipList, indexed_object, listed_tip
from mustshare_api.errors import Malformed, NotFound

PAGE_MOST = 1000

_AFTER = Parameter("after", "query", "The last id of the page before.", ID_SCHEMA)
_LIMIT = Parameter(
    "limit",
    "query",
    "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_MOST},
)


def _page(request: AnyRequest) -> tuple[bytes | None, int]:
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names) or not set(names) <= {"after", "limit"}:
        raise Malformed
    after, limit = request.query_params.get("after"), request.query_params.get("limit", "1000")
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 5):  # noqa: PLR2004
        raise Malformed
    if not 1 <= int(limit) <= PAGE_MOST:
        raise Malformed
    return (None if after is None else credentials.id_of(after)), int(limit)


@get(
    "/v1/index",
    operation=Operation(
        "readIndex",
        "What sealed objects there are",
        "Those of which a stanza names a key of the requester's. In the order of random ids, "
        "so that it tells nothing of time.",
        {
            200: Answer(
                "A page.",
                Index,
                links=(
                    Link(
                        "fetchObject",
                        "Its octets.",
                        {"object_id": "$response.body#/objects/0/object_id"},
                    ),
                    Link("readIndex", "The next page.", {"after": "$response.body#/next"}),
                ),
            )
        },
        parameters=(_AFTER, _LIMIT),
        problems=(*SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def read_index(request: AnyRequest) -> Response[bytes]:
    """A page of the index."""
    after, limit = _page(request)
    rows = await state_of(request).bench.envelopes.index(reach_of(request), after, limit)
    objects = [indexed_object(row) for row in rows]
    return json_answer(Index(objects, objects[-1].object_id if len(objects) == limit else None))


@get(
    "/v1/tips",
    operation=Operation(
        "listTips",
        "What tips there are",
        "Those on which something is sealed to the requester, and all that are gone. With the "
        "bundle to which an answer is sealed. Drop what you hold of a tip that has none. A "
        "page may be short, or empty, and have a next one.",
        {
            200: Answer(
                "A page.",
                TipList,
                links=(
                    Link(
                        "answerTip", "Write back.", {"tip_id": "$response.body#/tips/0/tip_id"}
                    ),
                    Link("listTips", "The next page.", {"after": "$response.body#/next"}),
                ),
            )
        },
        parameters=(_AFTER, _LIMIT),
        problems=(*SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def list_tips(request: AnyRequest) -> Response[bytes]:
    """A page of tips."""
    after, limit = _page(request)
    page = await state_of(request).bench.tips.page(reach_of(request), after, limit)
    tips = [listed_tip(row) for row in page.rows]
    return json_answer(TipList(tips, page.place.hex() if page.place else None))


@get(
    "/v1/objects/{object_id:str}",
    operation=Operation(
        "fetchObject",
        "One sealed object",
        "Prefix, stanzas and payload, as docs/protocol.md lays them out. `ETag` is the digest "
        "that the index has. One range may be asked for (`bytes`), best with `If-Range`: an "
        "object that was sealed anew meanwhile then comes whole. Of several ranges none is "
        "taken.",
        {
            200: Answer("The object.", Octets("The sealed object.")),
            206: Answer("The range, as `Content-Range` has it.", Octets("Octets of it.")),
        },
        parameters=(id_in_path("object_id", "As the index names it."), RANGE, IF_RANGE),
        problems=(*SIGNED, "id.malformed", "object.not_found", "object.bad_range"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def fetch_object(request: AnyRequest, object_id: FromPath[str]) -> OctetStream:
    """A sealed object's octets."""
    door = state_of(request)
    found = await door.bench.envelopes.stored(credentials.id_of(object_id))
    if found is None or not reach_of(request).holds(found.head.stanzas):
        raise NotFound("object.not_found")
    return part_of(request, found, door.patience.idle_s)


@get(
    "/v1/directory",
    operation=Operation(
        "readDirectory",
        "The signed key directory",
        "To the byte as the root keys signed it.",
        {200: Answer("A C2SP signed note.", Octets("The note.", ("text/plain",)))},
        problems=SIGNED,
        credential="staff",
    ),
    permission=READ_DIRECTORY,
)
async def read_directory(request: AnyRequest) -> Response[bytes]:
    """The directory as signed."""
    octets = state_of(request).bench.directory.current().octets
    return Response(octets, media_type="text/plain")


ROUTES: list[Any] = [read_index, list_tips, fetch_object, read_directory]

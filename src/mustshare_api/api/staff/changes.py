"""The staff door's routes for tools that sync: what changed since a day, and many messages.

The tag of a page is the hash of its octets, so "not modified" means exactly that: no tip, no
object, no deed in the audit log and no directory is other than it was.
"""

import hashlib
import re
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get, post
from msgspec import Meta

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, state_of
from mustshare_api.api.bodies import AnyRequest, decode
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.ids import Id
from mustshare_api.api.operation import (
    ENTITY_TAGS,
    Answer,
    Link,
    Octets,
    Operation,
    Parameter,
)
from mustshare_api.api.staff.permissions import READ_OBJECTS
from mustshare_api.api.staff.signed import reach_of, signed_body
from mustshare_api.api.staff.wire import Changes, LogHead, indexed_object, listed_tip
from mustshare_api.crypto import frames
from mustshare_api.errors import Malformed
from mustshare_api.flows import changes as feed
from mustshare_api.flows.changes import PAGE_MOST

BATCH_MOST: Final = 500
"""Ids of one batch."""

BATCH_BYTES: Final = 4 << 20
"""Octets of one batch: what is held in memory for one reader."""

NOT_MODIFIED: Final = 304

_BODY_LIMIT: Final = 32 * 1024
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_BEGINNING: Final = date(1970, 1, 1)


class Wanted(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The messages that are wanted, in the order in which they are best sent."""

    ids: Annotated[list[Id], Meta(min_length=1, max_length=BATCH_MOST)]


_WANTED: Final = msgspec.json.Decoder(Wanted, strict=True)


def _asked(request: AnyRequest) -> tuple[date, str | None, int]:
    """Since when, behind which cursor, how many."""
    pairs = list(request.query_params.multi_items())
    asked = dict(pairs)
    if len(asked) < len(pairs) or not asked.keys() <= {"since", "after", "limit"}:
        raise Malformed
    limit = asked.get("limit", str(PAGE_MOST))
    if _NUMBER.fullmatch(limit) is None or int(limit) > PAGE_MOST:
        raise Malformed
    return _day(asked.get("since")), asked.get("after"), int(limit)


def _day(text: str | None) -> date:
    if text is None:
        return _BEGINNING
    if _DAY.fullmatch(text) is None:
        raise Malformed
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed from None


def _has(request: AnyRequest, entity: str) -> bool:
    """Whether the requester has the page with this tag (RFC 9110, 13.1.2)."""
    given = ",".join(request.headers.getall("if-none-match", []))
    return any(one.strip() in {"*", entity, f"W/{entity}"} for one in given.split(","))


@get(
    "/v1/changes",
    operation=Operation(
        "readChanges",
        "What changed since a day",
        "Tips and objects within the requester's reach that came on that Bangkok day or later, "
        "or became others for staff. Never moved by what a reporter reads, acknowledges or "
        "exchanges: objects that were acknowledged, and bundles that were rotated, show by "
        "comparing with the index and the list of tips, which is to be done once a week. Ask "
        "next time since the day before `on`, and with the `ETag` of each page: 304 says that "
        "all of it is as it was, the audit log and the directory too. A page may be short, or "
        "empty, and have a next one.",
        {
            200: Answer(
                "A page.",
                Changes,
                links=(
                    Link("readChanges", "The next page.", {"after": "$response.body#/next"}),
                    Link("fetchObjects", "The octets of what is new."),
                ),
            ),
            304: Answer("As it was when `If-None-Match` was its tag."),
        },
        parameters=(
            Parameter(
                "since",
                "query",
                "A day of the Bangkok calendar; all there ever was if not given.",
                {"type": "string", "format": "date"},
            ),
            Parameter(
                "after",
                "query",
                "The `next` of the page before, with the same `since`.",
                {"type": "string", "pattern": "^[A-Za-z0-9_-]{67}$"},
            ),
            Parameter(
                "limit",
                "query",
                "How many tips, and how many objects, at most.",
                {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_MOST},
            ),
            Parameter(
                "If-None-Match",
                "header",
                "Tags of pages that are known.",
                ENTITY_TAGS,
            ),
        ),
        problems=(*SIGNED, "request.malformed", "cursor.malformed"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def read_changes(request: AnyRequest) -> Response[Any]:
    """A page of changes, or that it is known."""
    since, after, limit = _asked(request)
    bench = state_of(request).bench
    page = await feed.changes(bench, reach_of(request), since, after, limit)
    size, root = page.log
    body = msgspec.json.encode(
        Changes(
            page.on.isoformat(),
            page.complete,
            [listed_tip(row) for row in page.tips],
            [indexed_object(row) for row in page.objects],
            LogHead(size, root.hex()),
            page.directory.hex(),
            page.following,
        )
    )
    entity = f'"{hashlib.sha256(body).hexdigest()}"'
    if _has(request, entity):
        known = empty_answer(NOT_MODIFIED)
        known.headers["etag"] = entity
        return known
    return Response(body, media_type="application/json", headers={"etag": entity})


@post(
    "/v1/objects/batch",
    status_code=200,
    operation=Operation(
        "fetchObjects",
        "Many messages at once",
        f"Up to {BATCH_MOST} sealed messages by their ids, as frames: a length of 4 bytes, "
        "big-endian, then the octets. They come in the order asked for, as many as fit into "
        f"{BATCH_BYTES >> 20} MiB and at least one. What lies before the last that came and is "
        "not among them is not there, or an attachment, which is fetched by itself; ask again "
        "for those behind it. Nothing is changed, so nothing is in the audit log.",
        {200: Answer("The frames.", Octets("Frames."))},
        takes=(Wanted,),
        problems=(
            *SIGNED_DEED,
            "request.malformed",
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "id.malformed",
        ),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def fetch_objects(request: AnyRequest) -> Response[bytes]:
    """Sealed messages."""
    wanted = decode(await signed_body(request, _BODY_LIMIT), _WANTED)
    ids = list(dict.fromkeys(credentials.id_of(one) for one in wanted.ids))
    envelopes = state_of(request).bench.envelopes
    found = await envelopes.messages(reach_of(request), ids, BATCH_BYTES)
    return Response(frames.joined(found), media_type="application/octet-stream")


ROUTES: list[Any] = [read_changes, fetch_objects]

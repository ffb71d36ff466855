"""The staff door: signed requests only, checked before any handler runs.

A handler that somebody forgets to guard is refused, not open: the guard stands on the whole
door, and the body that a handler reads is checked against the digest that was signed.
"""

import base64
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import (
    DoorState,
    OctetStream,
    empty_answer,
    json_answer,
    state_of,
)
from mustshare_api.api.bodies import AnyRequest, stream
from mustshare_api.api.operation import (
    ID_SCHEMA,
    Answer,
    Octets,
    Operation,
    Parameter,
    id_in_path,
)
from mustshare_api.crypto import requests
from mustshare_api.domain.limits import MEBIBYTE
from mustshare_api.errors import Malformed, NotFound
from mustshare_api.flows import staff
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.attach import sealed_limit
from mustshare_api.store.outcome import Outcome

PAGE_MOST = 1000
DIRECTORY_LIMIT = MEBIBYTE

_SIGNED = (
    "signature.missing",
    "signature.malformed",
    "signature.skewed",
    "signature.unknown_key",
    "signature.invalid",
    "signature.replayed",
    "directory.missing",
    "directory.expired",
)
_AFTER = Parameter("after", "query", "The last id of the page before.", ID_SCHEMA)
_LIMIT = Parameter(
    "limit",
    "query",
    "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_MOST},
)


class IndexedObject(msgspec.Struct, frozen=True):
    """One sealed object; `digest` is SHA-256 over prefix and stanzas."""

    object_id: str
    tip_id: str
    kind: int
    received_on: str
    octets: int
    digest: str


class Index(msgspec.Struct, frozen=True):
    """A page of the index, in the order of random ids."""

    objects: list[IndexedObject]
    next: str | None


class ListedTip(msgspec.Struct, frozen=True):
    """One tip; `bundle` is null for one that was withdrawn or has expired."""

    tip_id: str
    state: str
    received_on: str
    expires_on: str
    answered: bool
    bundle: str | None


class TipList(msgspec.Struct, frozen=True):
    """A page of tips, in the order of random ids."""

    tips: list[ListedTip]
    next: str | None


async def signed_guard(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Refuses a request that no current staff key signed."""
    door: DoorState = connection.app.state["door"]
    scope = connection.scope
    await staff.admit(
        door.bench,
        str(scope.get("method")),
        connection.headers.get("host", ""),
        (scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")),
        connection.headers,
    )


async def _digested(request: AnyRequest, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, and a refusal at their end when they are not what was signed."""
    digest = requests.BodyDigest(request.headers)
    async for chunk in chunks:
        digest.update(chunk)
        yield chunk
    digest.check()


async def _body(request: AnyRequest, limit_bytes: int) -> bytes:
    chunks = stream(request, limit_bytes, state_of(request).patience)
    return b"".join([chunk async for chunk in _digested(request, chunks)])


def _page(request: AnyRequest) -> tuple[bytes | None, int]:
    unknown = set(request.query_params) - {"after", "limit"}
    after, limit = request.query_params.get("after"), request.query_params.get("limit", "1000")
    if unknown or not (limit.isascii() and limit.isdecimal() and len(limit) < 5):  # noqa: PLR2004
        raise Malformed
    if not 1 <= int(limit) <= PAGE_MOST:
        raise Malformed
    return (credentials.id_of(after) if after else None), int(limit)


@get(
    "/v1/index",
    operation=Operation(
        "readIndex",
        "What sealed objects there are",
        "In the order of random ids, so that it tells nothing of time.",
        {200: Answer("A page.", Index)},
        parameters=(_AFTER, _LIMIT),
        problems=(*_SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
)
async def read_index(request: AnyRequest) -> Response[bytes]:
    """A page of the index."""
    after, limit = _page(request)
    rows = await state_of(request).bench.envelopes.index(after, limit)
    objects = [
        IndexedObject(
            row.object_id.hex(),
            row.tip_id.hex(),
            row.kind,
            row.received_on.isoformat(),
            row.total_bytes,
            row.digest.hex(),
        )
        for row in rows
    ]
    return json_answer(Index(objects, objects[-1].object_id if len(objects) == limit else None))


@get(
    "/v1/tips",
    operation=Operation(
        "listTips",
        "What tips there are",
        "With the bundle to which an answer is sealed. Drop what you hold of a tip that has none.",
        {200: Answer("A page.", TipList)},
        parameters=(_AFTER, _LIMIT),
        problems=(*_SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
)
async def list_tips(request: AnyRequest) -> Response[bytes]:
    """A page of tips."""
    after, limit = _page(request)
    rows = await state_of(request).bench.tips.page(after, limit)
    tips = [
        ListedTip(
            row.tip_id.hex(),
            row.state,
            row.received_on.isoformat(),
            row.expires_on.isoformat(),
            row.answered,
            base64.b64encode(row.bundle).decode() if row.bundle else None,
        )
        for row in rows
    ]
    return json_answer(TipList(tips, tips[-1].tip_id if len(tips) == limit else None))


@get(
    "/v1/objects/{object_id:str}",
    operation=Operation(
        "fetchObject",
        "One sealed object",
        "Prefix, stanzas and payload, as docs/protocol.md lays them out.",
        {200: Answer("The object.", Octets("The sealed object."))},
        parameters=(id_in_path("object_id", "As the index names it."),),
        problems=(*_SIGNED, "id.malformed", "object.not_found"),
        credential="staff",
    ),
)
async def fetch_object(request: AnyRequest, object_id: FromPath[str]) -> OctetStream:
    """A sealed object's octets."""
    bench = state_of(request).bench
    wanted = credentials.id_of(object_id)
    row = await bench.envelopes.head(wanted)
    if row is None:
        raise NotFound("object.not_found")
    return OctetStream(bench.envelopes.stream(wanted), row.total_bytes)


@post(
    "/v1/tips/{tip_id:str}/follow-ups",
    operation=Operation(
        "answerTip",
        "Answer a tip",
        "A sealed object of kind follow-up from staff: to the reporter's bundle and every current recipient.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("The sealed follow-up."),),
        parameters=(id_in_path("tip_id", "As the list of tips names it."),),
        problems=(
            *_SIGNED,
            "id.malformed",
            "id.in_use",
            "tip.not_found",
            "tip.full",
            "envelope.malformed",
            "envelope.not_padded",
            "envelope.wrong_kind",
            "envelope.wrong_tip",
            "envelope.wrong_recipients",
        ),
        credential="staff",
    ),
)
async def answer_tip(request: AnyRequest, tip_id: FromPath[str]) -> Response[None]:
    """Takes a follow-up from staff."""
    octets = await _body(request, MESSAGE_LIMIT)
    outcome = await staff.answer(state_of(request).bench, credentials.id_of(tip_id), octets)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@put(
    "/v1/tips/{tip_id:str}/attachments/{object_id:str}",
    operation=Operation(
        "attachToAnswer",
        "Send a file with an answer",
        "A sealed object of kind attachment from staff. It waits for the follow-up that names it.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("The sealed file."),),
        parameters=(
            id_in_path("tip_id", "As the list of tips names it."),
            id_in_path("object_id", "The file's own id."),
            Parameter(
                "follow_up", "query", "The follow-up that names it.", ID_SCHEMA, required=True
            ),
        ),
        problems=(
            *_SIGNED,
            "id.malformed",
            "id.in_use",
            "tip.not_found",
            "tip.full",
            "envelope.malformed",
            "envelope.not_padded",
            "envelope.wrong_kind",
            "envelope.wrong_tip",
            "envelope.wrong_id",
            "envelope.wrong_recipients",
            "attachment.too_large",
            "attachment.empty",
            "upload.busy",
        ),
        credential="staff",
    ),
)
async def attach_to_answer(
    request: AnyRequest, tip_id: FromPath[str], object_id: FromPath[str]
) -> Response[None]:
    """Takes a file from staff."""
    door = state_of(request)
    ids = (
        credentials.id_of(tip_id),
        credentials.id_of(object_id),
        credentials.id_of(request.query_params.get("follow_up", "")),
    )
    chunks = stream(request, sealed_limit(door.bench), door.patience)
    outcome = await staff.attach(door.bench, ids, _digested(request, chunks))
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@get(
    "/v1/directory",
    operation=Operation(
        "readDirectory",
        "The signed key directory",
        "To the byte as the root keys signed it.",
        {200: Answer("A C2SP signed note.", Octets("The note.", ("text/plain",)))},
        problems=_SIGNED,
        credential="staff",
    ),
)
async def read_directory(request: AnyRequest) -> Response[bytes]:
    """The directory as signed."""
    octets = state_of(request).bench.directory.current().octets
    return Response(octets, media_type="text/plain; charset=utf-8")


@put(
    "/v1/directory",
    status_code=204,
    operation=Operation(
        "publishDirectory",
        "Put a newer directory in force",
        "The root signatures on it count, not who sends it.",
        {204: Answer("In force.")},
        takes=(Octets("The signed note.", ("text/plain", "application/octet-stream")),),
        problems=(
            *_SIGNED,
            "directory.malformed",
            "directory.too_few_signatures",
            "directory.rolled_back",
            "directory.out_of_date",
        ),
        credential="staff",
    ),
)
async def publish_directory(request: AnyRequest) -> Response[None]:
    """Takes a newer directory."""
    octets = await _body(request, DIRECTORY_LIMIT)
    await staff.publish(state_of(request).bench, octets)
    return empty_answer()


ROUTES: list[Any] = [
    read_index,
    list_tips,
    fetch_object,
    answer_tip,
    attach_to_answer,
    read_directory,
    publish_directory,
]

"""Reporter routes for later words, both ways."""

import base64
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath

from mustshare_api.api import credentials, wire
from mustshare_api.api.answers import (
    FOLLOW_UPS_FLOOR_BYTES,
    empty_answer,
    even_answer,
    padded_answer,
    state_of,
)
from mustshare_api.api.bodies import (
    JSON,
    OCTETS,
    AnyRequest,
    content_type,
    decode,
    read,
)
from mustshare_api.api.catalogue.sets import RECEIPT, SEALED
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.checked import check_text
from mustshare_api.api.operation import Answer, Link, Octets, Operation, id_in_path
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.message import FollowUpBody
from mustshare_api.errors import Unsupported
from mustshare_api.flows import follow_up
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.credentials import Claim, claim
from mustshare_api.flows.follow_up import Waiting
from mustshare_api.flows.recording import instant

_NEW_FOLLOW_UP = msgspec.json.Decoder(wire.NewFollowUp, strict=True)


@post(
    "/v1/tip/follow-ups",
    operation=Operation(
        "sendFollowUp",
        "Add a follow-up",
        "In clear as JSON, or a sealed object of kind follow-up. The id is yours, so that a "
        "retry is the same.",
        {
            201: Answer(
                "Stored.",
                wire.FollowUpTaken,
                example={"id": "9f1c0e6b5a4d4c7e8f00112233445566"},
                links=(Link("readFollowUps", "What staff answer will lie here."),),
            )
        },
        takes=(
            wire.NewFollowUp,
            Octets("A sealed object of kind follow-up from the reporter."),
        ),
        example={"id": "9f1c0e6b5a4d4c7e8f00112233445566", "text": "มีรายงานตรวจรับงานเพิ่มเติม"},
        problems=(
            *RECEIPT,
            *SEALED,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "follow_up.not_sealed",
        ),
        parameters=STANDING,
        credential="receipt",
    ),
)
async def send_follow_up(request: AnyRequest) -> Response[bytes]:
    """Takes a follow-up, in clear or sealed."""
    return await take(request, _in_clear)


async def take(
    request: AnyRequest, in_clear: Callable[[AnyRequest, Claim], Awaitable[bytes]]
) -> Response[bytes]:
    """Takes any later words of a reporter: in clear by `in_clear`, or sealed.

    Raises:
        Unsupported: `request.wrong_content_type`; else as `in_clear` and `write_sealed`.
    """
    kind = content_type(request)
    if kind not in (JSON, OCTETS):
        raise Unsupported("request.wrong_content_type")
    claimed = await claim(state_of(request).bench, credentials.presented(request))
    taken = await (in_clear if kind == JSON else _sealed)(request, claimed)
    return even_answer(wire.FollowUpTaken(taken.hex()), 201)


async def _in_clear(request: AnyRequest, claimed: Claim) -> bytes:
    door = state_of(request)
    body = await read(request, door.bench.limits.json_bytes, door.patience, door.bench.parking)
    said = decode(body, _NEW_FOLLOW_UP)
    check_text(said.text, door.bench.limits.text_bytes)
    object_id = credentials.id_of(said.id)
    words = FollowUpBody(sent_at=instant(door.bench.clock.now()), text=said.text)
    await follow_up.write(door.bench, claimed, object_id, words)
    return object_id


async def _sealed(request: AnyRequest, claimed: Claim) -> bytes:
    door = state_of(request)
    octets = await read(request, MESSAGE_LIMIT, door.patience, door.bench.parking)
    return await follow_up.write_sealed(door.bench, claimed, octets)


@get(
    "/v1/tip/follow-ups",
    operation=Operation(
        "readFollowUps",
        "Read what staff wrote",
        "Opened for whoever presents the receipt, sealed for whoever presents an access token. "
        "The answer is "
        "padded to one of few sizes.",
        {
            200: Answer(
                "What waits, in no order of time.",
                wire.WaitingFollowUps,
                links=(
                    Link(
                        "acknowledgeFollowUp",
                        "Once it was read.",
                        {"follow_up_id": "$response.body#/follow_ups/0/id"},
                    ),
                    Link(
                        "fetchAttachment",
                        "What came with it.",
                        {"attachment_id": "$response.body#/follow_ups/0/attachments/0/id"},
                    ),
                ),
            )
        },
        problems=RECEIPT,
        parameters=STANDING,
        credential="receipt",
    ),
)
async def read_follow_ups(request: AnyRequest) -> Response[bytes]:
    """What staff wrote."""
    bench = state_of(request).bench
    claimed = await claim(bench, credentials.presented(request))
    found = await follow_up.waiting(bench, claimed)
    shown = [_shown(one, sealed=claimed.keys is None) for one in found]
    return padded_answer(wire.WaitingFollowUps(shown), FOLLOW_UPS_FLOOR_BYTES)


def _shown(found: Waiting, *, sealed: bool) -> wire.WaitingFollowUp:
    reply = found.reply
    names = reply.attachments if reply else []
    return wire.WaitingFollowUp(
        id=found.object_id.hex(),
        received_on=found.received_on,
        verified=reply is not None,
        text=reply.text if reply else None,
        sent_on=bangkok_day(datetime.fromisoformat(reply.sent_at)) if reply else None,
        signed_by=found.signer,
        attachments=[
            wire.NamedAttachment(name.id, name.sha256, name.media_type, name.size_bytes)
            for name in names
        ],
        sealed=base64.b64encode(found.octets).decode() if sealed else None,
    )


@delete(
    "/v1/tip/follow-ups/{follow_up_id:str}",
    operation=Operation(
        "acknowledgeFollowUp",
        "Acknowledge a follow-up",
        "Deletes a follow-up from staff once it was read, with the files that came with it.",
        {204: Answer("It is gone, or was already.")},
        parameters=(
            *STANDING,
            id_in_path("follow_up_id", "As `GET /v1/tip/follow-ups` names it."),
        ),
        problems=(*RECEIPT, "id.malformed"),
        credential="receipt",
    ),
)
async def acknowledge_follow_up(
    request: AnyRequest, follow_up_id: FromPath[str]
) -> Response[None]:
    """Deletes a follow-up that was read."""
    bench = state_of(request).bench
    object_id = credentials.id_of(follow_up_id)
    claimed = await claim(bench, credentials.presented(request))
    await follow_up.acknowledge(bench, claimed, object_id)
    return empty_answer()


ROUTES: list[Any] = [send_follow_up, read_follow_ups, acknowledge_follow_up]

"""Reporter routes for later words and for files, both ways."""

import base64
from contextlib import ExitStack
from datetime import date
from typing import Any

import msgspec
from litestar.params import FromPath
from litestar import Response, delete, get, post, put

from mustshare_api.api import credentials, wire
from mustshare_api.api.answers import (
    FOLLOW_UPS_FLOOR_BYTES,
    OctetStream,
    empty_answer,
    json_answer,
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
    stream,
)
from mustshare_api.api.operation import Answer, Octets, Operation, id_in_path
from mustshare_api.api.tips import check_text
from mustshare_api.domain.message import FollowUpBody
from mustshare_api.errors import Unsupported
from mustshare_api.flows import attach, fetch, follow_up
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.credentials import Claim, claim
from mustshare_api.flows.follow_up import Waiting
from mustshare_api.flows.recording import instant

_NEW_FOLLOW_UP = msgspec.json.Decoder(wire.NewFollowUp, strict=True)
_RECEIPT_PROBLEMS = ("receipt.missing", "receipt.unknown", "receipt.busy")
_SEALED_PROBLEMS = (
    "envelope.malformed",
    "envelope.not_padded",
    "envelope.wrong_kind",
    "envelope.wrong_tip",
    "envelope.wrong_recipients",
    "directory.expired",
    "directory.no_recipients",
    "id.in_use",
    "tip.full",
)


@post(
    "/v1/tip/follow-ups",
    operation=Operation(
        "sendFollowUp",
        "Add a follow-up",
        "In clear as JSON, or a sealed object of kind follow-up. The id is yours, so that a retry is the same.",
        {201: Answer("Stored.", wire.FollowUpTaken)},
        takes=(
            wire.NewFollowUp,
            Octets("A sealed object of kind follow-up from the reporter."),
        ),
        example={"id": "9f1c0e6b5a4d4c7e8f00112233445566", "text": "มีรายงานตรวจรับงานเพิ่มเติม"},
        problems=(
            *_RECEIPT_PROBLEMS,
            *_SEALED_PROBLEMS,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "follow_up.not_sealed",
        ),
        credential="receipt",
    ),
)
async def send_follow_up(request: AnyRequest) -> Response[bytes]:
    """Takes a follow-up, in clear or sealed."""
    kind = content_type(request)
    if kind not in (JSON, OCTETS):
        raise Unsupported("request.wrong_content_type")
    claimed = await claim(state_of(request).bench, credentials.presented(request))
    taken = await (_in_clear if kind == JSON else _sealed)(request, claimed)
    return json_answer(wire.FollowUpTaken(taken.hex()), 201)


async def _in_clear(request: AnyRequest, claimed: Claim) -> bytes:
    door = state_of(request)
    body = await read(request, door.bench.limits.json_bytes, door.patience)
    said = decode(body, _NEW_FOLLOW_UP)
    check_text(said.text, door.bench.limits.text_bytes)
    object_id = credentials.id_of(said.id)
    words = FollowUpBody(sent_at=instant(door.bench.clock.now()), text=said.text)
    await follow_up.write(door.bench, claimed, object_id, words)
    return object_id


async def _sealed(request: AnyRequest, claimed: Claim) -> bytes:
    door = state_of(request)
    octets = await read(request, MESSAGE_LIMIT, door.patience)
    return await follow_up.write_sealed(door.bench, claimed, octets)


@get(
    "/v1/tip/follow-ups",
    operation=Operation(
        "readFollowUps",
        "Read what staff wrote",
        "Opened for whoever presents the receipt, sealed for whoever presents an access token. The answer is "
        "padded to one of few sizes.",
        {200: Answer("What waits, in no order of time.", wire.WaitingFollowUps)},
        problems=_RECEIPT_PROBLEMS,
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
        sent_on=date.fromisoformat(reply.sent_at[:10]) if reply else None,
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
        parameters=(id_in_path("follow_up_id", "As `GET /v1/tip/follow-ups` names it."),),
        problems=(*_RECEIPT_PROBLEMS, "id.malformed"),
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


@put(
    "/v1/tip/attachments/{attachment_id:str}",
    status_code=201,
    operation=Operation(
        "sendAttachment",
        "Attach a photo",
        "The bytes of a JPEG or PNG as they are, whatever their metadata: they are redrawn without it and "
        "sealed; or a sealed object of kind attachment. The id is yours, so that a retry is the same file. "
        "What kind a file is, its bytes tell, not its Content-Type.",
        {
            201: Answer(
                "Stored; what kinds of hidden data were removed.",
                wire.AttachmentTaken,
                example={
                    "id": "9f1c0e6b5a4d4c7e8f00112233445566",
                    "sealed": False,
                    "media_type": "image/jpeg",
                    "width": 4000,
                    "height": 3000,
                    "removed": ["location", "camera", "thumbnail"],
                },
            )
        },
        takes=(
            Octets(
                "A picture, or a sealed object of kind attachment.",
                ("application/octet-stream", "image/jpeg", "image/png"),
            ),
        ),
        parameters=(id_in_path("attachment_id", "128 random bits that you make."),),
        problems=(
            *_RECEIPT_PROBLEMS,
            *_SEALED_PROBLEMS,
            "id.malformed",
            "envelope.wrong_id",
            "attachment.not_sealed",
            "attachment.empty",
            "attachment.too_large",
            "upload.busy",
            "media.unsupported_type",
            "media.too_large",
            "media.too_many_pixels",
            "media.undecodable",
            "media.animated",
            "media.multi_image",
            "media.timeout",
            "media.busy",
            "media.sandbox_unavailable",
        ),
        credential="receipt",
    ),
)
async def send_attachment(request: AnyRequest, attachment_id: FromPath[str]) -> Response[bytes]:
    """Takes a file onto a tip."""
    door = state_of(request)
    kind = content_type(request)
    if kind != OCTETS and not kind.startswith("image/"):
        raise Unsupported("request.wrong_content_type")
    object_id = credentials.id_of(attachment_id)
    claimed = await claim(door.bench, credentials.presented(request))
    body = stream(request, attach.sealed_limit(door.bench), door.patience)
    attached = await attach.attach(door.bench, claimed, object_id, body)
    if attached is None:
        return json_answer(wire.AttachmentTaken(attachment_id, sealed=True), 201)
    return json_answer(
        wire.AttachmentTaken(
            attachment_id,
            sealed=False,
            media_type=attached.media_type,
            width=attached.width,
            height=attached.height,
            removed=list(attached.removed),
        ),
        201,
    )


@get(
    "/v1/tip/attachments/{attachment_id:str}",
    operation=Operation(
        "fetchAttachment",
        "Fetch a file from staff",
        "Opened for whoever presents the receipt, sealed for whoever presents an access token. Compare its "
        "SHA-256 with the one in the follow-up that names it.",
        {200: Answer("The file.", Octets("The file, opened or sealed."))},
        parameters=(id_in_path("attachment_id", "As the follow-up names it."),),
        problems=(*_RECEIPT_PROBLEMS, "id.malformed", "attachment.not_found", "upload.busy"),
        credential="receipt",
    ),
)
async def fetch_attachment(request: AnyRequest, attachment_id: FromPath[str]) -> OctetStream:
    """Hands out a file that staff sent."""
    bench = state_of(request).bench
    object_id = credentials.id_of(attachment_id)
    claimed = await claim(bench, credentials.presented(request))
    with ExitStack() as kept:
        parked = kept.enter_context(bench.parking.park())
        await fetch.fetch(bench, claimed, object_id, parked)
        return OctetStream(parked.chunks(), parked.size_bytes, kept.pop_all())


ROUTES: list[Any] = [
    send_follow_up,
    read_follow_ups,
    acknowledge_follow_up,
    send_attachment,
    fetch_attachment,
]

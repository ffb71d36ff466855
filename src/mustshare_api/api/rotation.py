"""The reporter door's route that exchanges a receipt for a new one."""

from typing import Any

import msgspec
from litestar import Response, get, post

from mustshare_api.api import credentials, rotation_wire
from mustshare_api.api.answers import even_answer, padded_answer, state_of
from mustshare_api.api.bodies import JSON, AnyRequest, content_type, decode, read
from mustshare_api.api.catalogue.sets import RECEIPT
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.operation import Answer, Link, Operation, Parameter
from mustshare_api.api.rotation_wire import earlier, told
from mustshare_api.crypto.envelope import Head
from mustshare_api.crypto.rotation import parse_stanza
from mustshare_api.domain import receipt
from mustshare_api.errors import Malformed, TooLarge, Unsupported
from mustshare_api.flows import rotate
from mustshare_api.flows.chains import standing
from mustshare_api.flows.credentials import AccessToken, claim
from mustshare_api.flows.rotate import SealedRotation

STANDING_FLOOR_BYTES = 16 * 1024

BODY_LIMIT_BYTES = 4096 + rotation_wire.MOST_STANZAS * 2048
"""A stanza is 1,579 characters of base64, with its id and names."""

TOLD_TH = (
    "จดใบรับแจ้งใหม่นี้ไว้เดี๋ยวนี้ ใบรับแจ้งเดิมใช้ไม่ได้อีกแล้ว "
    "และเราไม่มีสำเนาของใบใหม่ ถ้าทำหายจะกลับมาที่เบาะแสนี้ไม่ได้"
)
TOLD_EN = (
    "Write the new receipt down now. The old one no longer works. Nobody keeps a copy of the "
    "new one: without it there is no way back to this tip."
)

_NEW_RECEIPT = msgspec.json.Decoder(rotation_wire.NewReceipt, strict=True)
_SEALED = msgspec.json.Decoder(rotation_wire.SealedRotation, strict=True)

_RETRY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "22 to 64 random characters, needed where no new receipt is sent: the receipt that the "
    "server makes is the same at a retry.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,64}$"},
)


@post(
    "/v1/tip/receipt",
    status_code=200,
    operation=Operation(
        "rotateReceipt",
        "Exchange the receipt for a new one",
        "With `Receipt`, send the new receipt, or an Idempotency-Key and no body, and the "
        "server makes one. With `Bearer`, send the new keys, signed by both receipts, and the "
        "new stanzas of all that `GET /v1/tip/receipt` lists. Afterwards the old receipt is "
        "unknown. When no answer came, the very same again gets the same answer.",
        {
            200: Answer(
                "The new receipt is in force.",
                rotation_wire.Rotated,
                example={
                    "receipt": "481234567890123456789012345617",
                    "receipt_grouped": "48123 45678 90123 45678 90123 45617",
                    "told_th": TOLD_TH,
                    "told_en": TOLD_EN,
                },
                links=(Link("showTip", "The new receipt opens it."),),
            )
        },
        takes=(rotation_wire.NewReceipt, rotation_wire.SealedRotation),
        example={"receipt": "481234567890123456789012345617"},
        needs_body=False,
        parameters=(*STANDING, _RETRY_KEY),
        problems=(
            *RECEIPT,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "request.bad_retry_key",
            "receipt.malformed",
            "receipt.new_missing",
            "receipt.not_new",
            "receipt.rotated_often",
            "receipt.follow_ups_changed",
            "bundle.malformed",
            "envelope.wrong_recipients",
            "rotation.wrong_signature",
        ),
        credential="receipt",
    ),
)
async def rotate_receipt(request: AnyRequest) -> Response[bytes]:
    """Exchanges a receipt for a new one."""
    old = credentials.presented(request)
    retry_key = credentials.retry_key(request)
    body = await _body(request)
    bench = state_of(request).bench
    if isinstance(old, AccessToken):
        try:
            asked = _sealed(decode(body, _SEALED))
        except Malformed:
            await claim(bench, old)  # what is wrong with a body is told to whoever has a tip
            raise
        await rotate.rotate_sealed(bench, old, asked)
        return _rotated(None)
    return _rotated(await rotate.rotate(bench, old, _new_receipt(body), retry_key))


async def _body(request: AnyRequest) -> bytes:
    """The body, which is JSON, or none at all.

    Raises:
        Unsupported: something else.
    """
    door = state_of(request)
    kind = content_type(request)
    if kind not in (JSON, ""):
        raise Unsupported("request.wrong_content_type")
    limit_bytes = BODY_LIMIT_BYTES if kind else 0
    try:
        return await read(request, limit_bytes, door.patience, door.bench.parking)
    except TooLarge:
        if kind:
            raise
        raise Unsupported("request.wrong_content_type") from None


def _new_receipt(body: bytes) -> str | None:
    return decode(body, _NEW_RECEIPT).receipt if body else None


def _sealed(said: rotation_wire.SealedRotation) -> SealedRotation:
    stanzas = {
        credentials.id_of(one.object_id): parse_stanza(one.stanza) for one in said.stanzas
    }
    if len(stanzas) != len(said.stanzas):
        raise Malformed("receipt.follow_ups_changed")
    return SealedRotation(said.access_hash, said.bundle, said.notice, said.acceptance, stanzas)


def _rotated(digits: str | None) -> Response[bytes]:
    grouped = receipt.grouped(digits) if digits else None
    return even_answer(rotation_wire.Rotated(digits, grouped, TOLD_TH, TOLD_EN))


@get(
    "/v1/tip/receipt",
    operation=Operation(
        "showReceipt",
        "See what a rotation has to sign and re-wrap",
        "For front ends that derive for themselves: the number to sign, each object from staff "
        "with the stanza to replace, and the earlier bundles, which older objects name. Padded "
        "to one of few sizes.",
        {
            200: Answer(
                "How the receipt stands.",
                rotation_wire.ReceiptStanding,
                links=(Link("rotateReceipt", "Exchange it."),),
            )
        },
        problems=RECEIPT,
        parameters=STANDING,
        credential="receipt",
    ),
)
async def show_receipt(request: AnyRequest) -> Response[bytes]:
    """What a rotation starts from."""
    bench = state_of(request).bench
    found = await standing(bench, await claim(bench, credentials.presented(request)))
    view = rotation_wire.ReceiptStanding(
        found.tip_id.hex(),
        found.next_number,
        [_waiting(head, found.reply_kid) for head in found.held],
        earlier(found.links),
    )
    return padded_answer(view, STANDING_FLOOR_BYTES)


def _waiting(head: Head, kid: bytes) -> rotation_wire.WaitingStanza:
    stanza = next(one for one in head.stanzas if one.kid == kid)
    object_id = head.prefix.object_id.hex()
    return rotation_wire.WaitingStanza(
        object_id, told(head.prefix_octets), told(stanza.encode())
    )


ROUTES: list[Any] = [rotate_receipt, show_receipt]

"""Reporter routes that begin, show and end a tip."""

import json
from typing import Any, cast

import msgspec
from litestar import Response, delete, get, post

from mustshare_api.api import checked, credentials, wire
from mustshare_api.api.answers import (
    TIP_VIEW_BYTES,
    even_answer,
    padded_answer,
    state_of,
)
from mustshare_api.api.bodies import JSON, OCTETS, AnyRequest, content_type, decode, read
from mustshare_api.api.catalogue.flood import IN_LINE
from mustshare_api.api.catalogue.sets import RECEIPT
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.dockets import docket_of
from mustshare_api.api.operation import Answer, Link, Octets, Operation, Parameter
from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.domain import about, receipt
from mustshare_api.domain.deadlines import deadlines, is_soon
from mustshare_api.domain.message import Coordinates, TipBody
from mustshare_api.errors import FieldError, Malformed, Unsupported
from mustshare_api.flows import campaigns, dockets, intake
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.credentials import claim
from mustshare_api.flows.intake import Taken
from mustshare_api.flows.recording import instant
from mustshare_api.flows.withdraw import withdraw

ACCESS_HASH_BYTES = 32
_NEW_TIP = msgspec.json.Decoder(wire.NewTip, strict=True)

REMAINS_TH = (
    "ลบเบาะแส ข้อความ ไฟล์ และใบรับแจ้งออกจากระบบแล้ว "
    "สำเนาที่ปิดผนึกอาจยังอยู่ในข้อมูลสำรองจนกว่าจะหมดรอบ "
    "และในเครื่องของเจ้าหน้าที่ที่ซิงก์ไว้จนกว่าจะซิงก์ครั้งถัดไป "
    "สิ่งที่เจ้าหน้าที่อ่านแล้วลบจากความจำไม่ได้"
)
REMAINS_EN = (
    "The tip, its messages, files and receipt are deleted here. Sealed copies may remain in "
    "backups until "
    "those turn over, and on machines of staff until they sync next. What staff have read they "
    "have read."
)

_EXAMPLE_TIP = {
    "text": "ถนนหน้าโรงเรียนพังหลังส่งงานหนึ่งเดือน งบ 4 ล้านบาท",
    "language": "th",
    "category": "road",
    "place": "100101",
    "procurement_refs": [{"scheme": "TH-EGP", "id": "68019123456"}],
}

_RETRY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "22 to 64 random characters. With it, a receipt that the server makes is the same at a "
    "retry.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,64}$"},
)

_TIP_ABOUT = Parameter(
    "Tip-About",
    "header",
    "Of a sealed tip: the public page that it answers, to be noted in clear. Left out by "
    "default, and then the server keeps no word of it. A tip in clear says `link_in_clear`.",
    {"type": "string", "pattern": "^(case|campaign)/[a-z0-9][a-z0-9-]{0,62}$"},
)


@post(
    "/v1/tips",
    operation=Operation(
        "sendTip",
        "Send a tip",
        "In clear as JSON, sealed by the server before anything is stored; or already sealed "
        "as octets: "
        "access hash (32 B), reporter bundle (1,248 B), sealed object. A 201 means it is on "
        "disk, durably, "
        "to every key of the directory. Mint the receipt yourself and send it as "
        "`Authorization: Receipt`, or "
        "send an Idempotency-Key, and a retry finds the same tip.",
        {
            201: Answer(
                "Stored.",
                wire.TipTaken,
                example={
                    "received_on": "2026-11-23",
                    "acknowledge_by": "2026-11-30",
                    "answer_by": "2027-02-21",
                    "receipt": "481234567890123456789012345617",
                    "receipt_grouped": "48123 45678 90123 45678 90123 45617",
                },
                links=(
                    Link("showTip", "The receipt in the answer opens it."),
                    Link("sendFollowUp", "The receipt adds to it."),
                    Link("sendAttachment", "The receipt adds to it."),
                    Link("withdrawTip", "The receipt takes it back."),
                ),
            )
        },
        takes=(wire.NewTip, Octets("Access hash, reporter bundle, sealed object of kind tip.")),
        example=_EXAMPLE_TIP,
        parameters=(*STANDING, _RETRY_KEY, _TIP_ABOUT),
        problems=(
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "request.bad_retry_key",
            "about.malformed",
            "about.unknown",
            "receipt.malformed",
            "receipt.missing",
            "receipt.in_use",
            *IN_LINE,
            "envelope.malformed",
            "envelope.not_padded",
            "envelope.wrong_kind",
            "envelope.wrong_tip",
            "envelope.wrong_recipients",
            "bundle.malformed",
            "directory.missing",
            "directory.expired",
            "directory.no_recipients",
        ),
        credential="new_receipt",
    ),
)
async def send_tip(request: AnyRequest) -> Response[bytes]:
    """Takes a tip, in clear or sealed."""
    kind = content_type(request)
    if kind == JSON:
        return _taken(await _in_clear(request))
    if kind == OCTETS:
        return _taken(await _sealed(request))
    raise Unsupported("request.wrong_content_type")


async def _in_clear(request: AnyRequest) -> Taken:
    door = state_of(request)
    typed, retry_key = credentials.new_receipt(request), credentials.retry_key(request)
    _about(request)  # of a sealed tip alone, but of its form here too
    body = await read(request, door.bench.limits.json_bytes, door.patience, door.bench.parking)
    said = decode(body, _NEW_TIP)
    checked.check_text(said.text, door.bench.limits.text_bytes)
    fitting = await campaigns.fit(door.bench, _addressed(said))
    tip = TipBody(
        sent_at=instant(door.bench.clock.now()),
        text=said.text,
        language=said.language,
        category=said.category.value if said.category else None,
        place=checked.place(said.place, "/place"),
        coordinates=fitting.coordinates,
        procurement_refs=checked.procurement(said.procurement_refs, door.bench.clock.now()),
        campaign=said.campaign,
        case=said.case,
        answers=fitting.answers,
    )
    return await intake.take_tip(
        door.bench, tip, typed_receipt=typed, retry_key=retry_key, about=fitting.about
    )


def _answers(raw: msgspec.Raw) -> dict[str, object]:
    """Answers as they were sent, by question.

    Raises:
        Malformed: they are no object, or hold what is no number.
    """
    try:
        found: object = json.loads(bytes(raw).decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed("request.bad_json") from None
    if not isinstance(found, dict):
        wrong = FieldError("/answers", "field.wrong_type")
        raise Malformed("request.invalid_fields", errors=(wrong,))
    return cast("dict[str, object]", found)


def _refuse(_: str) -> object:
    raise ValueError


def _addressed(said: wire.NewTip) -> campaigns.Addressed:
    return campaigns.Addressed(
        campaign=said.campaign,
        case=said.case,
        answers=_answers(said.answers),
        coordinates=_coordinates(said.coordinates),
        link_in_clear=said.link_in_clear,
    )


def _coordinates(point: wire.Point | None) -> Coordinates | None:
    if point is None:
        return None
    # 1000.0 and 1000 are one number in JSON, which knows no whole ones.
    return Coordinates(point.latitude, point.longitude, int(point.precision_m))


async def _sealed(request: AnyRequest) -> Taken:
    door = state_of(request)
    front = ACCESS_HASH_BYTES + BUNDLE_BYTES
    body = await read(request, front + MESSAGE_LIMIT, door.patience, door.bench.parking)
    if len(body) <= front:
        raise Malformed("envelope.malformed")
    return await intake.take_sealed_tip(
        door.bench,
        body[:ACCESS_HASH_BYTES],
        body[ACCESS_HASH_BYTES:front],
        body[front:],
        _about(request),
    )


def _about(request: AnyRequest) -> about.About | None:
    """What a sealed tip's front end asks to be noted in clear."""
    given = request.headers.getall("tip-about", [])
    return about.parse(", ".join(given)) if given else None


def _taken(taken: Taken) -> Response[bytes]:
    due = deadlines(taken.received_on)
    return even_answer(
        wire.TipTaken(
            received_on=taken.received_on,
            acknowledge_by=due.acknowledge_by,
            answer_by=due.answer_by,
            receipt=taken.digits,
            receipt_grouped=receipt.grouped(taken.digits) if taken.digits else None,
        ),
        201,
    )


@get(
    "/v1/tip",
    operation=Operation(
        "showTip",
        "See where a tip stands",
        "Always of one size, whether or not a follow-up waits.",
        {200: Answer("The tip.", wire.TipView, links=(Link("readFollowUps", "What waits."),))},
        problems=RECEIPT,
        parameters=STANDING,
        credential="receipt",
    ),
)
async def show_tip(request: AnyRequest) -> Response[bytes]:
    """Where a tip stands."""
    bench = state_of(request).bench
    claimed = await claim(bench, credentials.presented(request))
    tip, today = claimed.tip, bangkok_day(bench.clock.now())
    due = deadlines(tip.received_on)
    view = wire.TipView(
        tip_id=tip.tip_id.hex(),
        state=tip.state,
        received_on=tip.received_on,
        expires_on=tip.expires_on,
        expires_soon=is_soon(tip.expires_on, today),
        acknowledge_by=due.acknowledge_by,
        answer_by=due.answer_by,
        acknowledged=tip.acknowledged,
        answered=tip.answered,
        follow_ups_waiting=await bench.envelopes.count_waiting(tip.tip_id),
        docket=docket_of(await dockets.show(bench, claimed), sealed=claimed.keys is None),
    )
    return padded_answer(view, TIP_VIEW_BYTES)


@delete(
    "/v1/tip",
    status_code=200,
    operation=Operation(
        "withdrawTip",
        "Withdraw a tip",
        "Deletes everything stored of it. Afterwards the receipt is unknown; a retry is told "
        "so.",
        {200: Answer("Deleted, and what may remain.", wire.Withdrawn)},
        problems=RECEIPT,
        parameters=STANDING,
        credential="receipt",
    ),
)
async def withdraw_tip(request: AnyRequest) -> Response[bytes]:
    """Deletes a tip."""
    bench = state_of(request).bench
    await withdraw(bench, await claim(bench, credentials.presented(request)))
    return even_answer(
        wire.Withdrawn(withdrawn=True, remains_th=REMAINS_TH, remains_en=REMAINS_EN)
    )


ROUTES: list[Any] = [send_tip, show_tip, withdraw_tip]

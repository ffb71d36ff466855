"""Later words both ways, what each front end is shown of them, and how long the answers are."""

import base64
import hashlib
import secrets
from datetime import date

import httpx
import pytest

from mustshare_api.api.follow_ups import _shown
from mustshare_api.crypto import receipts, reply_box
from mustshare_api.crypto.envelope import Expected, Kind, Prefix
from mustshare_api.crypto.padding import padme
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.domain.message import (
    AttachmentName,
    FollowUpBody,
    ReplyBody,
    decode_message,
)
from mustshare_api.flows.follow_up import Waiting
from tests.api.front_end import FrontEnd, sealed_file
from tests.doors import OCTETS, Doors, with_receipt
from tests.organisation import Officer

CERTIFICATE = "หนังสือรับรองการส่งต่อ".encode()


async def sealed_front_end(doors: Doors) -> FrontEnd:
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    sent = await doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    assert sent.status_code == 201
    return front


async def read(doors: Doors, headers: dict[str, str]) -> httpx.Response:
    return await doors.reporter.get("/v1/tip/follow-ups", headers=headers)


async def attach(doors: Doors, tip_id: bytes, object_id: bytes, follow_up: bytes) -> None:
    """A file from staff."""
    bundle = (await doors.bundles())[tip_id]
    prefix = Prefix(
        Kind.ATTACHMENT_FROM_STAFF, 0, tip_id, object_id, receipts.bundle_hash(bundle)
    )
    recipients = [receipts.parse_bundle(bundle).reply_key, *doors.org.recipients()]
    octets = sealed_file(prefix, recipients, CERTIFICATE)
    target = (
        f"/v1/tips/{tip_id.hex()}/attachments/{object_id.hex()}?follow_up={follow_up.hex()}"
    )
    answer = await doors.signed("PUT", target, octets)
    assert answer.status_code == 201, answer.text


async def answered(doors: Doors, tip_id: bytes) -> tuple[bytes, bytes]:
    """An answer with a file; the ids of both."""
    follow_up, file_id = secrets.token_bytes(16), secrets.token_bytes(16)
    await attach(doors, tip_id, file_id, follow_up)
    name = AttachmentName(
        id=file_id.hex(),
        sha256=hashlib.sha256(CERTIFICATE).hexdigest(),
        media_type="text/plain",
        size_bytes=len(CERTIFICATE),
    )
    sent = await doors.reply(tip_id, "ได้รับแล้ว", [name], object_id=follow_up)
    assert sent.status_code == 201, sent.text
    return follow_up, file_id


async def test_a_thin_front_end_reads_an_answer_and_its_file(doors: Doors) -> None:
    """Opened under the receipt presented, with the name of the officer whose signature held."""
    digits = await doors.new_tip()
    follow_up, file_id = await answered(doors, await doors.only_tip_id())
    (shown,) = (await read(doors, with_receipt(digits))).json()["follow_ups"]
    file = await doors.reporter.get(
        f"/v1/tip/attachments/{file_id.hex()}", headers=with_receipt(digits)
    )

    assert (shown["id"], shown["text"], shown["verified"]) == (
        follow_up.hex(),
        "ได้รับแล้ว",
        True,
    )
    assert (shown["signed_by"], shown["sealed"]) == ("somsri", None)
    assert shown["attachments"][0]["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert file.content == CERTIFICATE
    # Its name goes with the words, which are sealed, and stands in no header.
    assert file.headers["content-disposition"] == "attachment"


async def test_a_sealing_front_end_opens_the_answer_itself(doors: Doors) -> None:
    """With an access token the server opens nothing and shows nothing."""
    front = await sealed_front_end(doors)
    follow_up, file_id = await answered(doors, front.tip_id)
    (shown,) = (await read(doors, front.headers)).json()["follow_ups"]
    octets = base64.b64decode(shown["sealed"])
    expect = Expected(
        Kind.FOLLOW_UP_FROM_STAFF,
        front.tip_id,
        follow_up,
        receipts.bundle_hash(front.keys.bundle),
    )
    officer = doors.org.officers[0]
    content = reply_box.open_follow_up(
        octets,
        front.keys.reply_seed,
        expect=expect,
        verify_key=lambda _: verify_key_of(officer.sign_seed),
    )

    assert (shown["text"], shown["verified"], shown["attachments"]) == (None, False, [])
    said = decode_message(content)
    assert isinstance(said, ReplyBody)
    assert said.text == "ได้รับแล้ว"
    file = await doors.reporter.get(
        f"/v1/tip/attachments/{file_id.hex()}", headers=front.headers
    )
    assert file.content.startswith(b"MSO1")


async def test_both_ways_of_writing_reach_staff(doors: Doors) -> None:
    """In clear and sealed, signed with the receipt's own key."""
    digits = await doors.new_tip()
    said = {"id": secrets.token_hex(16), "text": "มีรายงานตรวจรับ"}
    await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=with_receipt(digits))
    keys = await doors.keys(digits)
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients(), digits)
    view = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    front.tip_id = bytes.fromhex(view.json()["tip_id"])
    assert front.keys == keys
    sealed = await doors.reporter.post(
        "/v1/tip/follow-ups", content=front.follow_up("และอีกเรื่อง"), headers=front.headers
    )

    assert sealed.status_code == 201
    found = await doors.opened(Kind.FOLLOW_UP_FROM_REPORTER)
    texts = {one.text for one in found if isinstance(one, FollowUpBody)}
    assert texts == {"มีรายงานตรวจรับ", "และอีกเรื่อง"}


async def test_with_an_access_token_nothing_is_taken_in_clear(doors: Doors) -> None:
    """Whoever derives also seals: the server has no key to sign with."""
    front = await sealed_front_end(doors)
    headers = {"authorization": front.headers["authorization"]}
    said = {"id": secrets.token_hex(16), "text": "a"}
    words = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    photo = await doors.reporter.put(path, content=b"\xff\xd8\xff", headers=front.headers)

    assert (words.status_code, words.json()["code"]) == (400, "follow_up.not_sealed")
    assert (photo.status_code, photo.json()["code"]) == (400, "attachment.not_sealed")


@pytest.mark.parametrize("kind", [Kind.TIP, Kind.FOLLOW_UP_FROM_STAFF])
async def test_a_follow_up_of_another_kind_is_refused(doors: Doors, kind: Kind) -> None:
    """A reporter cannot put words on a tip that look like staff's, nor begin it anew."""
    front = await sealed_front_end(doors)
    octets = front.follow_up(prefix=front.prefix(kind))
    answer = await doors.reporter.post(
        "/v1/tip/follow-ups", content=octets, headers=front.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "envelope.wrong_kind")


async def test_a_follow_up_for_another_tip_is_refused(doors: Doors) -> None:
    """One's own receipt opens one's own tip, whatever the prefix says."""
    mine, theirs = await sealed_front_end(doors), await sealed_front_end(doors)
    grafted = mine.prefix(Kind.FOLLOW_UP_FROM_REPORTER, tip_id=theirs.tip_id)
    for octets in (theirs.follow_up(), mine.follow_up(prefix=grafted)):
        answer = await doors.reporter.post(
            "/v1/tip/follow-ups", content=octets, headers=mine.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "envelope.wrong_tip")


async def test_acknowledging_deletes_the_answer_and_its_file_twice_too(doors: Doors) -> None:
    """What was read need not lie on a server."""
    digits = await doors.new_tip()
    follow_up, file_id = await answered(doors, await doors.only_tip_id())
    headers = with_receipt(digits)
    for _ in range(2):
        gone = await doors.reporter.delete(
            f"/v1/tip/follow-ups/{follow_up.hex()}", headers=headers
        )
        assert gone.status_code == 204

    assert (await read(doors, headers)).json()["follow_ups"] == []
    file = await doors.reporter.get(f"/v1/tip/attachments/{file_id.hex()}", headers=headers)
    assert (file.status_code, file.json()["code"]) == (404, "attachment.not_found")
    kinds = [one["kind"] for one in (await doors.signed("GET", "/v1/index")).json()["objects"]]
    assert kinds == [Kind.TIP]


async def test_nobody_reaches_what_lies_on_another_tip(doors: Doors) -> None:
    """Ids that are right, with a receipt that is right, of two different tips."""
    await doors.new_tip("เรื่องของเขา")
    follow_up, file_id = await answered(doors, await doors.only_tip_id())
    own = with_receipt(await doors.new_tip("เรื่องของฉัน"))
    before = (await doors.signed("GET", "/v1/index")).json()

    file = await doors.reporter.get(f"/v1/tip/attachments/{file_id.hex()}", headers=own)
    absent = await doors.reporter.get(f"/v1/tip/attachments/{'00' * 16}", headers=own)
    assert (file.status_code, file.content) == (404, absent.content)
    gone = await doors.reporter.delete(f"/v1/tip/follow-ups/{follow_up.hex()}", headers=own)
    assert gone.status_code == 204
    assert (await read(doors, own)).json()["follow_ups"] == []
    assert (await doors.signed("GET", "/v1/index")).json() == before


async def test_a_reporter_cannot_fetch_back_their_own_objects(doors: Doors) -> None:
    """Only what staff sent is handed out: a seized receipt shows no photo."""
    front = await sealed_front_end(doors)
    made = secrets.token_bytes(16)
    path = f"/v1/tip/attachments/{made.hex()}"
    sent = await doors.reporter.put(path, content=front.attachment(made), headers=front.headers)
    back = await doors.reporter.get(path, headers=front.headers)

    assert sent.status_code == 201
    assert (back.status_code, back.json()["code"]) == (404, "attachment.not_found")


async def test_the_view_of_a_tip_has_one_size_with_and_without_news(doors: Doors) -> None:
    """Neither length nor headers tell a watcher that staff wrote."""
    digits = await doors.new_tip()
    sizes, heads = set(), set()
    for _ in range(3):
        view = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
        sizes.add(len(view.content))
        heads.add(str(sorted(view.headers.items())))
        await answered(doors, await doors.only_tip_id())

    assert sizes == {10240}
    assert len(heads) == 1


async def test_a_first_answer_does_not_change_the_size_of_what_is_read(doors: Doors) -> None:
    """And every size is one of few, however much there is to read."""
    digits = await doors.new_tip()
    sizes = []
    for _ in range(4):
        found = await read(doors, with_receipt(digits))
        sizes.append(len(found.content))
        await doors.reply(await doors.only_tip_id(), "ยาว" * 1000)

    assert sizes[0] == sizes[1] == 16 * 1024
    assert all(size == padme(size) for size in sizes)


async def test_words_whose_signature_does_not_hold_are_not_shown(doors: Doors) -> None:
    """A hacked server must not be able to speak for staff."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    stranger = Officer("stranger")
    forged = await doors.sealed_reply(tip_id, "โอนเงินมา", [], secrets.token_bytes(16), stranger)
    sent = await doors.signed("POST", f"/v1/tips/{tip_id.hex()}/follow-ups", forged)
    (shown,) = (await read(doors, with_receipt(digits))).json()["follow_ups"]

    assert sent.status_code == 201
    assert (shown["verified"], shown["text"], shown["signed_by"]) == (False, None, None)


async def test_a_tip_takes_no_more_than_it_may(doors: Doors, monkeypatch) -> None:
    """The limit counts follow-ups of each kind; what is there stays."""
    digits = await doors.new_tip()
    object.__setattr__(doors.bench.limits, "follow_ups_per_tip", 2)
    try:
        codes = []
        for _ in range(3):
            said = {"id": secrets.token_hex(16), "text": "a"}
            answer = await doors.reporter.post(
                "/v1/tip/follow-ups", json=said, headers=with_receipt(digits)
            )
            codes.append(answer.status_code)
    finally:
        object.__setattr__(doors.bench.limits, "follow_ups_per_tip", 200)

    assert codes == [201, 201, 413]


@pytest.mark.parametrize(
    ("sent_at", "day"),
    [
        ("2026-11-23T22:51:46Z", date(2026, 11, 24)),
        ("9999-12-31T23:59:59Z", date(9999, 12, 31)),
        ("0001-01-01T00:00:00Z", date(1, 1, 1)),
    ],
)
def test_the_day_of_an_answer_is_bangkok_s(sent_at: str, day: date) -> None:
    """Before seven in the morning it would else be the day before; any clock's can be shown."""
    reply = ReplyBody(sent_at, "ได้รับแล้ว", "0" * 32, [])
    found = Waiting(bytes(16), date(2026, 11, 24), b"", reply, "somsri")

    assert _shown(found, sealed=False).sent_on == day

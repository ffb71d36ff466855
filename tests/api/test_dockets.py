"""The docket: one a tip, seen by its reporter both ways, contested by them, and of one size."""

import base64
import json
import secrets
from datetime import date
from typing import Any

import httpx
import pytest

from mustshare_api.crypto import receipts, reply_box, sealing
from mustshare_api.crypto.envelope import Expected, Kind, Prefix, parse_head
from mustshare_api.domain.agency_word import read_again
from mustshare_api.domain.docket import DocketBody, DocketCase, decode_docket, encode_docket
from mustshare_api.domain.message import DisputeBody, encode_message
from mustshare_api.errors import Malformed, TooLarge
from tests.api.front_end import FrontEnd
from tests.api.referring import Office, head_digest, office_of, reported
from tests.doors import OCTETS, Doors, with_access, with_receipt
from tests.rotations import sealed_body

REFERRAL, OUTCOME = "0a" * 16, "0b" * 16
SIZE = 10240
CASES = [DocketCase("a" * 60 + str(n), "published", date(2026, 11, 23)) for n in range(8)]


@pytest.fixture
async def office(doors: Doors) -> Office:
    return await office_of(doors)


async def view(office: Office, digits: str) -> httpx.Response:
    return await office.doors.reporter.get("/v1/tip", headers=with_receipt(digits))


async def told(office: Office) -> tuple[str, bytes, bytes]:
    """A reporter with a docket: receipt, tip, and the docket's octets."""
    digits = await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    octets = await office.docket(tip_id, note="ขอบคุณ", **reported(REFERRAL, OUTCOME))
    got = await office.put_docket(tip_id, octets)
    assert got.status_code == 201, got.text
    return digits, tip_id, octets


def refused(got: httpx.Response) -> tuple[int, str]:
    return got.status_code, got.json()["code"]


async def test_a_reporter_sees_what_came_of_their_tip(office: Office) -> None:
    """Opened under the receipt, once the officer's signature held; the size tells nothing."""
    digits = await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    before = await view(office, digits)
    octets = await office.docket(tip_id, note="ขอบคุณ", **reported(REFERRAL, OUTCOME))
    await office.put_docket(tip_id, octets)
    after = await view(office, digits)
    docket = after.json()["docket"]

    assert before.json()["docket"] is None
    assert (docket["verified"], docket["signed_by"]) == (True, office.first.name)
    assert docket["signed_on"] == "2026-11-23"
    assert docket["referrals"] == [
        {"id": REFERRAL, "agency": "nacc", "state": "concluded", "on": "2026-11-23",
         "certificate": True}
    ]  # fmt: skip
    assert [(one["id"], one["kind"], one["text_th"]) for one in docket["outcomes"]] == [
        (OUTCOME, "repaired", "ซ่อมถนนแล้ว")
    ]
    assert (docket["note"], docket["sealed"]) == ("ขอบคุณ", None)
    assert len(before.content) == len(after.content) == SIZE


async def test_a_docket_of_the_last_day_that_is_counted_is_shown(office: Office) -> None:
    """An officer's clock may be wrong by as much; the reporter's page is there all the same."""
    digits = await office.doors.new_tip()
    body = encode_docket(DocketBody("9999-12-31T23:59:59Z", office.first.keyid))
    tip_id = await office.doors.only_tip_id()
    await office.put_docket(tip_id, await office.sealed_docket(tip_id, body, office.first))

    assert (await view(office, digits)).json()["docket"]["signed_on"] == "9999-12-31"


async def test_whoever_derives_gets_it_sealed_with_their_own_stanza_alone(
    office: Office,
) -> None:
    """The same size again, and it opens with the reply seed."""
    digits, tip_id, octets = await told(office)
    keys = await office.doors.keys(digits)
    got = await office.doors.reporter.get("/v1/tip", headers=with_access(keys.access))
    docket = got.json()["docket"]
    sealed = base64.b64decode(docket["sealed"])
    prefix = parse_head(octets).prefix
    expect = Expected(Kind.DOCKET, tip_id, prefix.object_id, prefix.bundle_hash)
    content = reply_box.open_docket(
        sealed,
        keys.reply_seed,
        expect=expect,
        verify_key=office.doors.bench.directory.past_signer(
            bytes.fromhex(office.first.keyid)
        ).public_key,  # type: ignore[union-attr]
    )

    assert len(parse_head(sealed).stanzas) == 1
    assert decode_docket(content).outcomes[0].id == OUTCOME
    assert (docket["verified"], docket["outcomes"]) == (False, [])
    assert len(got.content) == SIZE


async def test_the_longest_docket_still_fits(office: Office) -> None:
    """Opened and sealed, with the longest words that a docket takes."""
    digits = await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    parts = reported(REFERRAL, OUTCOME)
    bare = len(await office.docket(tip_id, **parts))
    await office.put_docket(tip_id, await office.docket(tip_id, note="ก" * 1100, **parts))
    keys = await office.doors.keys(digits)
    sizes = [
        len((await office.doors.reporter.get("/v1/tip", headers=headers)).content)
        for headers in (with_receipt(digits), with_access(keys.access))
    ]

    assert len(await office.docket(tip_id, note="ก" * 1100, **parts)) == bare
    assert sizes == [SIZE, SIZE]


async def test_the_next_docket_takes_the_place_of_the_one_that_was_seen(
    office: Office,
) -> None:
    """Not of one that another officer has replaced since, and not without a word of which."""
    digits, tip_id, first = await told(office)
    second = await office.docket(tip_id, note="สอง")
    third = await office.docket(tip_id, note="สาม")
    path = f"/v1/tips/{tip_id.hex()}/docket"

    bare = await office.ask("PUT", path, second)
    as_new = await office.put_docket(tip_id, second)
    done = await office.put_docket(tip_id, second, first)
    again = await office.put_docket(tip_id, second, first)
    late = await office.put_docket(tip_id, third, first)
    both = await office.ask(
        "PUT", path, third, seen=f'"{head_digest(second)}"', more={"if-none-match": "*"}
    )

    assert refused(bare) == (428, "precondition.missing")
    assert refused(as_new) == refused(late) == (412, "docket.changed")
    assert [done.status_code, again.status_code] == [201, 200]
    assert refused(both) == (400, "request.malformed")
    assert (await view(office, digits)).json()["docket"]["note"] == "สอง"
    assert len(await office.doors.stored(Kind.DOCKET)) == 1


async def test_a_docket_that_no_officer_signed_says_nothing(office: Office) -> None:
    """Whoever has taken the server over can seal to a reporter, but cannot sign."""
    digits = await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    await office.put_docket(tip_id, await office.docket(tip_id, by=office.nacc, note="ปลอม"))
    got = (await view(office, digits)).json()["docket"]

    assert (got["verified"], got["note"], got["signed_by"]) == (False, None, None)


async def test_a_docket_survives_a_new_receipt(office: Office) -> None:
    """Its stanza goes along in either way of exchanging; one sealed to the old is refused."""
    digits, tip_id, first = await told(office)
    late = await office.docket(tip_id, note="สาย")
    fresh = receipts.keys_of(secrets.token_bytes(32))
    headers = with_receipt(digits) | {"idempotency-key": "k" * 30}
    got = await office.doors.reporter.post("/v1/tip/receipt", headers=headers)
    changed = got.json()["receipt"]
    seen = (await view(office, changed)).json()["docket"]
    (now,) = await office.doors.stored(Kind.DOCKET)
    rotated = await office.put_docket(tip_id, late, now)

    keys = await office.doors.keys(changed)
    bearer = with_access(keys.access)
    standing = (await office.doors.reporter.get("/v1/tip/receipt", headers=bearer)).json()
    body = sealed_body(keys, fresh, standing)
    done = await office.doors.reporter.post("/v1/tip/receipt", json=body, headers=bearer)
    shown = await office.doors.reporter.get("/v1/tip", headers=with_access(fresh.access))

    assert seen["verified"]
    assert refused(rotated) == (409, "tip.rotated")
    assert done.status_code == 200, done.text
    sealed = parse_head(base64.b64decode(shown.json()["docket"]["sealed"]))
    assert sealed.prefix.object_id == parse_head(first).prefix.object_id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": Kind.FOLLOW_UP_FROM_STAFF}, "envelope.wrong_kind"),
        ({"tip_id": bytes(16)}, "envelope.wrong_tip"),
        ({"fewer": True}, "envelope.wrong_recipients"),
        ({"content": b"x" * 5000}, "docket.wrong_size"),
    ],
    ids=["another kind", "another tip", "without an officer", "longer"],
)
async def test_a_docket_that_is_sealed_wrongly_is_refused(
    office: Office, change: dict[str, Any], code: str
) -> None:
    """Every docket looks like every other, and every officer can read it."""
    await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    bundle = (await office.doors.bundles())[tip_id]
    keys = [receipts.parse_bundle(bundle).reply_key, *office.doors.org.recipients()]
    prefix = Prefix(
        change.get("kind", Kind.DOCKET),
        0,
        change.get("tip_id", tip_id),
        secrets.token_bytes(16),
        receipts.bundle_hash(bundle),
    )
    octets = sealing.seal_message(
        prefix,
        keys[:-1] if "fewer" in change else keys,
        change.get("content", b"{}"),
        (await office.doors.keys(await office.doors.new_tip())).sign,
    )

    assert refused(await office.put_docket(tip_id, octets))[1] == code


def test_what_does_not_fit_or_hold_together_is_not_sealed_as_a_docket() -> None:
    """Longer than all others, an outcome of no referral, a word of no agency's."""
    with pytest.raises(TooLarge, match=r"docket\.too_large"):
        encode_docket(
            DocketBody("2026-11-23T05:00:00Z", "0" * 32, note="ก" * 1200, cases=CASES)
        )
    outcomes = reported(REFERRAL, OUTCOME)["outcomes"]
    with pytest.raises(Malformed, match=r"docket\.malformed"):
        DocketBody("2026-11-23T05:00:00Z", "0" * 32, outcomes=outcomes)
    for octets in (b"{}", b'{"type":"docket"}', b"\xff"):
        with pytest.raises(Malformed, match=r"docket\.malformed"):
            decode_docket(octets)
        with pytest.raises(Malformed, match=r"agency_word\.malformed"):
            read_again("question", octets)


async def test_a_docket_goes_with_its_tip(office: Office) -> None:
    """Withdrawn is withdrawn."""
    digits, tip_id, octets = await told(office)
    await office.doors.reporter.delete("/v1/tip", headers=with_receipt(digits))
    late = await office.put_docket(tip_id, octets)

    assert await office.doors.bench.dockets.of_tip(tip_id) is None
    assert refused(late) == (404, "tip.not_found")


async def test_a_reporter_contests_an_outcome(office: Office) -> None:
    """Sealed to staff like any other word; a retry is the same, another text is not."""
    digits, tip_id, first = await told(office)
    said = {"id": "cd" * 16, "about": OUTCOME, "text": "ถนนยังไม่ได้ซ่อม"}
    headers = with_receipt(digits)
    codes = [
        (await office.doors.reporter.post("/v1/tip/dispute", json=one, headers=headers))
        for one in (
            said,
            said,
            {**said, "text": "อื่น"},
            {**said, "id": "ce" * 16, "about": "ff" * 16},
        )
    ]
    (message,) = await office.doors.opened(Kind.FOLLOW_UP_FROM_REPORTER)

    # Whoever lost the answer is told so again, though the docket says no more of it by now.
    await office.put_docket(tip_id, await office.docket(tip_id, note="สอง"), first)
    late = await office.doors.reporter.post("/v1/tip/dispute", json=said, headers=headers)

    assert [got.status_code for got in (*codes, late)] == [201, 201, 409, 404, 201]
    assert codes[3].json()["code"] == "outcome.unknown"
    assert isinstance(message, DisputeBody)
    assert (message.about, message.text) == (OUTCOME, "ถนนยังไม่ได้ซ่อม")


async def test_a_dispute_that_came_sealed_is_taken_like_any_other_word(
    office: Office,
) -> None:
    """In clear it is refused to whoever seals for themselves."""
    front = FrontEnd(office.doors.org.deployment_id, office.doors.org.recipients())
    await office.doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    body = encode_message(DisputeBody("2026-11-23T05:00:00Z", OUTCOME, "ไม่จริง"))
    prefix = front.prefix(Kind.FOLLOW_UP_FROM_REPORTER)
    octets = sealing.seal_message(prefix, front.recipients, body, front.keys.sign)
    taken = await office.doors.reporter.post(
        "/v1/tip/dispute", content=octets, headers=front.headers
    )
    said = json.dumps({"id": "cd" * 16, "about": OUTCOME, "text": "ไม่จริง"}).encode()
    clear = await office.doors.reporter.post(
        "/v1/tip/dispute",
        content=said,
        headers=front.headers | {"content-type": "application/json"},
    )

    assert taken.status_code == 201
    assert refused(clear) == (400, "follow_up.not_sealed")

"""A receipt exchanged by a front end that derives, signs and re-wraps for itself."""

import base64
import secrets
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mustshare_api.crypto import receipts, reply_box, rotation
from mustshare_api.crypto.envelope import Expected, Kind
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.crypto.suite import verify_key_of
from tests import rotations
from tests.api.front_end import FrontEnd
from tests.api.test_follow_ups import CERTIFICATE, answered
from tests.doors import JSON, OCTETS, Doors, with_access

RECEIPT = "/v1/tip/receipt"


@pytest.fixture
async def front(doors: Doors) -> FrontEnd:
    """A front end with a tip."""
    made = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    sent = await doors.reporter.post("/v1/tips", content=made.tip(), headers=OCTETS)
    assert sent.status_code == 201
    return made


def new_keys() -> ReceiptKeys:
    return receipts.keys_of(secrets.token_bytes(32))


async def standing(doors: Doors, keys: ReceiptKeys) -> dict[str, Any]:
    answer = await doors.reporter.get(RECEIPT, headers=with_access(keys.access))
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def made(doors: Doors, old: ReceiptKeys, new: ReceiptKeys) -> dict[str, Any]:
    """The body of a rotation, as things stand."""
    return rotations.sealed_body(old, new, await standing(doors, old))


async def send(doors: Doors, keys: ReceiptKeys, body: Any) -> httpx.Response:
    headers = with_access(keys.access) | JSON
    return await doors.reporter.post(RECEIPT, json=body, headers=headers)


async def rotated(doors: Doors, old: ReceiptKeys) -> ReceiptKeys:
    """The whole of it; the new keys."""
    new = new_keys()
    done = await send(doors, old, await made(doors, old, new))
    assert done.status_code == 200, done.text
    return new


async def test_everything_that_waits_opens_under_the_new_keys(
    doors: Doors, front: FrontEnd
) -> None:
    """By a reader who goes back along the chain, and under no other."""
    reply_id, file_id = await answered(doors, front.tip_id)
    new = await rotated(doors, await rotated(doors, front.keys))
    told = await standing(doors, new)
    headers = with_access(new.access)
    waiting = (await doors.reporter.get("/v1/tip/follow-ups", headers=headers)).json()
    octets = base64.b64decode(waiting["follow_ups"][0]["sealed"])

    assert (told["number"], len(told["stanzas"])) == (3, 2)
    believed = rotation.believed_hashes(front.tip_id, rotations.earlier(told), new.bundle)
    named = rotation.named_hash(octets, believed, b"")
    assert named == receipts.bundle_hash(front.keys.bundle)
    officer = verify_key_of(doors.org.officers[0].sign_seed)
    expect = Expected(Kind.FOLLOW_UP_FROM_STAFF, front.tip_id, reply_id, named)
    assert reply_box.open_follow_up(
        octets, new.reply_seed, expect=expect, verify_key=lambda _: officer
    )
    place = f"/v1/tip/attachments/{file_id.hex()}"
    file = (await doors.reporter.get(place, headers=headers)).content
    length = 73 + 1184 * file[72]
    expect = Expected(Kind.ATTACHMENT_FROM_STAFF, front.tip_id, file_id, named)
    opener = reply_box.StaffAttachmentOpener(file[:length], new.reply_seed, expect=expect)
    assert opener.update(file[length:]) + opener.finalize() == CERTIFICATE


async def test_a_lost_answer_is_had_again(doors: Doors, front: FrontEnd) -> None:
    """The very same body, and the very same answer; another new receipt gets none."""
    new = new_keys()
    before = await standing(doors, front.keys)
    body = rotations.sealed_body(front.keys, new, before)
    first, again = [await send(doors, front.keys, body) for _ in range(2)]
    late = rotations.sealed_body(front.keys, new_keys(), before)
    other, stranger = await send(doors, front.keys, late), await send(doors, new_keys(), body)

    assert (first.status_code, again.content) == (200, first.content)
    assert (other.status_code, other.content) == (stranger.status_code, stranger.content)
    assert (other.status_code, other.json()["code"]) == (401, "receipt.unknown")


async def test_an_answer_in_between_is_told_and_nothing_has_changed(
    doors: Doors, front: FrontEnd
) -> None:
    """Neither may one be missing nor one too many; fetched again it goes through."""
    keys = front.keys
    before = await made(doors, keys, new_keys())
    reply_id, _ = await answered(doors, front.tip_id)
    early = await send(doors, keys, before)
    full = await made(doors, keys, new_keys())
    doubled = await send(doors, keys, full | {"stanzas": full["stanzas"] * 2})
    place = f"/v1/tip/follow-ups/{reply_id.hex()}"
    await doors.reporter.delete(place, headers=with_access(keys.access))
    late = await send(doors, keys, full)

    changed = (409, "receipt.follow_ups_changed")
    for refused in (early, doubled, late):
        assert (refused.status_code, refused.json()["code"]) == changed
    await rotated(doors, keys)


def spoilt(front: FrontEnd, new: ReceiptKeys, how: str) -> rotation.Link:
    """What a wrong or wicked front end sends as signatures."""
    tip_id, old, other = front.tip_id, front.keys, new_keys()
    right, strangers = (rotations.link(tip_id, 1, by, new) for by in (old, other))
    return {
        "a stranger's notice": replace(right, notice=strangers.notice),
        "not accepted": replace(right, acceptance=right.notice),
        "another number": rotations.link(tip_id, 2, old, new),
        "another tip": rotations.link(bytes(16), 1, old, new),
        "to other keys": rotations.link(tip_id, 1, old, other),
    }[how]


@pytest.mark.parametrize(
    "how",
    ["a stranger's notice", "not accepted", "another number", "another tip", "to other keys"],
)
async def test_what_both_receipts_did_not_sign_is_refused(
    doors: Doors, front: FrontEnd, how: str
) -> None:
    """Staff would not follow it, so the tip would go unanswered for ever."""
    new = new_keys()
    signed = spoilt(front, new, how)
    signatures = {
        "notice": rotations.text(signed.notice),
        "acceptance": rotations.text(signed.acceptance),
    }
    refused = await send(doors, front.keys, await made(doors, front.keys, new) | signatures)

    assert (refused.status_code, refused.json()["code"]) == (400, "rotation.wrong_signature")
    assert (await standing(doors, front.keys))["number"] == 1


async def test_keys_that_are_none_and_stanzas_for_others_are_refused(
    doors: Doors, front: FrontEnd
) -> None:
    """And nothing has changed."""
    await answered(doors, front.tip_id)
    body = await made(doors, front.keys, new_keys())
    spoiled: list[tuple[Any, str]] = [
        (body | {"bundle": rotations.text(b"\xff" * 1248)}, "bundle.malformed"),
        (body | {"bundle": rotations.text(new_keys().bundle)}, "envelope.wrong_recipients"),
        (body | {"notice": "****"}, "request.invalid_fields"),
        (body | {"access_hash": rotations.text(bytes(31))}, "request.invalid_fields"),
        ({"receipt": "1" * 30}, "request.invalid_fields"),
    ]
    for wrong, code in spoiled:
        refused = await send(doors, front.keys, wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert (await standing(doors, front.keys))["number"] == 1


async def test_a_body_that_cannot_be_read_is_no_matter_to_a_dead_access(doors: Doors) -> None:
    """It is told what every dead one is told."""
    for body in ({}, {"receipt": "1" * 30}):
        refused = await send(doors, new_keys(), body)
        assert (refused.status_code, refused.json()["code"]) == (401, "receipt.unknown")


async def test_the_access_of_another_tip_is_not_taken_over(
    doors: Doors, front: FrontEnd
) -> None:
    """Its own new keys, and an access hash that is in use: refused, and both tips go on."""
    other = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    await doors.reporter.post("/v1/tips", content=other.tip(), headers=OCTETS)
    body = await made(doors, front.keys, new_keys())
    body["access_hash"] = rotations.text(receipts.access_hash(other.keys.access))
    refused = await send(doors, front.keys, body)

    assert (refused.status_code, refused.json()["code"]) == (409, "receipt.not_new")
    for keys in (front.keys, other.keys):
        assert (await standing(doors, keys))["number"] == 1


async def test_the_keys_of_an_officer_cannot_be_a_receipts(
    doors: Doors, front: FrontEnd
) -> None:
    """Nothing could be sealed to both: an object has one stanza a key."""
    await answered(doors, front.tip_id)
    honest = new_keys()
    new = replace(honest, bundle=doors.org.recipients()[0] + honest.bundle[1216:])
    refused = await send(doors, front.keys, await made(doors, front.keys, new))

    assert (refused.status_code, refused.json()["code"]) == (409, "receipt.not_new")


async def test_how_much_waits_is_not_told_by_length(doors: Doors, front: FrontEnd) -> None:
    """One object more or less: the same size."""
    headers = with_access(front.keys.access)
    none = await doors.reporter.get(RECEIPT, headers=headers)
    await answered(doors, front.tip_id)
    two = await doors.reporter.get(RECEIPT, headers=headers)

    assert len(two.json()["stanzas"]) == 2
    assert len(none.content) == len(two.content) == 16 * 1024

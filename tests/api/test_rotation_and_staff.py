"""A receipt that is exchanged while staff write: before, between and after."""

import secrets
from typing import Any

import pytest

from mustshare_api.crypto import rotation
from mustshare_api.crypto.envelope import Kind
from tests.api.test_follow_ups import CERTIFICATE, attach
from tests.api.test_rotation import chain, rotate, texts
from tests.doors import Doors, made_up_receipt, with_receipt


async def test_staff_can_follow_the_keys_and_answer_on(doors: Doors) -> None:
    """The list counts rotations; the chain leads from the first bundle to the one in force."""
    old, new, newest = await doors.new_tip(), made_up_receipt(), made_up_receipt()
    tip_id = await doors.only_tip_id()
    await doors.reply(tip_id, "หนึ่ง")
    await rotate(doors, old, new)
    await doors.reply(tip_id, "สอง")
    await rotate(doors, new, newest)
    await doors.reply(tip_id, "สาม")

    (listed,) = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    assert listed["rotations"] == 2
    links = await chain(doors)
    rotation.check_chain(tip_id, links, (await doors.bundles())[tip_id])
    assert links[0].bundle == (await doors.keys(old)).bundle
    assert await texts(doors, newest) == sorted(["หนึ่ง", "สอง", "สาม"])


async def test_an_answer_to_the_old_keys_is_refused_as_that(doors: Doors) -> None:
    """Nobody could open it; what had arrived before is known again as the same octets."""
    old, new = await doors.new_tip(), made_up_receipt()
    tip_id = await doors.only_tip_id()
    early = await doors.sealed_reply(tip_id, "ก่อน", [], secrets.token_bytes(16))
    late = await doors.sealed_reply(tip_id, "หลัง", [], secrets.token_bytes(16))
    place = f"/v1/tips/{tip_id.hex()}/follow-ups"
    assert (await doors.signed("POST", place, early)).status_code == 201
    await rotate(doors, old, new)
    again, refused = [await doors.signed("POST", place, each) for each in (early, late)]

    assert again.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (409, "tip.rotated")
    assert await texts(doors, new) == ["ก่อน"]


async def test_a_file_that_waits_for_its_words_is_rewrapped_too(doors: Doors) -> None:
    """The words come after the rotation and are sealed to the new keys."""
    old, new = await doors.new_tip(), made_up_receipt()
    tip_id, file_id, reply_id = (
        await doors.only_tip_id(),
        *(secrets.token_bytes(16) for _ in "ab"),
    )
    await attach(doors, tip_id, file_id, reply_id)
    await rotate(doors, old, new)
    assert (await doors.reply(tip_id, "พร้อมไฟล์", object_id=reply_id)).status_code == 201
    place = f"/v1/tip/attachments/{file_id.hex()}"

    file = await doors.reporter.get(place, headers=with_receipt(new))
    assert file.content == CERTIFICATE


async def test_an_answer_that_comes_in_between_makes_it_start_again(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is re-wrapped with the others, and the rotation does not fail for it."""
    old, new = await doors.new_tip(), made_up_receipt()
    tip_id, held, calls = await doors.only_tip_id(), doors.bench.rotations.held, 0

    async def answered_meanwhile(asked: bytes) -> Any:
        nonlocal calls
        found, calls = await held(asked), calls + 1
        if calls == 1:
            assert (await doors.reply(tip_id, "พอดี")).status_code == 201
        return found

    monkeypatch.setattr(doors.bench.rotations, "held", answered_meanwhile)
    assert (await rotate(doors, old, new)).status_code == 200
    assert calls == 2
    assert await texts(doors, new) == ["พอดี"]


async def test_what_staff_never_stop_writing_ends_in_busy(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few tries the reporter is asked to come back, and the old receipt still works."""
    old = await doors.new_tip()
    tip_id, held = await doors.only_tip_id(), doors.bench.rotations.held

    async def answered_always(asked: bytes) -> Any:
        found = await held(asked)
        await doors.reply(tip_id, "อีก")
        return found

    monkeypatch.setattr(doors.bench.rotations, "held", answered_always)
    busy = await rotate(doors, old, made_up_receipt())

    assert (busy.status_code, busy.json()["code"]) == (503, "receipt.busy")
    assert len(await texts(doors, old)) == 5


async def test_what_follows_is_signed_by_the_new_receipt(doors: Doors) -> None:
    """Staff open it with the bundle in force, whose hash the prefix carries."""
    old, new = await doors.new_tip(), made_up_receipt()
    await rotate(doors, old, new)
    said = {"id": secrets.token_hex(16), "text": "เพิ่มเติม"}
    sent = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=with_receipt(new))

    assert sent.status_code == 201
    (follow_up,) = await doors.opened(Kind.FOLLOW_UP_FROM_REPORTER)
    assert getattr(follow_up, "text", None) == "เพิ่มเติม"

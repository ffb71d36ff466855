"""What an officer says to have read: only that starts a clock, and only that is erased."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.seen import seen_digest
from mustshare_api.flows import upkeep
from tests.api.stepping import by_two, listed, refusal, step
from tests.doors import Doors, with_receipt


@pytest.fixture
async def tip(doors: Doors) -> tuple[bytes, str]:
    """A tip, and its receipt."""
    digits = await doors.new_tip()
    return await doors.only_tip_id(), digits


async def adds(doors: Doors, digits: str, object_id: str = "ab" * 16) -> None:
    """The reporter writes once more."""
    said = {"id": object_id, "text": "มีอีกเรื่อง"}
    headers = with_receipt(digits)
    sent = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
    assert sent.status_code == 201, sent.text


async def expires_on(doors: Doors) -> Any:
    return (await listed(doors))["expires_on"]


def test_what_was_read_is_one_hash_in_no_order() -> None:
    """As docs/lifecycle.md has it, so that other tools can make it."""
    one, other = b"\x01" * 16, b"\x02" * 16
    expect = hashlib.sha256(b"mustshare/v1 seen\n" + one + other).digest()

    assert seen_digest([other, one]) == seen_digest([one, other]) == expect


@pytest.mark.parametrize("act", ["verify", "set_aside", "answer"])
async def test_no_clock_runs_over_words_that_the_officer_had_not_read(
    doors: Doors, tip: tuple[bytes, str], act: str
) -> None:
    """The act is done, a century goes by, and the newer words are there; read, they run out."""
    tip_id, digits = tip
    read = await doors.seen(tip_id)
    await adds(doors, digits)
    if act == "answer":
        assert (await doors.reply(tip_id, "รับแล้ว", seen=read)).status_code == 201
    else:
        done = await step(doors, tip_id, act, read=read)
        assert (done.status_code, done.json()["expires_on"]) == (200, None)
    assert await doors.bench.tips.expire(date(2126, 1, 1)) == 0
    assert len(await doors.stored(Kind.FOLLOW_UP_FROM_REPORTER)) == 1
    assert await expires_on(doors) is None

    await doors.reply(tip_id, "อ่านแล้ว")

    assert await expires_on(doors) is not None


async def test_a_tool_that_does_not_say_starts_no_clock(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """It may be too old to know; what it does is done all the same."""
    tip_id, _ = tip
    assert (await step(doors, tip_id, "verify", read="")).status_code == 200
    assert (await doors.reply(tip_id, "รับแล้ว", seen="")).status_code == 201
    assert await expires_on(doors) is None

    assert (await listed(doors))["answered"] is True


async def test_a_clock_that_runs_is_set_anew_by_whomever(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """All that is there was read once: nothing new came, or it would stand still."""
    tip_id, _ = tip
    await step(doors, tip_id, "verify")
    before = await expires_on(doors)

    await step(doors, tip_id, "close", 1, read="")

    assert None is not await expires_on(doors) < before


async def test_what_two_officers_move_goes_by_what_the_second_has_read(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """It is theirs that does it; the first need not have said anything."""
    tip_id, digits = tip
    await step(doors, tip_id, "verify")
    first, other = doors.org.officers[:2]
    read = await doors.seen(tip_id)
    await adds(doors, digits)
    assert (await step(doors, tip_id, "publish", 1, first)).status_code == 202
    assert (await step(doors, tip_id, "publish", 1, other, read)).status_code == 200
    assert await expires_on(doors) is None
    assert (await step(doors, tip_id, "refer", 2, first, "")).status_code == 202

    assert (await step(doors, tip_id, "refer", 2, other)).json()["expires_on"] is not None


async def test_neither_of_two_erases_what_they_have_not_read(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """Nor proposes it: that both are behind must not be enough."""
    tip_id, digits = tip
    read = await doors.seen(tip_id)
    await adds(doors, digits)
    first, other = doors.org.officers[:2]
    for said in (read, "", "ab" * 32):
        refused = await step(doors, tip_id, "erase", 0, first, said)
        assert refusal(refused) == (409, "step.unread")
    assert (await step(doors, tip_id, "erase", 0, first)).status_code == 202
    assert refusal(await step(doors, tip_id, "erase", 0, other, read)) == (409, "step.unread")

    assert (await step(doors, tip_id, "erase", 0, other)).json()["state"] == "expired"


async def test_a_repeated_act_starts_no_clock_over_what_came_in_between(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """The answer to it was lost, the reporter wrote, and the tool sends the same once more."""
    tip_id, digits = tip
    read, object_id = await doors.seen(tip_id), b"\xcd" * 16
    octets = await doors.sealed_reply(tip_id, "รับแล้ว", [], object_id)
    target = f"/v1/tips/{tip_id.hex()}/follow-ups?seen={read}"
    assert (await doors.signed("POST", target, octets)).status_code == 201
    await adds(doors, digits)

    assert (await doors.signed("POST", target, octets)).status_code == 200

    assert await expires_on(doors) is None


async def test_what_is_no_hash_is_refused(doors: Doors, tip: tuple[bytes, str]) -> None:
    """In a body and in a query; nothing is recorded."""
    tip_id, _ = tip
    for wrong in ("x", "AB" * 32, "ab" * 31, "ab" * 33, "ab" * 32 + "\n"):
        answer = await step(doors, tip_id, "verify", read=wrong)
        assert refusal(answer) == (400, "request.invalid_fields"), wrong
    octets = await doors.sealed_reply(tip_id, "รับแล้ว", [], b"\xcd" * 16)
    for query in ("seen=", "seen=AB", f"seen={'ab' * 32}&seen={'ab' * 32}"):
        target = f"/v1/tips/{tip_id.hex()}/follow-ups?{query}"
        answer = await doors.signed("POST", target, octets)
        assert refusal(answer) == (400, "request.malformed"), query

    told = await listed(doors)
    assert (told["answered"], told["steps"]) == (False, 0)


async def test_whoever_repeats_a_step_is_told_that_it_was_made(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """Also once the tip has moved on; another officer is told that it changed."""
    tip_id, _ = tip
    first, other = doors.org.officers[:2]
    made = await step(doors, tip_id, "verify", 0, first)
    again = await step(doors, tip_id, "verify", 0, first)
    assert (again.status_code, again.content) == (200, made.content)
    assert refusal(await step(doors, tip_id, "verify", 0, other)) == (412, "tip.changed")
    await step(doors, tip_id, "close", 1, other)

    late = await step(doors, tip_id, "verify", 0, first)

    assert (late.status_code, late.json()["state"], late.json()["steps"]) == (200, "closed", 2)


async def test_both_who_erased_a_tip_are_told_so_again(
    doors: Doors, tip: tuple[bytes, str]
) -> None:
    """Nobody holds it any more, and a week later nobody repeats it any more."""
    tip_id, _ = tip
    read = await doors.seen(tip_id)
    await by_two(doors, tip_id, "erase")
    for officer in doors.org.officers[:2]:
        told = await step(doors, tip_id, "erase", 0, officer, read)
        assert (told.status_code, told.json()["state"]) == (200, "expired")
    doors.clock.at += timedelta(days=8)
    await upkeep.once(doors.bench)

    late = await step(doors, tip_id, "erase", 0, read=read)

    assert refusal(late) == (404, "tip.not_found")

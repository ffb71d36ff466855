"""How long a tip is kept, and what its reporter and staff are told of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from mustshare_api.api.answers import TIP_VIEW_BYTES
from mustshare_api.domain.deadlines import JITTER_DAYS
from mustshare_api.flows import upkeep
from tests.api.auditing import Log
from tests.api.stepping import by_two, step
from tests.doors import Doors, with_receipt


async def view(doors: Doors, digits: str) -> dict[str, Any]:
    answer = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    assert answer.status_code == 200, answer.text
    assert len(answer.content) == TIP_VIEW_BYTES
    told: dict[str, Any] = answer.json()
    return told


async def listed(doors: Doors) -> dict[str, Any]:
    (tip,) = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    found: dict[str, Any] = tip
    return found


def days_kept(told: dict[str, Any], since: str = "2026-11-23") -> int:
    kept = date.fromisoformat(told["expires_on"]) - date.fromisoformat(since)
    return kept.days


async def test_what_nobody_has_read_is_there_after_years(doors: Doors) -> None:
    """No clock runs, which is what its reporter is told; upkeep leaves it alone."""
    digits = await doors.new_tip()
    doors.clock.advance(days=4000)
    await upkeep.once(doors.bench)

    told = await view(doors, digits)

    assert (told["expires_on"], told["expires_soon"]) == (None, False)
    assert (told["acknowledged"], told["answered"]) == (False, False)


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        (["verify"], 365),
        (["set_aside"], 90),
        (["verify", "refer"], 730),
        (["verify", "close"], 180),
    ],
)
async def test_each_state_has_its_own_clock(doors: Doors, steps: list[str], days: int) -> None:
    """As .env.example has it, plus up to two weeks; reporter and staff see the same day."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    for seen, name in enumerate(steps):
        done = await (by_two if name == "refer" else step)(doors, tip_id, name, seen)
        assert done.status_code == 200, done.text

    told = await view(doors, digits)

    assert days <= days_kept(told) < days + JITTER_DAYS
    assert (await listed(doors))["expires_on"] == told["expires_on"]


async def test_news_from_either_side_keeps_a_tip(doors: Doors) -> None:
    """Staff's answer starts the clock, the reporter's words stop it, an answer starts it."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await doors.reply(tip_id, "รับแล้ว")
    answered = await view(doors, digits)
    assert 365 <= days_kept(answered) < 365 + JITTER_DAYS
    said = {"id": "ab" * 16, "text": "ยังพังอยู่"}
    await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=with_receipt(digits))
    assert (await view(doors, digits))["expires_on"] is None

    doors.clock.advance(days=1)
    assert (await doors.reply(tip_id, "ขอบคุณ")).status_code == 201

    assert 365 <= days_kept(await view(doors, digits), "2026-11-24") < 365 + JITTER_DAYS


async def test_a_reporter_is_warned_before_a_tip_is_erased(doors: Doors) -> None:
    """A month ahead; then it is gone, its receipt like any that never was."""
    digits = await doors.new_tip()
    await step(doors, await doors.only_tip_id(), "set_aside")
    told = await view(doors, digits)
    assert not told["expires_soon"]
    ends = date.fromisoformat(told["expires_on"])

    doors.clock.at += timedelta(days=days_kept(told) - 30)
    assert (await view(doors, digits))["expires_soon"]
    doors.clock.at += timedelta(days=30)
    assert doors.clock.at.date() == ends

    gone = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    assert (gone.status_code, gone.json()["code"]) == (401, "receipt.unknown")


async def test_deadlines_are_told_to_both_sides(doors: Doors) -> None:
    """Seven days and three months, and whether a step or an answer was made."""
    digits = await doors.new_tip()
    due = ("2026-11-30", "2027-02-21")
    for told in (await view(doors, digits), await listed(doors)):
        assert (told["acknowledge_by"], told["answer_by"]) == due
        assert not told["acknowledged"]

    await step(doors, await doors.only_tip_id(), "verify")

    for told in (await view(doors, digits), await listed(doors)):
        assert (told["acknowledged"], told["answered"]) == (True, False)


async def test_upkeep_proves_what_it_erased(doors: Doors) -> None:
    """When the month is over the log has its leaf, with the root over the door's hashes."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await upkeep.once(doors.bench)
    await by_two(doors, tip_id, "erase")
    told = (await doors.signed("GET", "/v1/erasures/2026-11")).json()
    assert len(told["hashes"]) == 1

    doors.clock.advance(days=10)
    await upkeep.once(doors.bench)
    await upkeep.once(doors.bench)

    did = [event.did for event in await Log(doors).events() if event.kid is None]
    assert [one for one in did if one.startswith("tips-erased")] == [
        f"tips-erased 2026-11 1 {told['root']}"
    ]


async def test_what_is_gone_stays_in_the_totals(doors: Doors) -> None:
    """Of a tip that was erased, after its tombstone has gone as well; by month and state."""
    await doors.new_tip()
    await by_two(doors, await doors.only_tip_id(), "erase")
    await doors.new_tip()
    before = (await doors.signed("GET", "/v1/totals")).json()["totals"]
    assert await doors.bench.tips.forget(date(2027, 4, 1)) == 1

    after = (await doors.signed("GET", "/v1/totals")).json()["totals"]

    assert after == before
    assert [(one["month"], one["state"], one["tips"]) for one in after] == [
        *(("2026-11", "expired", 1), ("2026-11", "received", 1)),
    ]


async def test_a_month_of_no_form_is_refused(doors: Doors) -> None:
    """Rather than taken for one without erasures."""
    for month in ("2026-13", "2026-1", "1999-01", "2026-11-01", "x"):
        answer = await doors.signed("GET", f"/v1/erasures/{month}")
        assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed"), month

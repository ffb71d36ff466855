"""A clock that leaps ahead erases nothing, and honest time does."""

from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from mustshare_api.app import composition
from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.events import CLOCK_CONFIRMED
from mustshare_api.domain.lifecycle import State
from mustshare_api.errors import MustShareError
from mustshare_api.flows import deeds, upkeep
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.upkeep import LEAP_DAYS
from tests.api.auditing import Log
from tests.api.sending import table
from tests.api.stepping import step
from tests.doors import Doors, MovedClock, made_up_receipt, with_receipt
from tests.lived import live_until_now
from tests.organisation import Organisation
from tests.pages import Desk, case

TEN_YEARS = timedelta(days=3653)
KEPT = ("envelopes", "pages", "page_versions", "seconds", "uploads", "erasure_months")


def today_of(doors: Doors) -> date:
    return bangkok_day(doors.clock.now())


async def state_of(doors: Doors, tip_id: bytes) -> State:
    tip = await doors.bench.tips.get(tip_id)
    assert tip is not None
    return tip.state


async def set_aside(doors: Doors) -> bytes:
    """A tip whose clock runs, in a service that has run."""
    await upkeep.once(doors.bench)
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await step(doors, tip_id, "set_aside")
    return tip_id


async def test_a_clock_that_is_wrong_for_a_round_takes_nothing(doors: Doors, dsn: str) -> None:
    """A bad time server, a dead battery: tips, pages, proposals, the log and figures stay."""
    tip_id = await set_aside(doors)
    await Desk(doors).publish(case() | {"retain_until": "2030-01-01"})
    await step(doors, tip_id, "erase")
    before = {name: await table(dsn, name) for name in KEPT}
    told = (await doors.reporter.get("/v1/statistics")).json()
    leaves = await Log(doors).events()

    doors.clock.at += TEN_YEARS
    await upkeep.once(doors.bench)
    doors.clock.at -= TEN_YEARS
    await upkeep.once(doors.bench)

    assert {name: await table(dsn, name) for name in KEPT} == before
    assert await state_of(doors, tip_id) is State.SET_ASIDE
    doors.bench.plane.forget()
    assert (await doors.reporter.get("/v1/statistics")).json() == told
    assert await Log(doors).events() == leaves


async def test_a_tip_goes_on_its_day_where_the_service_lived_until_then(doors: Doors) -> None:
    """Off for a fortnight at a time, it asks nobody."""
    tip_id = await set_aside(doors)
    for _ in range(0, 90 + LEAP_DAYS, LEAP_DAYS):
        doors.clock.at += timedelta(days=LEAP_DAYS)
        await upkeep.once(doors.bench)

    assert await state_of(doors, tip_id) is State.EXPIRED


async def test_after_a_long_time_off_an_operator_is_asked(doors: Doors) -> None:
    """Their word counts from the next round on, and the audit log has it."""
    tip_id = await set_aside(doors)
    doors.clock.at += timedelta(days=200)
    await upkeep.once(doors.bench)
    gauges = (await doors.operator.get("/metrics")).text
    assert await state_of(doors, tip_id) is State.SET_ASIDE
    assert "mustshare_clock_leapt_days 200\n" in gauges

    leaf = deeds.of_operator(CLOCK_CONFIRMED, today_of(doors))
    for _ in range(2):
        await doors.bench.calendar.store.confirm(today_of(doors), leaf)
    await upkeep.once(doors.bench)

    assert await state_of(doors, tip_id) is State.EXPIRED
    assert "mustshare_clock_leapt_days 0\n" in (await doors.operator.get("/metrics")).text
    async with doors.bench.tips._database.connection() as connection:
        said = await connection.fetch("SELECT event FROM audit_leaves ORDER BY position")
    words = [row["event"].decode() for row in said if b"clock-confirmed" in row["event"]]
    day = f"day {today_of(doors)}"
    assert words == [f"mustshare/v1 event\n{day}\nby server\ndid {CLOCK_CONFIRMED}\n"]


async def test_a_clock_that_was_behind_asks_nobody_once_it_is_right(doors: Doors) -> None:
    """A machine that wakes in 1970 and is set right goes on where it was."""
    tip_id = await set_aside(doors)
    right = doors.clock.at
    doors.clock.at = right.replace(year=1970)
    assert await doors.bench.calendar.believes(today_of(doors))

    doors.clock.at = right + timedelta(days=1)
    assert await doors.bench.calendar.believes(today_of(doors))
    assert await state_of(doors, tip_id) is State.SET_ASIDE


async def test_a_receipt_that_is_used_again_erases_nothing_by_a_wrong_clock(
    doors: Doors,
) -> None:
    """A tip past its day gives its receipt free; of the wrong clock's day nobody is told."""
    await upkeep.once(doors.bench)
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await step(doors, tip_id, "set_aside")
    async with doors.bench.tips._database.connection() as connection:
        soon = today_of(doors) + timedelta(days=17)
        await connection.execute("UPDATE tips SET expires_on = $1", soon)

    doors.clock.at += timedelta(days=20)
    again = await doors.send_tip("ถนนพังอีก", digits)
    seen = [
        await doors.reporter.get("/v1/tip", headers=with_receipt(one))
        for one in (digits, made_up_receipt())
    ]
    doors.clock.at -= timedelta(days=20)

    assert (again.status_code, again.json()["code"]) == (503, "unavailable")
    assert {(one.status_code, one.content) for one in seen} == {(503, again.content)}
    assert await state_of(doors, tip_id) is State.SET_ASIDE
    assert (await doors.reporter.get("/v1/tip", headers=with_receipt(digits))).is_success


async def test_a_new_machine_whose_clock_is_ahead_has_not_lived_until_then(
    dsn: str, org: Organisation, stripper: Stripper, clock: MovedClock
) -> None:
    """Its first directory is refused, the clock is set right; the leap counts for nothing."""
    right, clock.at = clock.at, clock.at + TEN_YEARS
    async with composition.workbench(Settings(), dsn, org.roots, stripper, clock) as bench:
        await upkeep.once(bench)
        with pytest.raises(MustShareError):
            await bench.directory.accept(org.note())
        clock.at = right
        await bench.directory.accept(org.note())
        await upkeep.once(bench)

        assert await bench.calendar.store.last_on() == bangkok_day(right)


async def test_a_leap_is_said_once_a_day(doors: Doors) -> None:
    """With how far it was; what comes every minute is read by nobody."""
    await upkeep.once(doors.bench)
    doors.clock.at += timedelta(days=20)
    with capture_logs() as lines:
        for _ in range(3):
            await upkeep.once(doors.bench)

    said = [line for line in lines if line["event"] == "clock_leapt"]
    assert said == [{"event": "clock_leapt", "days": 20, "log_level": "info"}]


async def test_months_pass_for_a_service_that_is_never_off(doors: Doors) -> None:
    """Round after round, each day is believed."""
    await upkeep.once(doors.bench)
    doors.clock.at += timedelta(days=400)
    assert not await doors.bench.calendar.believes(today_of(doors))
    await live_until_now(doors.bench)

    assert await doors.bench.calendar.believes(today_of(doors))

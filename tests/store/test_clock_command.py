"""`mustshare clock`: what an operator is told of the clock, and whose word counts."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import calendar as command
from mustshare_api.app.doctor import calendar
from mustshare_api.clock import SystemClock, bangkok_day
from tests.postgres import run

TODAY = date(2026, 11, 23)
OFF_SINCE = "INSERT INTO upkeep (last_on) VALUES ('2020-01-01')"


@pytest.mark.parametrize(
    ("last_on", "verdict", "said"),
    [
        (None, "ok", "has not run yet"),
        (date(2026, 11, 22), "ok", "is believed"),
        (date(2026, 11, 9), "ok", "is believed"),
        (date(2026, 11, 8), "mend", "nothing is erased until"),
        (date(2036, 11, 23), "think", "the clock was ahead"),
    ],
)
def test_the_doctor_tells_a_clock_that_leapt(
    last_on: date | None, verdict: str, said: str
) -> None:
    """And one that was ahead before it was set right."""
    found = calendar.of_days(last_on, TODAY)

    assert (found.verdict, said in found.said) == (verdict, True)
    assert (found.run == "mustshare clock DAY") == (verdict != "ok")


@pytest.mark.parametrize("day", ["today", "2026-13-01", "20261123", "๒๕๖๙-๑๑-๒๓", "2569-11-23"])
def test_a_day_that_the_clock_does_not_say_is_refused(
    day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the database is asked: one of the two is wrong, and nobody here knows which."""
    assert program.main(["clock", day]) == 2

    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def _here(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the machine of a service that was off for years."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTSHARE_DATABASE_URL", dsn)
    asyncio.run(run(dsn, OFF_SINCE))


@pytest.mark.usefixtures("_here")
def test_an_operators_word_is_taken_once_it_is_the_clocks(
    dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it: how far the clock is, with 1. After it: 0, and the doctor is content."""
    today = bangkok_day(SystemClock().now()).isoformat()
    (before,) = calendar.look(dsn)

    assert program.main(["clock"]) == 1
    asked = capsys.readouterr()
    assert asked.out == f"upkeep last ran on 2020-01-01; the clock says {today}\n"
    assert "mustshare clock DAY" in asked.err
    assert [program.main(["clock", today]), program.main(["clock"])] == [0, 0]
    (after,) = calendar.look(dsn)
    assert (before.verdict, after.verdict) == ("mend", "ok")


@pytest.mark.usefixtures("_here")
def test_a_day_that_was_lived_too_early_is_taken_back(dsn: str) -> None:
    """Else the next leap up to it would be believed."""
    asyncio.run(run(dsn, "UPDATE upkeep SET last_on = '2066-01-01'"))
    (before,) = calendar.look(dsn)
    program.main(["clock", bangkok_day(SystemClock().now()).isoformat()])
    (after,) = calendar.look(dsn)

    assert (before.verdict, after.verdict) == ("think", "ok")


def test_a_backup_asks_how_far_the_clock_has_leapt(dsn: str) -> None:
    """Before it deletes older ones; a service that never ran has none to lose."""
    before = asyncio.run(command.leapt(dsn, TODAY))
    asyncio.run(run(dsn, OFF_SINCE))

    assert (before, asyncio.run(command.leapt(dsn, TODAY))) == (0, 2518)


def test_neither_the_doctor_nor_a_backup_needs_the_table_of_days(dsn: str) -> None:
    """A database of the release before has none."""
    asyncio.run(run(dsn, "DROP TABLE upkeep"))
    assert asyncio.run(command.leapt(dsn, TODAY)) == 0
    (found,) = calendar.look(dsn)

    assert (found.verdict, "mustshare migrate" in found.said) == ("unseen", True)

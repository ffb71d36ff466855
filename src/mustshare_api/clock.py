"""The only file that reads the time.

A row about a reporter carries a Bangkok day and never an instant, so most callers want
`today`. Thailand has kept UTC+7 without daylight saving since 1920, so a fixed offset is the
zone and no time-zone database is needed.
"""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

BANGKOK = timezone(timedelta(hours=7))


class Clock(Protocol):
    """What flows are given."""

    def now(self) -> datetime:
        """The instant, in UTC, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The instant, in UTC, aware."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()


def bangkok_day(instant: datetime) -> date:
    """The day in Bangkok on which an aware instant falls.

    At either end of the calendar it is the instant's own: a time that an officer's clock signed
    has to be shown, however wrong that clock was.
    """
    try:
        return instant.astimezone(BANGKOK).date()
    except OverflowError:
        return instant.date()


def week_of(day: date) -> date:
    """The Monday of a day's week, which names an epoch."""
    return day - timedelta(days=day.weekday())

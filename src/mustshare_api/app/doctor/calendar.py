"""Whether the clock is believed, by which tips, pages and files are erased on their day."""

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Final

from mustshare_api.app.calendar import last_on_of
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.flows.calendar import leap_of

CONFIRM: Final = "mustshare clock DAY"


def look(dsn: str) -> Iterator[Finding]:
    """The last day that was lived through, beside the clock's."""
    try:
        last_on = asyncio.run(last_on_of(dsn))
    except MustShareError as error:
        # Whatever is wrong with the database itself is said elsewhere.
        said = error.advice if isinstance(error, Misconfigured) else error.code
        yield Finding("unseen", "calendar", said)
        return
    yield of_days(last_on, bangkok_day(SystemClock().now()))


def of_days(last_on: date | None, today: date) -> Finding:
    """A clock that leapt, one that had been ahead, or one that is believed."""
    if last_on is None:
        return Finding("ok", "calendar", "upkeep has not run yet")
    if leap_of(last_on, today):
        said = (
            f"upkeep last ran on {last_on} and the clock says {today}: nothing is erased until "
            "it is set right, or you say that it is"
        )
        return Finding("mend", "calendar", said, CONFIRM)
    if last_on > today:
        said = (
            f"upkeep ran on {last_on}, which is to come: the clock was ahead, and what was due "
            "until then is erased"
        )
        return Finding("think", "calendar", said, CONFIRM)
    return Finding("ok", "calendar", "the clock is believed")

"""`mustshare clock`: whether the machine's clock is believed, and an operator's word for it.

    clock         says up to which day upkeep has run, and what the clock says; 1 if it leapt
    clock DAY     an operator's word that DAY is today; refused where the clock says another

The day is typed and not taken from the machine: it is the machine's that is in doubt.
"""

import asyncio
import sys
from datetime import date

from mustshare_api import settings
from mustshare_api.app import commands
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto.events import CLOCK_CONFIRMED
from mustshare_api.errors import Misconfigured
from mustshare_api.flows import deeds
from mustshare_api.flows.calendar import leap_of
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.migrations import migrate
from mustshare_api.store.upkeep import UpkeepStore


def look_or_confirm(day: str | None) -> int:
    """Says how the clock stands; with a day, confirms it.

    Raises:
        Misconfigured: no day, or not the one that the clock says.
    """
    today = bangkok_day(SystemClock().now())
    if day is not None:
        _check(day, today)
    with commands.reached(settings.load()) as dsn:
        return asyncio.run(_look(dsn, today) if day is None else _confirm(dsn, today))


def _check(day: str, today: date) -> None:
    try:
        meant = date.fromisoformat(day)
    except ValueError:
        meant = None
    if meant is None or meant.isoformat() != day:
        raise Misconfigured("give today's day in Bangkok, such as 2026-11-23.")
    if meant != today:
        raise Misconfigured(
            f"this machine's clock says {today}: set the clock right, or look at your calendar"
            " again."
        )


async def leapt(dsn: str, today: date) -> int:
    """How many days the clock has leapt; 0 also where the database keeps no days yet."""
    try:
        return leap_of(await last_on_of(dsn), today)
    except Misconfigured:
        return 0


async def last_on_of(dsn: str) -> date | None:
    """The last day on which upkeep ran; None where it never did.

    Raises:
        Misconfigured: the database keeps no days yet, or cannot be used.
    """
    database = await Database.connect(dsn, Tuning(connections=1, statement_cache_size=0))
    try:
        store = UpkeepStore(database)
        await store.check_there()
        return await store.last_on()
    finally:
        await database.close()


async def _look(dsn: str, today: date) -> int:
    await migrate(dsn)
    last_on = await last_on_of(dsn)
    days = leap_of(last_on, today)
    print(f"upkeep last ran on {last_on or 'no day yet'}; the clock says {today}")
    if days:
        print(
            f"That is {days} days later: nothing is erased. Set the clock right, or say that"
            " it is: mustshare clock DAY",
            file=sys.stderr,
        )
    return int(days > 0)


async def _confirm(dsn: str, today: date) -> int:
    await migrate(dsn)
    database = await Database.connect(dsn, Tuning(connections=1, statement_cache_size=0))
    try:
        leaf = deeds.of_operator(CLOCK_CONFIRMED, today)
        await UpkeepStore(database).confirm(today, leaf)
    finally:
        await database.close()
    print("The clock is believed; what is due is erased within a minute.", file=sys.stderr)
    return 0

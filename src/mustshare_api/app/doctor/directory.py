"""Whether tips can be sealed, and for how long still."""

import asyncio
from collections.abc import Iterator

from mustshare_api.app import directories, evaluation
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.clock import SystemClock
from mustshare_api.errors import Misconfigured, MustShareError, Unavailable
from mustshare_api.flows.directory import WARN_DAYS, DirectoryKeeper
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database
from mustshare_api.store.directories import DirectoryStore

LEAST_OFFICERS = 2
"""One who is ill or gone leaves tips that nobody can open."""


def look(settings: Settings, dsn: str) -> Iterator[Finding]:
    """The days it is in force, and how many can open what comes in today."""
    try:
        days_left, officers = asyncio.run(_supply(settings, dsn))
    except MustShareError as error:
        said = error.advice if isinstance(error, Misconfigured) else error.code
        yield Finding("mend", "directory", said)
        return
    yield of_days(days_left)
    if days_left:
        yield of_officers(officers)


async def _supply(settings: Settings, dsn: str) -> tuple[int, int]:
    database = await Database.connect(dsn)
    try:
        pin = settings.roots_file or evaluation.home_of(settings) / "roots.pin"
        keeper = DirectoryKeeper(
            DirectoryStore(database),
            directories.load_roots(pin),
            SystemClock(),
            directories.serial_floor(settings),
        )
        await keeper.load()
        return keeper.days_left(), _officers(keeper)
    finally:
        await database.close()


def _officers(keeper: DirectoryKeeper) -> int:
    try:
        return sum(entry.role == "intake" for entry in keeper.recipients())
    except Unavailable:
        return 0


def of_days(days_left: int) -> Finding:
    """Two weeks are what it takes to bring two root holders to one table."""
    if not days_left:
        return Finding("mend", "directory", "none in force: tips are refused; see docs/keys.md")
    if days_left <= WARN_DAYS:
        return Finding("think", "directory", f"runs out in {days_left} days: have it signed")
    return Finding("ok", "directory", f"in force for {days_left} days")


def of_officers(count: int) -> Finding:
    """How many hold a key for this week."""
    if count < LEAST_OFFICERS:
        said = f"{count} officer can open what comes in this week: list a second one"
        return Finding("think", "officers", said)
    return Finding("ok", "officers", f"{count} can open what comes in this week")

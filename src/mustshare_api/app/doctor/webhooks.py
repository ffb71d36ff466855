"""Whether partners are told what they asked for: the sending process, its unit, its endpoints.

Where no partner asked for anything there is nothing to look at. What is sent, and to whom, is
not told here: an operator has `mustshare partner webhook list` for that.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from mustshare_api.app.doctor import unit
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.clock import SystemClock
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.outlook import Outlook, outlook
from mustshare_api.store.webhooks import Outbox

LIST: Final = "mustshare partner webhook list"
START: Final = f"systemctl enable --now {unit.DELIVERING}"


def look(dsn: str) -> Iterator[Finding]:
    """Each thing in turn. A database from before there were webhooks has none."""
    try:
        found = asyncio.run(_outlook(dsn))
    except MustShareError as error:
        # Whatever is wrong with the database itself is said elsewhere.
        said = error.advice if isinstance(error, Misconfigured) else error.code
        yield Finding("unseen", "webhooks", said)
        return
    if not found.endpoints:
        yield Finding("ok", "webhooks", "no partner asked to be told anything")
        return
    yield from of_endpoints(found)
    yield from of_process()


async def _outlook(dsn: str) -> Outlook:
    database = await Database.connect(dsn, Tuning(connections=1, statement_cache_size=0))
    try:
        await Outbox(database).check_there()
        return await outlook(database, SystemClock().now())
    finally:
        await database.close()


def of_endpoints(found: Outlook) -> Iterator[Finding]:
    """Those that were given up, and what lies there although it is due."""
    if found.given_up:
        said = f"nothing is sent any more to {found.given_up} of {found.endpoints} endpoints"
        yield Finding("think", "webhooks", said, LIST)
    if found.left_lying:
        said = f"{found.left_lying} are due and nobody sends them: `mustshare deliver` is down"
        yield Finding("think", "webhooks", said, START)
    if not found.given_up and not found.left_lying:
        yield Finding("ok", "webhooks", f"{found.endpoints} endpoints are told what is new")


def of_process() -> Iterator[Finding]:
    """Whether systemd runs the sender, and what it holds it to."""
    told = unit.shown(unit.DELIVERING, unit.WANTED_OF_DELIVERING)
    if told is None or told.get("LoadState") != "loaded":
        said = f"systemd has no {unit.DELIVERING}: see that `mustshare deliver` is run"
        yield Finding("unseen", "webhooks", said)
        return
    if told.get("ActiveState") != "active":
        yield Finding("think", "webhooks", f"{unit.DELIVERING} is not running", START)
    yield from unit.bounds("webhooks", unit.DELIVERING, told, unit.WANTED_OF_DELIVERING)

"""`mustshare audit`: what an operator does with the audit log, which is little.

    key     prints the log's key as a line for the organisation's directory
    shred   deletes the text of old events; their hashes stay, and every proof goes on holding

There is no command that edits or removes a leaf: the log could do without one.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date

from mustshare_api import settings
from mustshare_api.app import commands
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.checkpoints import log_verifier
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.events import SHREDDED
from mustshare_api.crypto.notes import Verifier
from mustshare_api.crypto.suite import SEED_BYTES, verify_key_of
from mustshare_api.errors import Misconfigured
from mustshare_api.flows import deeds
from mustshare_api.store.audit_log import AuditStore
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.directories import DirectoryStore
from mustshare_api.store.migrations import migrate


def print_key() -> int:
    """Prints the line that a directory lists the log's key by, for `directory propose`."""
    with commands.reached(settings.load()) as dsn:
        verifier = asyncio.run(verifier_of(dsn))
    print(Entry.of("log", verifier.name, None, verifier.public_key).encode())
    print(f"For other tools: {verifier.encode()}", file=sys.stderr)
    return 0


def shred(before: str) -> int:
    """Deletes the text of events of days before one."""
    today = bangkok_day(SystemClock().now())
    day = _day(before)
    if day > today:
        raise Misconfigured("--before names a day to come; give today's at the latest.")
    with commands.reached(settings.load()) as dsn:
        count = asyncio.run(shred_in(dsn, day, today))
    print(f"Shredded {count} events; their hashes stay.", file=sys.stderr)
    return 0


async def verifier_of(dsn: str) -> Verifier:
    """The log's key, under the name that the deployment gives it.

    Raises:
        Misconfigured: no directory was ever in force, so the deployment has no name.
    """
    async with _database(dsn) as database:
        latest = await DirectoryStore(database).latest()
        if latest is None:
            raise Misconfigured(
                "there is no directory yet, so the log has no name: put one in force with "
                "`mustshare directory` first; the next one can then list this key."
            )
        seed = await AuditStore(database).key(secrets.token_bytes(SEED_BYTES))
        return log_verifier(notes.parse(latest).deployment_id, verify_key_of(seed))


async def shred_in(dsn: str, before: date, today: date) -> int:
    """Shreds, and remembers that it was done; how many events there were."""
    async with _database(dsn) as database:
        leaf = deeds.of_operator(SHREDDED, today, before.isoformat())
        return await AuditStore(database).shred(before, leaf)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Misconfigured("--before takes a day such as 2026-11-23.")
    return day


@asynccontextmanager
async def _database(dsn: str) -> AsyncGenerator[Database]:
    await migrate(dsn)
    database = await Database.connect(dsn, Tuning(connections=2, statement_cache_size=0))
    try:
        yield database
    finally:
        await database.close()

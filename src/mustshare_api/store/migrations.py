"""Brings a database up to the schema that this code was written for.

Files `schema/NNNN_*.sql` are applied in order, once each, all in one transaction: a start that
is cut short leaves the schema it found. A lock within that transaction makes simultaneous
starts take turns (and works through a pooler, which a session's lock would not).

Refused: a database that has seen a file this code has not (it is newer: going on would write
what the newer code does not expect), and one that has seen a file which was edited since.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from importlib.resources import files
from typing import Final

from mustshare_api.clock import Clock, SystemClock, bangkok_day
from mustshare_api.crypto import events
from mustshare_api.errors import Misconfigured
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, alone

_LOCK: Final = 0x6D75737473686172
"""Any number, as long as it never changes: `mustshar` in ASCII."""


def shipped() -> dict[str, str]:
    """The schema files of this code, in order: name to SQL."""
    folder = files("mustshare_api.store") / "schema"
    found = (path for path in folder.iterdir() if path.name.endswith(".sql"))
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(found, key=lambda p: p.name)}


async def migrate(
    dsn: str, steps: Mapping[str, str] | None = None, clock: Clock | None = None
) -> list[str]:
    """Apply what is missing of `steps` (those shipped, if not given), and remember that.

    Returns:
        The names of what was missing.

    Raises:
        Misconfigured: the database is newer, differs, cannot be reached, or is no
            PostgreSQL 15-18.
    """
    wanted = shipped() if steps is None else steps
    async with alone(dsn) as connection, connection.transaction():
        if applied := await _apply_missing(connection, wanted):
            today = bangkok_day((clock or SystemClock()).now())
            await _remember(connection, applied, today)
    return applied


async def _apply_missing(connection: Connection, wanted: Mapping[str, str]) -> list[str]:
    """The names of what was missing."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, digest bytea NOT NULL)"
    )
    rows = await connection.fetch("SELECT name, digest FROM migrations")
    applied: dict[str, bytes] = {row["name"]: row["digest"] for row in rows}
    if not applied.keys() <= wanted.keys():
        raise Misconfigured("the database is newer than this program: run the newer program")
    for name, statements in wanted.items():
        digest = sha256(statements.encode()).digest()
        if name not in applied:
            await connection.execute(statements)
            await connection.execute("INSERT INTO migrations VALUES ($1, $2)", name, digest)
        elif applied[name] != digest:
            raise Misconfigured(
                f"{name} was edited after this database applied it: restore the file, and put"
                " the change in a new one"
            )
    return [name for name in wanted if name not in applied]


async def _remember(connection: Connection, applied: list[str], today: date) -> None:
    """In the audit log, once the schema has one."""
    if not await connection.fetchval("SELECT to_regclass('audit_head') IS NOT NULL"):
        return
    event = events.of_server(today, events.MIGRATED, *applied)
    await append(connection, NewLeaf(event.encode(), today))
    if any(name.endswith("_audit.sql") for name in applied):
        await _remember_directories(connection, today)


async def _remember_directories(connection: Connection, today: date) -> None:
    """Those from before there was a log, so that clients find theirs in it."""
    rows = await connection.fetch("SELECT serial, digest FROM directories ORDER BY serial")
    for row in rows:
        digest: bytes = row["digest"]
        about = (str(row["serial"]), digest.hex())
        event = events.of_server(today, events.DIRECTORY_ACCEPTED, *about)
        await append(connection, NewLeaf(event.encode(), today, digest))

"""A database of each earlier schema, with rows in it, brought up to the newest.

Elsewhere migrations meet empty databases; what fails, or loses something, does so on rows.
"""

import asyncio
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec
import pytest

from mustshare_api.domain.case_outcome import PublishedOutcome
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate, shipped
from tests.postgres import in_database, run
from tests.store import each_schema as old

NEWEST = len(shipped())
SET_ANEW = {"tips": {"expires_on"}, "audit_head": {"size", "peaks"}}
"""What an upgrade says that it changes: whose words nobody has read waits, since schema 9, and
the audit log has a leaf more."""

Lines = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Upgraded:
    """All that a database held, by its tables: as it was, and at the newest schema."""

    before: Lines
    after: Lines

    def lost(self) -> list[tuple[str, dict[str, Any]]]:
        """What was there and is not any more, or says something else."""
        return [
            (table, row)
            for table, rows in self.before.items()
            for row in rows
            if not any(_says(now, row, SET_ANEW.get(table, set())) for now in self.after[table])
        ]

    def row(self, table: str, **named: Any) -> dict[str, Any]:
        """The one row that says this."""
        (found,) = (one for one in self.after[table] if named.items() <= one.items())
        return found


def _says(now: dict[str, Any], before: dict[str, Any], changed: set[str]) -> bool:
    return all(now.get(name) == value for name, value in before.items() if name not in changed)


def hexed(octets: bytes) -> str:
    """As PostgreSQL writes octets."""
    return f"\\x{octets.hex()}"


async def looked(dsn: str) -> Lines:
    """Every row of every table that outlives a crash."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'"
            " AND relnamespace = 'public'::regnamespace"
        )
        return {
            table: [
                json.loads(line)
                for (line,) in await connection.fetch(f"SELECT to_jsonb(t) FROM {table} t")  # noqa: S608
            ]
            for (table,) in tables
        }
    finally:
        await connection.close()


async def filled(dsn: str, number: int) -> None:
    """Brings a database to a schema, and writes what a program of that schema would."""
    await migrate(dsn, {k: v for k, v in shipped().items() if int(k[:4]) <= number})
    connection = await asyncpg.connect(dsn)
    for table, row in old.rows_of(number):
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
        await connection.execute(statement, *row.values())
    await connection.close()


@pytest.fixture(scope="module")
def upgraded(postgres: EmbeddedPostgres) -> Iterator[dict[int, Upgraded]]:
    """By the number of the schema that each comes from, in one start each."""
    stem = f"aged_{secrets.token_hex(4)}"

    async def upgrade(number: int) -> Upgraded:
        dsn = in_database(postgres.dsn, f"{stem}_{number}")
        before = await looked(dsn)
        await migrate(dsn)
        return Upgraded(before, await looked(dsn))

    async def all_of_them() -> dict[int, Upgraded]:
        await run(postgres.dsn, f"CREATE DATABASE {stem}")
        for number in range(1, NEWEST):
            await filled(in_database(postgres.dsn, stem), number)
            copy = f"CREATE DATABASE {stem}_{number} TEMPLATE {stem} STRATEGY FILE_COPY"
            await run(postgres.dsn, copy)
        return {number: await upgrade(number) for number in range(1, NEWEST)}

    yield asyncio.run(all_of_them())
    names = (stem, *(f"{stem}_{number}" for number in range(1, NEWEST)))
    asyncio.run(run(postgres.dsn, *(f"DROP DATABASE {name} WITH (FORCE)" for name in names)))


def test_what_each_schema_held_is_there_in_the_newest(upgraded: dict[int, Upgraded]) -> None:
    """Every row of every table, as it was; no start fails on what is there."""
    assert {number: one.lost() for number, one in upgraded.items() if one.lost()} == {}
    assert len(upgraded[NEWEST - 1].before["page_versions"]) == 8


@pytest.mark.parametrize("number", [1, 8])
def test_after_an_upgrade_no_clock_runs_over_words_that_nobody_has_read(
    upgraded: dict[int, Upgraded], number: int
) -> None:
    """What was answered keeps its day; a tombstone stays as long as any does."""
    days = {
        one: upgraded[number].row("tips", tip_id=hexed(one))["expires_on"]
        for one in (old.UNREAD, old.ANSWERED, old.WITHDRAWN)
    }

    assert (days[old.UNREAD], days[old.ANSWERED]) == ("infinity", str(old.LATER))
    assert date.fromisoformat(days[old.WITHDRAWN]) > old.DAY + timedelta(days=60)


def test_after_an_upgrade_every_object_is_known_by_its_keys_and_its_head(
    upgraded: dict[int, Upgraded],
) -> None:
    """Whoever holds a key finds what was sealed to it, and compares it without fetching."""
    after = upgraded[1].after
    held = {(one["kid"], one["object_id"]) for one in after["envelope_recipients"]}

    assert held == {
        (hexed(bytes([n]) * 16), one["object_id"]) for one in after["envelopes"] for n in (7, 8)
    }
    for one in after["envelopes"]:
        head = bytes.fromhex(one["prefix"][2:] + one["stanzas"][2:])
        assert one["digest"] == hexed(sha256(head).digest())


def test_after_an_upgrade_pages_count_and_tell_as_they_did(
    upgraded: dict[int, Upgraded],
) -> None:
    """A concluded case has its outcome, a campaign its days, and what is hidden none of it."""
    one = upgraded[15]
    outcome = one.row("page_outcomes")
    told = msgspec.json.decode(bytes.fromhex(outcome["told"][2:]), type=PublishedOutcome)
    kinds = {(row["kind"], row["state"]): row["pages"] for row in one.after["page_totals"]}

    assert (outcome["page_id"], told.slug, told.on) == (
        hexed(old.CASE),
        "kinnari-lamp-posts",
        None,
    )
    assert kinds == {
        ("case", "concluded"): 1,
        ("campaign", "open"): 1,
        ("article", "open"): 1,
        ("outcome", "known"): 1,
    }
    campaign = one.row("page_versions", page_id=hexed(old.CAMPAIGN), version=2)
    assert (campaign["opens_on"], campaign["closes_on"]) == ("2026-01-01", "2026-12-31")
    public = {row["page_id"] for row in one.after["page_versions"] if row["was_public"]}
    assert public == {hexed(page) for page in (old.CASE, old.CAMPAIGN, old.ARTICLE)}


def test_after_an_upgrade_partners_are_told_where_they_were(
    upgraded: dict[int, Upgraded],
) -> None:
    """An endpoint from before there were tests needs none; who was given up stays so."""
    there = {row["endpoint_id"]: row for row in upgraded[14].after["webhook_endpoints"]}

    assert all(row["proven"] for row in there.values())
    assert there[hexed(old.GIVEN_UP)]["disabled_for"] == "gone"
    assert upgraded[15].row("referral_totals") == {"year": old.OLD.year, "sent": 2}

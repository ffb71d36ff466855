"""What the schema may hold, read from a migrated database."""

import dataclasses
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from mustshare_api import store
from mustshare_api.domain.lifecycle import TOMBSTONES, State
from mustshare_api.store.database import Database
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made

OTHER_STATES = ("referrals.py", "showing.py")
"""What stands somewhere as well, and is no tip."""

REPORTER_TABLES = (
    *("tips", "envelopes", "envelope_chunks", "envelope_recipients"),
    *("uploads", "upload_chunks", "rotations"),
)
"""Every table of which a row is about one reporter; `test_every_table_of_a_tip` sees to it."""

INSTANTS = {"nonces.expires_at", "webhook_deliveries.due_at"}
"""Staff's requests of the last minutes, and when a receiver that failed is tried again."""


async def _columns(database: Database) -> list[asyncpg.Record]:
    async with database.connection() as connection:
        return await connection.fetch(
            """
            SELECT c.relname AS held_in, a.attname AS name, t.typname AS type,
                   col_description(c.oid, a.attnum) AS comment,
                   a.attidentity <> '' AS counts_up,
                   coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS filled_with
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
              AND c.relname <> 'migrations'
            """
        )


async def test_no_row_about_a_reporter_holds_an_instant_or_a_counter(
    database: Database,
) -> None:
    """Finer than a day would line up with an access log; a counter would order a day."""
    held = [row for row in await _columns(database) if row["held_in"] in REPORTER_TABLES]

    assert {row["type"] for row in held} == {
        *("bytea", "text", "date", "bool", "int2", "int4", "int8"),
    }
    assert not [row for row in held if row["counts_up"] or "nextval" in row["filled_with"]]
    assert {row["name"] for row in held if row["filled_with"]} == {
        *("answered", "digest", "steps", "chunks", "parked_bytes"),
    }


async def test_every_table_of_a_tip_is_held_to_these_rules(database: Database) -> None:
    """What refers to a tip, or to what refers to one, is about a reporter: a new table too."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH RECURSIVE of_a_tip (oid) AS (
                SELECT 'tips'::regclass::oid
                UNION
                SELECT conrelid FROM pg_constraint JOIN of_a_tip ON confrelid = of_a_tip.oid
                WHERE contype = 'f'
            )
            SELECT oid::regclass::text AS name FROM of_a_tip
            """
        )
    named = {row["held_in"] for row in await _columns(database) if row["name"] == "tip_id"}

    assert {row["name"] for row in rows} | named == set(REPORTER_TABLES)


async def test_no_instant_stands_anywhere_but_where_it_was_said(database: Database) -> None:
    """Of staff's machines and of partners' receivers; the threat model has a line for each."""
    found = {
        f"{row['held_in']}.{row['name']}"
        for row in await _columns(database)
        if "time" in row["type"] or row["type"] == "interval"
    }

    assert found == INSTANTS


async def test_the_only_free_text_is_a_state_from_a_closed_list(database: Database) -> None:
    """There is no column into which a name, an address or a language could be written.

    The two others hold the name of a page that was published, by a foreign key, or nothing.
    """
    held = [row for row in await _columns(database) if row["held_in"] in REPORTER_TABLES]
    named = {row["name"] for row in held if row["type"] == "text"}

    assert named == {"state", "about_kind", "about_slug"}
    async with database.connection() as connection:
        keyed = await connection.fetchval(
            """
            SELECT pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'tips'::regclass AND contype = 'f'
            """
        )
    assert keyed == "FOREIGN KEY (about_kind, about_slug) REFERENCES pages(kind, slug)"


async def test_every_column_says_what_it_must_not_become(database: Database) -> None:
    """A column without its warning is one that somebody will one day make finer."""
    bare = [
        f"{row['held_in']}.{row['name']}"
        for row in await _columns(database)
        if not row["comment"]
    ]

    assert bare == []


async def test_nothing_counts_up_anywhere(database: Database) -> None:
    """No sequence exists at all."""
    async with database.connection() as connection:
        assert (
            await connection.fetchval("SELECT count(*) FROM pg_class WHERE relkind = 'S'") == 0
        )


async def test_ciphertext_is_never_compressed(database: Database) -> None:
    """Trying costs time, and what it saved would tell of what was sealed."""
    async with database.connection() as connection:
        kept = await connection.fetch(
            """
            SELECT attrelid::regclass::text || '.' || attname AS name, attstorage
            FROM pg_attribute
            WHERE attrelid::regclass::text = ANY($1)
              AND attname IN ('bundle', 'stanzas', 'payload', 'octets', 'answer')
            """,
            REPORTER_TABLES,
        )

    assert {row["name"]: row["attstorage"] for row in kept} == dict.fromkeys(
        (
            *("tips.bundle", "rotations.bundle", "envelopes.stanzas", "envelopes.payload"),
            *("envelope_chunks.octets", "uploads.answer", "upload_chunks.octets"),
        ),
        b"e",
    )


Change = Callable[[NewTip, NewEnvelope], tuple[NewTip, NewEnvelope]]


def _tip(**changes: Any) -> Change:
    return lambda tip, sealed: (dataclasses.replace(tip, **changes), sealed)


def _sealed(**changes: Any) -> Change:
    return lambda tip, sealed: (tip, dataclasses.replace(sealed, **changes))


@pytest.mark.parametrize(
    "change",
    [
        _tip(access_hash=b"x" * 31),
        _tip(bundle=b"x" * 1247),
        _tip(bundle_hash=b"x" * 33),
        _tip(fingerprint=b"x"),
        _tip(expires_on=made.TODAY),
        _sealed(kind=0),
        _sealed(kind=8),
        _sealed(kind=made.FILE_FROM_REPORTER),
        _sealed(object_id=b"x" * 15),
        _sealed(prefix=b"x" * 71),
        _sealed(stanzas=b"\x00"),
        _sealed(stanzas=b"\x01" + b"x" * 1183),
        _sealed(stanzas=b"\x11" + b"x" * 1184 * 17),
        _sealed(payload=None),
        _sealed(payload=b""),
        _sealed(fingerprint=b"x" * 16),
    ],
)
async def test_a_row_of_the_wrong_shape_is_refused_by_the_database(
    tips: TipStore, change: Change
) -> None:
    """Even where a check above was forgotten; and nothing of it is kept."""
    whole = made.tip()
    tip, sealed = change(whole, made.envelope(whole.tip_id))

    with pytest.raises(Exception, match="internal"):
        await tips.record(tip, sealed)

    assert (await tips.page(EVERYTHING, None, 10)).rows == []


@pytest.mark.parametrize("column", ["access_hash", "bundle", "bundle_hash", "fingerprint"])
@pytest.mark.parametrize("state", ["withdrawn", "expired"])
async def test_a_tombstone_cannot_hold_anything_of_a_reporter(
    tips: TipStore, database: Database, state: str, column: str
) -> None:
    """The database refuses a burial that leaves one of them."""
    tip = made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))
    others = {"access_hash", "bundle", "bundle_hash", "fingerprint"} - {column}
    emptied = ", ".join(f"{name} = NULL" for name in sorted(others))

    async with database.pool.acquire() as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(f"UPDATE tips SET state = '{state}', {emptied}")  # noqa: S608


async def _check(database: Database, name: str) -> str:
    async with database.connection() as connection:
        check: str = await connection.fetchval(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'tips'::regclass AND conname = $1",
            name,
        )
    return check


async def test_the_states_that_the_database_takes_are_those_of_the_table(
    database: Database,
) -> None:
    """The schema's list and the program's are one list, and so are their tombstones."""
    taken = re.findall(r"'([a-z_]+)'", await _check(database, "tips_state_check"))
    emptied = await _check(database, "a_tombstone_keeps_nothing_of_a_reporter")

    assert taken == list(State)
    assert set(re.findall(r"'([a-z_]+)'::text", emptied)) == set(TOMBSTONES)


def test_no_statement_means_living_by_another_list_than_the_tables() -> None:
    """Each that asks whether a tip lives names both tombstones, and no living state.

    Pages have states of their own, of which one is named in a statement.
    """
    folder = Path(store.__file__).parent
    asked = [
        found
        for path in folder.glob("*.py")
        if path.name not in OTHER_STATES
        for found in re.findall(
            r"state (?:= '(?!taken_down)|<>|IN|NOT IN)[^)\n]*", path.read_text(encoding="utf-8")
        )
    ]

    assert len(asked) > 8
    assert {re.sub("[()]", "", one) for one in asked} == {
        "state NOT IN " + ", ".join(f"'{state}'" for state in TOMBSTONES),
        "state IN " + ", ".join(f"'{state}'" for state in TOMBSTONES),
    }


async def test_chunks_cannot_lie_there_without_their_envelope(database: Database) -> None:
    """Nothing half there, whatever was killed and when."""
    async with database.pool.acquire() as connection:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(
                "INSERT INTO envelope_chunks VALUES ($1, 0, 'x')", secrets.token_bytes(16)
            )

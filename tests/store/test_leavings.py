"""What PostgreSQL keeps beside the rows, by itself: samples of values, counters, old rows.

Whoever holds the database reads it all. It tells no more than the rows that are there do, or it
is gone after the night.
"""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from mustshare_api.store import dumps, leavings
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.audit_log import AuditStore
from mustshare_api.store.database import Connection, Database
from mustshare_api.store.migrations import migrate, shipped
from mustshare_api.store.mixing import Mixer
from mustshare_api.store.nonces import NonceStore
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.postgres import run
from tests.store import made

NIGHT = made.TODAY + timedelta(days=1)
NOW = datetime(2026, 11, 23, 9, 41, 17, 314159, tzinfo=UTC)
STATISTICS = "0021_statistics.sql"

SAMPLED: Final = {"kid", "page_id", "picture_id"}
"""Octets of which a sample may be taken: a plan goes by them, and they name no reporter."""

JOINED: Final = {("envelopes", "tip_id"), ("envelope_recipients", "object_id")}
"""Random ids, likewise, without which a list reads a table whole; they are in the rows as well,
and what is gone of those is gone from both after the night."""

CLEAR: Final = (
    *("seconds", "done", "partner_usage", "challenges_spent", "campaign_points"),
    *("uploads", "upload_chunks", "rotations", "nonces"),
)
"""Tables whose rows go, and must not stay as samples of numbers, names or days either."""

PUBLIC: Final = {"shown_on", "shown_size_m", "batch_on", "expires_on", "page_id"}

SAMPLES = """
SELECT coalesce(string_agg(most_common_vals::text, ' '), '')
       || coalesce(string_agg(histogram_bounds::text, ' '), '')
FROM pg_stats WHERE schemaname = 'public'
"""


async def samples(connection: Connection) -> str:
    """All values that PostgreSQL has noted down, as the owner of the tables reads them."""
    found: str = await connection.fetchval(SAMPLES)
    return found


async def used(database: Database) -> list[bytes]:
    """A tip, a staff request and a deed, so many that they are counted; what of each tells."""
    tips, told = TipStore(database), list[bytes]()
    for _ in range(20):
        tip = made.tip()
        sealed = made.envelope(tip.tip_id)
        await tips.record(tip, sealed)
        told += [tip.access_hash, tip.bundle_hash, tip.fingerprint, sealed.prefix]
        nonce, text = secrets.token_bytes(32), secrets.token_bytes(40)
        await NonceStore(database).spend(nonce, NOW)
        await AuditStore(database).remember(NewLeaf(text, made.TODAY))
        told += [nonce, text]
    return told


async def test_no_sample_of_what_tells_is_kept_once_the_tables_were_counted(
    database: Database,
) -> None:
    """Else a withdrawn tip's access hash, and an instant of staff, would outlive their rows."""
    told = await used(database)

    async with database.connection() as connection:
        await connection.execute("ANALYZE")
        held = await samples(connection)

    assert made.TODAY.isoformat() in held
    assert [one.hex() for one in told if one.hex() in held] == []
    assert ":41:17" not in held


async def test_no_column_of_octets_or_instants_is_ever_sampled(database: Database) -> None:
    """A column that comes later has to say so too, or stand on the short list here."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT c.relname AS held_in, attname AS name, atttypid::regtype::text AS type
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0
                  AND NOT attisdropped AND coalesce(attstattarget, -1) <> 0
                  AND relname <> 'migrations'
            """
        )

    octets = {
        (row["held_in"], row["name"])
        for row in rows
        if row["type"] in ("bytea", "timestamp with time zone")
    }
    assert {name for _, name in octets - JOINED} <= SAMPLED
    assert {r["name"] for r in rows if r["held_in"] in CLEAR} <= PUBLIC
    assert {r["name"] for r in rows if r["name"].endswith("_bytes")} == set()


async def test_what_was_sampled_before_goes_with_the_upgrade(dsn: str) -> None:
    """The samples of a database from before that are deleted, not only taken no more."""
    older = {name: text for name, text in shipped().items() if name < STATISTICS}
    await run(dsn, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    await migrate(dsn, older)
    connection = await asyncpg.connect(dsn)
    try:
        secret = secrets.token_bytes(32)
        await connection.execute("INSERT INTO nonces VALUES ($1, $2)", secret, NOW)
        await connection.execute("INSERT INTO nonces VALUES ($1, $2)", bytes(32), NOW)
        await connection.execute("ANALYZE nonces")
        assert secret.hex() in await samples(connection)

        assert await migrate(dsn) == [n for n in shipped() if n >= STATISTICS]

        assert secret.hex() not in await samples(connection)
    finally:
        await connection.close()


async def test_after_a_night_without_a_tip_nothing_is_left_of_staffs_requests(
    database: Database,
) -> None:
    """Their rows live some minutes; PostgreSQL would keep them, instant and all, for weeks."""
    nonces = NonceStore(database)
    for _ in range(3):
        await nonces.spend(secrets.token_bytes(32), NOW)
    await nonces.sweep(NOW + timedelta(minutes=5))
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT pg_relation_size('nonces')") > 0
        before = await connection.fetchval("SELECT pg_walfile_name(pg_current_wal_lsn())")

    assert await Mixer(database).mix(NIGHT)

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT pg_relation_size('nonces')") == 0
        files = await connection.fetch("SELECT name FROM pg_ls_waldir()")
    assert before not in {row["name"] for row in files}


async def withdrawn(database: Database) -> tuple[list[bytes], str]:
    """Tips that were taken back among tips that stay, and one object's stanzas and words."""
    tips, came = TipStore(database), list[tuple[NewTip, NewEnvelope]]()
    for _ in range(120):
        tip = made.tip()
        sealed = made.envelope(tip.tip_id)
        await tips.record(tip, sealed)
        came.append((tip, sealed))
    assert await Mixer(database).mix(NIGHT)
    told = list[bytes]()
    for tip, sealed in came[::3]:
        assert await tips.withdraw(tip.access_hash, NIGHT)
        assert sealed.payload
        told += [tip.access_hash, tip.bundle_hash, tip.fingerprint, sealed.object_id]
        told += [sealed.prefix, sealed.stanzas[:100], sealed.payload[:100]]
    async with database.connection() as connection:
        home = await connection.fetchval("SELECT current_setting('data_directory')")
        base = await connection.fetchval("SELECT pg_relation_filepath('tips')")
    return told, str((Path(home) / base).parent)


async def test_after_the_night_the_files_hold_no_octet_of_a_withdrawn_tip(
    database: Database,
) -> None:
    """Neither its access hash, by which a receipt would prove it, nor its wrapped keys."""
    told, folder = await withdrawn(database)

    assert await Mixer(database).mix(NIGHT + timedelta(days=1))

    files = b"".join(path.read_bytes() for path in Path(folder).iterdir() if path.is_file())
    assert [one.hex() for one in told if one in files] == []


async def test_a_table_that_somebody_reads_for_long_is_not_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it has everybody wait: the night goes on, and so do reporters."""
    monkeypatch.setattr(leavings, "_BETWEEN_S", 0)
    monkeypatch.setattr(leavings, "_TRIES", 1)
    tips, tip = TipStore(database), made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))
    async with database.transaction() as backing_up:
        await backing_up.execute("SELECT FROM uploads LIMIT 1")

        assert await Mixer(database).mix(NIGHT)

    assert await tips.find(tip.access_hash, made.TODAY)


async def test_a_backup_carries_nothing_that_is_forgotten_within_minutes(
    dsn: str, database: Database
) -> None:
    """Else a row of backups is a diary: when staff worked, how often each partner called."""
    secret = secrets.token_bytes(32)
    await NonceStore(database).spend(secret, NOW)
    tip = made.tip()
    await TipStore(database).record(tip, made.envelope(tip.tip_id))
    major, _ = await dumps.look(dsn)

    dumped = b"".join(await asyncio.to_thread(list, dumps.parts_of(dsn, major)))

    assert tip.tip_id.hex().encode() in dumped
    assert secret.hex().encode() not in dumped


async def test_after_the_night_no_counter_tells_how_often_receipts_were_presented(
    database: Database,
) -> None:
    """An index's counter counts visits; whoever looks twice has a difference."""
    tips, tip = TipStore(database), made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))
    for _ in range(40):
        await tips.find(tip.access_hash, made.TODAY)

    assert await _looked_up(database) >= 40
    assert await Mixer(database).mix(NIGHT)

    assert await _looked_up(database) < 40


async def _looked_up(database: Database) -> int:
    """How often receipts were looked for, as PostgreSQL counted."""
    async with database.connection() as connection:
        # What other connections counted arrives with a moment's delay; ours at once.
        await connection.execute("SELECT pg_stat_force_next_flush()")
        await connection.execute("SELECT pg_stat_clear_snapshot()")
        count: int = await connection.fetchval(
            """
            SELECT idx_scan FROM pg_stat_user_indexes
            WHERE indexrelname = 'tips_access_hash_key'
            """
        )
    return count

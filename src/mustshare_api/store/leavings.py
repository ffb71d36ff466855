"""Takes away what PostgreSQL leaves lying beside the rows, every night, after they were mixed.

    old rows     of what was changed or deleted: of tips, and of staff requests, whose rows have
                 an instant and live for some minutes
    their octets which VACUUM leaves where they are, in the files, until another row needs the
                 room: the access hash of a withdrawn tip, and its wrapped keys. So tables of
                 heads are written anew, as long as that takes moments; payloads of attachments
                 stay, whose keys were in those
    samples      values of columns as they were when it last counted (`pg_statistic`). None is
                 taken of what tells (schema 0021); of days, states and random ids it is, so
                 that they are counted anew, and their table written anew: they tell of the
                 rows that are there
    counters     how often an index was looked into (`pg_stat_user_indexes`): receipts that were
                 presented, that is visits, of which no row tells
    the log      with an instant beside each commit, also of nights in which nothing was mixed

Whoever has a right to less than all of it does what they may.
"""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg

from mustshare_api.store.database import Database

ANEW_MOST_BYTES: Final = 64 << 20
"""Of a table with its indexes: nobody reads or writes it meanwhile, a few seconds at worst, for
some 20,000 tips. Requests wait for up to 30 seconds."""

_TRIES: Final = 5
_BETWEEN_S: Final = 2
_VACUUM_S: Final = 6 * 3600


async def vacuum(database: Database) -> None:
    """What rows of reporters were before goes; also in the midst of mixing."""
    async with database.connection() as connection:
        await connection.execute(
            "VACUUM tips, rotations, envelopes, envelope_recipients, envelope_chunks,"
            " uploads, upload_chunks, campaign_points",
            timeout=_VACUUM_S,
        )


async def write_anew(database: Database) -> None:
    """Tables of heads, one after the other, without the octets of rows that are gone."""
    for _ in range(_TRIES):
        if await _written_anew(database):
            break
        await asyncio.sleep(_BETWEEN_S)


async def _written_anew(database: Database) -> bool:
    """Whether that is done, or not to be done; not where somebody is at a table for long."""
    async with database.connection() as connection:
        largest = await connection.fetchval(
            "SELECT max(pg_total_relation_size(name::regclass)) FROM unnest(ARRAY['tips',"
            " 'envelopes', 'envelope_recipients', 'rotations', 'uploads', 'campaign_points'])"
            " AS name"
        )
        if largest > ANEW_MOST_BYTES:
            return True
        try:
            # Who waits for a table has everybody else wait behind them.
            await connection.execute("SET lock_timeout = '1s'")
            await connection.execute(
                "VACUUM FULL tips, envelopes, envelope_recipients, rotations, uploads,"
                " campaign_points",
                timeout=_VACUUM_S,
            )
        except asyncpg.LockNotAvailableError:
            return False
        finally:
            await connection.execute("RESET lock_timeout")
    return True


async def clear(database: Database) -> None:
    """The rest of it, once a night."""
    async with database.connection() as connection:
        await connection.execute(
            "VACUUM (ANALYZE) tips, rotations, envelopes, envelope_recipients,"
            " envelope_chunks, uploads, upload_chunks, campaign_points,"
            " nonces, partner_usage, challenges_spent",
            timeout=_VACUUM_S,
        )
        with suppress(asyncpg.LockNotAvailableError):
            await connection.execute("SET lock_timeout = '1s'")
            await connection.execute("VACUUM FULL pg_statistic", timeout=_VACUUM_S)
        await connection.execute("RESET lock_timeout")
        # A right that deploy/postgresql/role.sql gives.
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                """
                WITH counted AS (
                    SELECT oid, reltoastrelid FROM pg_class
                    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                          AND relname IN ('tips', 'rotations', 'envelopes',
                                      'envelope_recipients',
                                          'envelope_chunks', 'uploads', 'upload_chunks',
                                          'campaign_points',
                                          'nonces', 'partner_usage', 'challenges_spent')
                ), tables AS (
                    SELECT oid FROM counted
                    UNION ALL SELECT reltoastrelid FROM counted
                    WHERE reltoastrelid <> 0
                )
                SELECT count(pg_stat_reset_single_table_counters(oid)) FROM (
                    SELECT oid FROM tables
                    UNION ALL SELECT indexrelid FROM pg_index
                    WHERE indrelid IN (SELECT oid FROM tables)
                ) AS every
                """
            )
        # Both need a right that the owner of a database may not have.
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT pg_switch_wal()")
            await connection.execute("CHECKPOINT", timeout=_VACUUM_S)

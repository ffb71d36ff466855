"""Puts past days' rows in the order of their random ids, so that a dump can't order tips.

PostgreSQL keeps, beside what we wrote, where a row lies (`ctid`), the number of the
transaction that wrote it (`xmin`) and numbers for values kept apart (TOAST): all three count up
as tips come in. Here each row that was written since the last night is written once more:

    1. begin     remember the number at which this round begins
    2. choose    the ids of rows written since then, but for those that came in today, sorted
                 (`unmixed`)
    3. rewrite   some at a time, in that order, one transaction each, which is remembered in it
    4. clear     what they were before goes, of many attachments also on the way, and what else
                 PostgreSQL left lying (`leavings`)
    5. end       and what was written before this round is done with

    tips envelopes uploads                       updated: whoever waits for a lock on such a row
                                                 finds it again, which a deleted one is not
    rotations recipients chunks                  deleted and inserted under the lock of those
    points of maps                               likewise, under that of their campaign

An update stays on its page where it has room, and a page tells a stretch of the day. So a row
is first filled with zeros (`room`) until it has a page to itself, and then emptied, which moves
it on: twice it goes where the next row in the order of ids goes, and never where it was.

A round that was cut short is taken up where it stopped. Two processes at one time do it twice,
without harm. A database that was restored elsewhere is mixed whole, and so is one whose last
round was on a day that is still to come: a clock was wrong.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from mustshare_api.store import leavings
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.unmixed import BATCH, Batch, Unmixed

LEFT_BYTES: Final = 1 << 30
"""Payload bytes that may lie there twice at one time, or an eighth of a whole round's."""

_OBJECT_S: Final = 600
"""An attachment is one statement, and 256 MiB take longer than a request may."""
_NEIGHBOUR: Final = timedelta(days=1)


class Mixer:
    """Rewrites the tables about reporters, a night's worth at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unmixed = Unmixed(database)

    async def mix(self, today: date) -> bool:
        """One round, unless there was one today; whether there was one now."""
        if not await self._begin(today):
            return False
        tip_ids = await self._unmixed.tips(today)
        for at in range(0, len(tip_ids), BATCH):
            await self._rewrite_tips(tip_ids[at : at + BATCH])
        batches = await self._unmixed.envelopes(today)
        upload_ids, maps = await self._unmixed.uploads(today), await self._unmixed.points()
        await self._all_envelopes(batches)
        for upload_id in upload_ids:
            await self._rewrite_upload(upload_id)
        for page_id, point_ids in maps:
            await self._rewrite_points(page_id, point_ids)
        if await self._wrote():
            await leavings.write_anew(self._database)
        # Also where there was nothing to mix: staff were at work, reporters looked in.
        await leavings.clear(self._database)
        await self._end(today)
        return True

    async def _all_envelopes(self, batches: Sequence[Batch]) -> None:
        """Their old rows are taken away on the way: else a large store's disk would fill."""
        most = max(LEFT_BYTES, sum(batch.octets for batch in batches) // 8)
        left = 0
        for batch in batches:
            await self._rewrite_envelopes(batch.object_ids, batch.whole_ids)
            left += batch.octets
            if left >= most:
                await leavings.vacuum(self._database)
                left = 0

    @retried(idempotent=True)
    async def _begin(self, today: date) -> bool:
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                """
                SELECT *, pg_current_xact_id()::text::bigint AS now,
                       (SELECT system_identifier FROM pg_control_system()) AS here
                FROM mixing FOR UPDATE
                """
            )
            if row is None or _was_mixed(row["mixed_on"], today):
                return False
            known = row["cluster"] == row["here"] and row["mark"] <= row["now"]
            known = known and (row["mixed_on"] or today) <= today + _NEIGHBOUR
            if not known:
                await connection.execute("DELETE FROM mixed_by")
                await connection.execute(
                    "UPDATE mixing SET cluster = $1, mixed_on = NULL, since = 0, last = 0",
                    row["here"],
                )
            if not known or row["round_on"] != today:
                await connection.execute(
                    "UPDATE mixing SET round_on = $1, mark = $2", today, row["now"]
                )
        return True

    @retried(idempotent=True)
    async def _rewrite_tips(self, tip_ids: Sequence[bytes]) -> None:
        async with self._database.transaction() as connection:
            # Row after row: one statement for all would go by where they lie.
            await connection.executemany(
                """
                UPDATE tips
                SET room = decode(repeat('00', 8136 - pg_column_size(tips.*)), 'hex')
                WHERE tip_id = $1
                """,
                [(one,) for one in tip_ids],
            )
            await connection.executemany(
                "UPDATE tips SET room = NULL WHERE tip_id = $1", [(one,) for one in tip_ids]
            )
            await connection.execute(
                """
                WITH gone AS (DELETE FROM rotations WHERE tip_id = ANY ($1) RETURNING *)
                INSERT INTO rotations SELECT * FROM gone ORDER BY tip_id, number
                """,
                tip_ids,
            )
            await _remember(connection)

    @retried(idempotent=True)
    async def _rewrite_envelopes(
        self, object_ids: Sequence[bytes], whole_ids: Sequence[bytes]
    ) -> None:
        async with self._database.transaction() as connection:
            # The tips first, as everybody does. PostgreSQL would take these very locks at the
            # end: a row that is updated twice in one transaction has its reference checked.
            # Whoever holds the tip and wants the row would wait for us, and we for them.
            await connection.execute(
                """
                SELECT FROM tips
                WHERE tip_id IN (SELECT tip_id FROM envelopes WHERE object_id = ANY ($1))
                ORDER BY tip_id FOR KEY SHARE
                """,
                object_ids,
            )
            await connection.executemany(
                """
                UPDATE envelopes SET room = decode(repeat('00', 7840), 'hex')
                WHERE object_id = $1
                """,
                [(one,) for one in object_ids],
            )
            # A value that is changed is kept apart anew, under a new number; joined to nothing
            # it is a changed value.
            await connection.executemany(
                """
                UPDATE envelopes SET room = NULL, stanzas = stanzas || ''::bytea,
                                     payload = payload || ''::bytea,
                                     fingerprint = fingerprint || ''::bytea
                WHERE object_id = $1
                """,
                [(one,) for one in object_ids],
            )
            await connection.execute(
                """
                WITH gone AS (
                    DELETE FROM envelope_recipients WHERE object_id = ANY ($1) RETURNING *
                )
                INSERT INTO envelope_recipients (kid, object_id, changed_on)
                SELECT kid, object_id, changed_on FROM gone ORDER BY object_id, kid
                """,
                object_ids,
            )
            await connection.execute(
                """
                WITH gone AS (
                    DELETE FROM envelope_chunks WHERE object_id = ANY ($1) RETURNING *
                )
                INSERT INTO envelope_chunks (object_id, number, octets)
                SELECT object_id, number, octets FROM gone ORDER BY object_id, number
                """,
                whole_ids,
                timeout=_OBJECT_S,
            )
            await _remember(connection)

    @retried(idempotent=True)
    async def _rewrite_upload(self, upload_id: bytes) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                """
                SELECT FROM tips
                WHERE tip_id IN (SELECT tip_id FROM uploads WHERE upload_id = $1)
                FOR KEY SHARE
                """,
                upload_id,
            )
            await connection.execute(
                """
                UPDATE uploads SET room = decode(repeat('00', 7960), 'hex')
                WHERE upload_id = $1
                """,
                upload_id,
            )
            await connection.execute(
                """
                UPDATE uploads SET room = NULL, progress = progress || ''::bytea,
                                   answer = answer || ''::bytea
                WHERE upload_id = $1
                """,
                upload_id,
            )
            await connection.execute(
                """
                WITH gone AS (DELETE FROM upload_chunks WHERE upload_id = $1 RETURNING *)
                INSERT INTO upload_chunks (upload_id, number, octets)
                SELECT upload_id, number, octets FROM gone ORDER BY number
                """,
                upload_id,
                timeout=_OBJECT_S,
            )
            await _remember(connection)

    @retried(idempotent=True)
    async def _rewrite_points(self, page_id: bytes, point_ids: Sequence[bytes]) -> None:
        """A point is written in one transaction with the deed of whoever approved it."""
        async with self._database.transaction() as connection:
            # First, as everybody does who changes the points of a campaign.
            await connection.execute(
                "SELECT FROM pages WHERE page_id = $1 FOR NO KEY UPDATE", page_id
            )
            await connection.execute(
                """
                WITH gone AS (
                    DELETE FROM campaign_points WHERE point_id = ANY ($1) RETURNING *
                )
                INSERT INTO campaign_points SELECT * FROM gone ORDER BY point_id
                """,
                point_ids,
            )
            await _remember(connection)

    @retried(idempotent=True)
    async def _wrote(self) -> bool:
        """Whether this round, also before it was cut short, found anything to write."""
        async with self._database.connection() as connection:
            wrote: bool = await connection.fetchval(
                "SELECT EXISTS (SELECT FROM mixed_by, mixing WHERE number >= mark)"
            )
        return wrote

    @retried(idempotent=True)
    async def _end(self, today: date) -> None:
        """The next round leaves alone what this one and the one before wrote.

        Rows that came in between midnight and the beginning of a round are today's, and are
        left to the next one: which is why that one looks back to the round before.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                """
                UPDATE mixing SET mixed_on = $1, since = last, last = mark
                WHERE round_on = $1 AND mixed_on IS DISTINCT FROM $1
                """,
                today,
            )
            await connection.execute(
                "DELETE FROM mixed_by WHERE number < (SELECT since FROM mixing)"
            )


def _was_mixed(mixed_on: date | None, today: date) -> bool:
    """By one whose day is this or begins before ours; not by one whose clock was wrong."""
    return mixed_on is not None and today <= mixed_on <= today + _NEIGHBOUR


async def _remember(connection: Connection) -> None:
    # In the same transaction, so that it is known whether it was done.
    await connection.execute("INSERT INTO mixed_by VALUES (pg_current_xact_id()::text::bigint)")

"""Which rows a round of `mixing` is about, sorted by their random ids.

written since     by transactions after the number that `mixing.since` has, or locked by them
but not by        the rounds' own transactions, which `mixed_by` has
nor today         those of the running day wait for the next night

Two kinds are mixed every night, because the number of a night would tell a day that no column
keeps: points of a map that wait to be shown (of their approval), and tips whose receipt was
exchanged, with what was wrapped anew for it (of the last exchange).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.store.database import Connection, Database, Row, retried

BATCH: Final = 50
"""Rows rewritten in one transaction: their locks are held for some hundredths of a second."""
BATCH_BYTES: Final = 16 << 20
"""And payload bytes."""

_MOST: Final = (1 << 31) - 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Objects to rewrite in one transaction, and their payload bytes.

    `whole_ids`: those whose chunks are rewritten too. An exchange writes heads alone.
    """

    object_ids: list[bytes]
    whole_ids: list[bytes]
    octets: int


class Unmixed:
    """What is read of the tables about reporters to mix them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def tips(self, today: date) -> list[bytes]:
        """Their ids."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT tip_id FROM tips
                WHERE (age(xmin) BETWEEN 0 AND $1 AND age(xmin) <> ALL ($2::bigint[])
                       OR age(xmax) BETWEEN 0 AND $1 AND age(xmax) <> ALL ($2::bigint[])
                       OR age(xmin) <> ALL ($4::bigint[])
                          AND EXISTS (SELECT FROM rotations r WHERE r.tip_id = tips.tip_id))
                      AND received_on < $3
                ORDER BY tip_id
                """,
                *(*(await _ages(connection)), today, await _ages_of_now(connection)),
            )
        return [row["tip_id"] for row in rows]

    @retried(idempotent=True)
    async def envelopes(self, today: date) -> list[Batch]:
        """Sealed objects, in batches."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, is_written,
                       CASE WHEN is_written OR kind <> 5 THEN payload_bytes ELSE 0 END AS octets
                FROM (
                    SELECT object_id, tip_id, kind, payload_bytes, received_on,
                           age(xmin) <> ALL ($4::bigint[]) AS is_left,
                           age(xmin) BETWEEN 0 AND $1 AND age(xmin) <> ALL ($2::bigint[])
                           OR age(xmax) BETWEEN 0 AND $1
                           AND age(xmax) <> ALL ($2::bigint[]) AS is_written
                    FROM envelopes) AS e
                WHERE (is_written OR is_left AND kind IN (3, 5, 7)
                       AND EXISTS (SELECT FROM rotations r WHERE r.tip_id = e.tip_id))
                      AND received_on < $3
                ORDER BY object_id
                """,
                *(*(await _ages(connection)), today, await _ages_of_now(connection)),
            )
        return list(_by_size(rows))

    @retried(idempotent=True)
    async def uploads(self, today: date) -> list[bytes]:
        """Their ids."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT upload_id FROM uploads
                WHERE (age(xmin) BETWEEN 0 AND $1 AND age(xmin) <> ALL ($2::bigint[])
                       OR age(xmax) BETWEEN 0 AND $1 AND age(xmax) <> ALL ($2::bigint[]))
                      AND expires_on > $3
                ORDER BY upload_id
                """,
                *(*(await _ages(connection)), today),
            )
        return [row["upload_id"] for row in rows]

    @retried(idempotent=True)
    async def points(self) -> list[tuple[bytes, list[bytes]]]:
        """Campaigns, each with the ids of its points."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT page_id, array_agg(point_id) AS point_ids FROM campaign_points
                WHERE shown_on IS NULL
                      OR age(xmin) BETWEEN 0 AND $1 AND age(xmin) <> ALL ($2::bigint[])
                GROUP BY page_id ORDER BY page_id
                """,
                *(await _ages(connection)),
            )
        return [(row["page_id"], row["point_ids"]) for row in rows]


async def _ages(connection: Connection) -> tuple[int, list[int]]:
    """How many transactions ago the rows are that a round is about, and its own were.

    In numbers relative to this very transaction, as `age` has them.
    """
    row = await connection.fetchrow(
        """
        SELECT now - (SELECT since FROM mixing) AS at_most,
               ARRAY(SELECT now - number FROM mixed_by) AS but_not
        FROM (SELECT pg_current_xact_id()::text::bigint AS now) AS this
        """
    )
    return (min(row["at_most"], _MOST), row["but_not"]) if row else (_MOST, [])


async def _ages_of_now(connection: Connection) -> list[int]:
    """The same of this round's own: one that is taken up again leaves what it did."""
    found: list[int] = await connection.fetchval(
        """
        SELECT ARRAY(SELECT now - number FROM mixed_by, mixing WHERE number >= mark)
        FROM (SELECT pg_current_xact_id()::text::bigint AS now) AS this
        """
    )
    return found


def _by_size(rows: Sequence[Row]) -> Iterator[Batch]:
    """Batches of objects, none of which is large unless it is one object."""
    held = Batch([], [], 0)
    for row in rows:
        octets, one = row["octets"], [row["object_id"]]
        whole = one if row["is_written"] else []
        if held.object_ids and (
            len(held.object_ids) == BATCH or held.octets + octets > BATCH_BYTES
        ):
            yield held
            held = Batch([], [], 0)
        held = Batch(held.object_ids + one, held.whole_ids + whole, held.octets + octets)
    if held.object_ids:
        yield held

"""Which rows a round of `mixing` is about, sorted by their random ids.

written since     by transactions after the number that `mixing.since` has, or locked by them
but not by        the rounds' own transactions, which `mixed_by` has
nor today         those of the running day wait for the next night

Points of a map that wait to be shown are mixed every night: the number of their night would
tell on which day an officer approved them.
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
    """Objects to rewrite in one transaction, and their payload bytes."""

    object_ids: list[bytes]
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
                       OR age(xmax) BETWEEN 0 AND $1 AND age(xmax) <> ALL ($2::bigint[]))
                      AND received_on < $3
                ORDER BY tip_id
                """,
                *(*(await _ages(connection)), today),
            )
        return [row["tip_id"] for row in rows]

    @retried(idempotent=True)
    async def envelopes(self, today: date) -> list[Batch]:
        """Sealed objects, in batches."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, payload_bytes FROM envelopes
                WHERE (age(xmin) BETWEEN 0 AND $1 AND age(xmin) <> ALL ($2::bigint[])
                       OR age(xmax) BETWEEN 0 AND $1 AND age(xmax) <> ALL ($2::bigint[]))
                      AND received_on < $3
                ORDER BY object_id
                """,
                *(*(await _ages(connection)), today),
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


def _by_size(rows: Sequence[Row]) -> Iterator[Batch]:
    """Batches of objects, none of which is large unless it is one object."""
    held = Batch([], 0)
    for row in rows:
        octets = row["payload_bytes"]
        if held.object_ids and (
            len(held.object_ids) == BATCH or held.octets + octets > BATCH_BYTES
        ):
            yield held
            held = Batch([], 0)
        held = Batch([*held.object_ids, row["object_id"]], held.octets + octets)
    if held.object_ids:
        yield held

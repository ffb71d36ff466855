"""The proof that tips were erased: one leaf in the audit log for each month, none or many.

    leaf    tips-erased 2026-11 17 <root over the month's hashes, in their own order>

A month, because a day would say of few which they were; every month, because the absence of a
leaf would say something as well. `burying` has what the hashes are made of. They are kept for
as long as a tombstone can still be compared with them, and then the leaf is all there is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from mustshare_api.crypto.merkle import grown, root_of
from mustshare_api.domain.deadlines import JITTER_DAYS, TOMBSTONE_DAYS, month_of
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.burying import begin_month
from mustshare_api.store.database import Connection, Database, retried

_KEPT: Final = timedelta(days=31 + TOMBSTONE_DAYS + JITTER_DAYS)
_DAYS_A_MONTH: Final = timedelta(days=31)

LeafOf: TypeAlias = Callable[[date, int, bytes], NewLeaf]
"""Makes the leaf of a month, of how many hashes, with which root."""


@dataclass(frozen=True, slots=True)
class Total:
    """How many tips of a month there are or were, by where they stand."""

    month: date
    state: str
    tips: int


class ErasureStore:
    """The tables `erasures`, `erasure_months` and `tallies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def close_months(self, today: date, leaf_of: LeafOf) -> int:
        """Append the leaves of the months that are over; returns how many."""
        closed = 0
        async with self._database.transaction() as connection:
            await begin_month(connection, today)
            month: date = await connection.fetchval(
                "SELECT month FROM erasure_months FOR UPDATE"
            )
            while month < month_of(today):
                hashes = await _hashes(connection, month)
                await append(connection, leaf_of(month, len(hashes), root_over(hashes)))
                month, closed = month_of(month + _DAYS_A_MONTH), closed + 1
            if closed:
                await connection.execute("UPDATE erasure_months SET month = $1", month)
                await connection.execute(
                    "DELETE FROM erasures WHERE month < $1", month_of(today - _KEPT)
                )
        return closed

    @retried(idempotent=True)
    async def of_month(self, month: date) -> list[bytes]:
        """The hashes of a month, in their own order."""
        async with self._database.connection() as connection:
            return await _hashes(connection, month)

    @retried(idempotent=True)
    async def totals(self) -> list[Total]:
        """How many tips there ever were, by month of arrival and by where they stand."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT month, state, sum(tips)::bigint AS tips FROM (
                    SELECT date_trunc('month', received_on::timestamp)::date AS month, state,
                           count(*) AS tips
                    FROM tips GROUP BY 1, 2
                    UNION ALL SELECT month, state, tips FROM tallies
                ) AS counted
                GROUP BY month, state ORDER BY month, state
                """
            )
        return [Total(**dict(row)) for row in rows]


async def _hashes(connection: Connection, month: date) -> list[bytes]:
    rows = await connection.fetch(
        "SELECT hash FROM erasures WHERE month = $1 ORDER BY hash", month
    )
    return [row["hash"] for row in rows]


def root_over(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree (RFC 9162) over hashes in this order."""
    peaks: tuple[bytes, ...] = ()
    for size, one in enumerate(hashes):
        peaks = grown(size, peaks, one).peaks
    return root_of(peaks)

"""Counts tips by month of arrival and by where they stand, and referrals by year.

Also those whose tombstones are gone: their tallies stay. Run once when a month is over.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.store.database import Database, retried


@dataclass(frozen=True, slots=True)
class Count:
    """How many tips of a month stand somewhere."""

    month: date
    state: str
    tips: int


class CountingStore:
    """The tables `tips` and `tallies`, counted, and `referral_totals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def by_month(self, before: date) -> list[Count]:
        """Of every month before a day."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT month, state, sum(tips)::bigint AS tips FROM (
                    SELECT date_trunc('month', received_on)::date AS month, state,
                           count(*) AS tips
                    FROM tips WHERE received_on < $1 GROUP BY 1, 2
                    UNION ALL
                    SELECT month, state, tips FROM tallies WHERE month < $1
                ) AS counted GROUP BY 1, 2 ORDER BY 1, 2
                """,
                before,
            )
        return [Count(row["month"], row["state"], row["tips"]) for row in rows]

    @retried(idempotent=True)
    async def sent_by_year(self, before: int) -> dict[int, int]:
        """How many referrals were sent in each year before one."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT year, sent FROM referral_totals WHERE year < $1", before
            )
        return {row["year"]: row["sent"] for row in rows}

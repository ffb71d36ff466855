"""Counts that the public is told: written once a month or year is over, then never changed.

What stands here was made safe to tell before it was written, so no question to this table can
tell more. It is written by `flows/figures.py`; this file knows nothing of tips.
"""

from dataclasses import dataclass
from typing import Final

from mustshare_api.store.database import Database, retried

SENT: Final = "sent"
"""Of a year: how many referrals were sent to agencies in it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One period (`2026` or `2026-11`) and its counts; None is withheld."""

    period: str
    counts: dict[str, int | None]


class FigureStore:
    """The table `plane_figures`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def told(self) -> list[Figure]:
        """Every period that is told."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT period, names, counts FROM plane_figures ORDER BY period"
            )
        return [
            Figure(row["period"], dict(zip(row["names"], row["counts"], strict=True)))
            for row in rows
        ]

    @retried(idempotent=True)
    async def tell(self, figures: list[Figure]) -> None:
        """Write periods that are not told yet; those that are stay as they were."""
        async with self._database.transaction() as connection:
            for figure in figures:
                await connection.execute(
                    """
                    INSERT INTO plane_figures (period, names, counts) VALUES ($1, $2, $3)
                    ON CONFLICT DO NOTHING
                    """,
                    *(figure.period, list(figure.counts), list(figure.counts.values())),
                )
            if figures:
                await connection.execute("UPDATE plane SET generation = generation + 1")

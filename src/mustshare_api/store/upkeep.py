"""The last day on which upkeep ran, by which a clock that leaps ahead is known.

    lived     goes on by itself, as far as `LEAP_DAYS` at a time, and never back
    confirm   an operator says which day it is: then that day, whatever was kept

One row for all processes: a machine whose clock is wrong is held back by what the others lived.
"""

from datetime import date
from typing import Final

from mustshare_api.errors import Misconfigured
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Database, retried

LEAP_DAYS: Final = 14
"""A service may be off for so long before an operator is asked. As much as the jitter of a
tip's day, so a leap that is believed takes nobody more than the dice may."""


class UpkeepStore:
    """The table `upkeep`, of one row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check_there(self) -> None:
        """That the service has set this database up.

        Raises:
            Misconfigured: it has not, or it was an older one.
        """
        async with self._database.connection() as connection:
            if await connection.fetchval("SELECT to_regclass('upkeep') IS NULL"):
                raise Misconfigured(
                    "the database keeps no days yet: start the service or run"
                    " `mustshare migrate`"
                )

    @retried(idempotent=True)
    async def lived(self, today: date) -> date:
        """Go on to a day unless that is a leap; the day up to which is lived now.

        A database in which upkeep never ran has nothing to lose: its first day is believed.
        """
        async with self._database.connection() as connection:
            # Asked every minute, written once a day.
            last_on: date | None = await connection.fetchval("SELECT last_on FROM upkeep")
            if last_on is not None and not 0 < (today - last_on).days <= LEAP_DAYS:
                return last_on
            kept: date = await connection.fetchval(
                """
                INSERT INTO upkeep AS held (last_on) VALUES ($1)
                ON CONFLICT (only_row) DO UPDATE SET last_on =
                    CASE WHEN $1 - held.last_on BETWEEN 1 AND $2 THEN $1
                         ELSE held.last_on END
                RETURNING last_on
                """,
                *(today, LEAP_DAYS),
            )
        return kept

    @retried(idempotent=True)
    async def last_on(self) -> date | None:
        """The day up to which is lived; None where upkeep never ran."""
        async with self._database.connection() as connection:
            last_on: date | None = await connection.fetchval("SELECT last_on FROM upkeep")
        return last_on

    @retried(idempotent=True)
    async def confirm(self, today: date, leaf: NewLeaf) -> None:
        """Take an operator's word that a day is today, and remember that it was given."""
        async with self._database.transaction() as connection:
            changed = await connection.fetchval(
                """
                INSERT INTO upkeep AS held (last_on) VALUES ($1)
                ON CONFLICT (only_row) DO UPDATE SET last_on = $1 WHERE held.last_on <> $1
                RETURNING true
                """,
                today,
            )
            if changed:
                await append(connection, leaf)

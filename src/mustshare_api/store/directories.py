"""Signed key directories: the newest, and enough older ones to verify older replies.

The store compares serials and octets only; that the signatures hold is checked before.
"""

from datetime import date
from typing import Final

from mustshare_api.store.database import Database, retried
from mustshare_api.store.outcome import Outcome

HISTORY: Final = 64
"""Directories kept: at one a week, longer than any tip lives after its last activity."""


class DirectoryStore:
    """The table `directories`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def accept(self, serial: int, octets: bytes, digest: bytes, today: date) -> Outcome:
        """Keep a directory if it is newer than all before.

        Returns:
            `RECORDED`, `SAME`, `OLDER`, or `DIFFERENT`: two directories with one serial, which
            honest signers never make.
        """
        async with self._database.transaction() as connection:
            # Two at a time would both find themselves the newest.
            await connection.execute("LOCK TABLE directories IN SHARE ROW EXCLUSIVE MODE")
            newest = await connection.fetchrow(
                "SELECT serial, digest FROM directories ORDER BY serial DESC LIMIT 1"
            )
            if newest is not None and newest["serial"] == serial:
                return Outcome.SAME if newest["digest"] == digest else Outcome.DIFFERENT
            if newest is not None and newest["serial"] > serial:
                return Outcome.OLDER
            await connection.execute(
                "INSERT INTO directories (serial, octets, digest, accepted_on)"
                " VALUES ($1, $2, $3, $4)",
                *(serial, octets, digest, today),
            )
            await connection.execute(
                """
                DELETE FROM directories WHERE serial <= (
                    SELECT serial FROM directories ORDER BY serial DESC OFFSET $1 LIMIT 1)
                """,
                HISTORY,
            )
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def latest(self) -> bytes | None:
        """The newest directory's octets."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM directories ORDER BY serial DESC LIMIT 1"
            )
        return octets

    @retried(idempotent=True)
    async def newest_serial(self) -> int:
        """The newest directory's serial; 0 where there is none."""
        async with self._database.connection() as connection:
            serial: int = await connection.fetchval(
                "SELECT coalesce(max(serial), 0) FROM directories"
            )
        return serial

    @retried(idempotent=True)
    async def all_octets(self) -> list[bytes]:
        """Every directory kept, the newest first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch("SELECT octets FROM directories ORDER BY serial DESC")
        return [row["octets"] for row in rows]

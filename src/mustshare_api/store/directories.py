"""Signed key directories: the newest, and enough older ones to verify older replies.

The store compares serials and octets only; that the signatures hold is checked before.
"""

from datetime import date, timedelta
from typing import Final

from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.outcome import Outcome

HISTORY: Final = 64
"""Directories kept at least, however old: at one a week, those of a year and more."""

KEPT: Final = timedelta(days=800)
"""And all that were accepted within this time, however many. They alone tell whose key it is
that an object was sealed to, so it is longer than a tip lives after its last activity."""


class DirectoryStore:
    """The table `directories`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def accept(
        self,
        serial: int,
        octets: bytes,
        digest: bytes,
        today: date,
        leaves: tuple[NewLeaf, ...] = (),
    ) -> Outcome:
        """Keep a directory if it is newer than all before, and append `leaves` with it.

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
                AND accepted_on < $2
                """,
                *(HISTORY, today - KEPT),
            )
            for leaf in leaves:
                # One that somebody took out of the table is handed in again after that.
                if leaf.directory is None or not await _is_logged(connection, leaf.directory):
                    await append(connection, leaf)
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
    async def by_digest(self, digest: bytes) -> bytes | None:
        """One that is kept."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM directories WHERE digest = $1", digest
            )
        return octets

    @retried(idempotent=True)
    async def all_octets(self) -> list[bytes]:
        """Every directory kept, the newest first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch("SELECT octets FROM directories ORDER BY serial DESC")
        return [row["octets"] for row in rows]


async def _is_logged(connection: Connection, digest: bytes) -> bool:
    """Whether the log has the leaf that vouches for a directory already."""
    logged: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM audit_leaves WHERE directory = $1)", digest
    )
    return logged

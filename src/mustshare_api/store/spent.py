"""Which solutions of challenges were used; one table for all processes."""

from typing import Final

from mustshare_api.store.database import Database, retried

WINDOW_S: Final = 600
"""How finely a row tells when its challenge ends. Coarser, rows would stay for longer."""


def window_of(time_s: int) -> int:
    """The ten minutes in which a Unix time falls."""
    return time_s // WINDOW_S


class SpentStore:
    """The table `challenges_spent`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Not retried where it may have been done: the second run would call the first a replay.
    @retried(idempotent=False)
    async def spend(self, digest: bytes, expires_at_s: int) -> bool:
        """Takes note of a solution; whether it was new."""
        async with self._database.connection() as connection:
            found: bool | None = await connection.fetchval(
                "INSERT INTO challenges_spent (digest, until_window) VALUES ($1, $2)"
                " ON CONFLICT DO NOTHING RETURNING true",
                digest,
                window_of(expires_at_s),
            )
        return found is True

    @retried(idempotent=True)
    async def give_back(self, digest: bytes) -> None:
        """Forgets a solution that its sender got nothing for."""
        async with self._database.connection() as connection:
            await connection.execute("DELETE FROM challenges_spent WHERE digest = $1", digest)

    @retried(idempotent=True)
    async def sweep(self, now_s: int) -> None:
        """Forgets those whose challenge has ended anyway."""
        async with self._database.connection() as connection:
            await connection.execute(
                "DELETE FROM challenges_spent WHERE until_window < $1", window_of(now_s)
            )

"""Signed staff requests that were seen already, so that none is played twice.

Unlogged: a spent nonce costs no disk write, and a crash forgets them all. What a crash opens is
a replay within the minute that a signature lives, of a write that is idempotent anyway.

With the same query the newest directory's serial comes back: so whoever was struck off by
another process's directory is out with their very next request, at the cost of no further one.
"""

from datetime import datetime
from typing import NamedTuple

from mustshare_api.store.database import Database, retried


class Spent(NamedTuple):
    """Whether the nonce was new, and the newest directory's serial; 0 where there is none."""

    is_first: bool
    newest_serial: int


class NonceStore:
    """The table `nonces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Not retried where it may have been done: the second run would call the first a replay.
    @retried(idempotent=False)
    async def spend(self, digest: bytes, expires_at: datetime) -> Spent:
        """Take note of a nonce.

        Args:
            digest: SHA-256 of key id and nonce, 32 bytes.
            expires_at: when its signature is too old to be accepted anyway.
        """
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                WITH spent AS (
                    INSERT INTO nonces (digest, expires_at) VALUES ($1, $2)
                    ON CONFLICT DO NOTHING RETURNING true)
                SELECT EXISTS (SELECT FROM spent) AS is_first,
                    (SELECT coalesce(max(serial), 0) FROM directories) AS newest_serial
                """,
                digest,
                expires_at,
            )
        assert row is not None
        return Spent(row["is_first"], row["newest_serial"])

    @retried(idempotent=True)
    async def sweep(self, now: datetime) -> None:
        """Forget every nonce whose signature is too old."""
        async with self._database.connection() as connection:
            await connection.execute("DELETE FROM nonces WHERE expires_at < $1", now)

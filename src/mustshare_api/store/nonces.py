"""Signed staff requests that were seen already, so that none is played twice.

Unlogged: a spent nonce costs no disk write, and a crash forgets them all. What a crash opens is
a replay within the minute that a signature lives, of a write that is idempotent anyway.
"""

from datetime import datetime

from mustshare_api.store.database import Database, retried


class NonceStore:
    """The table `nonces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Not retried where it may have been done: the second run would call the first a replay.
    @retried(idempotent=False)
    async def spend(self, digest: bytes, expires_at: datetime) -> bool:
        """Take note of a nonce; false when it was spent before.

        Args:
            digest: SHA-256 of key id and nonce, 32 bytes.
            expires_at: when its signature is too old to be accepted anyway.
        """
        async with self._database.connection() as connection:
            spent = await connection.fetchval(
                "INSERT INTO nonces (digest, expires_at) VALUES ($1, $2)"
                " ON CONFLICT DO NOTHING RETURNING true",
                digest,
                expires_at,
            )
        return spent is not None

    @retried(idempotent=True)
    async def sweep(self, now: datetime) -> None:
        """Forget every nonce whose signature is too old."""
        async with self._database.connection() as connection:
            await connection.execute("DELETE FROM nonces WHERE expires_at < $1", now)

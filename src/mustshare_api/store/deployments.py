"""What makes a service itself: its public id and the key from which receipts are minted."""

from mustshare_api.errors import Misconfigured
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Database, retried


class DeploymentStore:
    """The table `deployment`, of one row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def ensure(
        self, deployment_id: bytes, new_mint_key: bytes, leaf: NewLeaf | None = None
    ) -> bytes:
        """The mint key of this deployment: `new_mint_key` on the very first start.

        `leaf` is what the audit log remembers of that first start.

        Raises:
            Misconfigured: the database is another deployment's. Every receipt would fail.
        """
        async with self._database.transaction() as connection:
            begun = await connection.fetchval(
                "INSERT INTO deployment (deployment_id, receipt_mint_key) VALUES ($1, $2)"
                " ON CONFLICT DO NOTHING RETURNING true",
                deployment_id,
                new_mint_key,
            )
            if begun and leaf is not None:
                await append(connection, leaf)
            row = await connection.fetchrow(
                "SELECT deployment_id, receipt_mint_key FROM deployment"
            )
        if row is None or row["deployment_id"] != deployment_id:
            raise Misconfigured(
                "the database belongs to another deployment: name its own database, or restore"
                " the directory whose deployment id it knows"
            )
        mint_key: bytes = row["receipt_mint_key"]
        return mint_key

"""What an officer says who has read all that a tip's reporter sent."""

from mustshare_api.crypto.seen import seen_digest
from mustshare_api.store.database import Database


async def all_seen(database: Database, tip_id: bytes) -> str:
    """The hash over all that is there of the reporter's, as it travels."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT object_id FROM envelopes WHERE tip_id = $1 AND kind IN (1, 2, 4)", tip_id
        )
    return seen_digest(row["object_id"] for row in rows).hex()

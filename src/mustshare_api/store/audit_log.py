"""Reads the audit log back, keeps its key and its cosignatures, and shreds what is old.

What is below the head's size never changes, so whoever asks for several things needs no
transaction: a later append adds nodes and moves none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mustshare_api.crypto.merkle import Node, root_of
from mustshare_api.errors import MustShareError
from mustshare_api.store.audit import NewLeaf, append, split_hashes
from mustshare_api.store.database import Database, Row, retried


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf; `nonce` and `event` are None where the event was shredded."""

    position: int
    leaf_hash: bytes
    happened_on: date
    nonce: bytes | None
    event: bytes | None


class AuditStore:
    """The tables `audit_*`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def key(self, new_seed: bytes) -> bytes:
        """The seed of the log's key: `new_seed` the very first time, whichever process asks."""
        async with self._database.connection() as connection:
            await connection.execute(
                "INSERT INTO audit_key (seed) VALUES ($1) ON CONFLICT DO NOTHING", new_seed
            )
            seed: bytes = await connection.fetchval("SELECT seed FROM audit_key")
        return seed

    @retried(idempotent=True)
    async def head(self) -> tuple[int, bytes]:
        """How many leaves there are, and the root over them."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow("SELECT size, peaks FROM audit_head")
        if row is None:
            raise MustShareError("audit.damaged")
        return row["size"], root_of(split_hashes(row["peaks"]))

    @retried(idempotent=True)
    async def hashes(self, nodes: Sequence[Node]) -> dict[Node, bytes]:
        """The hashes of some nodes, leaves included.

        Raises:
            MustShareError: `audit.damaged`, one is missing.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT level, number, hash FROM audit_nodes
                JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, number)
                USING (level, number)
                UNION ALL
                SELECT 0, position, leaf_hash FROM audit_leaves WHERE position = ANY ($3)
                """,
                [node.level for node in nodes],
                [node.number for node in nodes],
                [node.number for node in nodes if node.level == 0],
            )
        found = {Node(row["level"], row["number"]): row["hash"] for row in rows}
        if not found.keys() >= set(nodes):
            raise MustShareError("audit.damaged")
        return found

    @retried(idempotent=True)
    async def entries(self, first: int, limit: int) -> list[Leaf]:
        """Up to `limit` leaves from a position on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT position, leaf_hash, happened_on, nonce, event FROM audit_leaves
                WHERE position >= $1 ORDER BY position LIMIT $2
                """,
                *(first, limit),
            )
        return [_leaf(row) for row in rows]

    @retried(idempotent=True)
    async def of_directory(self, digest: bytes) -> Leaf | None:
        """The leaf that vouches for a directory."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT position, leaf_hash, happened_on, nonce, event FROM audit_leaves
                WHERE directory = $1
                """,
                digest,
            )
        return _leaf(row) if row else None

    # Not retried where it may have been done: the log would hold it twice.
    @retried(idempotent=False)
    async def remember(self, leaf: NewLeaf) -> None:
        """Append what was done outside this database, or is nothing but the event itself."""
        async with self._database.transaction() as connection:
            await append(connection, leaf)

    @retried(idempotent=False)
    async def shred(self, before: date, leaf: NewLeaf) -> int:
        """Delete the events of days before one, and remember that; say how many there were.

        Their hashes stay. So does what vouches for a directory: clients ask for it, and it
        names nobody. The rows are rewritten at once, so that no dead version of them lies in
        the table's files until some vacuum of the database's own choosing.
        """
        async with self._database.transaction() as connection:
            shredded = await connection.fetch(
                """
                UPDATE audit_leaves SET nonce = NULL, event = NULL
                WHERE happened_on < $1 AND event IS NOT NULL AND directory IS NULL
                RETURNING true
                """,
                before,
            )
            if shredded:
                await append(connection, leaf)
        async with self._database.connection() as connection:
            await connection.execute("VACUUM FULL audit_leaves")
        return len(shredded)

    @retried(idempotent=True)
    async def add_cosignature(self, size: int, kid: bytes, line: bytes) -> None:
        """Keep a witness's line under a checkpoint; a later one takes its place."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                INSERT INTO audit_cosignatures (size, kid, line) VALUES ($1, $2, $3)
                ON CONFLICT (size, kid) DO UPDATE SET line = excluded.line
                """,
                *(size, kid, line),
            )

    @retried(idempotent=True)
    async def cosignatures(self, size: int) -> list[bytes]:
        """The lines under the checkpoint of a size."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT line FROM audit_cosignatures WHERE size = $1 ORDER BY kid", size
            )
        return [row["line"] for row in rows]

    @retried(idempotent=True)
    async def newest_cosigned(self) -> int | None:
        """The size of the newest checkpoint that a witness signed."""
        async with self._database.connection() as connection:
            size: int | None = await connection.fetchval(
                "SELECT max(size) FROM audit_cosignatures"
            )
        return size


def _leaf(row: Row) -> Leaf:
    return Leaf(**dict(row))

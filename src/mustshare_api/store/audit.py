"""Appends to the audit log, within the transaction of what it tells of.

    BEGIN
      ... the write itself ...
      SELECT size, peaks FROM audit_head FOR UPDATE       from here on, one at a time
      INSERT leaf, nodes that it completes; UPDATE head   one statement
    COMMIT

So there is no deed without its leaf and no leaf without its deed, whatever crashes when. The
lock is taken last and held for two round trips: deeds have one order, and nobody waits for it
while a sender is slow. Whoever appends twice in a transaction holds it once.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.crypto.merkle import HASH_BYTES, grown, leaf_hash
from mustshare_api.errors import MustShareError
from mustshare_api.store.database import Connection

NONCE_BYTES: Final = 32
"""As long as the hash that it hides the event behind."""


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """A deed to be remembered.

    Attributes:
        event: its text, from `crypto.events`.
        happened_on: the Bangkok day that the text names.
        directory: digest of the directory whose acceptance this is; None for anything else.
    """

    event: bytes
    happened_on: date
    directory: bytes | None = None


async def append(connection: Connection, leaf: NewLeaf) -> None:
    """Append a leaf, as the last thing a transaction does before it is committed."""
    head = await connection.fetchrow("SELECT size, peaks FROM audit_head FOR UPDATE")
    if head is None:
        raise MustShareError("internal")  # the schema put it there, and nothing takes it away
    size: int = head["size"]
    nonce = secrets.token_bytes(NONCE_BYTES)
    hashed = leaf_hash(nonce + leaf.event)
    after = grown(size, split_hashes(head["peaks"]), hashed)
    await connection.execute(
        """
        WITH leaf AS (
            INSERT INTO audit_leaves (position, leaf_hash, happened_on, nonce, event, directory)
            VALUES ($1, $2, $3, $4, $5, $6)
        ), nodes AS (
            INSERT INTO audit_nodes (level, number, hash)
            SELECT * FROM unnest($7::smallint[], $8::bigint[], $9::bytea[])
        )
        UPDATE audit_head SET size = $1 + 1, peaks = $10
        """,
        *(size, hashed, leaf.happened_on, nonce, leaf.event, leaf.directory),
        [node.level for node, _ in after.completed],
        [node.number for node, _ in after.completed],
        [octets for _, octets in after.completed],
        b"".join(after.peaks),
    )


def split_hashes(octets: bytes) -> tuple[bytes, ...]:
    """Hashes that are kept one after another."""
    return tuple(octets[at : at + HASH_BYTES] for at in range(0, len(octets), HASH_BYTES))

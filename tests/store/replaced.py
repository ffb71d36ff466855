"""Makes what takes the place of a stored object, and looks at what is there."""

import hashlib
import secrets

from mustshare_api.store.chunks import CHUNK_BYTES
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.rows import NewEnvelope, Replacement
from tests.store import made

SIZE = 2 * CHUNK_BYTES + 5000


def stanzas() -> bytes:
    return b"\x01" + secrets.token_bytes(1184)


def replacement(
    sealed: NewEnvelope, *, payload: bytes | None = None, block: bytes | None = None
) -> Replacement:
    """One that fits an object as it was recorded."""
    chosen = block or stanzas()
    return Replacement(
        object_id=sealed.object_id,
        tip_id=sealed.tip_id,
        was=hashlib.sha256(sealed.prefix + sealed.stanzas).digest(),
        becomes=hashlib.sha256(sealed.prefix + chosen).digest(),
        stanzas=chosen,
        today=made.TODAY,
        payload=None if payload is None else lambda: made.pieces(payload),
    )


async def read(envelopes: EnvelopeStore, object_id: bytes) -> bytes:
    return b"".join([piece async for piece in envelopes.stream(object_id)])


async def named(database: Database, object_id: bytes) -> set[bytes]:
    """The keys that the table has for an object."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT kid FROM envelope_recipients WHERE object_id = $1", object_id
        )
    return {row["kid"] for row in rows}

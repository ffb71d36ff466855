"""Takes a payload of any length into `envelope_chunks` with flat memory.

    as it arrives   |  5 KB | 64 KB | 1.2 MB        | 9 KB |
    as it is kept   |  256 KiB | 256 KiB | … | 256 KiB | rest |

Cut evenly, whatever the pieces were: the sizes of network reads are nobody's business later.
The database sets the pace: a piece is written before the next is read.

Rows are inserted one by one, which at this size costs what COPY costs (50 MB in about 1 s
either way), and a server that dies is noticed at once: a driver in the middle of a COPY whose
socket is full waits for it to drain for ever.
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from mustshare_api.store.database import Connection

CHUNK_BYTES: Final = 256 * 1024
"""A multiple of a cipher chunk. Larger ones were no faster and cost memory on both sides."""


class SenderFailed(Exception):
    """Reading the payload raised `failure`; it takes that past the database's own errors."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        super().__init__()


async def written(
    connection: Connection, object_id: bytes, payload: AsyncIterable[bytes]
) -> int:
    """Write a payload as chunks of an object whose envelope follows; returns its bytes.

    Raises:
        SenderFailed: reading raised.
    """
    number = taken_bytes = 0
    async for octets in evenly(_wrapped(payload)):
        await connection.execute(
            "INSERT INTO envelope_chunks (object_id, number, octets) VALUES ($1, $2, $3)",
            object_id,
            number,
            octets,
        )
        number, taken_bytes = number + 1, taken_bytes + len(octets)
    return taken_bytes


async def _wrapped(payload: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    try:
        async for piece in payload:
            yield piece
    except Exception as error:
        raise SenderFailed(error) from error


async def evenly(payload: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same octets in pieces of `CHUNK_BYTES`, but for the last."""
    held = bytearray()
    async for piece in payload:
        held += piece
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)

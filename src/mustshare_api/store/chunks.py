"""Takes a payload of any length into `envelope_chunks` with flat memory.

    as it arrives   |  5 KB | 64 KB | 1.2 MB        | 9 KB |
    as it is kept   |  256 KiB | 256 KiB | … | 256 KiB | rest |

Cut evenly, whatever the pieces were: the sizes of network reads are nobody's business later.
The database sets the pace: nothing is read from the sender that could not be written on.
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from mustshare_api.store.database import Connection

CHUNK_BYTES: Final = 256 * 1024
"""A multiple of a cipher chunk. Larger ones were no faster and cost memory on both sides."""


class _Source:
    """Remembers what reading raised, to tell a sender's failure from the database's."""

    def __init__(self, payload: AsyncIterable[bytes], object_id: bytes) -> None:
        self._payload = payload
        self._object_id = object_id
        self.taken_bytes = 0
        self.failure: Exception | None = None

    async def rows(self) -> AsyncIterator[tuple[bytes, int, bytes]]:
        number = 0
        try:
            async for octets in evenly(self._payload):
                self.taken_bytes += len(octets)
                yield self._object_id, number, octets
                number += 1
        except Exception as error:
            self.failure = error
            raise


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


class SenderFailed(Exception):
    """Reading the payload raised `failure`; no failure of the database."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        super().__init__()


async def copied_in(
    connection: Connection, object_id: bytes, payload: AsyncIterable[bytes], timeout_s: float
) -> int:
    """Copy a payload into chunks of an object whose envelope follows; returns its bytes.

    Raises:
        SenderFailed: reading raised.
    """
    source = _Source(payload, object_id)
    try:
        await connection.copy_records_to_table(
            "envelope_chunks",
            columns=("object_id", "number", "octets"),
            records=source.rows(),
            timeout=timeout_s,
        )
    except Exception:
        if source.failure is not None:
            raise SenderFailed(source.failure) from source.failure
        raise
    return source.taken_bytes

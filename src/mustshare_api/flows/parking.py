"""Where an attachment waits while it is in work: anonymous memory, never a file.

    body --> parked --> stripped --> sealed and parked --> chunk rows

A memfd has no name and no disk behind it, and it does not grow the heap, so a 30 MB upload
costs the serving process its buffers alone. What all uploads together may take is one budget
in bytes and not a number of seats: a thousand clients that drip take a thousand times little,
and shut nobody out. Messages count against it too while they come in: what has been read but
not yet answered is what a flood grows.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from mustshare_api.errors import Busy

CHUNK_BYTES = 256 * 1024
"""Also the most that is sealed at a call: longer ones stall the other requests."""

RETRY_AFTER_S = 10
"""About what an upload takes on a phone."""


@dataclass(slots=True)
class Parking:
    """The budget that all parked attachments of one process share."""

    budget_bytes: int
    taken_bytes: int = 0

    @contextmanager
    def park(self) -> Generator["Parked"]:
        """A parked file, gone with the block.

        Raises:
            Busy: the process has no file descriptor left.
        """
        try:
            fd = os.memfd_create("parked", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        except OSError:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S) from None
        parked = Parked(fd, self)
        try:
            yield parked
        finally:
            os.close(parked.fd)
            self.give_back(parked.size_bytes)

    def take(self, octets: int) -> None:
        """Counts octets that are about to be held.

        Raises:
            Busy: the process has no memory left for them.
        """
        if self.taken_bytes + octets > self.budget_bytes:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S)
        self.taken_bytes += octets

    def give_back(self, octets: int) -> None:
        """Counts octets that are held no longer."""
        self.taken_bytes -= octets


@dataclass(slots=True)
class Parked:
    """One file in anonymous memory."""

    fd: int
    parking: Parking
    size_bytes: int = 0

    def write(self, octets: bytes) -> None:
        """Appends.

        Raises:
            Busy: the process, or the machine, has no memory left for uploads.
        """
        self.parking.take(len(octets))
        self.size_bytes += len(octets)
        rest = memoryview(octets)
        try:
            while rest:
                rest = rest[os.write(self.fd, rest) :]
        except OSError:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S) from None

    def head(self, length: int) -> bytes:
        """The first octets, at most `length`."""
        return os.pread(self.fd, length, 0)

    def chunks(self, start: int = 0) -> AsyncIterator[bytes]:
        """All from `start`, in pieces, giving way to other requests after each."""
        return chunks_of(self.fd, start)


async def chunks_of(fd: int, start: int = 0) -> AsyncIterator[bytes]:
    """The octets of a memory file in pieces, giving way to other requests after each."""
    at = start
    while chunk := os.pread(fd, CHUNK_BYTES, at):
        at += len(chunk)
        yield chunk
        await asyncio.sleep(0)

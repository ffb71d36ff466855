"""Where an attachment waits while it is in work: anonymous memory, never a file.

    body --> parked --> stripped --> sealed and parked --> chunk rows

A memfd has no name and no disk behind it, and it does not grow the heap, so a 30 MB upload
costs the serving process its buffers alone. What all uploads together may take is one budget
in bytes and not a number of seats: a thousand clients that drip take a thousand times little,
and shut nobody out. Messages count against it too while they come in: what has been read but
not yet answered is what a flood grows. An eighth of the budget is theirs alone.

Nor can twenty that bring 30 MB each and then drip: when a budget is used up, somebody holds
more than an equal share of it, and is made to give it up if they are slow (`holding`). Whoever
gets on is left alone; then it is the newcomer who is told when to come back.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from typing_extensions import override

from mustshare_api.errors import Busy
from mustshare_api.flows.holding import LATE_S, RETRY_AFTER_S, Holding, Pace, Words

CHUNK_BYTES = 256 * 1024
"""Also the most that is sealed at a call: longer ones stall the other requests."""


@dataclass(slots=True)
class Parking:
    """The budget that all parked attachments of one process share, and of open files."""

    budget_bytes: int
    files: int = 4096
    taken_bytes: int = 0
    _held: set[Holding] = field(default_factory=set[Holding])
    _open_files: int = 0

    @contextmanager
    def park(self) -> Generator["Parked"]:
        """A parked file, gone with the block.

        Raises:
            Busy: no file descriptor is left for it.
        """
        parked = Parked(self._room_for_file, fd=self._opened())
        self._held.add(parked)
        try:
            yield parked
        finally:
            self._end(parked)

    @contextmanager
    def gather(self) -> Generator[Words]:
        """A message on its way in, gone with the block."""
        words = Words(self._room_for_words, pace=Pace())
        self._held.add(words)
        try:
            yield words
        finally:
            self._end(words)

    def _end(self, held: Holding) -> None:
        self._held.discard(held)
        self.taken_bytes -= held.size_bytes
        if isinstance(held, Parked) and held.fd >= 0:
            self._open_files -= 1
        held.let_go()

    def _opened(self) -> int:
        if self._open_files >= self.files:
            self._take_back(self._slowest(0))
        try:
            fd = os.memfd_create("parked", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        except OSError:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S) from None
        self._open_files += 1
        return fd

    def _room_for_file(self, _asker: Holding, octets: int) -> None:
        self._make_room(octets, self.budget_bytes - self.budget_bytes // 8)

    def _room_for_words(self, _asker: Holding, octets: int) -> None:
        self._make_room(octets, self.budget_bytes)

    def _make_room(self, octets: int, limit_bytes: int) -> None:
        while self.taken_bytes + octets > limit_bytes:
            self._take_back(self._slowest(self.taken_bytes / max(1, len(self._held))))
        self.taken_bytes += octets

    def _slowest(self, share_bytes: float) -> Holding | None:
        """Of those who hold their share or more and are late, the latest."""
        paced = [(one, one.pace) for one in self._held if one.pace and not one.taken_back]
        if not paced:
            return None
        now = asyncio.get_running_loop().time()
        late = [
            (pace.lag_s(now), one.size_bytes, id(one), one)
            for one, pace in paced
            if one.size_bytes >= share_bytes and pace.lag_s(now) >= LATE_S
        ]
        return max(late)[-1] if late else None

    def _take_back(self, held: Holding | None) -> None:
        if held is None:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S)
        self._end(held)
        held.taken_back = True


@dataclass(slots=True, eq=False)
class Parked(Holding):
    """One file in anonymous memory."""

    fd: int = -1

    def write(self, octets: bytes) -> None:
        """Appends.

        Raises:
            Busy: the process, or the machine, has no memory left for uploads.
        """
        self.count(len(octets))
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

    async def handed_out(self) -> AsyncIterator[bytes]:
        """All of it, for a reader who may be slow, and then has to do without the rest.

        Raises:
            TimeoutError: the memory was needed by others.
        """
        self.pace, at = Pace(), 0
        while chunk := os.pread(self.fd, CHUNK_BYTES, at):
            at += len(chunk)
            yield chunk
            self.pace.gain(len(chunk))
            if self.taken_back:
                raise TimeoutError

    @override
    def let_go(self) -> None:
        """Frees the file."""
        if self.fd >= 0:
            os.close(self.fd)
        self.fd, self.size_bytes = -1, 0


async def chunks_of(fd: int, start: int = 0) -> AsyncIterator[bytes]:
    """The octets of a memory file in pieces, giving way to other requests after each."""
    at = start
    while chunk := os.pread(fd, CHUNK_BYTES, at):
        at += len(chunk)
        yield chunk
        await asyncio.sleep(0)

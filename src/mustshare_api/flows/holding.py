"""What one body holds in memory while it comes in, and how it can be made to give it up.

A body that comes slowly holds memory that others wait for. So each has a pace for as long as
it depends on the other side, and none once it is whole and ours to work on. When memory runs
short, `parking` takes back what is held by whoever has more than an equal share and is slower
than the largest file may be: their body ends in 503, with a time to come back at.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from typing_extensions import override

from mustshare_api.errors import Busy

RETRY_AFTER_S: Final = 10
"""About what an upload takes on a phone."""

LAP_BYTES: Final = 256 * 1024
LATE_S: Final = 8.0
"""A lap in this time is 32 KiB a second: the least at which the largest file of 30 MiB is
whole before the total time of a body, 15 minutes, is up."""


@dataclass(slots=True)
class Pace:
    """When a body last got on by a lap. Photos of one form share theirs."""

    since: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    gained_bytes: int = 0

    def gain(self, octets: int) -> None:
        """Counts progress."""
        self.gained_bytes += octets
        if self.gained_bytes >= LAP_BYTES:
            self.since, self.gained_bytes = asyncio.get_running_loop().time(), 0

    def lag_s(self, now: float) -> float:
        """For how long no lap was made."""
        return now - self.since


@dataclass(slots=True, eq=False)
class Holding:
    """Octets in memory, counted; `pace` as long as they come, or go, as others like."""

    make_room: Callable[["Holding", int], None]
    size_bytes: int = 0
    pace: Pace | None = None
    taken_back: bool = False

    def count(self, octets: int) -> None:
        """Counts octets that are about to be held.

        Raises:
            Busy: there is no memory for them, or it was needed more elsewhere.
        """
        self.check()
        self.make_room(self, octets)
        self.size_bytes += octets
        if self.pace is not None:
            self.pace.gain(octets)

    def settle(self) -> None:
        """Says that all has come: from here on nothing is taken back.

        Raises:
            Busy: it was, before.
        """
        self.check()
        self.pace = None

    def check(self) -> None:
        """Does nothing.

        Raises:
            Busy: what was held was taken back.
        """
        if self.taken_back:
            raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S)

    def let_go(self) -> None:
        """Frees the memory itself."""
        self.size_bytes = 0


@dataclass(slots=True, eq=False)
class Words(Holding):
    """A message as it comes in."""

    chunks: list[bytes] = field(default_factory=list[bytes])

    def add(self, chunk: bytes) -> None:
        """Appends.

        Raises:
            Busy: see `count`.
        """
        self.count(len(chunk))
        self.chunks.append(chunk)

    def whole(self) -> bytes:
        """All of it.

        Raises:
            Busy: it was taken back.
        """
        self.settle()
        return b"".join(self.chunks)

    @override
    def let_go(self) -> None:
        """Frees the chunks."""
        self.chunks.clear()
        self.size_bytes = 0

"""The line before the database's connections: who asks seldom stands before who asks much.

    a connection is free, nobody waits ──> at once
    otherwise ──> in line by the moment at which one came, and `BEHIND` later than that

The driver's own line is first come, first served. In a flood an honest tip stood behind
hundreds of requests there, each time it needed something: 0.2 to 0.9 s in all (our
measurement). Whoever is behind others is so by a second at most, so nobody waits for ever.
"""

import asyncio
import heapq
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

BEHIND: ContextVar[float] = ContextVar("behind", default=0.0)
"""In s. Every door sets it for a request, staff's too; what has none is first."""


@dataclass(slots=True)
class Line:
    """So many places, and those who wait for one."""

    free: int
    _waiting: "list[_Waiting]" = field(default_factory=list["_Waiting"])
    _numbers: "count[int]" = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._waiting)

    @asynccontextmanager
    async def place(self, patience_s: float) -> AsyncGenerator[None]:
        """A place for as long as the block runs.

        Raises:
            TimeoutError: none came free in time.
        """
        await self._take(patience_s)
        try:
            yield
        finally:
            self._give()

    async def _take(self, patience_s: float) -> None:
        if self.free > 0:
            self.free -= 1
            return
        loop = asyncio.get_running_loop()
        called = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + BEHIND.get(), next(self._numbers), called))
        try:
            async with asyncio.timeout(patience_s):
                await called
        except BaseException:
            if called.done() and not called.cancelled():
                self._give()  # it was called just as it gave up
            raise

    def _give(self) -> None:
        while self._waiting:
            _, _, called = heapq.heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self.free += 1


_Waiting: TypeAlias = tuple[float, int, asyncio.Future[None]]
"""When it is to be called, a number that tells equals apart, and how."""

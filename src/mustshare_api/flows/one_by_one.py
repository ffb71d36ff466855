"""One at a time of each tip, so that nobody stands in a line of many as many.

    a tip's first ──> the line that all share (`turnstile`)
    its second ─────> waits for the first, outside of that line

A tip costs its sender a place in line; hundreds of requests on the same tip cost nothing, and
would fill the line in which other people's tips stand. A front end that begins ten uploads at
one time loses nothing: they would have waited for the same row in the database.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.errors import Busy
from mustshare_api.flows.standing import visitor

MOST: Final = 40
"""Of one tip at a time: as many as it may have attachments."""

RETRY_S: Final = 2


@dataclass(slots=True)
class _Own:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: int = 0


@dataclass(slots=True)
class OneByOne:
    """The lines of single tips; a tip of which nobody is here has none."""

    _lines: dict[bytes, _Own] = field(default_factory=dict[bytes, _Own])

    def __len__(self) -> int:
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, tip_id: bytes) -> AsyncGenerator[None]:
        """Alone on a tip for as long as the block runs.

        Raises:
            Busy: `upload.busy`, too many wait for the same tip, or for too long.
        """
        own = self._lines.setdefault(tip_id, _Own())
        if own.present >= MOST:
            raise Busy("upload.busy", retry_after_s=RETRY_S)
        own.present += 1
        try:
            await self._wait(own)
            try:
                yield
            finally:
                own.lock.release()
        finally:
            own.present -= 1
            if not own.present:
                del self._lines[tip_id]

    async def _wait(self, own: _Own) -> None:
        try:
            async with asyncio.timeout(visitor().patience_s):
                await own.lock.acquire()
        except TimeoutError:
            raise Busy("upload.busy", retry_after_s=RETRY_S) from None

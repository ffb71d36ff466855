"""Turns receipts into keys beside the event loop, and sheds what it cannot keep up with.

A stretch takes 19 MiB and some 25 ms of one core with the interpreter lock released. A few
run at once, a short queue waits, and whoever comes after that is told when to try again:
a burst then costs its senders a wait, and costs everyone else nothing.
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from mustshare_api.crypto import receipts
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.errors import Busy

RETRY_AFTER_S = 2
"""The longest queue allowed by default empties in about a second on two cores."""


@dataclass(slots=True)
class Stretcher:
    """A bounded pool around `crypto.receipts.derive`."""

    slots: int
    queue: int
    _waiting: int = 0
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.slots, thread_name_prefix="stretch")

    async def stretch(self, digits: str, deployment_id: bytes) -> ReceiptKeys:
        """The keys of a receipt.

        Raises:
            Busy: every slot and every place in the queue is taken.
        """
        if self._waiting >= self.slots + self.queue:
            raise Busy("receipt.busy", retry_after_s=RETRY_AFTER_S)
        loop = asyncio.get_running_loop()
        work = self._pool.submit(receipts.derive, digits, deployment_id)
        self._waiting += 1
        # Counted until the work ends, not until its asker leaves: a thread cannot be stopped,
        # and whoever hangs up in time would otherwise make room for ever more of it.
        work.add_done_callback(lambda _: self._ended(loop))
        return await asyncio.wrap_future(work)

    def _ended(self, loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended first
            loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        self._waiting -= 1

    @property
    def load(self) -> float:
        """How full slots and queue are, 0 to 1."""
        return self._waiting / (self.slots + self.queue)

    def close(self) -> None:
        """Ends the pool's threads once what runs has run."""
        self._pool.shutdown(wait=True, cancel_futures=True)

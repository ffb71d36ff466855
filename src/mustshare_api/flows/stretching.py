"""Turns receipts into keys beside the event loop, and sheds what it cannot keep up with.

A stretch takes 19 MiB and some 25 ms of one core with the interpreter lock released. A few
run at once, a short queue waits, and whoever comes after that is told when to try again:
a burst then costs its senders a wait, and costs everyone else nothing.
"""

import asyncio
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
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._pool, receipts.derive, digits, deployment_id
            )
        finally:
            self._waiting -= 1

    @property
    def load(self) -> float:
        """How full slots and queue are, 0 to 1."""
        return self._waiting / (self.slots + self.queue)

    def close(self) -> None:
        """Ends the pool's threads once what runs has run."""
        self._pool.shutdown(wait=True, cancel_futures=True)

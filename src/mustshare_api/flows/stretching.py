"""Turns receipts into keys beside the event loop, and sheds what it cannot keep up with.

A stretch takes 19 MiB and some 25 ms of one core with the interpreter lock released. A few
run at once, others wait in line, and whoever finds no room is told when to try again: a burst
then costs its senders a wait, and costs everyone else nothing. What needs no stretching (a
sealed tip, an access token) never stands in this line.
"""

import asyncio
import contextlib
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from mustshare_api.crypto import receipts
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain.lanes import Errand
from mustshare_api.flows.standing import Gate
from mustshare_api.flows.turnstile import Turnstile

STRETCH_S: Final = 0.025

NICE: Final = 2
"""Two thirds of the weight of the event loop and the database, where they want the same core: a
flood of receipts then slows receipts, and what needs none goes on. With a core to spare it
changes nothing."""


def _stand_back() -> None:
    """Lowers the priority of the calling thread alone, as Linux has it."""
    with contextlib.suppress(OSError):  # forbidden here: then it runs as before
        thread = threading.get_native_id()
        lowered = os.getpriority(os.PRIO_PROCESS, thread) + NICE
        os.setpriority(os.PRIO_PROCESS, thread, lowered)


@dataclass(slots=True)
class Stretcher:
    """A bounded pool around `crypto.receipts.derive`, of no more threads than there are cores.

    Two that share a core end later, both of them, and leave the event loop less of it.
    """

    slots: int
    queue: int
    gate: Gate
    turns: Turnstile = field(init=False)
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.slots = min(self.slots, len(os.sched_getaffinity(0)))
        self._pool = ThreadPoolExecutor(self.slots, "stretch", _stand_back)
        self.turns = Turnstile(self.slots, self.queue, self.gate, STRETCH_S)

    async def stretch(
        self, digits: str, deployment_id: bytes, errand: Errand = Errand.COME_BACK
    ) -> ReceiptKeys:
        """The keys of a receipt.

        Raises:
            Busy: there is no room, or for too long.
        """
        entered_at = await self.turns.enter(errand)
        loop = asyncio.get_running_loop()
        work = self._pool.submit(receipts.derive, digits, deployment_id)
        # Inside until the work ends, not until its asker leaves: a thread cannot be stopped,
        # and whoever hangs up in time would otherwise make room for ever more of it.
        work.add_done_callback(partial(self._ended, loop, entered_at))
        return await asyncio.wrap_future(work)

    def _ended(
        self, loop: asyncio.AbstractEventLoop, entered_at: float, _: "Future[ReceiptKeys]"
    ) -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended first
            loop.call_soon_threadsafe(self.turns.leave, entered_at)

    @property
    def load(self) -> float:
        """How full slots and queue are, 0 to 1."""
        return self.turns.load

    def close(self) -> None:
        """Ends the pool's threads once what runs has run."""
        self._pool.shutdown(wait=True, cancel_futures=True)

"""A few at once, the rest in line: what every scarce thing of one process is behind.

    enter   a free place, when nobody waits: at once
            otherwise wait in the lane that one stands in (`domain.lanes`)
    turned away   the room was full and the lot fell on them, or their patience is over
    leave   whoever is next gets the place

Each time somebody comes, the gate is told how long they would wait; that is all that the cost
of solutions follows.
"""

import asyncio
import contextlib
import math
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.domain.lanes import Errand, Line
from mustshare_api.domain.pressure import RISE_WAIT_S
from mustshare_api.errors import Busy
from mustshare_api.flows.standing import Gate, Standing, visitor

RETRY_AT_LEAST_S: Final = 2
RETRY_AT_MOST_S: Final = 30
AGAIN_S: Final = 0.2
"""Before a persistent visitor joins again, so that a full room is not joined in a loop."""

_SMOOTHING: Final = 0.1

Waiting = asyncio.Future[None]


class _TurnedAway(Exception):
    """The room was full, and it was them."""


@dataclass(slots=True)
class Turnstile:
    """Lets `slots` in at once. `service_s` is how long one takes, until that was measured."""

    slots: int
    room: int
    gate: Gate
    service_s: float
    _inside: int = 0
    _line: Line[Waiting] = field(init=False)

    def __post_init__(self) -> None:
        self._line = Line(self.room, secrets.randbelow)

    @property
    def load(self) -> float:
        """How full slots and room are, 0 to 1."""
        return (self._inside + len(self._line)) / (self.slots + self.room)

    @property
    def wait_s(self) -> float:
        """How long somebody who comes now would wait, about."""
        if self._inside < self.slots:
            return 0.0
        return (len(self._line) + 1) * self.service_s / self.slots

    async def enter(self, errand: Errand) -> float:
        """Waits for a place; the moment at which it was got, to hand to `leave`.

        Raises:
            Busy: there is no room, or patience is over.
        """
        standing = await self.gate.standing()
        self.gate.observe(self.wait_s)
        if not self._entered() and not await self._waited(standing, errand):
            await self.gate.give_back(standing)
            self.gate.observe(max(self.wait_s, RISE_WAIT_S))  # a full room is a flood
            wait_s = min(RETRY_AT_MOST_S, max(RETRY_AT_LEAST_S, math.ceil(self.wait_s)))
            raise Busy(standing.refusal, retry_after_s=wait_s)
        return self.gate.clock.monotonic()

    def leave(self, entered_at: float) -> None:
        """Gives the place to whoever is next."""
        took_s = max(0.0, self.gate.clock.monotonic() - entered_at)
        self.service_s += _SMOOTHING * (took_s - self.service_s)
        while (following := self._line.next()) is not None:
            if not following.done():
                following.set_result(None)
                return
        self._inside -= 1

    @asynccontextmanager
    async def turn(self, errand: Errand) -> AsyncGenerator[None]:
        """A place for as long as the block runs.

        Raises:
            Busy: as `enter`.
        """
        entered_at = await self.enter(errand)
        try:
            yield
        finally:
            self.leave(entered_at)

    def _entered(self) -> bool:
        """Whether there was a free place, and nobody in line for it."""
        is_free = self._inside < self.slots and not len(self._line)
        self._inside += is_free
        return is_free

    async def _waited(self, standing: Standing, errand: Errand) -> bool:
        """Whether a place was got in time."""
        asking = visitor()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(asking.patience_s):
                while not await self._in_line(standing, errand):
                    if not asking.is_persistent:
                        return False
                    await asyncio.sleep(AGAIN_S)
                    # All who were inside may have left meanwhile, with nobody to call.
                    if self._entered():
                        break
                return True
        return False

    async def _in_line(self, standing: Standing, errand: Errand) -> bool:
        """Whether the turn came before the place in line was lost."""
        waiting: Waiting = asyncio.get_running_loop().create_future()
        lost = self._line.join(standing.lane, errand, waiting)
        if lost is not None and not lost.done():
            lost.set_exception(_TurnedAway())
        try:
            await waiting
        except _TurnedAway:
            return False
        except asyncio.CancelledError:
            self._gone(waiting)
            raise
        return True

    def _gone(self, waiting: Waiting) -> None:
        """Somebody hung up, or ran out of patience; maybe just as their turn had come."""
        if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
            self.leave(self.gate.clock.monotonic() - self.service_s)
        else:
            self._line.leave(waiting)

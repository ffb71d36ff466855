"""Makes challenges: beside the event loop, by lot, and for a quarter of one core at most.

    asks --> waits, by lot --up to 16--> a thread: one try each --> rests three times as long
             `-- no room: 503, and the tip goes without a solution

Making a challenge is one try of what a solver does, up to 1 ms, and whoever asks has paid
nothing for it. On the event loop that would be a lever: a few connections that ask without
end would hold up everybody else by a millisecond each, at every turn. Here it holds up nobody:
the loop goes on while a thread works (PBKDF2 lets go of the interpreter lock), and the thread
rests for three quarters of the time, however many ask. That still makes 260 challenges a second
of the hardest kind and 1,900 of the easiest, more than there are turns to be had with them.

Whoever asks without end is slowed by it too: a connection waits for its challenge before it can
ask again. Among those who wait the next are drawn by lot, so that nobody gains by asking often.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.clock import Clock
from mustshare_api.domain.lanes import Errand, Lane, Line
from mustshare_api.errors import Busy

ROOM: Final = 256
"""Who is last of as many waits for a second."""

BATCH: Final = 16
"""Made in one go: 15 ms of the hardest, so that a hop to the thread is small beside it."""

REST: Final = 3
"""Times as long as the work took: a quarter of one core at most."""

REST_AT_MOST_S: Final = 0.5
"""For a machine that slept while the thread worked."""

Challenge = dict[str, object]


@dataclass(eq=False, slots=True)
class _Asking:
    """Somebody who waits: how to make theirs, and where it is to go."""

    make: Callable[[], Challenge]
    made: asyncio.Future[Challenge]


@dataclass(slots=True)
class ChallengeMaker:
    """The one maker of a process. `room` is how many may wait."""

    clock: Clock
    room: int = ROOM
    _line: Line[_Asking] = field(init=False)
    _work: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._line = Line(self.room, secrets.randbelow)

    async def made(self, make: Callable[[], Challenge]) -> Challenge:
        """What `make` makes, when its turn has come.

        Raises:
            Busy: `challenge.busy`, there is no room, and the lot fell on this one.
        """
        asking = _Asking(make, asyncio.get_running_loop().create_future())
        lost = self._line.join(Lane.PLAIN, Errand.TIP, asking)
        if lost is not None and not lost.made.done():
            lost.made.set_exception(Busy("challenge.busy"))
        if self._work is None or self._work.done():
            # In a context of its own: the request's would be kept for as long as others ask.
            loop = asyncio.get_running_loop()
            self._work = loop.create_task(self._make_all(), context=Context())
        try:
            return await asking.made
        finally:
            self._line.leave(asking)

    async def _make_all(self) -> None:
        while len(self._line):
            batch = self._next()
            began = self.clock.monotonic()
            await _make(batch)
            await asyncio.sleep(rest_s(self.clock.monotonic() - began))

    def _next(self) -> list[_Asking]:
        drawn = (self._line.next() for _ in range(BATCH))
        return [one for one in drawn if one is not None and not one.made.done()]


def rest_s(took_s: float) -> float:
    """How long to rest after work that took so long."""
    return min(REST_AT_MOST_S, max(0.0, REST * took_s))


async def _make(batch: list[_Asking]) -> None:
    """Makes them in a thread; what goes wrong is for those to know who wait."""
    try:
        made = await asyncio.to_thread(lambda: [one.make() for one in batch])
    except Exception as fault:  # noqa: BLE001 - each who waits raises it
        for one in batch:
            if not one.made.done():
                one.made.set_exception(fault)
        return
    for one, challenge in zip(batch, made, strict=True):
        if not one.made.done():
            one.made.set_result(challenge)

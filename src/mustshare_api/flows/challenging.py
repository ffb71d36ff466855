"""Makes challenges: beside the event loop, by lot, and so many a second, however many ask.

    asks --> waits, by lot --up to 16--> a thread: one try each --> rests
             `-- no room: 503 after a second, and the tip goes without a solution

Making a challenge is one try of what a solver does, up to 1 ms, and whoever asks has paid
nothing for it. On the event loop that would be a lever: a few connections that ask without
end would hold up everybody else by a millisecond each, at every turn. Here it holds up nobody:
the loop goes on while a thread works (PBKDF2 lets go of the interpreter lock), and the thread
rests for three quarters of the time at least.

It rests for long enough, too, that no more than 250 are made in a second: with each comes a
request, which costs more than an easy challenge. That is twice as many as there are turns to be
had with them. So whoever asks without end is slowed by it: a connection waits for its challenge
before it can ask again, and for a second if there is none. Among those who wait the next are
drawn by lot, so that nobody gains by asking often.
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
"""Times as long as the work took, at least: a quarter of one core at most."""

EVERY_S: Final = 0.004
"""For each challenge, at least: 250 a second."""

REST_AT_MOST_S: Final = 0.5
"""For a machine that slept while the thread worked."""

NO_AFTER_S: Final = 1.0
"""Before a refusal is told: refusals at full speed would cost more than challenges do."""

Challenge = dict[str, object]


@dataclass(eq=False, slots=True)
class _Asking:
    """Somebody who waits: how to make theirs, and where it is to go."""

    make: Callable[[], Challenge]
    made: asyncio.Future[Challenge]


@dataclass(slots=True)
class ChallengeMaker:
    """The one maker of a process.

    `room` is how many may wait, `no_after_s` how long who finds none waits for the refusal.
    """

    clock: Clock
    room: int = ROOM
    no_after_s: float = NO_AFTER_S
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
        except Busy:
            await asyncio.sleep(self.no_after_s)
            raise
        finally:
            self._line.leave(asking)

    async def _make_all(self) -> None:
        while len(self._line):
            batch = self._next()
            began = self.clock.monotonic()
            await _make(batch)
            await asyncio.sleep(rest_s(len(batch), self.clock.monotonic() - began))

    def _next(self) -> list[_Asking]:
        drawn = (self._line.next() for _ in range(BATCH))
        return [one for one in drawn if one is not None and not one.made.done()]


def rest_s(made: int, took_s: float) -> float:
    """How long to rest after so many, which took so long."""
    return min(REST_AT_MOST_S, max(EVERY_S * made, REST * took_s))


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

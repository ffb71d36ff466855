"""A few at once: nobody is lost, none too many are inside, and no place stays empty.

Whoever comes is let in, is turned away for a reason, or has gone: whatever the others do, at
whatever pass of the event loop they hang up, and however long the gate takes to look at them.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest.mock import Mock

from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.lanes import Errand, Lane
from mustshare_api.errors import Busy
from mustshare_api.flows.standing import VISITOR, Gate, Standing, Visitor
from mustshare_api.flows.turnstile import Turnstile
from tests.skipping import played

LONG_S = 100.0
"""More than all together stay."""


async def passes(number: int) -> None:
    """So many passes of the event loop."""
    for _ in range(number):
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Guest:
    """Somebody who comes. Times are passes of the event loop, but for those in s."""

    lane: Lane = Lane.PLAIN
    after: int = 0
    looked_at: int = 0
    stays: int = 1
    stays_s: float = 0.0
    patience_s: float = LONG_S
    persists: bool = False
    hangs_up: int | None = None


@dataclass
class House:
    """A turnstile, and who is in the house."""

    slots: int
    room: int
    inside: int = 0
    served: int = 0
    refused: list[Guest] = field(default_factory=list[Guest])
    gate: Any = field(default_factory=lambda: Mock(Gate))
    turns: Turnstile = field(init=False)

    def __post_init__(self) -> None:
        numbers = count()
        self.gate.clock.monotonic = lambda: asyncio.get_running_loop().time()
        self.gate.give_back = lambda _: passes(1)
        self.turns = Turnstile(self.slots, self.room, self.gate, 0.02)
        self.turns._line.draw = lambda most: next(numbers) % most

    async def visit(self, guest: Guest) -> None:
        """Comes, is let in or not, and leaves."""

        async def standing() -> Standing:
            await passes(guest.looked_at)
            return Standing(guest.lane)

        VISITOR.set(Visitor(patience_s=guest.patience_s, is_persistent=guest.persists))
        self.gate.standing = standing  # read at once: nothing is awaited before
        try:
            async with self.turns.turn(Errand.TIP):
                self.inside += 1
                with contextlib.ExitStack() as leaving:
                    leaving.callback(self._leaves)
                    assert self.inside <= self.slots
                    await passes(guest.stays)
                    await asyncio.sleep(guest.stays_s)
                    self.served += 1
        except Busy:
            self.refused.append(guest)

    def _leaves(self) -> None:
        self.inside -= 1

    async def day(self, guests: list[Guest]) -> None:
        """All come, one after another, and nothing of them is left."""
        visits, hanging_up = list[asyncio.Task[None]](), list[asyncio.Task[None]]()
        for guest in guests:
            await passes(guest.after)
            visits.append(asyncio.create_task(self.visit(guest)))
            if guest.hangs_up is not None:
                hanging_up.append(asyncio.create_task(hang_up(visits[-1], guest.hangs_up)))
            assert self.turns._inside == self.slots or not len(self.turns._line)
        ended = await asyncio.gather(*visits, *hanging_up, return_exceptions=True)

        assert not [one for one in ended if isinstance(one, Exception)]
        assert (self.turns._inside, self.inside, len(self.turns._line)) == (0, 0, 0)


async def hang_up(visit: asyncio.Task[None], after: int) -> None:
    """Ends somebody's visit, wherever they are."""
    await passes(after)
    visit.cancel()


GUESTS = st.builds(
    Guest,
    lane=st.sampled_from(Lane),
    after=st.integers(0, 2),
    looked_at=st.integers(0, 2),
    stays=st.integers(0, 4),
    stays_s=st.sampled_from([0.0, 0.02, 0.2, 5.0]),
    patience_s=st.sampled_from([0.0, 0.02, 0.2, 0.4, 5.0, LONG_S]),
    persists=st.booleans(),
    hangs_up=st.none() | st.integers(0, 12),
)


@given(st.integers(1, 3), st.integers(0, 4), st.lists(GUESTS, max_size=16))
def test_no_place_is_lost_and_nobody_waits_for_ever(
    slots: int, room: int, guests: list[Guest]
) -> None:
    """Whoever comes, hangs up, is turned away or runs out of patience, and whenever."""
    house = House(slots, room)
    played(house.day(guests))

    stayed = [guest for guest in guests if guest.hangs_up is None]
    assert house.served + len(house.refused) >= len(stayed)


@given(st.integers(1, 3), st.lists(GUESTS, max_size=16))
def test_nobody_is_refused_while_there_is_room_and_they_are_patient(
    slots: int, guests: list[Guest]
) -> None:
    """Beside any who hang up or leave: an hour in line is no reason by itself."""
    house = House(slots, room=len(guests))
    played(house.day(guests))

    assert all(guest.patience_s < LONG_S for guest in house.refused)

"""Who is next where something is scarce: lanes, each with a share that no other can take.

    ahead    weight 8   brought a solution
    partner  weight 4   comes by a partner within its quota
    plain    weight 3   everyone else: no script, Tor, an old front end
    behind   weight 1   from a network (where the edge tells it) that has just had its turns

    each lane   tips | comers-back     the two take turns, so that guessing receipts keeps no
                                       tip out, and a flood of tips no reporter from the answer

Partners have a lane of their own: a key that was stolen keeps nobody waiting who solved.

A lane that is empty lends its share to the others. A lane that is not empty is served, whatever
stands in the others: that makes this a priority and never a wall.

Within a lane the next one is drawn by lot. First come, first served would give whoever sends
most the whole lane, and under a flood would serve everybody too late to be of use. By lot, who
waits has the same chance as anyone else who waits, however often that one came.

When the room is full, a place is lost in the queue that is furthest over its share of the room,
by lot again: the newcomer's queue too, the newcomer included.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Lane(IntEnum):
    """How well somebody stands; the value is the weight."""

    AHEAD = 8
    PARTNER = 4
    PLAIN = 3
    BEHIND = 1


class Errand(IntEnum):
    """What somebody came for."""

    TIP = 0
    COME_BACK = 1


Place = tuple[Lane, Errand]
"""One queue."""


@dataclass(slots=True)
class Line(Generic[T]):
    """All who wait for one scarce thing. `draw(n)` gives a number from 0 to n - 1."""

    room: int
    draw: Callable[[int], int]
    _queues: dict[Place, list[T]] = field(default_factory=dict[Place, list[T]])
    _served: dict[Place, float] = field(default_factory=dict[Place, float])
    _now: float = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def join(self, lane: Lane, errand: Errand, one: T) -> T | None:
        """Lets somebody wait; whoever has lost their place by it, maybe the newcomer."""
        place = (lane, errand)
        waiting = self._queues.setdefault(place, [])
        if not waiting:
            # An idle queue earns nothing: it starts level with the others.
            self._served[place] = max(self._served.get(place, 0.0), self._now)
        waiting.append(one)
        return self._drawn(self._fullest()) if len(self) > self.room else None

    def next(self) -> T | None:
        """Whose turn it is; None when nobody waits."""
        standing = [place for place, waiting in self._queues.items() if waiting]
        if not standing:
            return None
        place = min(standing, key=lambda one: (self._served[one], -one[0], one[1]))
        self._now = self._served[place]
        self._served[place] += 1 / place[0]
        return self._drawn(place)

    def leave(self, one: T) -> None:
        """Forgets somebody who no longer waits."""
        for waiting in self._queues.values():
            if one in waiting:
                waiting.remove(one)
                return

    def _fullest(self) -> Place:
        """The queue that has most of the room for its weight."""
        return max(self._queues, key=lambda place: len(self._queues[place]) / place[0])

    def _drawn(self, place: Place) -> T:
        waiting = self._queues[place]
        chosen = self.draw(len(waiting))
        # The last takes the place of the chosen: order means nothing here.
        waiting[chosen], waiting[-1] = waiting[-1], waiting[chosen]
        return waiting.pop()

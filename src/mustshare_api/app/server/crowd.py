"""The connections of one door: how many there may be, and who goes when all places are taken.

A bound without a choice is a lock-out: under slow clients, a global concurrency cap turned 51
of 52 honest requests away (our measurement). So a newcomer is let in, and in their place goes
whoever lags most. Who makes progress is never closed; when all do, newcomers wait in the
kernel's queue.
"""

import asyncio
import heapq
from typing import Protocol

from mustshare_api.app.server.bounds import SPARE_S, Bounds

_CANDIDATES = 64
"""Looked for at a time: a search per newcomer would be a lever for a flood."""


class Connection(Protocol):
    """What a crowd has to know of a connection."""

    def lag_s(self, now: float) -> float:
        """For how long it has kept us waiting."""
        ...

    def look(self, now: float) -> None:
        """Ends it where its time is up."""
        ...

    def abort(self) -> None:
        """Ends it at once."""
        ...


class Crowd:
    """The open connections of one door."""

    def __init__(self, bounds: Bounds, loop: asyncio.AbstractEventLoop) -> None:
        self.bounds = bounds
        self._loop = loop
        self._present: set[Connection] = set()
        self._laggards: list[Connection] = []
        self._timer = loop.call_later(bounds.tick_s, self._look_round)

    def __len__(self) -> int:
        return len(self._present)

    def has_room(self) -> bool:
        """Whether one more may come in; where none may, the one that lags most has to go."""
        return len(self._present) < self.bounds.connections or self.dismiss()

    def dismiss(self) -> bool:
        """Closes the connection that lags most; False when all of them get on."""
        now = self._loop.time()
        found = self._next(now) or self._search(now)
        if found is None:
            return False
        found.abort()
        self._present.discard(found)
        return True

    def add(self, connection: Connection) -> None:
        """Lets one in."""
        self._present.add(connection)

    def discard(self, connection: Connection) -> None:
        """Forgets one that has ended."""
        self._present.discard(connection)

    def close(self) -> None:
        """Ends them all."""
        self._timer.cancel()
        for connection in list(self._present):
            connection.abort()

    def _next(self, now: float) -> Connection | None:
        """One of those found lately, if it still lags."""
        while self._laggards:
            found = self._laggards.pop()
            if found in self._present and found.lag_s(now) >= SPARE_S:
                return found
        return None

    def _search(self, now: float) -> Connection | None:
        lags = [(one.lag_s(now), id(one), one) for one in self._present]
        worst = heapq.nlargest(_CANDIDATES, (found for found in lags if found[0] >= SPARE_S))
        self._laggards = [found for _, _, found in reversed(worst)]
        return self._next(now)

    def _look_round(self) -> None:
        now = self._loop.time()
        for connection in list(self._present):
            connection.look(now)
        self._laggards.clear()
        self._timer = self._loop.call_later(self.bounds.tick_s, self._look_round)

"""Whose request is begun next, when more come than one event loop can begin at once.

    a head is whole ──> Place.may_go ──> at once, while a pass has room and nobody waits
                             │
                             └──> in line, by how much each connection has had lately;
                                  a pass of the event loop begins a few of them

Every connection has a clock of its own that runs ahead with what it asks for (`prices`). Two
units a second are forgiven. Whoever's clock is least ahead goes first: a newcomer before one
who asks without a pause, and nobody waits for ever, since a clock is never let run far ahead.

A connection that is more than a few requests ahead is *hasty*. Hasty ones are begun as fast as
we can while nobody else is being served; beside somebody who is not hasty they share a tenth of
the loop. So a thousand connections that ask without end cost an honest one little, a proxy that
brings a hundred people over one connection is slowed only while others wait, and nothing is
ever refused or lost: what waits is octets that we have not read yet.

Few requests are under way at one time, since what is begun can no longer be put in order: it
shares the loop with whoever comes next. Whoever only greets begins nothing.

There is no count by address, as nowhere here: behind a proxy or Tor all have one.
"""

import heapq
from collections import OrderedDict
from collections.abc import Callable
from itertools import count, islice
from typing import Final, Protocol, TypeAlias

from mustshare_api.app.server.prices import GREETING_UNITS

FORGIVEN_S: Final = 2.0
"""Units a second. A page and its form are two or three requests, and then somebody writes."""

HASTY: Final = 4.0
"""Units ahead. What a browser asks for at once when a page opens, twice."""

FURTHEST: Final = 10.0
"""Units ahead at most: after 3 s of silence the hastiest is like everybody else, and after 5 s
in line it is before every other hasty one."""

PASS_UNITS: Final = 8.0
"""Begun in one pass of the loop: some 2 ms, after which timers and half-done requests go on."""

BESIDE_S: Final = 0.002
"""Between two units of hasty ones while somebody else is served. A unit is 0.15 to 0.25 ms.
With twice the share, honest p99 was twice as long under a thousand who read nothing."""

YOUNG_S: Final = 5.0
"""For so long after it was begun a request counts as being served. Whoever needs longer waits
for something else than us: their own line, a film, a place among receipts."""

MOST: Final = 16
"""Requests under way at one time: as many as there are connections to the database. What is
begun beyond that waits where nobody knows who had how much (docs/decisions/0016)."""

UNDER_WAY_S: Final = 0.03
"""For so long one counts; a receipt takes longer. So 500 a second are begun at least."""

MOST_HASTY: Final = 8
"""Beside as many no hasty one is begun but in their share: each takes the loop 1 to 2 ms."""

HASTY_WAIT_S: Final = 1.0
"""For so long one counts. With less, hundreds were begun as soon as the database was slow."""

LONGEST_S: Final = 0.1
"""From one of the hasty to the next, whatever they cost meanwhile: slower, and never an end."""


class Loop(Protocol):
    """What is needed of an event loop."""

    def time(self) -> float:
        """Its clock, in s."""
        ...

    def call_soon(self, callback: Callable[[], object]) -> object:
        """In the next pass."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
        """After so many seconds."""
        ...


class Turns:
    """The lines of one event loop: for greetings, for requests, and for those of the hasty."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._greetings: list[_Waiting] = []
        self._line: list[_Waiting] = []
        self._hasty: list[_Waiting] = []
        self._numbers = count()
        self._served: OrderedDict[Place, float] = OrderedDict()
        self._under_way: OrderedDict[Place, float] = OrderedDict()
        self._spent = self._hasty_from = self._hasty_at = 0.0
        self._is_due = self._is_timed = False

    def __len__(self) -> int:
        return len(self._greetings) + len(self._line) + len(self._hasty)

    def time(self) -> float:
        """The loop's clock."""
        return self._loop.time()

    def ask(self, place: "Place", units: float, *, begins: bool) -> bool:
        """Whether it may go on at once; if not, it is called when it may."""
        line, ahead = self._line_of(place, begins=begins), place.paid_until
        if (not line or ahead < line[0][0]) and self._may(line):
            self._begin(line, units)
            return True
        heapq.heappush(line, (ahead, next(self._numbers), units, place))
        self._call()
        return False

    def enter(self, place: "Place") -> None:
        """Counts a sender as being served."""
        now = self.time()
        if not place.is_hasty(now):
            self._served[place] = now

    def work(self, place: "Place") -> None:
        """Counts a request as being under way: it is whole, and waits for nobody but us."""
        self._under_way[place] = self.time()

    def rest(self, place: "Place") -> None:
        """Counts it no more; those who waited for that can go on."""
        if self._under_way.pop(place, None) is not None and len(self):
            self._call()

    def leave(self, place: "Place") -> None:
        """Counts neither any more."""
        self.rest(place)
        if self._served.pop(place, None) is not None and len(self):
            self._call()

    def hold_back(self, units: float) -> None:
        """What hasty ones have cost: so much later the next of them begins."""
        self._hasty_at = self._hasty_at if self._hasty else self.time()
        later = max(self._hasty_from, self.time()) + units * BESIDE_S
        self._hasty_from = min(later, self._hasty_at + LONGEST_S)

    def _line_of(self, place: "Place", *, begins: bool) -> "list[_Waiting]":
        if place.is_hasty():
            return self._hasty
        return self._line if begins else self._greetings

    def _may(self, line: "list[_Waiting]") -> bool:
        """Whether the first of a line may go on now."""
        now = self.time()
        if line is self._hasty and self._hasty_from <= now:
            return True
        if self._spent >= PASS_UNITS or line is self._greetings:
            return self._spent < PASS_UNITS
        under_way = _young(self._under_way, now - HASTY_WAIT_S)
        if line is self._line:
            latest = islice(reversed(self._under_way.values()), MOST)
            return sum(came >= now - UNDER_WAY_S for came in latest) < MOST
        others = self._greetings or self._line or _young(self._served, now - YOUNG_S)
        return under_way < MOST_HASTY and not others

    def _first(self) -> "list[_Waiting] | None":
        """The line whose first is next: who had least, and the hasty behind all others."""
        ready = [line for line in (self._greetings, self._line) if line and self._may(line)]
        if ready:
            return min(ready, key=lambda line: line[0])
        return self._hasty if self._hasty and self._may(self._hasty) else None

    def _begin(self, line: "list[_Waiting]", units: float) -> None:
        if not self._spent:
            self._call()
        self._spent += units
        if line is self._hasty:
            self._hasty_at = self.time()

    def _call(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._pass)

    def _pass(self) -> None:
        self._is_due, self._spent = False, 0.0
        if self._hasty and self._hasty_from <= self.time():
            self._next(self._hasty)
        while self._spent < PASS_UNITS and (line := self._first()) is not None:
            self._next(line)
        if len(self) and self._spent:
            self._call()
        elif len(self) and not self._is_timed:
            self._is_timed = True
            self._loop.call_later(BESIDE_S, self._wake)

    def _next(self, line: "list[_Waiting]") -> None:
        _, _, units, place = heapq.heappop(line)
        if place.waits:
            self._begin(line, units)
            place.called()

    def _wake(self) -> None:
        self._is_timed = False
        self._call()


class Place:
    """One connection's place among all: how far ahead it is, and whether it waits."""

    __slots__ = ("_go", "_granted", "_turns", "paid_until")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._go: list[Callable[[], None]] = []
        self._granted = False
        self.paid_until = 0.0
        """In units since the loop's clock began."""

    @property
    def waits(self) -> bool:
        """Whether it stands in line."""
        return bool(self._go)

    def ahead(self, now: float | None = None) -> float:
        """How many units its clock is ahead, 0 to `FURTHEST`."""
        at = self._turns.time() if now is None else now
        return max(0.0, self.paid_until - at * FORGIVEN_S)

    def is_hasty(self, now: float | None = None) -> bool:
        """Whether it has asked for far more than others do."""
        return self.ahead(now) > HASTY

    def may_greet(self, go: Callable[[], None]) -> bool:
        """The same as `may_go`, for a handshake, which begins nothing."""
        return self._may(go, GREETING_UNITS, begins=False)

    def may_go(self, go: Callable[[], None]) -> bool:
        """Whether it is this connection's turn; if not, `go` is called when it is."""
        return self._may(go, 1.0, begins=True)

    def _may(self, go: Callable[[], None], units: float, *, begins: bool) -> bool:
        if self._granted:
            self._granted = False
            return True
        if not self._go:
            now = self._turns.time()
            self.paid_until = max(self.paid_until, now * FORGIVEN_S)
            if self._turns.ask(self, units, begins=begins):
                return True
        if go not in self._go:
            self._go.append(go)
        return False

    def called(self) -> None:
        """Its turn has come."""
        waiting, self._go, self._granted = self._go, [], True
        for go in waiting:
            go()
        self._granted = False

    def pay(self, units: float) -> None:
        """Moves its clock on by what it has asked for."""
        now = self._turns.time() * FORGIVEN_S
        self.paid_until = min(max(self.paid_until, now) + units, now + FURTHEST)
        if self.paid_until - now > HASTY:
            self._turns.hold_back(units)

    def begin(self) -> None:
        """A request has begun."""
        self._turns.enter(self)
        self.pay(1.0)

    def whole(self) -> None:
        """Its body has come."""
        self._turns.work(self)

    def answered(self) -> None:
        """Its answer begins; how fast that is read is not up to us."""
        self._turns.rest(self)

    def end(self) -> None:
        """Its answer has ended."""
        self._turns.leave(self)

    def give_up(self) -> None:
        """The connection has ended, and whatever it waited for."""
        self._go.clear()
        self._turns.leave(self)


def _young(present: "OrderedDict[Place, float]", since: float) -> int:
    """How many have been here since a moment; forgets who came before it."""
    while present:
        place, came = next(iter(present.items()))
        if came >= since:
            break
        del present[place]
    return len(present)


_Waiting: TypeAlias = tuple[float, int, float, Place]
"""How far ahead, a number that tells equals apart, in units, who."""

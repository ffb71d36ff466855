"""A flood in virtual time: 200 attackers, 20 reporters, and the code that decides who is next.

    visitor --try--> line (domain.lanes) --turn--> a stretch of 25 ms on one of two slots
            <--turned away: come back--

What is modelled is time: how long solving, stretching and coming back take. Who waits where,
what a solution has to cost and whose network had its turns is decided by the service's own
code. `controls=False` is what there was before: one line of 64, first come, first served.
Seeded, so that a run can be told again.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from mustshare_api.domain.lanes import Errand, Lane, Line
from mustshare_api.domain.pressure import RISE_WAIT_S, TRIES, Pressure, cost_of, goes_ahead
from mustshare_api.flows.buckets import EdgeBuckets
from tests.doors import MovedClock

STRETCH_S = 0.025
SLOTS = 2
ROOM = 256
ROOM_BEFORE = 64
SERVER_ROUNDS_S = 4.3e6
"""PBKDF2-SHA256 rounds a second of one core with SHA extensions, measured here."""

PHONE_ROUNDS_S = 0.65e6
PHONE_TRY_S = 0.001
GIVES_UP_S = 600.0
FORM_PATIENCE_S = 45.0
PATIENCE_S = 20.0
PERSON_AGAIN_S = 10.0
PARTNER_QUOTA = 200


@dataclass(eq=False)
class Visitor:
    """Somebody who sends, again and again or until it was taken."""

    kind: str
    honest: bool
    errand: Errand = Errand.TIP
    solves: float = 0.0
    """Tries a second of one round each; 0 for who brings no solution."""

    network: str | None = None
    every_s: float = 0.0
    """An attacker's pause between two requests; 0 for as soon as the last is answered."""

    hoard: int = 0
    replays: bool = False
    has_key: bool = False
    is_form: bool = False
    began_at: float | None = None
    taken_at: list[float] = field(default_factory=list[float])
    refused: int = 0
    cpu_s: float = 0.0
    paid: int = 0


@dataclass(eq=False)
class Try:
    """One request in line; `joined_at` its first joining."""

    who: Visitor
    lane: Lane
    joined_at: float
    is_over: bool = False


class Flood:
    """One run."""

    def __init__(
        self,
        visitors: list[Visitor],
        *,
        controls: bool,
        seed: int,
        gives_up_s: float = GIVES_UP_S,
    ) -> None:
        self.gives_up_s = gives_up_s
        self.visitors, self.controls, self.chance = visitors, controls, Random(seed)
        self.clock = MovedClock()
        self.pressure, self.buckets = Pressure(), EdgeBuckets(self.clock)
        self.line: Line[Try] = Line(ROOM, self.chance.randrange)
        self.fifo: deque[Try] = deque()
        self.inside, self.quota = 0, PARTNER_QUOTA
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    @property
    def now(self) -> float:
        return self.clock.seconds

    def at(self, delay_s: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now + delay_s, next(self._count), do))

    def run(self, starts: Iterator[float], until_s: float) -> None:
        """Until every honest one has been served or has given up, and for so long at least."""
        for who in self.visitors:
            self.at(next(starts) if who.honest else self.chance.random(), self._starter(who))
        while self._due and not (self.now > until_s and self._settled()):
            when, _, do = heapq.heappop(self._due)
            self.clock.seconds = when
            do()

    def _settled(self) -> bool:
        return all(
            who.taken_at
            or (who.began_at is not None and self.now > who.began_at + self.gives_up_s)
            for who in self.visitors
            if who.honest
        )

    def _starter(self, who: Visitor) -> Callable[[], None]:
        def start() -> None:
            who.began_at = self.now
            self._prepare(who)

        return start

    def _prepare(self, who: Visitor) -> None:
        """Solves first, where that helps; attackers with a timer send on time."""
        delay_s = 0.0
        level = self.pressure.level(self.now)
        has_one = who.honest and goes_ahead(who.paid, level)
        if self.controls and who.solves and level and not has_one:
            tries, cost = self.chance.randrange(TRIES) + 1, cost_of(level)
            delay_s = tries * (cost / who.solves + (PHONE_TRY_S if who.honest else 0))
            who.cpu_s += delay_s
            who.paid = cost
        self.at(delay_s, lambda: self._send(who))
        if not who.honest and who.every_s:
            self.at(max(delay_s, who.every_s), lambda: self._prepare(who))

    def _send(self, who: Visitor) -> None:
        one = Try(who, self._lane(who), self.now)
        if self.inside < SLOTS and not self._waiting():
            self._serve(one)
        else:
            self._join(one)

    def _waiting(self) -> int:
        return len(self.line) if self.controls else len(self.fifo)

    def _lane(self, who: Visitor) -> Lane:
        if not self.controls:
            return Lane.PLAIN
        if who.has_key and self.quota:
            self.quota -= 1
            return Lane.PARTNER
        level = self.pressure.level(self.now)
        self.pressure.observe((self._waiting() + 1) * STRETCH_S / SLOTS, self.now)
        if level and who.hoard:
            who.hoard -= 1
            if goes_ahead(cost_of(1), level):
                return Lane.AHEAD
        if level and who.paid and goes_ahead(who.paid, level):
            who.paid = 0
            return Lane.AHEAD
        bucket = self.buckets.bucket_of(who.network) if who.network else None
        return Lane.PLAIN if bucket is None or self.buckets.draw(bucket) else Lane.BEHIND

    def _join(self, one: Try) -> None:
        if not self.controls:
            if len(self.fifo) >= ROOM_BEFORE:
                self._turn_away(one)
            else:
                self.fifo.append(one)
            return
        lost = self.line.join(one.lane, one.who.errand, one)
        if lost is not one:
            patience_s = FORM_PATIENCE_S if one.who.is_form else PATIENCE_S
            self.at(patience_s - (self.now - one.joined_at), lambda: self._out_of_patience(one))
        if lost is not None:
            self.pressure.observe(RISE_WAIT_S, self.now)
            self._lose(lost)

    def _lose(self, lost: Try) -> None:
        form = lost.who.is_form and self.now - lost.joined_at < FORM_PATIENCE_S
        if form and not lost.is_over:
            self.at(0.2, lambda: None if lost.is_over else self._join(lost))
        else:
            self._turn_away(lost)

    def _out_of_patience(self, one: Try) -> None:
        if not one.is_over:
            self.line.leave(one)
            self._turn_away(one)

    def _turn_away(self, one: Try) -> None:
        if one.is_over:
            return
        one.is_over = True
        who = one.who
        who.refused += 1
        if one.lane is Lane.AHEAD:
            who.paid = max(who.paid, cost_of(self.pressure.level(self.now)))
        if who.honest:
            again_s = PERSON_AGAIN_S if who.is_form else 2 + self.chance.random() * 2
            self.at(again_s, lambda: self._prepare(who))
        elif not who.every_s:
            self.at(0.1, lambda: self._prepare(who))

    def _serve(self, one: Try) -> None:
        one.is_over = True
        self.inside += 1
        self.at(STRETCH_S, lambda: self._served(one))

    def _served(self, one: Try) -> None:
        self.inside -= 1
        one.who.taken_at.append(self.now)
        if not one.who.honest and not one.who.every_s:
            self.at(0.01, lambda: self._prepare(one.who))
        following = self.line.next() if self.controls else None
        if not self.controls and self.fifo:
            following = self.fifo.popleft()
        if following is not None:
            self._serve(following)

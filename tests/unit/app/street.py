"""An event loop on a clock of the test's own, and clients whose requests stand in its lines."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from mustshare_api.app.server.turns import FURTHEST, Place, Turns


@dataclass
class Loop:
    """An event loop whose time passes when a test says so, and passes when nothing is due."""

    now: float = 1000.0
    soon: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    later: list[tuple[float, int, Callable[[], object]]] = field(
        default_factory=list[tuple[float, int, Callable[[], object]]]
    )
    numbers: "count[int]" = field(default_factory=count)

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[[], object]) -> None:
        self.soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], object]) -> None:
        heapq.heappush(self.later, (self.now + delay, next(self.numbers), callback))

    def turn(self) -> None:
        """One pass."""
        called, self.soon = self.soon, []
        for callback in called:
            callback()

    def run(self, seconds: float) -> None:
        """Passes without end, each of which takes no time."""
        until = self.now + seconds
        while True:
            while self.soon:
                self.turn()
            if not self.later or self.later[0][0] > until:
                break
            self.now, _, callback = heapq.heappop(self.later)
            callback()
        self.now = until


@dataclass
class Client:
    """A connection that asks; what it asked for is answered when the test says so."""

    turns: Turns
    name: str
    told: list[str]
    place: Place = field(init=False)
    begun: int = 0

    def __post_init__(self) -> None:
        self.place = Place(self.turns)

    def ask(self) -> bool:
        """Sends a request; whether it was begun at once."""
        if not self.place.may_go(self.again):
            return False
        self.place.begin()
        self.place.whole()
        self.begun += 1
        self.told.append(self.name)
        return True

    def again(self) -> None:
        assert self.ask()

    def end(self) -> None:
        """It was answered."""
        self.place.end()


@dataclass
class Street:
    """A loop, its turns, and those who ask."""

    loop: Loop = field(default_factory=Loop)
    told: list[str] = field(default_factory=list[str])
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.loop)

    def client(self, name: str, *, hasty: bool = False) -> Client:
        """A connection; a hasty one has just had far more than others."""
        made = Client(self.turns, name, self.told)
        if hasty:
            made.place.pay(FURTHEST)
        return made

"""How one connection gets on: what is awaited of it, and since when.

    GREETING   the TLS handshake         its bytes are no progress: it comes whole, or late
    HEAD       a request's head          likewise
    BODY       a request's body          every stride starts the clock again
    WORK       nothing: it is our turn
    IDLE       another request
    LEAVING    that it reads a refusal and goes

`lag_s` compares connections when there is no room for all: by progress and age, never by
address, which is one for everybody behind a proxy and for everybody from Tor.
"""

from dataclasses import dataclass
from enum import Enum, auto

from mustshare_api.app.server.bounds import Bounds
from mustshare_api.domain.limits import STRIDE_BYTES

DISPENSABLE = 8.0
"""How much sooner than others those go with whom nothing is lost: idle and refused ones."""


class Stage(Enum):
    """What is awaited of a connection."""

    GREETING = auto()
    HEAD = auto()
    BODY = auto()
    WORK = auto()
    IDLE = auto()
    LEAVING = auto()


@dataclass(slots=True)
class Pulse:
    """The stage of a connection, and when it last got on. Times are the event loop's."""

    stage: Stage
    since: float
    gained_bytes: int = 0

    def enter(self, stage: Stage, now: float) -> None:
        """Begins a stage."""
        self.stage, self.since, self.gained_bytes = stage, now, 0

    def gain(self, octets: int, now: float) -> None:
        """Counts progress; a whole stride of it starts the clock again."""
        self.gained_bytes += octets
        if self.gained_bytes >= STRIDE_BYTES:
            self.since, self.gained_bytes = now, 0

    def lag_s(self, now: float) -> float:
        """For how long it has kept us waiting."""
        if self.stage is Stage.WORK:
            return 0.0
        waited_s = now - self.since
        if self.stage in (Stage.IDLE, Stage.LEAVING):
            return waited_s * DISPENSABLE
        return waited_s

    def is_due(self, now: float, bounds: Bounds) -> bool:
        """Whether its time is up. Bodies are timed by the app, which answers them."""
        allowed = {
            Stage.GREETING: bounds.header_s,
            Stage.HEAD: bounds.header_s,
            Stage.IDLE: bounds.keep_alive_s,
            Stage.LEAVING: bounds.linger_s,
        }.get(self.stage)
        return allowed is not None and now - self.since >= allowed

"""How much and how long one connection may ask for, before and beside any request.

    greeting - header_s -> head - header_s -> body - stride_s a stride -> answer, likewise
                             ^                                              |
                             `------------- idle, keep_alive_s -------------'

Each number is generous to the worst line that a reporter may have, a phone on 2G behind Tor,
and mean to whoever holds what others need.
"""

from dataclasses import dataclass
from typing import Final

SPARE_S: Final = 1.0
"""Nobody who was heard of this lately is closed to make room."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one door asks of its connections."""

    connections: int = 4096
    """Open at a time. When they are all taken, the one that lags most makes room."""

    header_s: float = 20.0
    """For the TLS handshake, and again for a request's head: a round trip and 2 KiB each,
    which take 5 s over Tor on GPRS."""

    header_bytes: int = 16 * 1024
    """A browser's head is under 2 KiB, a receipt and a signature under one more."""

    header_lines: int = 64
    """A browser sends about 20, two proxies add about 10."""

    target_bytes: int = 2048
    """Our longest is a page of the index, under 200."""

    late_s: float = 3.0
    """For the rest of a small body, before the app is asked and its clocks begin (`starting`).
    Longer than a thousand newcomers take, and far shorter than any deadline of a body."""

    keep_alive_s: float = 15.0
    """Between two requests."""

    stride_s: float = 30.0
    """For each stride of an answer that is being read; bodies have the same clock in the app.
    137 bytes a second: an eighth of GPRS at its slowest."""

    linger_s: float = 2.0
    """For a refusal to cross the world and be read, before a close takes it back."""

    requests: int = 1000
    """On one connection: a proxy that keeps it gets another at no cost worth naming."""

    @property
    def tick_s(self) -> float:
        """How often clocks are looked at."""
        clocks = (self.header_s, self.late_s, self.keep_alive_s, self.stride_s, self.linger_s)
        return min(1.0, min(clocks) / 4)

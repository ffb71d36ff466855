"""How hard a solution has to be: from how long a newcomer would wait.

    wait     short long ..... short
    level    0     1 2 3 4 4     3   2   1   0
                   at least 5 s  a minute each

Level 0 is calm: no solution is asked for and none is looked at. A step up doubles the work.

The level is told to anyone who asks, so it must not tell how many others send tips. A few do
not move it: it rises when the wait passes half a second, which takes tens of requests at one
moment. It falls slowly, so that it does not tell when they ended either. What it tells is that
there is a flood, which whoever measures an answer's time knows already.

    solving takes 256 tries at most, 128 on average, of `cost` rounds of PBKDF2 each
    a slow phone   0.65 million rounds/s, and 1 ms of script around each try

    level    cost    at most, slow phone    on average
    1         500    0.5 s                  0.2 s
    2       1,000    0.6 s                  0.3 s
    3       2,000    1.0 s                  0.5 s
    4       4,000    1.8 s                  0.9 s

The figures and where they come from stand in docs/flood.md.
"""

from dataclasses import dataclass
from typing import Final

COSTS: Final = (0, 500, 1_000, 2_000, 4_000)
"""PBKDF2 rounds of one try, by level."""

TRIES: Final = 256
"""The most tries that a solution takes. Few, for each has to be worth its overhead in a
browser; many, for the server has to do one try for each challenge it makes."""

TOP: Final = len(COSTS) - 1

RISE_WAIT_S: Final = 0.5
"""A wait that people notice. Tens of receipts at one moment; never an ordinary day."""

FALL_WAIT_S: Final = 0.25
RISE_EVERY_S: Final = 5.0
"""Longer than a phone takes to solve, so that one step's effect is seen before the next."""

FALL_EVERY_S: Final = 60.0


@dataclass(slots=True)
class Pressure:
    """The level of one process. Times are a monotonic clock's seconds."""

    _level: int = 0
    _moved_at: float = float("-inf")
    _strained_at: float = float("-inf")

    def observe(self, wait_s: float, now: float) -> None:
        """Takes note of how long somebody who comes now would wait."""
        level = self.level(now)
        if wait_s >= FALL_WAIT_S:
            self._strained_at = now
        if wait_s >= RISE_WAIT_S and level < TOP and now - self._moved_at >= RISE_EVERY_S:
            self._level, self._moved_at = level + 1, now

    def level(self, now: float) -> int:
        """The level in force, 0 to 4."""
        calm_s = now - max(self._strained_at, self._moved_at)
        steps = int(min(self._level, max(0.0, calm_s) // FALL_EVERY_S))
        if steps:
            self._level -= steps
            self._moved_at = max(self._strained_at, self._moved_at) + steps * FALL_EVERY_S
        return self._level


def cost_of(level: int) -> int:
    """The cost of a challenge that is made at a level; in calm the lowest there is."""
    return COSTS[max(1, level)]


def goes_ahead(paid: int, level: int) -> bool:
    """Whether a solution that cost so much is worth something at a level.

    One step less will do: the level may have risen while a phone was solving. What was solved
    in calm, and kept, is worth nothing from level 3 on.
    """
    return level > 0 and paid >= COSTS[max(1, level - 1)]

"""An event loop whose time passes when nothing else is left to do; and a hang is an error.

For what waits by the clock: twenty seconds of patience take none, and each run is the same.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from typing_extensions import override

T = TypeVar("T")


class Stuck(AssertionError):
    """Everybody waits for somebody else, and no timer is left: they would for ever."""


class _Skipping(selectors.DefaultSelector):
    """Waits for nothing, and tells by how much time would have passed."""

    skipped_s = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.skipped_s += max(0.0, timeout)
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop on a clock of its own."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    @override
    def time(self) -> float:
        return self._skipping.skipped_s


def played(story: Coroutine[Any, Any, T]) -> T:
    """Runs to the end, at once.

    Raises:
        Stuck: it has none.
    """
    loop = SkippingLoop()
    try:
        return loop.run_until_complete(story)
    finally:
        loop.close()

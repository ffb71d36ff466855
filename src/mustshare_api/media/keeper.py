"""Keeps one zygote alive: starts it, starts another where it is gone, and ends it.

    pictures   a zygote that loaded what pictures need, started with the service
    extras     one that loaded the libraries of PDF and films besides, at the first such file

Two of them, so that no picture's child has a parser of films in its memory, nor pays for one:
forking copies the tables of all memory there is.
"""

import contextlib
import threading

from mustshare_api.clock import Clock
from mustshare_api.errors import Unavailable
from mustshare_api.media.channel import Setting
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.media.worker import Zygote, ZygoteLost

_START_AGAIN_S = 5.0
"""Where no zygote can be started, trying at each upload would cost more than the upload."""


class Keeper:
    """One zygote, or none for the moment."""

    def __init__(self, setting: Setting, clock: Clock) -> None:
        self.zygote: Zygote | None = None
        self._setting = setting
        self._clock = clock
        self._starting = threading.Lock()
        self._stopped = False
        self._next_start_at = 0.0

    def alive(self) -> Zygote:
        """The zygote, started if there is none.

        Raises:
            Unavailable: None can be had, or its sandbox does not hold.
        """
        with self._starting:
            if self.zygote is None and self._may_start():
                with contextlib.suppress(ZygoteLost, OSError):
                    self.zygote = Zygote(self._setting, self._clock)
                if self.zygote is None:
                    self._next_start_at = self._clock.monotonic() + _START_AGAIN_S
            if self.zygote is None or not self._is_safe(self.zygote):
                raise Unavailable("media.sandbox_unavailable")
            return self.zygote

    def lose(self, zygote: Zygote) -> None:
        """Ends a zygote that was lost, unless another has its place already."""
        with self._starting:
            if self.zygote is zygote:
                self.zygote = None
                zygote.kill()

    def stop(self) -> None:
        """Ends it for good."""
        with self._starting:
            self._stopped = True
            if self.zygote:
                self.zygote.stop()
            self.zygote = None

    def _may_start(self) -> bool:
        return not self._stopped and self._clock.monotonic() >= self._next_start_at

    def _is_safe(self, zygote: Zygote) -> bool:
        return self._setting.best_effort or zygote.sandbox.get("seccomp") == IN_FORCE

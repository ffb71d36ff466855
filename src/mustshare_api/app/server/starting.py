"""uvicorn's protocol, which asks the app once there is something to answer.

    no body, or none that is read          at once
    100-continue, or a long body           at once: the app may refuse it unsent
    a small body, or one in chunks         once it has come, or 16 KiB of it, or after 3 s

Asked at the head, an app was begun for each of a thousand bodies that drip, which was half of
what they cost while they all come, and waited. What comes meanwhile is held as for an app that
does not read; its deadlines begin when it is asked.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mustshare_api.api.harden import App

SMALL_BYTES: Final = 16 * 1024
"""A tip in words, sealed too, is shorter, and comes in one packet or two."""

_BRING: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose bodies are read; whatever else announces one is answered without."""


class Starting(HttpToolsProtocol):
    """A connection whose app is not asked too early."""

    _start: Callable[[], None] | None = None
    _headed_at = 0.0

    @override
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._start, self._headed_at = partial(self._ask, cycle, app), self.loop.time()
        is_read = cycle.scope["method"] in _BRING and not cycle.waiting_for_100_continue
        if not is_read or _announced_bytes(self.headers) > SMALL_BYTES:
            self.start()

    def _ask(self, cycle: RequestResponseCycle, app: App) -> None:
        super()._start_asgi_task(cycle, app)

    def start(self) -> None:
        """Asks the app, if that was not done yet."""
        start, self._start = self._start, None
        if start is not None:
            start()

    def look(self, now: float, late_s: float) -> None:
        """Asks it where the rest is later than so many seconds."""
        if self._start is not None and now - self._headed_at >= late_s:
            self.start()

    def drop(self) -> None:
        """Never asks it: the request came to nothing."""
        self._start = None

    @override
    def on_body(self, body: bytes) -> None:
        """Passes on a piece of a body."""
        super().on_body(body)
        if len(self.cycle.body) >= SMALL_BYTES:
            self.start()

    @override
    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self.start()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be answered."""
        self.drop()
        super().connection_lost(exc)

    @override
    def shutdown(self) -> None:
        """Whoever is still sending is told so by the app."""
        self.start()
        super().shutdown()


def _announced_bytes(headers: list[tuple[bytes, bytes]]) -> int:
    """How long a body is said to be; 0 where it comes in chunks, or none does."""
    return max((int(value) for name, value in headers if name == b"content-length"), default=0)

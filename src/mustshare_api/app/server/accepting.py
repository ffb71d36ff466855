"""Takes connections in, and goes on doing so when there is no room for another.

Event loops' own servers take in whatever comes. Without descriptors uvloop then closes the
listening socket for good, and asyncio logs an error per attempt. Here nobody is taken in
before there is a place; meanwhile newcomers wait in the kernel's queue, where a place costs
nothing of ours. The address that `accept` tells is dropped on the spot.
"""

import asyncio
import socket
from collections.abc import Callable

from mustshare_api.app.server.crowd import Crowd
from mustshare_api.app.server.wire import Wire

_BATCH = 64
"""Taken in before others have their turn."""

_PAUSE_S = 0.05
"""Until the next try, when there was no room."""

_UNSENT_BYTES = 128 * 1024
"""What the kernel holds of an answer, beyond what is on its way, for a reader who is slow."""


class Acceptor:
    """One listening socket of a door, as uvicorn wants it: `close` and `wait_closed`."""

    def __init__(
        self, listening: socket.socket, crowd: Crowd, make: Callable[[socket.socket], Wire]
    ) -> None:
        self._listening = listening
        self._crowd = crowd
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        self._settling: set[asyncio.Task[None]] = set()
        listening.settimeout(0)
        self._begin()

    def close(self) -> None:
        """Takes nobody in any more."""
        if self._pause is None:
            self._loop.remove_reader(self._listening.fileno())
        else:
            self._pause.cancel()

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""

    def _begin(self) -> None:
        self._pause = None
        self._loop.add_reader(self._listening.fileno(), self._take_in)

    def _rest(self) -> None:
        self._loop.remove_reader(self._listening.fileno())
        self._pause = self._loop.call_later(_PAUSE_S, self._begin)

    def _take_in(self) -> None:
        for _ in range(_BATCH):
            if not self._crowd.has_room():
                self._rest()
                return
            try:
                accepted, _ = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # no descriptor left: something else in this process has them
                self._crowd.dismiss()
                self._rest()
                return
            self._settle(accepted)

    def _settle(self, accepted: socket.socket) -> None:
        wire = self._make(accepted)
        self._crowd.add(wire)
        task = self._loop.create_task(self._connect(accepted, wire))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _connect(self, accepted: socket.socket, wire: Wire) -> None:
        try:
            accepted.settimeout(0)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            accepted.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
            await self._loop.connect_accepted_socket(lambda: wire, accepted)
        except (OSError, RuntimeError):  # it has gone already
            self._crowd.discard(wire)
            accepted.close()


_TCP_NOTSENT_LOWAT = 25
"""As in linux/tcp.h; the socket module has no name for it before Python 3.12."""

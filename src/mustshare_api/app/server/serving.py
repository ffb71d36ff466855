"""Runs the three doors in one process until it is asked to stop.

uvicorn, because under our malloc settings it left no copy of a tip behind; without its access
log, its server header, its own signal handling, which knows of one server and not of three,
and its way of taking connections in, which knows no bounds (`accepting`, `crowd`, `wire`).
"""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import uvicorn
from typing_extensions import override

from mustshare_api.api.harden import LINGER_S, App
from mustshare_api.app.server.accepting import Acceptor
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.app.server.charges import charging
from mustshare_api.app.server.conversation import Conversation
from mustshare_api.app.server.crowd import Crowd
from mustshare_api.app.server.turns import Turns
from mustshare_api.app.server.wire import Wire
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address

FAREWELL_S = 10
"""How long requests under way may take to end once we are asked to stop."""

LAST_WORD_S = LINGER_S + 1
"""And how long it then takes to tell those that did not that they were cut off."""

BACKLOG = 2048

Errand: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class _Server(uvicorn.Server):
    """One door's server; the process as a whole handles signals."""

    def __init__(
        self, config: uvicorn.Config, tls: ssl.SSLContext | None, bounds: Bounds
    ) -> None:
        super().__init__(config)
        self._tls = tls
        self._bounds = bounds
        self._crowd: Crowd | None = None

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves signals alone."""
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes connections in, as many as there are places."""
        loop = asyncio.get_running_loop()
        crowd, turns = Crowd(self._bounds, loop), Turns(loop)
        self._crowd = crowd

        app = cast("App", cast("Any", self.config).loaded_app)

        def talk(wire: Wire) -> Conversation:
            one = Conversation(self.config, self.server_state, wire, self._bounds)
            one.app = charging(app, wire.place)
            return one

        def make(accepted: socket.socket) -> Wire:
            return Wire(accepted, self._bounds, self._tls, talk, crowd.discard, turns)

        acceptors = [Acceptor(one, crowd, make) for one in sockets or []]
        self.servers = cast("list[asyncio.base_events.Server]", acceptors)
        self.started = True

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Lets requests under way end, tells those that do not, and ends whoever is left."""
        await super().shutdown(sockets)
        if self.server_state.tasks and not self.force_exit:
            await asyncio.wait(self.server_state.tasks, timeout=LAST_WORD_S)
        if self._crowd is not None:
            self._crowd.close()


@dataclass(frozen=True, slots=True)
class Listener:
    """A door that listens: nobody is answered before `serve`."""

    server: _Server
    sockets: list[socket.socket]


def listen(
    app: App,
    sockets: list[socket.socket],
    tls: ssl.SSLContext | None,
    bounds: Bounds | None = None,
) -> Listener:
    """A door behind sockets that are bound already."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=FAREWELL_S,
    )
    config.load()
    return Listener(_Server(config, tls, bounds or Bounds()), sockets)


def bound(address: Address) -> list[socket.socket]:
    """One listening socket an address; `localhost` may be two.

    Raises:
        Misconfigured: it is taken, or no address of this machine.
    """
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    opened: list[socket.socket] = []
    try:
        for family, _, _, _, place in found:
            opened.append(socket.create_server(place[:2], family=family, backlog=BACKLOG))
    except OSError:
        for one in opened:
            one.close()
        raise Misconfigured(
            f"{address} cannot be listened on: it is taken, or not an address of this machine; "
            "stop what listens there, or choose another with the MUSTSHARE_*_ADDRESS settings."
        ) from None
    return opened


async def serve(
    listeners: list[Listener], beside: Sequence[Errand], ended: Errand | None = None
) -> None:
    """Serves until SIGINT or SIGTERM, with what is `beside` running along.

    It also stops once `ended` returns: what the doors stand on is gone then, and a service
    that answers nothing but 503 would look alive to whoever could start it again.
    """
    # Its words for an unhandled error quote the error, which may quote a tip.
    logging.disable(logging.CRITICAL)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, listeners)
    companions = [asyncio.create_task(errand()) for errand in beside]
    if ended is not None:
        companions.append(asyncio.create_task(_stop_after(ended, listeners)))
    try:
        await asyncio.gather(*(one.server.serve(one.sockets) for one in listeners))
    finally:
        for companion in companions:
            companion.cancel()
        await asyncio.gather(*companions, return_exceptions=True)


async def _stop_after(ended: Errand, listeners: list[Listener]) -> None:
    await ended()
    _stop(listeners)


def _stop(listeners: list[Listener]) -> None:
    for one in listeners:
        one.server.should_exit = True

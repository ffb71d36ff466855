"""Runs the three doors in one process until it is asked to stop.

uvicorn, because under our malloc settings it left no copy of a tip behind; without its access
log, its server header and its own signal handling, which knows of one server and not of three.
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
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mustshare_api.api.harden import App
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address

KEEP_ALIVE_S = 15
FAREWELL_S = 10
"""How long requests under way may take to end once we are asked to stop."""

BACKLOG = 2048

Errand: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class _Server(uvicorn.Server):
    """One door's server; the process as a whole handles signals."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves signals alone."""
        yield


class _Protocol(HttpToolsProtocol):
    """One connection, which forgets a request as soon as it is answered.

    uvicorn's own keeps it until the next one comes or the client hangs up, and with it the
    header in which the receipt stands.
    """

    @override
    def on_response_complete(self) -> None:
        """Lets go of what was answered, unless another request came in meanwhile."""
        super().on_response_complete()
        if self.cycle.response_complete:
            cast("dict[str, Any]", self.cycle.scope).clear()
            self.headers.clear()
            self.url = b""


@dataclass(frozen=True, slots=True)
class Listener:
    """A door that listens: nobody is answered before `serve`."""

    server: _Server
    sockets: list[socket.socket]


def listen(app: App, address: Address, tls: ssl.SSLContext | None) -> Listener:
    """Takes an address for a door.

    Raises:
        Misconfigured: it is taken, or no address of this machine.
    """
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=FAREWELL_S,
        backlog=BACKLOG,
    )
    config.load()
    config.ssl = tls
    return Listener(_Server(config), _bound(address))


def _bound(address: Address) -> list[socket.socket]:
    """One listening socket an address; `localhost` may be two."""
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

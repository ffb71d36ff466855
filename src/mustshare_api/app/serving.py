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
from typing import Any, ClassVar, TypeAlias, cast

import uvicorn
from typing_extensions import override

from mustshare_api.api.harden import App
from mustshare_api.app.strictness import StrictProtocol
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address

KEEP_ALIVE_S = 15
FAREWELL_S = 10
"""How long requests under way may take to end once we are asked to stop."""

BACKLOG = 2048

READ_BYTES = 128 * 1024
"""The most that is handed on at a time: eight TLS records."""

Errand: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class _Server(uvicorn.Server):
    """One door's server; the process as a whole handles signals."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves signals alone."""
        yield


class _Protocol(StrictProtocol):
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


class _Connection(asyncio.BufferedProtocol):
    """Reads into one buffer that all connections of the process share.

    Otherwise every TLS record of a photo, 16 KiB at most, is read into a fresh 256 KiB object,
    which our malloc settings fill twice: a third of what a photo cost the serving process. The
    buffer is filled and emptied within one call of the event loop, and wiped at once. It is
    a view because asyncio fills slices of it: those of a bytearray would be copies, and lost.
    """

    _shared: ClassVar = memoryview(bytearray(READ_BYTES))

    def __init__(self, protocol: _Protocol) -> None:
        self._protocol = protocol

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to read to."""
        return self._shared

    @override
    def buffer_updated(self, nbytes: int) -> None:
        """Takes what was read, and wipes it."""
        octets = bytes(self._shared[:nbytes])
        self._shared[:nbytes] = bytes(nbytes)
        self._protocol.data_received(octets)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Passes it on."""
        self._protocol.connection_made(cast("asyncio.Transport", transport))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Passes it on."""
        self._protocol.connection_lost(exc)

    @override
    def eof_received(self) -> None:
        """Passes it on."""
        self._protocol.eof_received()

    @override
    def pause_writing(self) -> None:
        """Passes it on."""
        self._protocol.pause_writing()

    @override
    def resume_writing(self) -> None:
        """Passes it on."""
        self._protocol.resume_writing()


def _connection(**what_uvicorn_gives: Any) -> _Connection:  # noqa: ANN401 - uvicorn's business
    return _Connection(_Protocol(**what_uvicorn_gives))


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
        http=cast("type[asyncio.Protocol]", _connection),
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

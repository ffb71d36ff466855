"""A door without a service behind it, on loopback, with short clocks.

It runs in a thread with an event loop of its own, so that a test may be as slow and as wrong
as it likes with plain sockets. The app answers `GET /`, echoes the length of a body, and sends
as much as `GET /large` asks for.
"""

import asyncio
import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from mustshare_api.api.harden import harden
from mustshare_api.app.server import serving, tls
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.settings import Address

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
SHORT = Bounds(
    connections=40,
    header_s=0.6,
    late_s=0.3,
    keep_alive_s=0.6,
    stride_s=0.8,
    linger_s=0.1,
    requests=20,
)
SOON_S = 6.0
"""Many times what a short clock allows, for a machine that has other things to do."""

LARGE_BYTES = 32 * 1024 * 1024
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Counts what it is sent."""
    taken, more = 0, True
    while more:
        event = await receive()
        taken += len(event.get("body", b""))
        more = event.get("more_body", False)
    large = scope["path"] == "/large"
    body = bytes(LARGE_BYTES) if large else str(taken).encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    for at in range(0, len(body), 65536):
        piece = body[at : at + 65536]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@dataclass
class Door:
    """Where it listens, how to be believed, and what it holds."""

    port: int
    client: ssl.SSLContext | None
    server: Any

    @property
    def present(self) -> int:
        """How many connections it holds."""
        return len(self.server._crowd)

    def dial(self, *, greet: bool = True) -> socket.socket:
        """A connection; with TLS where the door has it, unless nobody is to be greeted."""
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        if self.client is None or not greet:
            return wire
        return self.client.wrap_socket(wire, server_hostname="127.0.0.1")

    def say(self, octets: bytes) -> bytes:
        """All that comes back, until the other side closes."""
        with self.dial() as wire:
            wire.sendall(octets)
            return until_closed(wire)

    def ask(self) -> float:
        """Sends an honest request on a connection of its own; how long that took, in s."""
        began = time.monotonic()
        assert statuses(self.say(LAST)) == [200]
        return time.monotonic() - began


def until_closed(wire: socket.socket) -> bytes:
    """Everything that still comes; a reset is an end like any other."""
    found = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while octets := wire.recv(65536):
            found += octets
    return found


def closes(wire: socket.socket) -> bool:
    """Whether the other side closes soon, whatever it says first."""
    wire.settimeout(SOON_S)
    try:
        until_closed(wire)
    except TimeoutError:
        return False
    return True


def statuses(octets: bytes) -> list[int]:
    """The statuses of the answers in what came back."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", octets)]


def soon(fact: Callable[[], bool]) -> bool:
    """Whether something comes true in good time."""
    until = time.monotonic() + SOON_S
    while not fact() and time.monotonic() < until:
        time.sleep(0.02)
    return fact()


def certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context, and a client's that trusts it."""
    now = SystemClock().now()
    authority = local_ca.make_authority(now)
    issued = local_ca.make_server_certificate(authority, now)
    pair = folder / "server.pem", folder / "server.key"
    for file, octets in zip(pair, (issued.certificate_pem, issued.key_pem), strict=True):
        file.touch(mode=0o600)
        file.write_bytes(octets)
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    return tls.server_context(*pair), ssl.create_default_context(cafile=folder / "ca.pem")


@dataclass
class _Running:
    ready: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    loop: asyncio.AbstractEventLoop | None = None
    server: Any = None


@contextmanager
def opened(
    loop: str = "uvloop",
    folder: Path | None = None,
    bounds: Bounds = SHORT,
    inner: Any = app,
    dressed: Callable[[Any], Any] = lambda inner: harden(inner, "reporter"),
) -> Generator[Door]:
    """A door, with TLS where a folder for its certificate is given."""
    contexts = certified(folder) if folder is not None else (None, None)
    running = _Running()

    async def live() -> None:
        sockets = serving.bound(Address("127.0.0.1", 0))
        listener = serving.listen(dressed(inner), sockets, contexts[0], bounds)
        running.port = listener.sockets[0].getsockname()[1]
        running.loop, running.server = asyncio.get_running_loop(), listener.server
        running.loop.call_later(0.05, running.ready.set)
        await listener.server.serve(listener.sockets)

    def run() -> None:
        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(live())

    thread = threading.Thread(target=run)
    thread.start()
    assert running.ready.wait(20)
    try:
        yield Door(running.port, contexts[1], running.server)
    finally:
        running.server.force_exit = running.server.should_exit = True
        thread.join(20)

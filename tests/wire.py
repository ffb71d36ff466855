"""A door with nothing behind it, on loopback: for octets that no HTTP client would send.

It is served as the real ones are, and writes down each request that reaches it whole.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from mustshare_api.api.harden import harden
from mustshare_api.app import serving, tls
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.settings import Address

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


@dataclass
class Wire:
    """Where the door listens, and what has reached it: method, path, body."""

    context: ssl.SSLContext | None
    port: int = 0
    served: list[tuple[str, str, bytes]] = field(default_factory=list)

    def dial(self) -> socket.socket:
        """A connection, through TLS where the door has it."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        if self.context is None:
            return plain
        return self.context.wrap_socket(plain, server_hostname="127.0.0.1")

    def say(self, *pieces: bytes) -> bytes:
        """All that comes back for some octets, until the other side closes."""
        with self.dial() as wire:
            for piece in pieces:
                wire.sendall(piece)
            return heard(wire)


def heard(wire: socket.socket) -> bytes:
    """Everything that still comes; an end without a farewell is an end like any other."""
    found = b""
    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        while octets := wire.recv(1 << 16):
            found += octets
    return found


@contextmanager
def listening(folder: Path, *, secure: bool, loop: str = "uvloop") -> Iterator[Wire]:
    """The door, in a thread of its own."""
    server_context, client_context = contexts(folder) if secure else (None, None)
    wire = Wire(client_context)
    ready, over = threading.Event(), threading.Event()

    async def run() -> None:
        app = harden(_told(wire), "reporter")
        listener = serving.listen(app, serving.bound(Address("127.0.0.1", 0)), server_context)
        wire.port = listener.sockets[0].getsockname()[1]
        serves = asyncio.create_task(listener.server.serve(listener.sockets))
        ready.set()
        await asyncio.to_thread(over.wait)
        listener.server.force_exit = listener.server.should_exit = True
        await serves

    def live() -> None:
        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(run())

    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert ready.wait(10)
        yield wire
    finally:
        over.set()
        thread.join(30)


def _told(wire: Wire) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            if event["type"] != "http.request":
                return
            body, more = body + event["body"], event["more_body"]
        wire.served.append((scope["method"], scope["path"], body))
        answer = b'"done"'
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": answer})

    return app


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
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

"""What comes in by a connection is what was sent, whichever event loop reads it."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from mustshare_api.app.server import serving, tls
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.settings import Address

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\nConnection: close\r\n\r\n"
BODY = bytes(range(1, 251)) * 240
LENGTH = (b"content-length", b"60000")


async def echo(_scope: Any, receive: Any, send: Any) -> None:
    """Sends a body back."""
    body = b""
    while len(body) < len(BODY):
        body += (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
    await send({"type": "http.response.body", "body": body})


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
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


def ask(port: int, context: ssl.SSLContext) -> bytes:
    """Sends head and body as many TLS records in one piece, and reads the answer."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        _until(session.do_handshake, wire, incoming, outgoing)
        for at in range(0, len(BODY), 10_000):
            session.write((HEAD if at == 0 else b"") + BODY[at : at + 10_000])
        wire.sendall(outgoing.read())
        answer = b""
        while len(answer.partition(b"\r\n\r\n")[2]) < len(BODY):
            incoming.write(wire.recv(1 << 16))
            answer += _read(session)
    return answer.partition(b"\r\n\r\n")[2]


def _until(
    done: Callable[[], None], wire: socket.socket, incoming: ssl.MemoryBIO, out: ssl.MemoryBIO
) -> None:
    while True:
        try:
            done()
        except ssl.SSLWantReadError:
            wire.sendall(out.read())
            incoming.write(wire.recv(1 << 16))
        else:
            wire.sendall(out.read())
            return


def _read(session: ssl.SSLObject) -> bytes:
    found = b""
    try:
        while octets := session.read(1 << 16):
            found += octets
    except ssl.SSLWantReadError:
        return found
    return found


@pytest.mark.parametrize("loop", LOOPS)
def test_records_that_come_in_one_piece_are_all_there(loop: str, tmp_path: Path) -> None:
    """The loop fills slices of the buffer it is given, which must not be copies of it."""
    server_context, client_context = certificate(tmp_path)

    async def run() -> bytes:
        listener = serving.listen(echo, serving.bound(Address("127.0.0.1", 0)), server_context)
        port = listener.sockets[0].getsockname()[1]
        serves = asyncio.create_task(listener.server.serve(listener.sockets))
        answer = await asyncio.to_thread(ask, port, client_context)
        listener.server.should_exit = True
        await serves
        return answer

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        assert runner.run(run()) == BODY

"""Ways to hold a connection that slowhttptest has not, each with so many at a time.

    python -m tests.bench.attackers PORT KIND CONNECTIONS SECONDS

`nobody` is attacked at one's own (`decoy`): what two cores of a machine do to one another.

Whoever is closed comes back at once. TLS is spoken without looking at the certificate: an
attacker does not care whom they attack. ATTACKED_NAME in the environment is what they call it.
"""

import asyncio
import contextlib
import os
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from tests.bench.decoy import SHARE, decoy

NAME = os.environ.get("ATTACKED_NAME", "127.0.0.1")
HOST = b"Host: %s\r\n" % NAME.encode()
HEAD = b"POST /v1/tips HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
GET = b"GET /v1/intake HTTP/1.1\r\n" + HOST + b"\r\n"


async def silence(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Says nothing, not even hello."""
    await asyncio.sleep(3600)


async def greeting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begins a TLS handshake, an octet a second."""
    for octet in b"\x16\x03\x01\x02\x00\x01" + bytes(600):
        writer.write(bytes([octet]))
        await asyncio.sleep(1)


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A body after TLS, an octet every half second."""
    writer.write(HEAD + b"Content-Length: 60000\r\n\r\n{")
    while True:
        writer.write(b" ")
        await asyncio.sleep(0.5)


async def crumbs(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Chunks of one octet."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\n \r\n" * 200)
        await writer.drain()
        await asyncio.sleep(0.5)


async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Asks for the contract again and again, and reads none of it."""
    cast("asyncio.ReadTransport", writer.transport).pause_reading()
    for _ in range(15):
        writer.write(GET.replace(b"/v1/intake", b"/openapi.json"))
        await asyncio.sleep(0.2)
    await asyncio.sleep(3600)


async def squat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Asks once every ten seconds, to keep its place."""
    while True:
        writer.write(GET)
        await reader.readuntil(b"}")
        await asyncio.sleep(10)


async def pipeline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hundreds of requests in one piece, once a second."""
    while True:
        writer.write(GET * 300)
        await asyncio.sleep(1)
        await reader.read(1 << 20)


PLAIN = {"silence": silence, "greeting": greeting}
NOBODY = "nobody"
AFTER_TLS = {
    NOBODY: drip,
    "drip": drip,
    "crumbs": crumbs,
    "deaf": deaf,
    "squat": squat,
    "pipeline": pipeline,
}
KINDS = (*PLAIN, *AFTER_TLS)


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE


async def keep_at_it(port: int, kind: str, until: float, start_s: float) -> None:
    """One attacker, who comes back when closed."""
    act: Callable[..., Awaitable[None]] = (PLAIN | AFTER_TLS)[kind]
    await asyncio.sleep(start_s)
    while time.monotonic() < until:
        with contextlib.suppress(OSError, EOFError, ssl.SSLError, asyncio.LimitOverrunError):
            tls: dict[str, Any] = (
                {} if kind in PLAIN else {"ssl": CONTEXT, "server_hostname": NAME}
            )
            reader, writer = await asyncio.open_connection("127.0.0.1", port, **tls)
            try:
                await asyncio.gather(act(reader, writer), _until_closed(reader, kind))
            finally:
                writer.transport.abort()
        await asyncio.sleep(0.5)


async def _until_closed(reader: asyncio.StreamReader, kind: str) -> None:
    while kind in ("silence", "greeting", "drip", "crumbs") and await reader.read(65536):
        pass
    if kind in ("silence", "greeting", "drip", "crumbs"):
        raise EOFError


async def main(port: int, kind: str, connections: int, seconds: float) -> None:
    """All of them."""
    if kind != NOBODY:
        await attack(port, kind, connections, seconds)
        return
    async with decoy() as own:
        await attack(own, kind, connections // SHARE, seconds)


async def attack(port: int, kind: str, connections: int, seconds: float) -> None:
    """All of them at one port, spread over the first two seconds."""
    until = time.monotonic() + seconds
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(
                *(
                    keep_at_it(port, kind, until, 2 * number / connections)
                    for number in range(connections)
                )
            )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))

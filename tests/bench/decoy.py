"""What attackers attack where they are to do the service nothing.

Two cores of one machine slow one another: here a TLS handshake takes 0.2 ms while the other
core rests, and 0.3 ms while it works, and attackers who bring machines of their own slow nobody
in that way. So the same is done once to a server that stands on the attackers' core. It has
both sides of each handshake to do, so half as many connections make as much work.
"""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from mustshare_api.app.server.tls import server_context
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca

SHARE = 2


@asynccontextmanager
async def decoy() -> AsyncGenerator[int]:
    """Its port."""
    server = await asyncio.start_server(_keep, "127.0.0.1", 0, ssl=_context())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass
    writer.close()


def _context() -> ssl.SSLContext:
    now = SystemClock().now()
    issued = local_ca.make_server_certificate(local_ca.make_authority(now), now)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder, "server.pem"), Path(folder, "server.key")
        certificate.write_bytes(issued.certificate_pem)
        key.touch(0o600)
        key.write_bytes(issued.key_pem)
        return server_context(certificate, key)

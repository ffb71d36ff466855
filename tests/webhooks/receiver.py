"""A receiver of webhooks on this machine, with a certificate for a name of its own choice."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from mustshare_api.app.delivering.sending import Sender
from mustshare_api.domain.outward import Destination

HOST = "hooks.example.org"
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def answer(status: int, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} Anything\r\n{more}content-length: 0\r\n\r\n".encode()


@dataclass
class Receiver:
    """What came in, and what is answered next: octets, the last of them for good."""

    port: int
    authority: Path
    answers: list[bytes] = field(default_factory=lambda: [OK])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    drip_s: float = 0.0

    def destination(self, host: str = HOST, target: str = "/hook?a=b") -> Destination:
        return Destination(host, self.port, target)

    def sender(self, *addresses: str, timeout_s: float = 5.0) -> Sender:
        """A sender that resolves to this machine, may go there, and trusts this authority."""

        async def resolve(host: str, port: int) -> Sequence[str]:
            del host, port
            return addresses or ("127.0.0.1",)

        context = ssl.create_default_context(cafile=str(self.authority))
        return Sender(resolve, lambda found: found, context, timeout_s)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append(({"": first, **headers}, body))
        octets = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        pieces = [octets] if not self.drip_s else [bytes([one]) for one in octets]
        with contextlib.suppress(ConnectionError):  # the sender may hang up at any time
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(self.drip_s)
            await reader.read()
        writer.close()


@asynccontextmanager
async def receiving(folder: Path, host: str = HOST) -> AsyncGenerator[Receiver]:
    """A receiver for a while."""
    authority, pair = certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    receiver = Receiver(0, authority)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate that is its own authority; and with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = made.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    alone, pair = folder / "authority.pem", folder / "pair.pem"
    alone.write_bytes(shown)
    pair.write_bytes(private + shown)
    return alone, pair

"""Clients that send all that HTTP/1.1 allows, cut anywhere; and others that do not keep to it.

    Caller     one connection: octets go out in pieces of any size, also within a TLS record
    request    GET, HEAD, OPTIONS, bodies by length and by chunks with extensions and trailers,
               with and without Expect, behind a blank line, the next one in the same packet
    rude       what an honest client never does; it hangs up, whatever comes

All by chance that is seeded, so that a storm can be had again.
"""

import asyncio
import contextlib
import socket
import ssl
import zlib
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Final

from tests.wires import Door

LATE_S: Final = 25.0
"""Whoever is not answered by then never is."""

_NUMBERS = count(1)


@dataclass(frozen=True)
class Request:
    """A legal request, and what its answer has to begin with."""

    target: str
    head: bytes
    body: bytes
    says: bytes
    bodiless: bool

    @property
    def octets(self) -> bytes:
        """Head and body."""
        return self.head + self.body


def request(chance: Random, *, small: bool = False, last: bool = False) -> Request:
    """Any that is legal; a `small` one may be sent ahead of others' answers."""
    told = chance.choice([0, 0, 10, 200_000]) if not small else 0
    target = f"/{next(_NUMBERS)}-{chance.choice([0, 0, 5, 30])}-{told}"
    method = chance.choice(["GET", "HEAD", "OPTIONS", "POST", "POST", "POST"])
    size = chance.choice([0, 1, 100, 3000] if small else [0, 1, 1000, 65_536, 200_000])
    content = bytes(chance.choices(b"abc\n", k=size)) if method == "POST" else b""
    lines, body = [f"{method} {target} HTTP/1.1", "Host: a"], b""
    if method == "POST" and chance.random() < 0.5:
        lines, body = [*lines, f"Content-Length: {size}"], content
    elif method == "POST":
        lines, body = [*lines, "Transfer-Encoding: chunked"], chunked(chance, content)
    if body and chance.random() < 0.3:
        lines.append("Expect: 100-continue")
    if last:
        lines.append("Connection: close")
    head = "\r\n".join([*chance.choice([[], [], [""]]), *lines, "", ""]).encode()
    says = f"{target} {len(content)} {zlib.crc32(content)} ".encode()
    return Request(target, head, body, says, bodiless=method == "HEAD")


def chunked(chance: Random, content: bytes) -> bytes:
    """A body in chunks, none of them dear: small ones in a small body alone."""
    least, made, at = 1 if len(content) < 4000 else 4096, b"", 0
    while at < len(content):
        piece = content[at : at + chance.choice([least, 4096, 65_536])]
        extension = chance.choice([b"", b"", b";a=b", b';a="q;r"'])
        made += b"%x%b\r\n%b\r\n" % (len(piece), extension, piece)
        at += len(piece)
    return made + b"0\r\n" + chance.choice([b"", b"T: u\r\n"]) + b"\r\n"


def rude(chance: Random) -> bytes:
    """What no honest client sends, or not to its end."""
    good = request(chance)
    chunks = (
        b"POST /x-0-0 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    )
    early = b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n"
    return chance.choice(
        [
            chance.randbytes(300),
            good.octets[: chance.randint(0, len(good.octets))],
            good.octets + chance.randbytes(50),
            early + bytes(chance.choice([0, 10, 300_000])) + good.octets,
            chunks + chance.choice([b"zz\r\n", b"-1\r\n", b"1\nx\r\n", b"0\r\n X: y\r\n\r\n"]),
            b"".join(request(chance, small=True).octets for _ in range(40)),
            b"GET /x-0-200000 HTTP/1.1\r\nHost: a\r\n\r\n" * 10,
            b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * chance.choice([70, 5000]),
        ]
    )


@dataclass
class Caller:
    """A connection of a client's; with TLS where the door has it."""

    door: Door
    chance: Random
    wire: socket.socket = field(default_factory=socket.socket)
    found: bytes = b""

    def __post_init__(self) -> None:
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session: ssl.SSLObject | None = None
        if self.door.client is not None:
            self._session = self.door.client.wrap_bio(
                self._coming, self._going, server_hostname="127.0.0.1"
            )

    async def dial(self) -> None:
        """Connects, and greets."""
        self._loop = asyncio.get_running_loop()
        self.wire.setblocking(False)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self._loop.sock_connect(self.wire, ("127.0.0.1", self.door.port))
        while self._session is not None:
            with contextlib.suppress(ssl.SSLWantReadError):
                self._session.do_handshake()
                await self._pieces(self._going.read())
                return
            await self._pieces(self._going.read())
            self._coming.write(await self._loop.sock_recv(self.wire, 65_536))

    async def send(self, octets: bytes) -> None:
        """In records and pieces of any size; each octet by itself now and then."""
        size = self.chance.choice([16_384, 5000, 100 if len(octets) < 5000 else 9000])
        for at in range(0, len(octets), size):
            record = octets[at : at + size]
            if self._session is not None:
                self._session.write(record)
                record = self._going.read()
            await self._pieces(record)

    async def answer(self, *, bodiless: bool) -> tuple[int, bytes]:
        """The next final answer: its status and what it says."""
        status, head = 100, b""
        while status == 100:
            head = (await self._until(b"\r\n\r\n")).lower()
            status = int(head.split(b" ", 2)[1])
        length = 0 if bodiless else int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(self.found) < length:
            await self._more()
        said, self.found = self.found[:length], self.found[length:]
        return status, said

    async def _pieces(self, octets: bytes) -> None:
        sizes = [len(octets) or 1] * 3 + [max(1, len(octets) // 7), 1 + len(octets) // 3000]
        size = self.chance.choice(sizes)
        for at in range(0, len(octets), size):
            await self._loop.sock_sendall(self.wire, octets[at : at + size])
            await asyncio.sleep(0)

    async def _until(self, mark: bytes) -> bytes:
        while mark not in self.found:
            await self._more()
        before, self.found = self.found.split(mark, 1)
        return before

    async def _more(self) -> None:
        octets = await self.more()
        if not octets:
            raise ConnectionError("it ended before the answer did")
        self.found += octets

    async def more(self) -> bytes:
        """What comes next; nothing where it ended in order."""
        while True:
            if self._session is None:
                return await self._loop.sock_recv(self.wire, 65_536)
            with contextlib.suppress(ssl.SSLWantReadError):
                try:
                    return self._session.read(65_536)
                except ssl.SSLZeroReturnError:
                    return b""
            octets = await self._loop.sock_recv(self.wire, 65_536)
            if not octets:
                return b""
            self._coming.write(octets)

"""Sends one webhook, to an address that was judged, and reads the head of the answer.

    1. ask       the resolver, once; every address that it names is judged (`domain.outward`)
    2. connect   to one of those very addresses: the name is not asked for again, so a name that
                 leads elsewhere a moment later leads nowhere (DNS rebinding)
    3. check     the certificate, against the name
    4. send      one request on one connection
    5. read      the status line, and of a refusal for how long to stay away (`Retry-After`);
                 whatever follows is left unread, redirects are not followed

Written on asyncio's streams and not with an HTTP client: those resolve by themselves, follow
what they are told and read what they are sent. One clock bounds all five steps, however slowly
a receiver drips.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.app.delivering.resolving import Resolver
from mustshare_api.domain import outward
from mustshare_api.domain.outward import Destination
from mustshare_api.errors import Malformed

TIMEOUT_S: Final = 15.0
"""For all of it. The standard recommends 15 to 30 seconds."""

HEAD_S: Final = 2.0
"""For the rest of a refusal's head, once its status is there."""

_HEAD_BYTES: Final = 8192
_INTERIM_LINES: Final = 64
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r\n")
_HEADER_LINES: Final = 64
_RETRY_AFTER: Final = re.compile(
    rb"retry-after:[ \t]*([!-~][ -~]{0,63})[ \t]*\r\n", re.IGNORECASE
)
_ADDRESSES_TRIED: Final = 2
_OK: Final = range(200, 300)
_INTERIM: Final = range(100, 200)
_TOO_MUCH: Final = (413, 429, 502, 503, 504)
"""Statuses with which a receiver may say when to come back."""

GONE: Final = 410

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Judge = Callable[[Sequence[str]], Sequence[str]]


def verifying() -> ssl.SSLContext:
    """TLS as towards anybody on the Internet: this machine's authorities, the host's name."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt: the status that was answered, else a word for what was not.

    `retry_after` is until when the receiver asks us to stay away, in its words; "" where it
    does not.
    """

    status: int | None = None
    why: str = ""
    retry_after: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status in _OK

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing more."""
        return self.status == GONE


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending takes. A test gives its own three; there is no setting for any."""

    resolve: Resolve = field(default_factory=Resolver)
    judge: Judge = outward.judged
    context: ssl.SSLContext = field(default_factory=verifying)
    timeout_s: float = TIMEOUT_S

    async def send(self, to: Destination, headers: Mapping[str, str], body: bytes) -> Result:
        """One attempt. Nothing that a receiver does is an error of ours."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._exchange(to, _request(to, headers, body))
        except Malformed as refused:
            return Result(why=refused.code)
        except TimeoutError:
            return Result(why="webhook.too_slow")
        except ssl.SSLError:
            return Result(why="webhook.tls_failed")
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return Result(why="webhook.no_answer")

    async def _exchange(self, to: Destination, request: bytes) -> Result:
        try:
            found = await self.resolve(to.host, to.port)
        except (OSError, UnicodeError):
            return Result(why="webhook.no_name")
        addresses = self.judge(found)
        reader, writer = await self._connected(to, addresses[:_ADDRESSES_TRIED])
        try:
            writer.write(request)
            await writer.drain()
            status = await _status(reader)
            return Result(status, retry_after=await self._asked_to_wait(status, reader))
        finally:
            # Cut off, not closed: a receiver that goes on talking is not listened to.
            writer.transport.abort()

    async def _asked_to_wait(self, status: int, reader: asyncio.StreamReader) -> str:
        if status not in _TOO_MUCH:
            return ""
        # A status that came is an answer, also where its head then drips or ends.
        with suppress(TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(min(HEAD_S, self.timeout_s / 2)):
                return await _retry_after(reader)
        return ""

    async def _connected(
        self, to: Destination, addresses: Sequence[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for address in addresses[:-1]:
            with suppress(OSError):  # also where there is no route, as for IPv6 at many hosts
                return await self._open(to, address)
        return await self._open(to, addresses[-1])

    async def _open(
        self, to: Destination, address: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            address, to.port, ssl=self.context, server_hostname=to.host, limit=_HEAD_BYTES
        )


def _request(to: Destination, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = {
        "host": to.authority,
        "user-agent": "mustshare-webhooks",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {to.target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of the answer, past those that announce it.

    Raises:
        ValueError: that is no HTTP.
    """
    for _ in range(_INTERIM_LINES):
        found = _STATUS.fullmatch(await reader.readuntil(b"\r\n"))
        if found is None:
            raise ValueError
        if int(found[1]) not in _INTERIM:
            return int(found[1])
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
    raise ValueError


async def _retry_after(reader: asyncio.StreamReader) -> str:
    """What `Retry-After` says; "" where there is none."""
    for _ in range(_HEADER_LINES):
        line = await reader.readuntil(b"\r\n")
        if line == b"\r\n":
            break
        if found := _RETRY_AFTER.fullmatch(line):
            return found[1].decode("ascii").rstrip()
    return ""

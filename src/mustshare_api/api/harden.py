"""The outermost wrapper of every door.

    in    the client's address and the headers that tell who it is are gone before the app
          sees them; HEAD becomes GET
    out   headers that identify are dropped, the security headers are set, whoever answered;
          a connection whose body was not read to its end is closed
    err   what escapes is logged by the name of its class; servers would print its text. Who is
          cut off because the service stops is told to come back

It is ASGI and not Litestar's middleware, because an answer that Litestar itself makes, to a
wrong method say, has to pass through it as well.

Why unread bodies close: uvicorn reads on after an early answer, for as long as the sender
likes, and has no clock for it. Closing at once is no better: the kernel then resets the
connection and takes the answer back from a sender who has not read it yet. So what still
comes is thrown away for a moment first.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mustshare_api.api.problems import DOOR, ENDING, FAILURE, Plain
from mustshare_api.logs import log

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SECURITY_HEADERS: dict[bytes, bytes] = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'; sandbox",
    b"cross-origin-embedder-policy": b"require-corp",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), browsing-topics=()",
    b"referrer-policy": b"no-referrer",
    b"strict-transport-security": b"max-age=63072000; includeSubDomains",
    b"x-content-type-options": b"nosniff",
    b"x-dns-prefetch-control": b"off",
    b"x-frame-options": b"DENY",
    b"x-robots-tag": b"noindex, nofollow",
}
"""At least the set that GlobaLeaks sends; a handler's own value goes before it."""

IDENTIFYING = frozenset(
    {
        b"cookie",
        b"forwarded",
        b"from",
        b"referer",
        b"user-agent",
        b"via",
        b"true-client-ip",
        b"cf-connecting-ip",
        b"fastly-client-ip",
    }
)


def _identifies(name: bytes) -> bool:
    return name in IDENTIFYING or name.startswith((b"x-", b"sec-"))


METHOD_SENT = "mustshare.method"
"""Scope key: the method as it was sent and signed; the app sees GET for HEAD."""

PIECE_BYTES = 64 * 1024
"""Of an answer, handed to the connection at a time; the next when this has been taken."""

LINGER_S = 2.0
"""Long enough for an answer to cross the world and be read, before a close takes it back."""

LINGER_BYTES = 4 * 1024 * 1024
"""Thrown away meanwhile at most: what a phone sends at 16 Mbit/s. More is left unread."""


def _nothing_more(_: Scope) -> Headers:
    return []


def harden(app: App, door: str, more: Callable[[Scope], Headers] = _nothing_more) -> App:
    """Wraps a door's app. `more` are headers for every answer to a request."""

    async def hardened(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, more(scope))
        try:
            await app({**_anonymous(scope), DOOR: door}, exchange.receive, exchange.send)
        except asyncio.CancelledError:
            # The service stops. The server's own words for that would lack every header, and
            # nothing went wrong: whoever sends again is answered by the one started next.
            await exchange.fail(ENDING)
            raise
        except Exception as error:  # noqa: BLE001 - its text may quote a tip, so it ends here
            log("request_failed", kind=type(error.__cause__ or error).__name__, door=door)
            await exchange.fail(FAILURE)

    return hardened


def _anonymous(scope: Scope) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if not _identifies(name)]
    sent = scope["method"]
    method = "GET" if sent == "HEAD" else sent
    return {**scope, "client": None, "headers": kept, "method": method, METHOD_SENT: sent}


class _Exchange:
    """One request and its answer: sees what was read of the one, dresses the other."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, more: Headers) -> None:
        self._receive = receive
        self._send = send
        self._more = more
        self._bodiless = scope["method"] == "HEAD"
        self._unread = announces_body(scope["headers"])
        self._closing = False
        self._started = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            self._unread = False
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started, self._closing = True, self._unread
            own = message.get("headers", [])
            given = [*own, *_beyond(own, self._more)]
            message["headers"] = dressed(given, close=self._closing)
        elif message["type"] == "http.response.body":
            if self._bodiless:
                message["body"] = b""
            message["body"] = await self._all_but_the_last_piece(message.get("body", b""))
            if self._closing and not message.get("more_body"):
                await self._send({**message, "more_body": True})
                await self._linger()
                message["body"] = b""
        await self._send(message)

    async def _all_but_the_last_piece(self, body: bytes) -> bytes:
        """Sends a long body piece by piece: a reader who does not read gets no more of it."""
        last = max(0, len(body) - 1) // PIECE_BYTES * PIECE_BYTES
        for at in range(0, last, PIECE_BYTES):
            piece = body[at : at + PIECE_BYTES]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        return body[last:]

    async def fail(self, told: Plain) -> None:
        """Answers where nobody else did. Once an answer has begun, it just stops."""
        if not self._started:
            status, headers, body = told
            await self.send(
                {"type": "http.response.start", "status": status, "headers": headers}
            )
            await self.send({"type": "http.response.body", "body": body})

    async def _linger(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                thrown = 0
                while self._unread and thrown <= LINGER_BYTES:
                    thrown += len((await self.receive()).get("body", b""))
                if self._unread:
                    await asyncio.sleep(LINGER_S)


def _beyond(own: Headers, more: Headers) -> Headers:
    """What is added for every answer, but for what the answer says otherwise."""
    said = {name for name, _ in own}
    return [pair for pair in more if pair[0] not in said]


def announces_body(headers: Headers) -> bool:
    """Whether a request says that a body follows its head."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    )


def dressed(given: Headers, *, close: bool) -> Headers:
    """The headers of an answer as every answer has them; `close` where it is the last."""
    dropped = {b"server", b"x-powered-by", *([b"connection"] if close else [])}
    kept = [(name.lower(), value) for name, value in given if name.lower() not in dropped]
    names = {name for name, _ in kept}
    closing = [(b"connection", b"close")] if close else []
    return kept + closing + [pair for pair in SECURITY_HEADERS.items() if pair[0] not in names]

"""The outermost wrapper of every door.

    in    the client's address and the headers that tell who it is are gone before the app
          sees them; HEAD becomes GET
    out   headers that identify are dropped, the security headers are set, whoever answered
    err   what escapes is logged by the name of its class; servers would print its text

It is ASGI and not Litestar's middleware, because an answer that Litestar itself makes, to a
wrong method say, has to pass through it as well.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mustshare_api.logs import log

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

SECURITY_HEADERS: dict[bytes, bytes] = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
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


def harden(app: App, door: str) -> App:
    """Wraps a door's app."""

    async def hardened(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        answer = _Answer(send, bodiless=bodiless)
        try:
            await app(_anonymous(scope, bodiless=bodiless), receive, answer.send)
        except Exception as error:  # noqa: BLE001 - its text may quote a tip, so it ends here
            log("request_failed", kind=type(error).__name__, door=door)

    return hardened


def _anonymous(scope: Scope, *, bodiless: bool) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if not _identifies(name)]
    method = "GET" if bodiless else scope["method"]
    return {**scope, "client": None, "headers": kept, "method": method}


class _Answer:
    """Rewrites the headers of an answer, and drops the body of one to HEAD."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        self._send = send
        self._bodiless = bodiless

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message.get("headers", [])]
            message["headers"] = _dressed(given)
        elif message["type"] == "http.response.body" and self._bodiless:
            message["body"] = b""
        await self._send(message)


def _dressed(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name for name, _ in given}
    kept = [(name, value) for name, value in given if name not in (b"server", b"x-powered-by")]
    return kept + [pair for pair in SECURITY_HEADERS.items() if pair[0] not in names]

"""Which methods a path knows: answers OPTIONS, names them on a 405, lets partners in (CORS).

    OPTIONS   204, `Allow`; for the origin of a partner also what its browser asks about
    405       `Allow`
    others    `Access-Control-Allow-Origin` for a partner's exact origin, and no credentials

Litestar has all three, but it forgets HEAD, and answers a stranger's preflight in plain text.
It runs before the staff door's guard: which methods there are stands in the contract anyway.
"""

from collections.abc import Iterable, Sequence

from litestar.handlers import HTTPRouteHandler

from mustshare_api.api.harden import App, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

ASKED = (
    b"Accept-Language, Authorization, Content-Type, Idempotency-Key, "
    b"Upload-Offset, Upload-Token"
)
SHOWN = b"Content-Language, Retry-After, Upload-Complete, Upload-Length, Upload-Offset"
MAX_AGE_S = b"600"


def answer_methods(
    app: App, handlers: Iterable[HTTPRouteHandler], origins: Sequence[str] = ()
) -> App:
    """Wraps a door's app. `origins` are those of partners' front ends, exactly."""
    table = _table(handlers)
    partners = frozenset(origin.encode() for origin in origins)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        allow = _allowed(table, scope["path"])
        cors = _cors(scope["headers"], partners)
        if scope["method"] == "OPTIONS" and allow:
            await _answer_options(send, allow, cors)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *cors]
                if message["status"] == 405:  # noqa: PLR2004
                    message["headers"] = _with_allow(message["headers"], allow)
            await send(message)

        await app(scope, receive, dressed)

    return wrapped


def _table(handlers: Iterable[HTTPRouteHandler]) -> dict[tuple[str, ...], set[str]]:
    """Segments of a path, parameters as "", -> methods."""
    table: dict[tuple[str, ...], set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            segments = tuple("" if part[0] == "{" else part for part in _parts(path))
            methods = table.setdefault(segments, {"OPTIONS"})
            methods |= handler.http_methods
            methods |= {"HEAD"} if "GET" in handler.http_methods else set()
    return table


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _allowed(table: dict[tuple[str, ...], set[str]], path: str) -> bytes:
    parts = _parts(path)
    for segments, methods in table.items():
        if len(segments) == len(parts) and all(
            known in ("", part) for known, part in zip(segments, parts, strict=True)
        ):
            return ", ".join(sorted(methods)).encode()
    return b""


def _cors(headers: Headers, partners: frozenset[bytes]) -> Headers:
    """What a partner's browser has to be told."""
    if not partners:
        return []
    origin = next((value for name, value in headers if name == b"origin"), None)
    varies = [(b"vary", b"Origin")]
    if origin not in partners:
        return varies
    return [
        *varies,
        (b"access-control-allow-origin", origin or b""),
        (b"access-control-expose-headers", SHOWN),
    ]


def _with_allow(headers: Headers, allow: bytes) -> Headers:
    return [pair for pair in headers if pair[0].lower() != b"allow"] + [(b"allow", allow)]


async def _answer_options(send: Send, allow: bytes, cors: Headers) -> None:
    headers = [(b"allow", allow), *cors]
    if len(cors) > 1:
        headers += [
            (b"access-control-allow-methods", allow),
            (b"access-control-allow-headers", ASKED),
            (b"access-control-max-age", MAX_AGE_S),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})

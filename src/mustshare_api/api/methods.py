"""Which methods a path knows: answers OPTIONS, names them on a 405, and takes one spelling.

    OPTIONS     204, `Allow`; to the browser of a partner also what it asks about (`cors`)
    OPTIONS *   204, with every method that any path knows
    405         `Allow`
    404         for any spelling of a path but the one in the contract: /v1/tip/, /v1/%74ip

Litestar has the first three, but it forgets HEAD, and answers a stranger's preflight in plain
text. It would also serve a path in several spellings, of which a rule in front of us, that
keeps some paths from some callers, knows one.

It runs before the staff door's guard: which methods there are stands in the contract anyway.
"""

import re
from collections.abc import Iterable

from litestar.handlers import HTTPRouteHandler

from mustshare_api.api.cors import NO_BROWSERS, Cors
from mustshare_api.api.harden import App, Headers, Message, Receive, Scope, Send
from mustshare_api.api.openapi import operation_of

Route = dict[str, frozenset[str]]
"""By method, the names of the headers that a page of another origin may send with it."""

_SPELLED = re.compile(rb"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
"""Every path of the contract, whatever its parameters, is of this form."""

_NOWHERE = "/"
"""A path that no door has."""

_EVERYTHING = "*"


def answer_methods(
    app: App, handlers: Iterable[HTTPRouteHandler], cors: Cors = NO_BROWSERS
) -> App:
    """Wraps a door's app."""
    table = _table(handlers)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if not _SPELLED.fullmatch(scope["raw_path"]) and scope["path"] != _EVERYTHING:
            scope = {**scope, "path": _NOWHERE}
        route = _found(table, scope["path"])
        allow = ", ".join(sorted(route)).encode()
        if scope["method"] == "OPTIONS" and route:
            await _answer_options(send, [(b"allow", allow), *cors.of_preflight(scope, route)])
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:  # noqa: PLR2004
                message["headers"] = _with_allow(message.get("headers", []), allow)
            await send(message)

        await app(scope, receive, dressed)

    return wrapped


def _table(handlers: Iterable[HTTPRouteHandler]) -> dict[tuple[str, ...], Route]:
    """Segments of a path, parameters as "", -> what it knows."""
    table: dict[tuple[str, ...], Route] = {}
    for handler in handlers:
        taken = {str(method): _headers(handler) for method in handler.http_methods}
        if "GET" in taken:
            taken["HEAD"] = taken["GET"]
        for path in handler.paths:
            segments = tuple("" if part[0] == "{" else part for part in _parts(path))
            table.setdefault(segments, {"OPTIONS": frozenset()}).update(taken)
    # What is written out goes before a parameter in its place, as for the framework.
    return dict(sorted(table.items(), key=lambda one: one[0].count("")))


def _headers(handler: HTTPRouteHandler) -> frozenset[str]:
    """Which headers a handler reads, of those that a browser asks about first."""
    operation = operation_of(handler)
    return frozenset(
        {
            "Accept-Language",
            *(["Authorization"] if operation.credential else []),
            *(["Content-Type"] if operation.takes else []),
            *(one.name for one in operation.parameters if one.where == "header"),
        }
    )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _found(table: dict[tuple[str, ...], Route], path: str) -> Route:
    if path == _EVERYTHING:
        return {method: frozenset() for route in table.values() for method in route}
    parts = _parts(path)
    for segments, route in table.items():
        if len(segments) == len(parts) and all(
            known in ("", part) for known, part in zip(segments, parts, strict=True)
        ):
            return route
    return {}


def _with_allow(headers: Headers, allow: bytes) -> Headers:
    return [pair for pair in headers if pair[0].lower() != b"allow"] + [(b"allow", allow)]


async def _answer_options(send: Send, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})

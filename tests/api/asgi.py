"""A door called without a client between: for answers that stop, and senders who hang up."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.doors import Doors

Message = dict[str, Any]
GONE: Message = {"type": "http.disconnect"}


def door_of(doors: Doors, name: str = "reporter") -> Any:
    """The app behind a client."""
    return getattr(doors, name)._transport.app


def body(octets: bytes, *, more: bool = False) -> Message:
    """A piece of a request's body."""
    return {"type": "http.request", "body": octets, "more_body": more}


async def call(
    app: Any,
    method: str,
    target: str,
    headers: Mapping[str, str],
    events: Iterable[Message] = (),
) -> list[Message]:
    """What a door sends back for a request that comes in as these events, then hangs up."""
    path, _, query = target.partition("?")
    lines = {"host": "staff.test", **{name.lower(): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
        "server": ("staff.test", 443),
        "client": ("203.0.113.9", 50000),
        "state": {},
    }
    coming = iter([*events, *[GONE] * 3])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(dict(message))

    await app(scope, receive, send)
    return sent

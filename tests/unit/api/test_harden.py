"""The outermost wrapper: what it keeps from the app, what it adds, and how it fails."""

import asyncio
import json
from typing import Any

import structlog

from mustshare_api.api.answers import OctetStream
from mustshare_api.api.harden import LINGER_S, METHOD_SENT, harden

Message = dict[str, Any]
START: Message = {"type": "http.response.start", "status": 200, "headers": []}
END: Message = {"type": "http.response.body", "body": b"done"}


class Wire:
    """The server's side of one request."""

    def __init__(self, *events: Message, method: str = "GET", headers: Any = ()) -> None:
        self.coming = list(events)
        self.sent: list[Message] = []
        self.scope = {
            "type": "http",
            "method": method,
            "headers": list(headers),
            "client": ("203.0.113.9", 4711),
        }

    async def receive(self) -> Message:
        if not self.coming:
            await asyncio.sleep(3600)
        return self.coming.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def through(self, app: Any) -> "Wire":
        await harden(app, "reporter")(self.scope, self.receive, self.send)
        return self

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


async def plain(_scope: Any, _receive: Any, send: Any) -> None:
    await send(dict(START))
    await send(dict(END))


async def test_the_app_never_learns_who_asks() -> None:
    """No address, and no header that tells a person or a machine."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        await plain(scope, receive, send)

    telling = [b"user-agent", b"referer", b"cookie", b"forwarded", b"via", b"x-forwarded-for",
               b"x-real-ip", b"sec-ch-ua", b"cf-connecting-ip", b"from"]  # fmt: skip
    given = [(name, b"1") for name in telling] + [(b"accept-language", b"en")]
    await Wire(headers=given).through(app)

    assert seen[0]["client"] is None
    assert seen[0]["headers"] == [(b"accept-language", b"en")]


async def test_a_failure_before_the_answer_is_a_problem_of_ours() -> None:
    """Not the server's own text; and its kind alone is logged."""

    async def app(*_: Any) -> None:
        raise RuntimeError("SECRET")

    with structlog.testing.capture_logs() as lines:
        wire = await Wire().through(app)

    assert wire.sent[0]["status"] == 500
    assert json.loads(wire.sent[1]["body"])["code"] == "internal"
    assert wire.headers[b"content-type"] == b"application/problem+json"
    assert [line["kind"] for line in lines] == ["RuntimeError"]
    assert "SECRET" not in repr(lines) + repr(wire.sent)


async def test_a_failure_after_the_answer_began_adds_nothing() -> None:
    """What was promised stays unfinished, so that nobody takes it for whole."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(dict(START))
        raise RuntimeError

    with structlog.testing.capture_logs():
        wire = await Wire().through(app)

    assert [message["type"] for message in wire.sent] == ["http.response.start"]


async def test_a_connection_whose_body_was_read_stays_open() -> None:
    """Closing costs a phone another handshake."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await plain(scope, receive, send)

    body = {"type": "http.request", "body": b"x", "more_body": False}
    wire = await Wire(body, method="POST", headers=[(b"content-length", b"1")]).through(app)

    assert b"connection" not in wire.headers
    assert wire.sent[-1]["body"] == b"done"


async def test_an_unread_body_closes_and_is_thrown_away_for_a_moment() -> None:
    """The whole answer goes out first; the end of it follows once the sender has stopped."""
    body = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, False)]
    wire = await Wire(*body, method="POST", headers=[(b"content-length", b"2")]).through(plain)

    assert wire.headers[b"connection"] == b"close"
    assert [(one["body"], one.get("more_body", False)) for one in wire.sent[1:]] == [
        (b"done", True),
        (b"", False),
    ]
    assert wire.coming == []


async def test_a_sender_who_never_stops_is_not_waited_for() -> None:
    """Two seconds, then the end."""
    began = asyncio.get_running_loop().time()
    wire = await Wire(method="GET", headers=[(b"transfer-encoding", b"chunked")]).through(plain)

    assert wire.sent[-1]["body"] == b""
    assert LINGER_S <= asyncio.get_running_loop().time() - began < LINGER_S + 2


async def test_head_becomes_get_and_loses_its_body() -> None:
    """The app sees one method; a signature sees what was sent."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["method"], scope[METHOD_SENT]))
        await plain(scope, receive, send)

    wire = await Wire(method="HEAD").through(app)

    assert seen == [("GET", "HEAD")]
    assert wire.sent[1]["body"] == b""


async def test_a_web_socket_is_not_spoken_to() -> None:
    """There are none here."""
    called: list[Any] = []

    async def app(*_: Any) -> None:
        called.append(1)

    wire = Wire()
    wire.scope["type"] = "websocket"
    await wire.through(app)

    assert (called, wire.sent) == ([], [])


async def test_a_reader_who_stops_reading_is_left() -> None:
    """What is opened for one reader is memory that others wait for."""
    freed: list[bool] = []
    wire = Wire()

    async def chunks() -> Any:
        yield b"a" * 10
        yield b"b" * 10

    async def stuck(message: Message) -> None:
        wire.sent.append(message)
        if message["type"] == "http.response.body":
            await asyncio.sleep(3600)

    stream = OctetStream(chunks(), 20, 0.05)
    stream.held.callback(lambda: freed.append(True))
    await stream({}, wire.receive, stuck)  # type: ignore[arg-type]

    assert freed == [True]
    assert len(wire.sent) == 2


async def test_an_empty_file_is_an_answer_too() -> None:
    """Nothing to send is sent as nothing."""
    wire = Wire()

    async def chunks() -> Any:
        for octets in list[bytes]():
            yield octets

    await OctetStream(chunks(), 0, 1)({}, wire.receive, wire.send)  # type: ignore[arg-type]

    assert [message.get("body") for message in wire.sent] == [None, b""]

"""What comes in over a wire is one request or none, however it is written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.api.harden import SECURITY_HEADERS
from tests import wires
from tests.unit.app.probes import HIDDEN, LAST, REFUSED, SERVED, get, post
from tests.wires import Door, opened, until_closed

ENDING = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
BEHIND = [("GET", "/hidden", b""), ("GET", "/last", b"")]


@dataclass
class Served:
    """A door, and each request that has reached it whole: method, path, body."""

    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    door: Door | None = None

    def say(self, octets: bytes) -> bytes:
        """What comes back, until the other side closes; what was served is forgotten before."""
        self.requests.clear()
        assert self.door is not None
        return self.door.say(octets)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Writes a request down."""
        body, more = b"", True
        while more:
            event = await receive()
            if event["type"] != "http.request":
                return
            body, more = body + event["body"], event["more_body"]
        self.requests.append((scope["method"], scope["path"], body))
        length = (b"content-length", b"6")
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": b'"done"'})


@pytest.fixture(scope="module", params=["plain asyncio", "plain uvloop", "tls uvloop"])
def wire(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A door, in the ways in which ours are served."""
    way, loop = request.param.split()
    folder: Path | None = tmp_path_factory.mktemp("wire") if way == "tls" else None
    served = Served()
    with opened(loop, folder, inner=served.app) as served.door:
        yield served


def statuses(octets: bytes) -> list[int]:
    """The statuses of the answers in what came back, but for 100."""
    return [one for one in wires.statuses(octets) if one != 100]


def test_what_can_be_read_in_two_ways_is_refused_and_closed(wire: Served) -> None:
    """One problem, the end of the connection, and nothing served: not it, not what it hid."""
    wrong: dict[str, object] = {}
    for name, (octets, status) in REFUSED.items():
        found = wire.say(octets + HIDDEN)
        if statuses(found) != [status] or wire.requests:
            wrong[name] = (statuses(found), list(wire.requests))

    assert wrong == {}


def test_what_is_only_strange_is_served_once_and_what_follows_by_itself(wire: Served) -> None:
    """A request ends where it says, and what follows it is read by itself."""
    wrong: dict[str, object] = {}
    for name, (octets, request) in SERVED.items():
        found = wire.say(octets + HIDDEN + ENDING)
        if len(statuses(found)) != 1 + len(BEHIND) or wire.requests != [request, *BEHIND]:
            wrong[name] = (statuses(found), list(wire.requests))

    assert wrong == {}


def test_nothing_is_served_behind_a_last_request(wire: Served) -> None:
    """Not on a connection that was to close, nor after an offer of another protocol."""
    wrong: dict[str, object] = {}
    for name, (octets, request) in LAST.items():
        found = wire.say(octets + HIDDEN)
        if statuses(found) != [200] or wire.requests != [request]:
            wrong[name] = (statuses(found), list(wire.requests))

    assert wrong == {}


@pytest.mark.parametrize(
    "name", ["bare LF everywhere", "CONNECT", "another expectation", "HTTP/0.9"]
)
def test_a_refusal_looks_like_every_other_answer(wire: Served, name: str) -> None:
    """A problem with the security headers; nothing tells what runs here, or what was sent."""
    octets, status = REFUSED[name]
    head, _, body = wire.say(octets).partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])

    assert (
        SECURITY_HEADERS.items() <= {k.encode(): v.encode() for k, v in lines.items()}.items()
    )
    assert {"server", "date", "set-cookie", "x-powered-by"}.isdisjoint(lines)
    assert (lines["connection"], lines["vary"]) == ("close", "Origin")
    assert json.loads(body)["status"] == status
    assert int(lines["content-length"]) == len(body)


def test_a_refusal_is_in_the_language_that_was_asked_for(wire: Served) -> None:
    """As far as the head was read."""
    found = wire.say(get(b"Accept-Language: en", b"A: b\0c"))

    assert b"The request cannot be read" in found


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"HEAD / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n", 400),
        (b"HEAD / HTTP/1.1\r\nHost: a\r\nA: \0\r\n\r\n", 400),
        (b"\r\nHEAD  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"HEAD /" + b"a" * 3000, 414),
        (b"HEAD / HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n", 417),
        (b"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"HEAD / HTTP/1.1\r\nHo", 408),
    ],
)
def test_a_refusal_of_head_has_no_body(wire: Served, octets: bytes, status: int) -> None:
    """It says how long the body would be, and ends there (RFC 9110, 9.3.2)."""
    found = wire.say(octets)

    assert statuses(found) == [status]
    assert b"\r\ncontent-length: 1024\r\n" in found
    assert found.endswith(b"\r\n\r\n")


def test_a_refusal_of_what_follows_head_has_its_body(wire: Served) -> None:
    """Each request for itself."""
    head = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    first, second = wire.say(head + get(b"A: \0")).split(b"\r\n\r\n", 1)

    assert statuses(first + second) == [200, 400]
    assert len(second.partition(b"\r\n\r\n")[2]) == 1024


def test_a_request_in_small_pieces_is_refused_the_same(wire: Served) -> None:
    """Octet by octet there is no other reading."""
    octets, status = REFUSED["identity, chunked"]
    wire.requests.clear()
    assert wire.door is not None
    with wire.door.dial() as line:
        for at in range(len(octets)):
            try:
                line.sendall(octets[at : at + 1])
            except (BrokenPipeError, ConnectionResetError):
                break
        found = until_closed(line)

    assert statuses(found) == [status]
    assert wire.requests == []


def test_what_came_before_is_answered_before_a_refusal(wire: Served) -> None:
    """A refusal that overtook an answer would be taken for it."""
    found = wire.say(get() + b"GET / HTTP/1.1\nHost: a\n\n" + HIDDEN)

    assert statuses(found) == [200, 400]
    assert wire.requests == [("GET", "/", b"")]


def test_an_expectation_is_met_when_the_body_is_wanted(wire: Served) -> None:
    """100, then the answer; HTTP/1.0 knows no 100 and gets none."""
    lines = (b"Expect: 100-continue", b"Content-Length: 5", b"Connection: close")
    assert wire.door is not None
    with wire.door.dial() as line:
        line.sendall(post(*lines, body=b""))
        assert line.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert statuses(until_closed(line)) == [200]

    assert b" 100 " not in wire.say(post(*lines, body=b"hello", version=b"HTTP/1.0"))

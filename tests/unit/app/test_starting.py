"""The app is asked once there is something to answer, and never too late."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.app.server.bounds import Bounds
from mustshare_api.app.server.starting import SMALL_BYTES
from tests import wires
from tests.wires import Door, opened, soon, statuses

NEVER = Bounds(connections=40, late_s=600.0)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def head(method: bytes = b"POST", more: bytes = b"Content-Length: 4\r\n\r\n") -> bytes:
    """A request's, with how its body comes."""
    return method + b" / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more


@dataclass
class Counted:
    """The door's app, and how often it was asked."""

    asked: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        await wires.app(scope, receive, send)
        self.ended.set()


@dataclass
class Held:
    """A door whose app is asked late or never, and what it was asked."""

    door: Door
    counted: Counted


def is_held(door: Door) -> bool:
    """Whether a request is there whose app was not asked yet."""
    talks = [wire._talk for wire in list(door.server._crowd._present)]
    return any(talk is not None and talk._start is not None for talk in talks)


@pytest.fixture(params=[("asyncio", "plain"), ("uvloop", "tls")], ids="-".join)
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Held]:
    """One that waits for small bodies as long as they take."""
    loop, secure = request.param
    counted = Counted()
    folder = tmp_path if secure == "tls" else None
    with opened(loop, folder, NEVER, counted.app) as door:
        yield Held(door, counted)


@pytest.mark.parametrize(
    ("begun", "rest"),
    [
        (head() + b"a", b"bcd"),
        (head(b"PUT"), b"abcd"),
        (head(more=CHUNKED) + b"4\r\nab", b"cd\r\n0\r\n\r\n"),
        (head(more=CHUNKED) + b"4\r\nabcd\r\n", b"0\r\n\r\n"),
    ],
)
def test_it_is_asked_once_a_small_body_is_whole(held: Held, begun: bytes, rest: bytes) -> None:
    """And reads all of it, however it came."""
    with held.door.dial() as wire:
        wire.sendall(begun)
        time.sleep(0.2)
        before = held.counted.asked
        wire.sendall(rest)
        found = wires.until_closed(wire)

    assert (before, held.counted.asked) == (0, 1)
    assert statuses(found) == [200]
    assert found.endswith(b"4") or b"\r\n4\r\n" in found


@pytest.mark.parametrize(
    "begun",
    [
        head(more=b"Content-Length: %d\r\n\r\n" % (SMALL_BYTES + 1)),
        head(more=b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"),
        head(more=CHUNKED) + b"%x\r\n" % (1 << 20) + bytes(SMALL_BYTES),
        head(b"GET"),
        head(b"DELETE", CHUNKED),
    ],
    ids=["long", "asks before it sends", "16 KiB are here", "GET", "DELETE"],
)
def test_it_is_asked_at_once_where_it_may_have_an_answer(held: Held, begun: bytes) -> None:
    """Before the body: it may refuse it, or do without."""
    with held.door.dial() as wire:
        wire.sendall(begun)

        assert soon(lambda: held.counted.asked == 1)


def test_it_is_asked_at_last_where_the_rest_is_late() -> None:
    """Its own clocks, and its own words for that, begin then."""
    counted = Counted()
    late = opened("uvloop", None, replace(NEVER, late_s=0.1), counted.app)
    with late as door, door.dial() as wire:
        wire.sendall(head() + b"a")

        assert soon(lambda: counted.asked == 1)
        wire.sendall(b"bcd")

        assert statuses(wires.until_closed(wire)) == [200]
    assert counted.asked == 1


@pytest.mark.parametrize("more", [b"Content-Length: 4\r\n\r\na", CHUNKED + b"zz\r\n"])
def test_it_is_never_asked_what_came_to_nothing(held: Held, more: bytes) -> None:
    """Who hangs up, or sends what is no HTTP, in the middle of a small body."""
    with held.door.dial() as wire:
        wire.sendall(head(more=more))
        time.sleep(0.2)

    assert soon(lambda: held.door.present == 0)
    assert held.counted.asked == 0


def test_it_is_asked_when_the_service_stops(held: Held) -> None:
    """So that it can tell whoever is still sending, in its own words."""
    with held.door.dial() as wire:
        wire.sendall(head() + b"a")
        assert soon(lambda: is_held(held.door))
        held.door.server.should_exit = True

        assert soon(lambda: held.counted.asked == 1)
        wire.sendall(b"bcd")

        assert statuses(wires.until_closed(wire)) == [200]


def test_the_next_request_on_a_connection_is_held_as_the_first_was(held: Held) -> None:
    """Nothing of one is left for the other."""
    with held.door.dial() as wire:
        first = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
        wire.sendall(first + head() + b"a")
        assert soon(held.counted.ended.is_set)
        time.sleep(0.2)
        between = held.counted.asked
        wire.sendall(b"bcd")
        found = wires.until_closed(wire)

    assert (between, held.counted.asked) == (1, 2)
    assert statuses(found) == [200, 200]

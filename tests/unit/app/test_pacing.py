"""A connection that asks faster than others waits, and loses nothing by it."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.app.server import turns
from mustshare_api.app.server.bounds import Bounds
from tests.wires import Door, opened, soon, statuses, until_closed

LONG = Bounds(connections=40)
MANY = 200


@dataclass
class Street:
    """A door, and somebody whose request it is working on until a test lets go of them."""

    door: Door
    released: threading.Event
    served: list[str] = field(default_factory=list[str])

    @contextlib.contextmanager
    def somebody_served(self) -> Generator[socket.socket]:
        """While somebody else is being served, hasty ones have a share."""
        with self.door.dial() as wire:
            wire.sendall(get("/held"))
            assert soon(lambda: "/held" in self.served)
            yield wire


def get(path: str, more: str = "") -> bytes:
    """A request."""
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode()


def bodies(octets: bytes) -> list[bytes]:
    """What the answers say, each of which ends in a blank."""
    return [part.split(b"\r\n\r\n")[-1] for part in octets.split(b" ;")[:-1]]


def read_until(wire: socket.socket, count: int) -> bytes:
    """So many answers."""
    wire.settimeout(20)
    found = b""
    while found.count(b" ;") < count:
        found += wire.recv(65536)
    return found


@pytest.fixture(params=[("asyncio", "plain"), ("uvloop", "tls")], ids="-".join)
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    """A door that says the path that it was asked for, and how long the body was."""
    released, served = threading.Event(), list[str]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        served.append(scope["path"])
        taken, more = 0, True
        while more:
            event = await receive()
            taken, more = taken + len(event.get("body", b"")), event.get("more_body", False)
        while scope["path"] == "/held" and not released.is_set():
            await asyncio.sleep(0.01)
        padding = "." * 200_000 if scope["path"] == "/long" else ""
        body = f"{padding}{scope['path']} {taken} ;".encode()
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    loop, secure = request.param
    with opened(loop, tmp_path if secure == "tls" else None, LONG, app) as door:
        yield Street(door, released, served)
        released.set()


def test_a_connection_that_is_paced_loses_nothing_and_keeps_its_order(street: Street) -> None:
    """Hundreds of requests, ten ahead at a time, beside somebody who is served."""
    with street.somebody_served(), street.door.dial() as wire:
        said: list[bytes] = []
        for begin in range(0, MANY, 10):
            wire.sendall(b"".join(get(f"/{number}") for number in range(begin, begin + 10)))
            said += bodies(read_until(wire, 10))

    assert said == [b"/%d 0" % number for number in range(MANY)]


def test_a_body_in_crumbs_is_slowed_and_whole(street: Street) -> None:
    """A thousand chunks of one octet, and another request right behind them."""
    head = b"POST /crumbs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    with street.somebody_served(), street.door.dial() as wire:
        wire.sendall(head + b"1\r\na\r\n" * 1000 + b"0\r\n\r\n" + get("/next"))
        found = read_until(wire, 2)

    assert bodies(found) == [b"/crumbs 1000", b"/next 0"]


def test_others_are_served_while_hundreds_of_requests_wait(street: Street) -> None:
    """A newcomer is before every hasty one, whenever those came."""
    with street.somebody_served(), contextlib.ExitStack() as open_wires:
        for _ in range(20):
            wire = open_wires.enter_context(street.door.dial())
            wire.sendall(get("/hasty") * 15)
        with street.door.dial() as newcomer:
            newcomer.sendall(get("/new", "Connection: close\r\n"))
            found = until_closed(newcomer)

    assert statuses(found) == [200]


def test_long_answers_to_hasty_ones_are_slowed_and_whole(street: Street) -> None:
    """Ten of 200 KB on one connection, while somebody else is served and a newcomer comes."""
    with street.somebody_served(), street.door.dial() as wire:
        wire.sendall(get("/long") * 10)
        with street.door.dial() as newcomer:
            newcomer.sendall(get("/new", "Connection: close\r\n"))
            assert statuses(until_closed(newcomer)) == [200]
        found = read_until(wire, 10)

    assert [len(said) for said in bodies(found)] == [200_000 + len("/long 0")] * 10


@pytest.fixture
def no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has asked four times is hasty, and waits until nobody else is served."""
    monkeypatch.setattr(turns, "FORGIVEN_S", 0.0)
    monkeypatch.setattr(turns, "BESIDE_S", 60.0)
    monkeypatch.setattr(turns, "LONGEST_S", 60.0)


def still_listens(door: Door) -> bool:
    """Whether a newcomer would be let in."""
    try:
        socket.create_connection(("127.0.0.1", door.port), timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.usefixtures("no_share")
def test_what_waits_when_the_service_stops_is_answered_still(street: Street) -> None:
    """And told that it was the last answer."""
    with street.somebody_served() as held, street.door.dial() as wire:
        wire.sendall(b"".join(get(f"/{number}") for number in range(7)))
        before = read_until(wire, int(turns.HASTY))
        street.door.server.should_exit = True
        assert soon(lambda: not still_listens(street.door))
        street.released.set()
        after = until_closed(wire)
        last = until_closed(held)

    assert bodies(before) == [b"/%d 0" % number for number in range(int(turns.HASTY))]
    assert bodies(after) == [b"/%d 0" % int(turns.HASTY)]
    assert b"connection: close" in after
    assert bodies(last) == [b"/held 0"]


@pytest.mark.usefixtures("no_share")
def test_who_hangs_up_in_line_is_let_go_and_nothing_of_theirs_is_begun(street: Street) -> None:
    """Though their line is not read: the kernel knows."""
    with street.somebody_served():
        with street.door.dial() as wire:
            wire.sendall(b"".join(get(f"/{number}") for number in range(9)))
            read_until(wire, int(turns.HASTY))
        assert soon(lambda: street.door.present == 1)
        street.released.set()

    assert soon(lambda: street.door.present == 0)
    assert street.served == ["/held", "/0", "/1", "/2", "/3"]


def becomes_hasty(wire: socket.socket) -> None:
    """Has had so much that the next answer waits after its first piece."""
    wire.sendall(b"".join(get(f"/{number}") for number in range(3)))
    read_until(wire, 3)
    wire.sendall(get("/long"))
    wire.recv(1000)


@pytest.mark.usefixtures("no_share")
def test_who_hangs_up_while_their_answer_waits_leaves_nothing_behind(street: Street) -> None:
    """What answers them ends: it would hold what it has, a place or memory, for ever."""
    with street.somebody_served():
        with street.door.dial() as wire:
            becomes_hasty(wire)
        assert soon(lambda: len(street.door.server.server_state.tasks) == 1)


def test_an_answer_that_waits_when_the_service_stops_is_whole_and_the_last(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stop waits for it, and not for the connection to be left idle for long enough."""
    monkeypatch.setattr(turns, "BESIDE_S", 0.2)
    monkeypatch.setattr(turns, "LONGEST_S", 0.2)
    monkeypatch.setattr(turns, "FORGIVEN_S", 0.0)
    with street.door.dial() as wire:
        wire.settimeout(5)
        becomes_hasty(wire)
        street.door.server.should_exit = True
        found = until_closed(wire)

    assert found.count(b" ;") == 1


@pytest.mark.usefixtures("no_share")
def test_nothing_is_read_of_whoever_waits(street: Street) -> None:
    """A sender who goes on fills the kernel's buffers, and not our memory."""
    with street.somebody_served(), street.door.dial() as wire:
        head = b"POST /crumbs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        wire.sendall(head)
        wire.settimeout(0.5)
        sent = 0
        with contextlib.suppress(TimeoutError):
            for _ in range(2000):
                wire.sendall(b"1\r\na\r\n" * 5000)
                sent += 30_000

    assert sent < 40_000_000

"""Every way of keeping a connection without using it ends, and nobody else pays for it."""

import contextlib
import errno
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from mustshare_api.app.server import serving
from tests.wires import GET, SHORT, SOON_S, Door, closes, opened, soon, statuses, until_closed

DOORS = [("asyncio", "plain"), ("uvloop", "tls")]
RESET = struct.pack("ii", 1, 0)
SLOW_POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n"


@pytest.fixture(scope="module", params=DOORS, ids="-".join)
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """A door with forty places."""
    loop, secure = request.param
    with opened(loop, tmp_path_factory.mktemp("tls") if secure == "tls" else None) as door:
        yield door


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Door]:
    """A door with TLS on asyncio's own loop."""
    with opened("asyncio", tmp_path) as door:
        yield door


def drip(wire: socket.socket, octets: bytes) -> float:
    """Sends an octet at a time until it is closed; how long that took, in s."""
    began = time.monotonic()
    with contextlib.suppress(OSError):
        for octet in octets * 1000:
            wire.sendall(bytes([octet]))
            time.sleep(0.05)
            if time.monotonic() - began > SOON_S:
                break
    return time.monotonic() - began


def test_a_connection_that_says_nothing_is_closed(door: Door) -> None:
    """After the clock of a head, and with TLS after that of a greeting."""
    with door.dial() as quiet, door.dial(greet=False) as rude:
        assert closes(quiet)
        assert closes(rude)


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01", b"\x16\x03\x01\x40\x00" + bytes(99)])
def test_a_greeting_that_stops_is_closed(secure: Door, begun: bytes) -> None:
    """A TLS handshake has a clock of its own."""
    with secure.dial(greet=False) as wire:
        wire.sendall(begun)

        assert closes(wire)


def test_a_greeting_that_is_no_tls_is_closed(secure: Door) -> None:
    """Plain HTTP gets an alert, no answer and no redirect."""
    with secure.dial(greet=False) as wire:
        wire.sendall(GET)

        assert b"HTTP" not in until_closed(wire)


def test_a_head_that_drips_is_told_and_closed(door: Door) -> None:
    """408: an octet in time every time does not help."""
    with door.dial() as wire:
        took_s = drip(wire, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 99)
        assert took_s < SOON_S


def test_a_head_that_stops_is_told(door: Door) -> None:
    """408 `request.too_slow`."""
    found = door.say(GET[:-2])

    assert statuses(found) == [408]
    assert b"request.too_slow" in found


def test_a_connection_that_asks_no_more_is_closed(door: Door) -> None:
    """Answered once, then the clock of an idle connection."""
    with door.dial() as wire:
        wire.sendall(GET)

        assert statuses(until_closed(wire)) == [200]


def test_who_does_not_read_an_answer_is_closed(door: Door) -> None:
    """The octets that nobody takes are not kept for them."""
    with door.dial() as wire:
        wire.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")

        assert soon(lambda: door.present > 0)
        assert soon(lambda: door.present == 0)


def test_who_reads_slowly_but_steadily_is_not_closed(door: Door) -> None:
    """Far longer than the clock of a stride, as long as strides are made."""
    with door.dial() as wire:
        wire.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        until, taken = time.monotonic() + 2 * SHORT.stride_s, 0
        while time.monotonic() < until:
            taken += len(wire.recv(262_144))
            time.sleep(0.02)

        assert door.present == 1
        assert taken > 0


@pytest.mark.parametrize("begun", [GET[:9], SLOW_POST + b"a"])
def test_half_a_connection_is_none(door: Door, begun: bytes) -> None:
    """Who stops sending in mid-request has gone."""
    with door.dial(greet=False) if door.client is None else door.dial() as wire:
        wire.sendall(begun)
        wire.shutdown(socket.SHUT_WR)

        assert soon(lambda: door.present == 0)


@pytest.mark.parametrize("begun", [GET[:9], SLOW_POST + b"a", b"GET /large HTTP/1.1\r\n\r\n"])
def test_a_reset_leaves_nothing_behind(door: Door, begun: bytes) -> None:
    """In a head, in a body, in an answer."""
    for _ in range(10):
        wire = door.dial()
        wire.sendall(begun)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        wire.close()

    assert soon(lambda: door.present == 0)


def silent(door: Door) -> socket.socket:
    return door.dial(greet=False)


def begins(octets: bytes) -> Callable[[Door], socket.socket]:
    def begin(door: Door) -> socket.socket:
        wire = door.dial()
        wire.sendall(octets)
        return wire

    return begin


KINDS = [
    silent,
    begins(GET[:9]),
    begins(SLOW_POST + b"a"),
    begins(GET),
    begins(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n"),
]


def test_two_hundred_slow_ones_shut_nobody_out(secure: Door) -> None:
    """Forty places, five ways of holding one, and after every fifth an honest request."""
    door = secure
    wires: list[socket.socket] = []
    present = []
    try:
        for number in range(200):
            with contextlib.suppress(OSError):
                wires.append(KINDS[number % 7 % 5](door))
            present.append(door.present)
            if number % 5 == 0:
                door.ask()
    finally:
        for wire in wires:
            wire.close()

    assert max(present) <= SHORT.connections
    assert soon(lambda: door.present == 0)


def test_who_gets_on_is_never_closed_to_make_room() -> None:
    """A body that comes at a phone's pace is whole, while silent ones push each other out."""
    stopped = threading.Event()
    with opened() as door:

        def press() -> None:
            while not stopped.is_set():
                wires = [silent(door) for _ in range(60)]
                time.sleep(0.05)
                for wire in wires:
                    wire.close()

        pressing = threading.Thread(target=press)
        pressing.start()
        with door.dial() as wire:
            wire.sendall(SLOW_POST.replace(b"9999999", b"200000") + b"a" * 4000)
            for _ in range(49):
                time.sleep(0.02)
                wire.sendall(b"a" * 4000)
            answer = wire.recv(65536)
        stopped.set()
        pressing.join()

    assert statuses(answer) == [200]


class OutOfFiles(socket.socket):
    """A listening socket of a process that may open no more, for a while."""

    tries = 0

    @override
    def accept(self) -> Any:
        self.tries += 1
        if self.tries <= 3:
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_no_descriptor_left_is_waited_out(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """EMFILE neither closes the door nor turns away who waits."""
    bound = serving.bound
    monkeypatch.setattr(
        serving, "bound", lambda at: [OutOfFiles(fileno=one.detach()) for one in bound(at)]
    )
    with opened(loop) as door:
        assert door.ask() < SOON_S


def test_no_address_goes_further_than_the_wire() -> None:
    """What serves a request was never told who asks."""
    seen: list[Any] = []

    async def tell(scope: Any, _receive: Any, send: Any) -> None:
        seen.append(scope["client"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with opened(inner=tell) as door:
        protocol = door.server.config
        assert statuses(door.say(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")))
    assert protocol.proxy_headers is False
    assert seen == [None]


def test_two_with_tls_do_not_hear_each_other(secure: Door) -> None:
    """Connections share the buffer they are read into, and nothing that was in it."""
    with secure.dial() as first, secure.dial() as second:
        assert isinstance(first, ssl.SSLSocket)
        for number, wire in enumerate((first, second, first, second)):
            body = b"a" * (number + 1)
            post = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
            wire.sendall(post.encode() + body)
            answer = b""
            while not answer.endswith(str(len(body)).encode()):
                answer += wire.recv(65536)
            assert statuses(answer) == [200]

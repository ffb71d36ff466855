"""The last that is said on a connection arrives whole, once, and is not followed by more."""

import asyncio
import contextlib
import errno
import re
import socket
import threading
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from typing_extensions import override

from mustshare_api.api import harden
from mustshare_api.app.server import serving
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.app.server.records import Records
from mustshare_api.app.server.turns import Turns
from mustshare_api.app.server.wire import Wire
from tests.unit.app.probes import CHUNKED, get, post
from tests.wires import GET, LAST, SHORT, SOON_S, opened, soon, statuses, until_closed

WAYS = ["asyncio plain", "uvloop plain", "uvloop tls"]


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path | None]:
    """A loop, and a folder where TLS is spoken."""
    loop, secure = request.param.split()
    return loop, tmp_path_factory.mktemp("tls") if secure == "tls" else None


def test_nothing_follows_a_refusal(way: tuple[str, Path | None]) -> None:
    """An app that asks for the body afterwards is told that nobody is there; no 100 is sent."""
    told: list[object] = []

    async def reads_late(_scope: Any, receive: Any, _send: Any) -> None:
        await asyncio.sleep(0.03)
        try:
            told.append((await receive())["type"])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            told.append(error)

    with opened(*way, inner=reads_late) as door, door.dial() as wire:
        wire.sendall(post(b"Expect: 100-continue", CHUNKED, body=b"x\r\n"))
        found = b""
        while octets := wire.recv(65536):  # no reset: it ends in order
            found += octets
        assert soon(lambda: bool(told))

    assert re.findall(rb"HTTP/1.1 ([0-9]+)", found) == [b"400"]
    assert told == ["http.disconnect"]


class Gone(asyncio.Transport):
    """The transport of a line that was reset a moment ago; nobody has read that yet."""

    aborted = False

    @override
    def is_closing(self) -> bool:
        return self.aborted

    @override
    def write_eof(self) -> None:
        raise OSError(errno.ENOTCONN, "not connected")

    @override
    def abort(self) -> None:
        self.aborted = True


def plain_wire(one: socket.socket) -> Wire:
    """A connection without TLS that nobody talks on."""
    turns = Turns(asyncio.get_running_loop())
    return Wire(one, SHORT, None, lambda _: Mock(), lambda _: None, turns)


async def test_who_has_gone_is_let_go_without_a_word() -> None:
    """Asyncio's transport raises where the other side was quicker."""
    with socket.socket() as one:
        wire = plain_wire(one)
        wire.connection_made(gone := Gone())
        wire.part()

    assert gone.aborted


async def test_a_line_is_ended_once() -> None:
    """A close that follows a parting, as at the end of the service, says nothing more."""
    raw = Mock(asyncio.Transport)
    raw.is_closing.return_value = False
    with socket.socket() as one:
        wire = plain_wire(one)
        wire.connection_made(raw)
        wire._records = Mock(Records)
        wire._records.waiting.return_value = b"an alert"
        wire.part()
        wire.close()

    assert raw.write.call_count == raw.write_eof.call_count == raw.close.call_count == 1


@pytest.mark.parametrize("body", [b"", b"hello"], ids=["whole", "with a body to come"])
def test_who_is_cut_off_by_the_end_of_a_farewell_is_told(
    way: tuple[str, Path | None], body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To come back, with every header: nothing went wrong with what outlasts its time."""
    monkeypatch.setattr(serving, "FAREWELL_S", 0.3)
    monkeypatch.setattr(harden, "LINGER_S", 0.2)
    begun = threading.Event()

    async def never(_scope: Any, _receive: Any, _send: Any) -> None:
        begun.set()
        await asyncio.sleep(60)

    with opened(*way, inner=never) as door, door.dial() as wire:
        wire.sendall(post(b"Content-Length: 6", body=body) if body else get())
        assert begun.wait(SOON_S)
        door.server.should_exit = True
        found = until_closed(wire)

    assert statuses(found) == [503]
    assert b"\r\nretry-after: " in found
    assert b"\r\nx-frame-options: DENY\r\n" in found
    assert found.rstrip().endswith(b"}")


async def slow(_scope: Any, _receive: Any, send: Any) -> None:
    """Works for a while, and answers."""
    await asyncio.sleep(0.4)
    length = (b"content-length", b"2")
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.mark.parametrize("last", [GET, LAST], ids=["one of many", "the last"])
def test_an_answer_outlives_what_came_too_early(
    way: tuple[str, Path | None], last: bytes
) -> None:
    """What is sent behind a request that is worked on does not take its answer back."""
    with opened(*way, inner=slow) as door, door.dial() as wire:
        wire.sendall(last + GET)
        time.sleep(0.1)
        wire.sendall(GET * 100 + GET[:-2])
        found = b""
        while octets := wire.recv(65536):  # no reset: it ends in order
            found += octets

    assert statuses(found) == [200] * (1 if last is LAST else 2)


def test_what_comes_too_early_is_left_unread(way: tuple[str, Path | None]) -> None:
    """Once it is too much, no more of it is read while the first request is worked on."""
    sent = 0
    with opened(*way, inner=slow) as door, door.dial() as wire:
        wire.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            while sent < 256 << 20:
                wire.sendall(GET + bytes(1 << 20))
                sent += 1 << 20

    assert sent < 32 << 20


def test_who_is_told_that_no_more_is_read_does_not_stay(way: tuple[str, Path | None]) -> None:
    """They have a moment to read the answer, and not as long as somebody who may ask again."""
    bounds = Bounds(connections=40, keep_alive_s=60, linger_s=0.1)
    with opened(*way, bounds=bounds, inner=slow) as door, door.dial() as wire:
        wire.sendall(LAST + GET)
        assert statuses(wire.recv(65536)) == [200]
        assert soon(lambda: door.present == 0)


async def slow_and_long(_scope: Any, _receive: Any, send: Any) -> None:
    """Works for a while, and answers more than is on its way at one time."""
    await asyncio.sleep(0.3)
    length = (b"content-length", b"300000")
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": bytes(300_000)})


def test_an_answer_outlives_a_stop_and_what_came_too_early(
    way: tuple[str, Path | None],
) -> None:
    """Requests that nobody reads any more, as the service stops, do not take it back."""
    with opened(*way, inner=slow_and_long) as door, door.dial() as wire:
        wire.sendall(GET + GET)
        time.sleep(0.1)
        wire.sendall(GET)
        door.server.should_exit = True
        time.sleep(0.5)
        found = b""
        while octets := wire.recv(65536):  # no reset: it ends in order
            found += octets

    assert statuses(found) == [200]
    assert found.endswith(b"\r\n\r\n" + bytes(300_000))

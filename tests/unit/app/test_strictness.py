"""What comes in over a wire is one request or none, however it is written."""

import json
import re
import time
from collections.abc import Iterator

import pytest

from mustshare_api.api.harden import SECURITY_HEADERS
from tests.unit.app.probes import HIDDEN, LAST, REFUSED, SERVED, get, post
from tests.wire import Wire, heard, listening

SOON_S = 5.0
ENDING = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module", params=["plain asyncio", "plain uvloop", "tls uvloop"])
def wire(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wire]:
    """A door, in the ways in which ours are served."""
    way, loop = request.param.split()
    folder = tmp_path_factory.mktemp("wire")
    with listening(folder, secure=way == "tls", loop=loop) as opened:
        yield opened


def statuses(octets: bytes) -> list[int]:
    """The statuses of the answers in what came back, but for 100."""
    found = [int(one) for one in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", octets)]
    return [one for one in found if one != 100]


def test_what_can_be_read_in_two_ways_is_refused_and_closed(wire: Wire) -> None:
    """One problem, the end of the connection, and nothing served: not it, not what it hid."""
    wrong: dict[str, object] = {}
    for name, (octets, status) in REFUSED.items():
        wire.served.clear()
        found = wire.say(octets + HIDDEN)
        if statuses(found) != [status] or wire.served:
            wrong[name] = (statuses(found), list(wire.served))

    assert wrong == {}


def test_what_is_only_strange_is_served_once_and_what_follows_by_itself(wire: Wire) -> None:
    """A request ends where it says, whatever is put behind it."""
    wrong: dict[str, object] = {}
    for name, (octets, request) in SERVED.items():
        wire.served.clear()
        found = wire.say(octets + HIDDEN + ENDING)
        meant = [request, ("GET", "/hidden", b""), ("GET", "/last", b"")]
        if statuses(found) != [200] * 3 or wire.served != meant:
            wrong[name] = (statuses(found), list(wire.served))

    assert wrong == {}


def test_nothing_is_served_behind_a_last_request(wire: Wire) -> None:
    """Not on a connection that was to close, nor after an offer of another protocol."""
    wrong: dict[str, object] = {}
    for name, (octets, request) in LAST.items():
        wire.served.clear()
        found = wire.say(octets + HIDDEN)
        if statuses(found) != [200] or wire.served != [request]:
            wrong[name] = (statuses(found), list(wire.served))

    assert wrong == {}


@pytest.mark.parametrize(
    "name", ["bare LF everywhere", "CONNECT", "another expectation", "HTTP/0.9"]
)
def test_a_refusal_looks_like_every_other_answer(wire: Wire, name: str) -> None:
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


def test_a_refusal_is_in_the_language_that_was_asked_for(wire: Wire) -> None:
    """As far as the head was read."""
    found = wire.say(get(b"Accept-Language: en", b"A: b\0c"))

    assert b"The request cannot be read" in found


def test_a_request_in_small_pieces_is_refused_the_same(wire: Wire) -> None:
    """Octet by octet there is no other reading."""
    octets, status = REFUSED["identity, chunked"]
    wire.served.clear()
    with wire.dial() as line:
        for at in range(len(octets)):
            try:
                line.sendall(octets[at : at + 1])
            except (BrokenPipeError, ConnectionResetError):
                break
        found = heard(line)

    assert statuses(found) == [status]
    assert wire.served == []


def test_what_came_before_is_answered_before_a_refusal(wire: Wire) -> None:
    """A refusal that overtook an answer would be taken for it."""
    wire.served.clear()
    found = wire.say(get() + b"GET / HTTP/1.1\nHost: a\n\n" + HIDDEN)

    assert statuses(found) == [200, 400]
    assert wire.served == [("GET", "/", b"")]


def test_a_queue_on_one_connection_is_bounded(wire: Wire) -> None:
    """Thousands of requests fit into one piece of what is read."""
    wire.served.clear()
    found = wire.say(HIDDEN * 1000)

    assert 1 <= len(wire.served) <= 17
    assert len(statuses(found)) == len(wire.served)


def test_an_expectation_is_met_when_the_body_is_wanted(wire: Wire) -> None:
    """100, then the answer; HTTP/1.0 knows no 100 and gets none."""
    lines = (b"Expect: 100-continue", b"Content-Length: 5", b"Connection: close")
    with wire.dial() as line:
        line.sendall(post(*lines, body=b""))
        assert line.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert statuses(heard(line)) == [200]

    assert b" 100 " not in wire.say(post(*lines, body=b"hello", version=b"HTTP/1.0"))


def test_a_sender_who_does_not_stop_is_closed_soon(wire: Wire) -> None:
    """What follows a refusal is not read, and does not keep the connection."""
    began = time.monotonic()
    with wire.dial() as line:
        line.settimeout(SOON_S)
        try:
            line.sendall(b"GET / HTTP/1.1\nHost: a\n\n")
            while time.monotonic() - began < 2 * SOON_S:
                line.sendall(b"x" * 1024)
                time.sleep(0.02)
        except OSError:
            pass

    assert time.monotonic() - began < SOON_S

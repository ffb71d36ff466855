"""Heads of requests: what is too long, too many, too late or no HTTP is told so and closed."""

import contextlib
import re
import time
from collections.abc import Iterator

import pytest

from mustshare_api.api.harden import SECURITY_HEADERS
from tests.wires import GET, LAST, Door, opened, statuses, until_closed

DOORS = [("asyncio", "plain"), ("uvloop", "tls")]


@pytest.fixture(scope="module", params=DOORS, ids="-".join)
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """A door on either loop, with and without TLS."""
    loop, secure = request.param
    with opened(loop, tmp_path_factory.mktemp("tls") if secure == "tls" else None) as door:
        yield door


def head(*lines: str, target: str = "/") -> bytes:
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: a", *lines, "", ""]).encode()


def test_a_head_of_too_many_bytes_is_told_and_closed(door: Door) -> None:
    """431 `request.header_too_large`, before its end has come."""
    found = door.say(head("X-A: " + "a" * 40_000)[:-4])

    assert statuses(found) == [431]
    assert b"request.header_too_large" in found


def test_a_head_of_too_many_lines_is_told_and_closed(door: Door) -> None:
    """431, although it is short in bytes."""
    found = door.say(head(*["a: b"] * 500))

    assert statuses(found) == [431]


def test_a_target_that_is_too_long_is_told_and_closed(door: Door) -> None:
    """414 `request.target_too_long`, with and without the rest of the head."""
    whole = door.say(head(target="/" + "a" * 3000))
    begun = door.say(b"GET /" + b"a" * 3000)

    assert statuses(whole) == statuses(begun) == [414]
    assert b"request.target_too_long" in whole


@pytest.mark.parametrize(
    "octets",
    [
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"\n",
        b"GET \x00 HTTP/1.1\r\n\r\n",
    ],
    ids=["no HTTP", "lone line feeds", "a lone line feed", "NUL"],
)
def test_what_is_no_http_is_told_at_once(octets: bytes) -> None:
    """400, long before the clock of a head that might still come."""
    with opened() as door:
        began = time.monotonic()
        found = door.say(octets)

    assert statuses(found) == [400]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", b"request.unknown_method"),
        (GET[:-2] + b"Expect: tea\r\n\r\n", b"request.unknown_expectation"),
    ],
)
def test_what_http_has_and_we_have_not_is_named(octets: bytes, code: bytes) -> None:
    """A method that nobody knows, an expectation that nobody meets."""
    with opened() as door:
        assert b'"' + code + b'"' in door.say(octets)


def test_a_refusal_of_a_head_is_a_problem_like_any_other(door: Door) -> None:
    """It carries every security header, and no word of what was sent."""
    found = door.say(head(target="/secret" * 500)).lower()

    lines = [name + b": " + value.lower() for name, value in SECURITY_HEADERS.items()]
    assert all(line in found for line in lines)
    assert b"content-type: application/problem+json" in found
    assert b"secret" not in found


def test_a_head_within_its_bounds_is_taken_in_any_pieces(door: Door) -> None:
    """Sixty headers, byte by byte in two of its places, are one request."""
    octets = head(*[f"X-{number}: {'a' * 100}" for number in range(50)], "Connection: close")
    with door.dial() as wire:
        for piece in (octets[:1], octets[1:30], octets[30:31], octets[31:-3], octets[-3:]):
            wire.sendall(piece)
            time.sleep(0.01)
        found = until_closed(wire)

    assert statuses(found) == [200]


def test_requests_that_come_together_are_answered_in_turn(door: Door) -> None:
    """Three in one packet, bodies between them, are three answers."""
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde"
    found = door.say(post + GET + LAST)

    assert statuses(found) == [200, 200, 200]
    assert re.findall(rb"\r\n\r\n([0-9])", found) == [b"5", b"0", b"0"]


def test_a_flood_of_requests_in_one_piece_starts_few(door: Door) -> None:
    """Of thousands, as many are answered as a connection may ask for; then it is closed."""
    with door.dial() as wire:
        with contextlib.suppress(OSError):
            wire.sendall(GET * 20_000)
        found = until_closed(wire)

    assert 1 <= statuses(found).count(200) <= 20


def test_a_connection_asks_only_so_often(door: Door) -> None:
    """The last answer of a connection says that it is the last."""
    with door.dial() as wire:
        answers = []
        for _ in range(20):
            wire.sendall(GET)
            answers.append(b"")
            while not answers[-1].endswith(b"\r\n\r\n0"):
                answers[-1] += wire.recv(65536)
        assert until_closed(wire) == b""

    assert [b"connection: close" in one.lower() for one in answers] == [False] * 19 + [True]


def test_chunks_of_one_byte_are_refused_before_they_cost_much(door: Door) -> None:
    """400, once the framing has outweighed the body by far."""
    with door.dial() as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                wire.sendall(b"1\r\na\r\n" * 1000)
        found = until_closed(wire)

    assert statuses(found) == [400]


@pytest.mark.parametrize("trail", [b"1;" + b"a" * 60_000, b"0\r\n" + b"A: b\r\n" * 9000])
def test_an_endless_chunk_extension_or_trailer_is_refused(trail: bytes) -> None:
    """400, and nothing of it is kept."""
    with opened() as door, door.dial() as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.sendall(trail)
        found = until_closed(wire)

    assert statuses(found) == [400]


def test_a_body_that_is_not_wanted_is_left_unread(door: Door) -> None:
    """A refused sender who sends on for gigabytes is cut off after a few MiB."""
    sent = 0
    with door.dial() as wire:
        wire.sendall(head("X-A: " + "a" * 40_000))
        wire.settimeout(5)
        with contextlib.suppress(OSError):
            while sent < 256 << 20:
                wire.sendall(bytes(1 << 20))
                sent += 1 << 20

    assert sent < 64 << 20

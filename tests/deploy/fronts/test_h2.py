"""HTTP/2 at the fronts, by frames made by hand: what becomes of it at the door is HTTP/1.1.

A value in HTTP/2 has a length and may hold any octet; in HTTP/1.1 the same octets can end a
line or a request. So what arrives has to be one request that was asked for, or nothing.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.fronts.h2 import (
    CONTINUATION,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    RESET,
    asked,
    begun,
    frame,
    kinds_in,
    literal,
    said,
    sent,
    trailed,
)
from tests.deploy.fronts.recorder import Recorder, Request
from tests.deploy.fronts.wire import Client

WAIT_S = 0.8
SMUGGLED = b" HTTP/1.1\r\nHost: tips.localhost\r\n\r\nGET /h2-smuggled"
JSON = (b"content-type", b"application/json")


def probes(path: bytes) -> dict[str, bytes]:
    """By what is odd about them. `path` names the probe to the recorder."""
    return {
        "a line in a value": asked(path, [(b"accept", b"a\r\nX-Odd: smuggled")]),
        "a request in a value": asked(path, [(b"accept", b"a\r\n\r\nGET /h2-smuggled")]),
        "a line feed in a value": asked(path, [(b"accept", b"a\nx-odd: smuggled")]),
        "NUL in a value": asked(path, [(b"accept", b"a\0b")]),
        "a request in the path": asked(path + SMUGGLED),
        "a space in the path": asked(path + b" HTTP/1.0"),
        "a request in the method": asked(path, method=b"GET /h2-smuggled HTTP/1.1\r\nA:"),
        "a line in a name": asked(path, [(b"a: b\r\nx-odd", b"smuggled")]),
        "a colon in a name": asked(path, [(b"x-odd: a", b"smuggled")]),
        "chunked": sent(path, [JSON, (b"transfer-encoding", b"chunked")], b"0\r\n\r\nsmuggled"),
        "a length too short": sent(path, [JSON, (b"content-length", b"2")], b"{}smuggled"),
        "a length too long": sent(path, [JSON, (b"content-length", b"90")], b"smuggled"),
        "a length without a body": asked(path, [(b"content-length", b"9")]),
        "two lengths": sent(
            path, [JSON, (b"content-length", b"2"), (b"content-length", b"10")], b"{}smuggled"
        ),
        "a tunnel": asked(path, [(b":protocol", b"websocket")], method=b"CONNECT"),
        "two paths": asked(path, [(b":path", b"/h2-smuggled")]),
        "another host beside": asked(path, [(b"host", b"smuggled.example")]),
        **{
            what: trailed(path, b"{}", [behind])
            for what, behind in {
                "an honest trailer": (b"late", b"x"),
                "a line in a trailer": (b"late", b"a\r\nx-odd: smuggled"),
                "a request in a trailer": (b"late", b"a\r\n\r\nGET /h2-smuggled HTTP/1.1"),
                "a line feed in a trailer": (b"late", b"a\nx-odd: smuggled"),
                "NUL in a trailer": (b"late", b"a\0smuggled"),
                "a line in a trailer's name": (b"a: b\r\nx-odd", b"smuggled"),
                "a length as a trailer": (b"content-length", b"90"),
                "chunked as a trailer": (b"transfer-encoding", b"smuggled"),
                "a host as a trailer": (b"host", b"smuggled.example"),
                "a path as a trailer": (b":path", b"/h2-smuggled"),
            }.items()
        },
    }


@pytest.fixture(scope="module")
def arrived(front: Client, recorder: Recorder) -> dict[str, list[bytes]]:
    """What each probe became at the door, all of them sent at once."""
    tag = f"/h2/{front.front.kind}".encode()
    names = list(probes(b"/"))

    def probe(number: int) -> None:
        said(front, probes(b"%s/%d/" % (tag, number))[names[number]], WAIT_S)

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(probe, range(len(names))))
    return {
        name: [_spelt(one) for one in recorder.of(f"{tag.decode()}/{number}/")]
        for number, name in enumerate(names)
    }


def _spelt(request: Request) -> bytes:
    told = request.headers + request.trailers
    headers = b"".join(b"|%s:%s" % (name.lower(), value) for name, value in told)
    return request.method + b" " + request.target + headers


@pytest.mark.parametrize("what", probes(b"/"))
def test_nothing_but_what_was_asked_for_arrives(
    arrived: dict[str, list[bytes]], what: str
) -> None:
    """Not a second request, and no header, host or path that stood inside of something else.

    Of trailers HAProxy passes on what frames nothing and names no host; the door drops that.
    """
    found = arrived[what]

    assert len(found) <= 1
    assert b"smuggled" not in b"".join(found)
    assert [one.split(b"|")[0].count(b" ") for one in found] == [1] * len(found)
    assert not [
        one
        for one in found
        if b"transfer-encoding:chunked|" in one and b"content-length" in one
    ]


def test_nothing_arrives_beside_what_was_asked_for(front: Client, recorder: Recorder) -> None:
    """A request whose path is inside of another's would be known by its own."""
    said(front, asked(b"/h2/last/"), WAIT_S)

    assert recorder.of("/h2-smuggled") == []


def test_streams_opened_and_reset_leave_the_others_their_turn(served: Client) -> None:
    """Three hundred of them at once buy nothing: somebody else is answered meanwhile."""
    block = begun(b"/v1/intake")
    pairs = (
        frame(HEADERS, END_STREAM | END_HEADERS, stream, block)
        + frame(RESET, 0, stream, b"\0\0\0\x08")
        for stream in range(1, 601, 2)
    )
    said(served, b"".join(pairs), WAIT_S)

    answer = served.request("GET", "/v1/intake")
    assert answer.status == 200


def test_a_head_without_an_end_is_cut_off(served: Client) -> None:
    """Frames that only go on with a head are counted, and the line is closed."""
    more = (frame(CONTINUATION, 0, 1, literal(b"a%d" % n, b"x" * 100)) for n in range(2000))
    heard = said(
        served, frame(HEADERS, END_STREAM, 1, begun(b"/v1/intake")) + b"".join(more), 5
    )

    assert (HEADERS, 1) not in kinds_in(heard)

"""HTTP/2 by hand: frames and literal headers, so that a test can say what no library would."""

import socket
import ssl
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from tests.deploy.fronts.shipped import NAME
from tests.deploy.fronts.wire import Client

DATA, HEADERS, RESET, SETTINGS, CONTINUATION = 0, 1, 3, 4, 9
END_STREAM, END_HEADERS = 1, 4
PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SHORT: Final = 127
Header = tuple[bytes, bytes]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame (RFC 9113, 4.1)."""
    length = struct.pack(">I", len(payload))[1:]
    return length + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name: bytes, value: bytes) -> bytes:
    """A header that is not indexed and not Huffman-coded (RFC 7541, 6.2.2)."""
    return b"\0" + _text(name) + _text(value)


def _text(octets: bytes) -> bytes:
    if len(octets) < _SHORT:
        return bytes([len(octets)]) + octets
    rest, number = len(octets) - _SHORT, bytearray([_SHORT])
    while rest > _SHORT:
        number.append(rest % 128 + 128)
        rest //= 128
    return bytes([*number, rest]) + octets


def begun(path: bytes, more: Iterable[Header] = (), *, method: bytes = b"GET") -> bytes:
    """The block of a request, with whatever comes behind its pseudo-headers."""
    pseudo = ((b":method", method), (b":scheme", b"https"), (b":authority", NAME.encode()))
    return b"".join(literal(*one) for one in (*pseudo, (b":path", path), *more))


def asked(path: bytes, more: Iterable[Header] = (), *, method: bytes = b"GET") -> bytes:
    """A whole request without a body, on stream 1."""
    block = begun(path, more, method=method)
    return frame(HEADERS, END_STREAM | END_HEADERS, 1, block)


def sent(path: bytes, more: Iterable[Header], body: bytes) -> bytes:
    """A whole request with a body, on stream 1."""
    block = begun(path, more, method=b"POST")
    return frame(HEADERS, END_HEADERS, 1, block) + frame(DATA, END_STREAM, 1, body)


def trailed(path: bytes, body: bytes, more: Iterable[Header]) -> bytes:
    """A whole request whose body is followed by trailers, on stream 1."""
    block = begun(path, [(b"content-type", b"application/json")], method=b"POST")
    behind = b"".join(literal(*one) for one in more)
    return (
        frame(HEADERS, END_HEADERS, 1, block)
        + frame(DATA, 0, 1, body)
        + frame(HEADERS, END_STREAM | END_HEADERS, 1, behind)
    )


def said(client: Client, octets: bytes, wait_s: float) -> bytes:
    """All that comes back within a time for frames behind a preface."""
    context = ssl.create_default_context(cafile=str(client.ca))
    context.set_alpn_protocols(["h2"])
    place = ("127.0.0.1", client.front.tls)
    plain = socket.create_connection(place, 10)
    with context.wrap_socket(plain, server_hostname=NAME) as line:
        assert line.selected_alpn_protocol() == "h2"
        return _heard(line, PREFACE + frame(SETTINGS, 0, 0) + octets, wait_s)


def _heard(line: ssl.SSLSocket, octets: bytes, wait_s: float) -> bytes:
    heard, until = b"", time.monotonic() + wait_s
    with suppress(OSError):
        line.sendall(octets)
        while (left := until - time.monotonic()) > 0:
            line.settimeout(left)
            if not (some := line.recv(65_536)):
                break
            heard += some
    return heard


def kinds_in(octets: bytes) -> list[tuple[int, int]]:
    """Kind and stream of each whole frame."""
    found, at = [], 0
    while at + 9 <= len(octets):
        stream = int.from_bytes(octets[at + 5 : at + 9])
        found.append((octets[at + 3], stream))
        at += 9 + int.from_bytes(octets[at : at + 3])
    return found

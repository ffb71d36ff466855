"""Requests that two readers could take for different ones; each with a second hidden behind it.

`REFUSED` have to get the one status given, and nothing may be served of them. `SERVED` are
strange and plain at once: they have to be served as exactly the request given.
"""

HOST = b"Host: a\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"
DONE = ("POST", "/", b"hello")


def get(*lines: bytes, target: bytes = b"/", version: bytes = b"HTTP/1.1") -> bytes:
    """A GET with a Host and these header lines."""
    head = b"GET " + target + b" " + version + b"\r\n" + HOST
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def post(*lines: bytes, body: bytes = CHUNKS, version: bytes = b"HTTP/1.1") -> bytes:
    """A POST with a Host, these header lines and this body."""
    head = b"POST / " + version + b"\r\n" + HOST
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


TE = b"Transfer-Encoding: "
CL = b"Content-Length: "
CHUNKED = TE + b"chunked"


def chunks(octets: bytes) -> bytes:
    """A POST in chunks, which are these."""
    return post(CHUNKED, body=octets)


REFUSED: dict[str, tuple[bytes, int]] = {
    "a length, then chunks": (post(CL + b"5", CHUNKED), 400),
    "chunks, then a length": (post(CHUNKED, CL + b"5"), 400),
    "chunked, identity": (post(TE + b"chunked, identity"), 400),
    "identity, chunked": (post(TE + b"identity, chunked"), 400),
    "gzip, chunked": (post(TE + b"gzip, chunked"), 400),
    "an empty coding before chunked": (post(TE + b",chunked"), 400),
    "an empty coding after chunked": (post(TE + b"chunked,"), 400),
    "xchunked": (post(TE + b"xchunked"), 400),
    "a vertical tab before chunked": (post(TE + b"\x0bchunked"), 400),
    "a no-break space before chunked": (post(TE + b"\xa0chunked"), 400),
    "quoted chunked": (post(TE + b'"chunked"'), 400),
    "chunked with a parameter": (post(TE + b"chunked;q=1"), 400),
    "chunked twice": (post(CHUNKED, CHUNKED), 400),
    "chunked, chunked": (post(TE + b"chunked, chunked"), 400),
    "identity, and chunked in a second line": (post(TE + b"identity", CHUNKED), 400),
    "chunked, and identity in a second line": (post(CHUNKED, TE + b"identity"), 400),
    "identity alone": (post(TE + b"identity", body=b""), 400),
    "an empty transfer coding": (post(TE, body=b""), 400),
    "a folded transfer coding": (post(b"Transfer-Encoding:\r\n chunked"), 400),
    "chunks in HTTP/1.0": (post(CHUNKED, version=b"HTTP/1.0"), 400),
    "two lengths": (post(CL + b"5", CL + b"6", body=b"hello!"), 400),
    "one length twice": (post(CL + b"5", CL + b"5", body=b"hello"), 400),
    "a list of lengths": (post(CL + b"5, 5", body=b"hello"), 400),
    "a negative length": (post(CL + b"-5", body=b"hello"), 400),
    "a length with a plus": (post(CL + b"+5", body=b"hello"), 400),
    "a length in hexadecimal": (post(CL + b"0x5", body=b"hello"), 400),
    "a length with an underscore": (post(CL + b"0_5", body=b"hello"), 400),
    "a length with a space inside": (post(CL + b"5 5", body=b"hello"), 400),
    "an empty length": (post(CL, body=b"hello"), 400),
    "a length past 64 bits": (post(CL + b"18446744073709551621", body=b"hello"), 400),
    "a length of 5,000 digits": (post(CL + b"9" * 5000, body=b"hello"), 400),
    "a length in Thai numerals": (post(CL + "๕".encode(), body=b"hello"), 400),
    "bare LF everywhere": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "bare LF after the request line": (b"GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
    "bare LF after a header": (b"GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n", 400),
    "bare LF at the end of a head": (b"GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
    "bare CR inside a header": (get(b"A: b\rTransfer-Encoding: chunked"), 400),
    "CR CR LF": (b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400),
    "obs-fold with a space": (get(b"A: b\r\n c"), 400),
    "obs-fold with a tab": (get(b"A: b\r\n\tc"), 400),
    "a first header that is folded": (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    "NUL in a value": (get(b"A: b\0c"), 400),
    "a control character in a value": (get(b"A: b\x01c"), 400),
    "DEL in a value": (get(b"A: b\x7fc"), 400),
    "NUL in a name": (get(b"A\0: b"), 400),
    "a letter outside ASCII in a name": (get(b"A\xff: b"), 400),
    "a bracket in a name": (get(b"A(b): c"), 400),
    "NUL in a target": (get(target=b"/\0"), 400),
    "a control character in a target": (get(target=b"/\x01"), 400),
    "a tab in a target": (get(target=b"/\tb"), 400),
    "a letter outside ASCII in a target": (get(target=b"/\xff"), 400),
    "a space in a target": (get(target=b"/a b"), 400),
    "a fragment in a target": (get(target=b"/a#b"), 400),
    "a target that is no path": (get(target=b"a"), 400),
    "an asterisk that is no question of methods": (get(target=b"*"), 400),
    "a target at another host": (get(target=b"http://evil/"), 400),
    "a target with a user": (get(target=b"http://b@a/"), 400),
    "a target of another scheme": (get(target=b"ftp://a/"), 400),
    "a target of a host alone": (get(target=b"http://a"), 400),
    "a target of 3,000 octets": (get(target=b"/" + b"a" * 3000), 414),
    "a space before a colon": (post(b"Content-Length : 5", body=b"hello"), 400),
    "a tab before a colon": (post(b"Transfer-Encoding\t: chunked"), 400),
    "a header without a name": (get(b": b"), 400),
    "a header without a colon": (get(b"abc"), 400),
    "LF after a chunk's size": (chunks(b"5\nhello\r\n0\r\n\r\n"), 400),
    "LF after a chunk": (chunks(b"5\r\nhello\n0\r\n\r\n"), 400),
    "LF in a chunk's extension": (chunks(b"5;a\nb\r\nhello\r\n0\r\n\r\n"), 400),
    "LF at the end of chunks": (chunks(b"5\r\nhello\r\n0\r\n\n"), 400),
    "a space after a chunk's size": (chunks(b"5 \r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk's size with 0x": (chunks(b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk's size with a minus": (chunks(b"-5\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk's size far below 0": (chunks(b"-100\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk's size with a plus": (chunks(b"+5\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk's size past 64 bits": (chunks(b"10000000000000005\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk longer than its size": (chunks(b"4\r\nhello\r\n0\r\n\r\n"), 400),
    "a length as a trailer": (chunks(b"5\r\nhello\r\n0\r\nContent-Length: 33\r\n\r\n"), 400),
    "two empty lines before": (b"\r\n\r\n" + get(), 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/0.9 by name": (get(version=b"HTTP/0.9"), 400),
    "HTTP/1.2": (get(version=b"HTTP/1.2"), 400),
    "HTTP/2.0 by name": (get(version=b"HTTP/2.0"), 400),
    "http in small letters": (get(version=b"http/1.1"), 400),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "another protocol's version": (get(version=b"HTCPCP/1.0"), 400),
    "RTSP": (get(version=b"RTSP/1.0"), 400),
    "RTSP with a body": (post(CL + b"5", body=b"hello", version=b"RTSP/1.1"), 400),
    "ICE": (b"SOURCE / ICE/1.0\r\n" + HOST + b"\r\n", 501),
    "two spaces before a target": (get(target=b" /"), 400),
    "two spaces before a version": (get(target=b"/ "), 400),
    "a space after a version": (get(version=b"HTTP/1.1 "), 400),
    "a tab before a version": (get(version=b"\tHTTP/1.1"), 400),
    "CONNECT": (b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "CONNECT to a path": (b"CONNECT /v1/tip HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a method that nobody knows": (b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a method in small letters": (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "two credentials": (get(b"Authorization: Receipt 1", b"authorization: Receipt 2"), 400),
    "two types of one body": (
        post(b"Content-Type: text/plain", b"Content-Type: application/json", CHUNKED),
        400,
    ),
    "two keys for one retry": (get(b"Idempotency-Key: a", b"Idempotency-Key: a"), 400),
    "two keys of partners": (get(b"Partner-Key: a", b"Partner-Key: b"), 400),
    "two solutions": (get(b"Challenge-Solution: a", b"Challenge-Solution: b"), 400),
    "two tokens of an upload": (get(b"Upload-Token: a", b"Upload-Token: b"), 400),
    "two places for one chunk": (get(b"Upload-Offset: 0", b"Upload-Offset: 4"), 400),
    "a part of a body": (post(b"Content-Range: bytes 0-4/10", CHUNKED), 400),
    "an offer of h2c with a body": (
        post(b"Connection: Upgrade", b"Upgrade: h2c", CL + b"5", body=b"hello"),
        400,
    ),
    "another expectation": (get(b"Expect: 200-ok"), 417),
    "two expectations": (get(b"Expect: 100-continue", b"Expect: 100-continue"), 417),
    "a list of expectations": (get(b"Expect: 100-continue, x"), 417),
}
"""Name -> octets, and the status of the one answer."""

SERVED: dict[str, tuple[bytes, tuple[str, str, bytes]]] = {
    "a tab before chunked": (post(b"Transfer-Encoding:\tchunked"), DONE),
    "spaces after chunked": (post(TE + b"chunked  "), DONE),
    "CHUNKED": (post(TE + b"CHUNKED"), DONE),
    "a header that only looks like it": (
        post(b"Transfer_Encoding: chunked", CL + b"5", body=b"hello"),
        DONE,
    ),
    "a length with a zero before it": (post(CL + b"05", body=b"hello"), DONE),
    "a chunk's extension": (chunks(b"5;a=b\r\nhello\r\n0\r\n\r\n"), DONE),
    "zeros before a chunk's size": (chunks(b"0" * 20 + b"5\r\nhello\r\n0\r\n\r\n"), DONE),
    "a target at this host": (get(target=b"http://a/b"), ("GET", "/b", b"")),
    "a trailer, which is dropped": (chunks(b"5\r\nhello\r\n0\r\nHost: b\r\n\r\n"), DONE),
    "an empty line before": (b"\r\n" + get(), ("GET", "/", b"")),
    "a GET with a length": (
        get(CL + b"5").replace(b"\r\n\r\n", b"\r\n\r\nhello"),
        ("GET", "/", b"hello"),
    ),
}
"""Name -> octets, and the request that they are; what is hidden behind is one of its own."""

LAST: dict[str, tuple[bytes, tuple[str, str, bytes]]] = {
    "HTTP/1.0": (get(version=b"HTTP/1.0"), ("GET", "/", b"")),
    "HTTP/1.0 that would stay": (
        get(b"Connection: keep-alive", version=b"HTTP/1.0"),
        ("GET", "/", b""),
    ),
    "Connection: close": (get(b"Connection: close"), ("GET", "/", b"")),
    "an offer of h2c": (
        get(
            b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"
        ),
        ("GET", "/", b""),
    ),
    "an offer of a WebSocket": (
        get(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13"),
        ("GET", "/", b""),
    ),
}
"""The same, where the connection ends with it: what is hidden behind is not served."""

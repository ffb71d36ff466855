"""HTTP/1.1 read to the letter: what two readers could take for different requests is refused.

    octets --llhttp--> head --here--> one request, or a problem and the end of the connection

A request is smuggled past a proxy when it and we disagree on where one ends. llhttp is strict
about most of it (bare LF, obs-fold, two lengths, a length beside chunks); refused here is what
it lets through:

    Transfer-Encoding    anything but `chunked`, once, in HTTP/1.1: `gzip, chunked`, `,chunked`
    trailers             uvicorn would put them among the headers of a request under way
    versions             0.9, which has no headers, and 2.0, which is another protocol
    targets              a fragment, CONNECT's, one that names another host than Host does
    expectations         other than 100-continue; HTTP/1.0 has none and gets no 100
    what follows `Connection: close`, or an offer to change the protocol: it is not read

A refusal is a problem like any other. uvicorn's own is a line of English by which it is known,
sent at once even where an earlier request still waits for its answer, and would then be taken
for that. `conversation` sends this one in its turn.
"""

import re
from typing import Any, Final, cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
)

from mustshare_api.api.cors import VARY
from mustshare_api.api.harden import Headers, announces_body, dressed
from mustshare_api.api.languages import preferred
from mustshare_api.api.problems import plain_answer
from mustshare_api.errors import Malformed

TARGET_LIMIT_BYTES: Final = 2048
"""Several times the longest path and query of the contract."""

_METHOD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32})(?: |\Z)")
_METHODS: Final = frozenset(b"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE".split())
_MALFORMED: Final = "request.malformed"


class StrictProtocol(HttpToolsProtocol):
    """One connection on which nothing can be read in two ways."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - uvicorn's business
        super().__init__(*args, **more)
        cast("Any", self.parser).set_dangerous_leniencies(lenient_data_after_close=False)
        self.url = b""
        self.first = b""
        self.head_ended = False
        self._fault: str | None = None

    @override
    def on_url(self, url: bytes) -> None:
        """Takes a piece of the target."""
        super().on_url(url)
        if len(self.url) > TARGET_LIMIT_BYTES:
            self._stop("request.too_long_target")

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header; one after the body is a trailer."""
        if self.head_ended:
            self._stop(_MALFORMED)
        super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        """Looks a whole head over before anything is done for it."""
        parser = cast("Any", self.parser)
        version, method = parser.get_http_version(), parser.get_method()
        fault = fault_of(method, version, self.url, self.headers)
        # llhttp leaves the body of a request that offers another protocol to that protocol.
        unread = parser.should_upgrade() and announces_body(self.headers)
        if fault or unread:
            self._stop(fault or _MALFORMED)
        self.head_ended = True
        self.expect_100_continue = self.expect_100_continue and version == "1.1"
        super().on_headers_complete()

    def _stop(self, code: str) -> None:
        """Ends reading: the parser hands on what a callback raises as a fault of its own."""
        self._fault = code
        raise Malformed(code)

    def fault(self) -> str:
        """The code of what could not be read.

        llhttp does not say whether it was the method, or what came was no HTTP.
        """
        found = None if self.url else _METHOD.match(self.first)
        unknown = found is not None and found[1] not in _METHODS
        return self._fault or ("request.unknown_method" if unknown else _MALFORMED)


def refusal(code: str, headers: Headers) -> bytes:
    """The whole answer that says why a connection ends."""
    wanted = next((value for name, value in headers if name == b"accept-language"), b"")
    status, given, body = plain_answer(code, preferred(wanted.decode("latin-1")))
    lines = dressed([*given, VARY], close=True)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
    return STATUS_LINE[status] + head + b"\r\n" + body


def fault_of(method: bytes, version: str, target: bytes, headers: Headers) -> str | None:
    """The code of what is wrong with a head that llhttp has let through; None if nothing is."""
    if version not in ("1.0", "1.1"):
        return _MALFORMED
    if method == b"CONNECT":
        return "request.unknown_method"
    if not (_well_framed(version, headers) and _well_aimed(method, target, headers)):
        return _MALFORMED
    expected = _values(headers, b"expect")
    if version == "1.1" and expected not in ([], [b"100-continue"]):
        return "request.unknown_expectation"
    return None


def _well_framed(version: str, headers: Headers) -> bool:
    encodings, lengths = (
        _values(headers, b"transfer-encoding"),
        _values(headers, b"content-length"),
    )
    if encodings:
        return version == "1.1" and encodings == [b"chunked"] and not lengths
    return len(lengths) <= 1


def _well_aimed(method: bytes, target: bytes, headers: Headers) -> bool:
    if b"#" in target:
        return False
    if target == b"*":
        return method == b"OPTIONS"
    if target.startswith(b"/"):
        return True
    scheme, _, rest = target.partition(b"://")
    authority = re.split(rb"[/?]", rest, maxsplit=1)[0]
    return scheme.lower() in (b"http", b"https") and [authority.lower()] == _values(
        headers, b"host"
    )


def _values(headers: Headers, name: bytes) -> list[bytes]:
    return [value.strip(b" \t").lower() for found, value in headers if found == name]

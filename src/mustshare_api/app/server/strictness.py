"""HTTP/1.1 read to the letter: what two readers could take for different requests is refused.

A request is smuggled past a proxy when it and we disagree on where one ends. llhttp is strict
about most of it (bare LF, obs-fold, two lengths, a length beside chunks); refused here is what
it lets through:

    Transfer-Encoding    anything but `chunked`, once, in HTTP/1.1: `gzip, chunked`, `,chunked`
    versions             0.9, which has no headers, 2.0, and RTSP and ICE: other protocols
    a request line       with more than the two spaces that part it
    targets              a fragment, CONNECT's, one that names another host than Host does
    expectations         other than 100-continue
    headers twice        of which one is read: credentials, keys, what a body is, where it goes
    Content-Range        which says that a body is a part; taken for the whole, the rest is lost
    a body               behind an offer of another protocol, to which llhttp leaves it

It looks at heads alone; `conversation` asks it before anything is done for one.
"""

import re
from dataclasses import dataclass
from typing import Final

from mustshare_api.api.harden import Headers, announces_body
from mustshare_api.app.server.bounds import Bounds

END: Final = b"\r\n\r\n"
"""Of a head."""

_LONE_LF: Final = re.compile(rb"(?<!\r)\n")
_BEYOND_TARGET: Final = len("OPTIONS ") + len(" HTTP/1.1")
_METHOD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ")
_LINE: Final = re.compile(rb"[^ ]+ [^ ]+ HTTP/[0-9]\.[0-9]\r\n")
_METHODS: Final = frozenset(b"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE".split())
_MALFORMED: Final = "request.malformed"
_ONCE: Final = frozenset(
    b"authorization challenge-solution content-type idempotency-key partner-key "
    b"upload-offset upload-token".split()
)
"""A front and we could each believe another of two. Of lists, and of what is signed, whoever
reads it sees to this."""


@dataclass(frozen=True, slots=True)
class Seen:
    """So much of a head as has come: `end` is -1 until all has."""

    held: bytes
    end: int
    looked_at: int
    after_blank: bool


def amiss(seen: Seen, bounds: Bounds) -> str | None:
    """The code of what is wrong with so much of a head; None if nothing is yet."""
    held, end = seen.held, seen.end
    if not held[:1].isalpha() and (seen.after_blank or held != b"\r"):
        return _MALFORMED
    length = len(held) if end < 0 else end + len(END)
    if _LONE_LF.search(held, max(0, seen.looked_at - 1), length):
        return _MALFORMED
    line = held.find(b"\r\n", 0, length)
    if (length if line < 0 else line) > bounds.target_bytes + _BEYOND_TARGET:
        return "request.target_too_long"
    if length > bounds.header_bytes:
        return "request.header_too_large"
    if end >= 0 and held.count(b"\r\n", 0, end) > bounds.header_lines:
        return "request.header_too_large"
    return None


def unreadable(head: bytes) -> str:
    """The code of what llhttp could not read: a method that nobody knows, or no HTTP."""
    found = _METHOD.match(head.lstrip(b"\r\n"))
    return "request.unknown_method" if found and found[1] not in _METHODS else _MALFORMED


def is_lined(head: bytes) -> bool:
    """Whether a head begins with method, target and version, and a space between each."""
    return _LINE.match(head) is not None


def fault_of(line: tuple[bytes, bytes, str], headers: Headers, *, upgrades: bool) -> str | None:
    """The code of what is wrong with a head that llhttp has let through; None if nothing is.

    Args:
        line: method, target and version.
        headers: names in small letters.
        upgrades: whether llhttp takes it for an offer of another protocol.
    """
    method, target, version = line
    if version not in ("1.0", "1.1"):
        return _MALFORMED
    if method == b"CONNECT":
        return "request.unknown_method"
    framed = _well_framed(version, headers) and not (upgrades and announces_body(headers))
    if not (framed and _well_aimed(method, target, headers) and _well_said(headers)):
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


def _well_said(headers: Headers) -> bool:
    names = [name for name, _ in headers if name in _ONCE]
    return len(set(names)) == len(names) and not _values(headers, b"content-range")


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

"""Speaks to the staff door: signed requests over TLS 1.3, by the standard library alone.

Every request says the same thing twice without harm: objects have ids made before they are
sent, and reading changes nothing. So a connection that breaks is tried once more, with a new
nonce, and a lost answer costs nothing but the asking.

The door is not trusted with anything but delivery. What it hands over is bounded in size and
read strictly; whether it is what was asked for is for `sync` and `opening` to say.
"""

import hashlib
import http.client
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final, TypeVar
from urllib.parse import urlencode

from mustshare_api.clock import Clock
from mustshare_api.crypto import events, requests
from mustshare_api.crypto.signatory import Requester
from mustshare_api.domain.waiting import asked_s
from mustshare_api.keytool.refusal import Refusal, Unreachable
from mustshare_api.keytool.staff_door.answered import (
    read_as,
    read_piece,
    read_whole,
    reason_of,
    refusal_of,
)
from mustshare_api.keytool.staff_door.dialling import connect
from mustshare_api.keytool.staff_door.wire import (
    PAGES_MOST,
    Chain,
    IndexEntry,
    IndexPage,
    Server,
    TipEntry,
    TipPage,
)

PAGE: Final = 1000
_PIECE_BYTES: Final = 1 << 16


_Page = TypeVar("_Page", IndexPage, TipPage)


@dataclass(frozen=True, slots=True)
class _Request:
    """A request before it is signed; the body can be read again for a second try."""

    method: str
    path: str
    query: str = ""
    body: Path | bytes = b""
    if_match: str = ""
    """The digest of the head, or the version, that the change was made from."""
    if_none_match: str = ""
    """The tag of what is known."""

    more: tuple[tuple[str, str], ...] = ()
    """Headers beside those that every request has, or in their place."""


class Door:
    """One connection to the staff door, kept open from request to request."""

    def __init__(self, server: Server, requester: Requester, clock: Clock) -> None:
        self._server = server
        self._requester = requester
        self._clock = clock
        self._connection: http.client.HTTPSConnection | None = None

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def tips(self) -> Iterator[TipEntry]:
        """Every tip, a page at a time."""
        for page in self._pages("/v1/tips", TipPage):
            yield from page.tips

    def index(self) -> Iterator[IndexEntry]:
        """Every object, a page at a time."""
        for page in self._pages("/v1/index", IndexPage):
            yield from page.objects

    def open(
        self, path: str, more: tuple[tuple[str, str], ...] = ()
    ) -> tuple[int, http.client.HTTPMessage, Iterator[bytes]]:
        """An answer of any length: its status, its headers, its octets as they come."""
        response = self._send(_Request("GET", path, more=more))
        pieces = iter(lambda: read_piece(response, _PIECE_BYTES), b"")
        return response.status, response.headers, pieces

    def head(self, object_id: str) -> bytes:
        """Prefix and stanzas of one object, as they are now."""
        return read_whole(self._send(_Request("GET", f"/v1/objects/{object_id}/head")))

    def replace_recipients(self, object_id: str, stanzas: bytes, was: str) -> None:
        """Puts other stanzas on an object; the same again is no harm.

        Raises:
            WrongMoment: `object.changed`, its head has not the digest `was` any more.
        """
        path = f"/v1/objects/{object_id}/recipients"
        read_whole(self._send(_Request("PUT", path, body=stanzas, if_match=was)))

    def replace_object(self, object_id: str, octets: Path, was: str) -> None:
        """Puts an object that was sealed anew in its place; the same again is no harm.

        Raises:
            WrongMoment: as `replace_recipients`.
        """
        path = f"/v1/objects/{object_id}"
        read_whole(self._send(_Request("PUT", path, body=octets, if_match=was)))

    def ask(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        """A whole answer, which is never long."""
        return read_whole(self._send(_Request("GET", path, urlencode(query or {}))))

    def ask_if_other(
        self, path: str, query: Mapping[str, str | int], tag: str
    ) -> tuple[str, bytes] | None:
        """An answer with its tag; None where it still is the one of this tag."""
        asked = _Request("GET", path, urlencode(query), if_none_match=tag)
        response = self._send(asked)
        octets = read_whole(response)
        if response.status == HTTPStatus.NOT_MODIFIED:
            return None
        return response.headers.get("ETag", ""), octets

    def write(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        body: bytes | Path = b"",
        *,
        query: str = "",
        if_match: str = "",
        more: Mapping[str, str] | None = None,
    ) -> bytes:
        """Any other write; what the door answers, which is never long."""
        headers = tuple((more or {}).items())
        request = _Request(method, path, query, body, if_match, more=headers)
        return read_whole(self._send(request))

    def pieces(self, path: str) -> Iterator[bytes]:
        """Octets of any length as they come."""
        yield from self.open(path)[2]

    def hand_in(self, path: str, octets: bytes) -> bytes:
        """Sends octets that the door takes as they are; what it answers."""
        return read_whole(self._send(_Request("POST", path, body=octets)))

    def send(self, method: str, path: str, octets: bytes, was: str = "") -> int:
        """Sends something under an id of its own, or in the place of what was seen as `was`.

        The status of a success tells whether it was there already.
        """
        response = self._send(_Request(method, path, body=octets, if_match=was))
        read_whole(response)
        return response.status

    def rotations(self, tip_id: str) -> Chain:
        """How a tip's receipts followed one another; not yet believed."""
        return read_as(self.ask(f"/v1/tips/{tip_id}/rotations"), Chain)

    def directory(self) -> bytes:
        """The directory that the door hands out; not yet believed."""
        return read_whole(self._send(_Request("GET", "/v1/directory")))

    def publish(self, octets: bytes) -> None:
        """Hands a new directory in."""
        read_whole(self._send(_Request("PUT", "/v1/directory", body=octets)))

    def send_attachment(
        self, tip_id: str, object_id: str, follow_up_id: str, octets: Path
    ) -> None:
        """Hands a sealed attachment in; the same one again is no harm."""
        query = urlencode({"follow_up": follow_up_id})
        path = f"/v1/tips/{tip_id}/attachments/{object_id}"
        read_whole(self._send(_Request("PUT", path, query, octets)))

    def send_follow_up(self, tip_id: str, octets: Path, seen: str) -> None:
        """Hands a sealed answer in, saying what was read; the same one again is no harm."""
        query, path = urlencode({"seen": seen} if seen else {}), f"/v1/tips/{tip_id}/follow-ups"
        read_whole(self._send(_Request("POST", path, query, octets)))

    def _pages(self, path: str, kind: type[_Page]) -> Iterator[_Page]:
        """The pages of a list, to its end, which has to come: a page may well be empty."""
        after = ""
        for _ in range(PAGES_MOST):
            page = self._page(path, after, kind)
            yield page
            after = _following(page.next, after)
            if not after:
                return
        raise Refusal("door.nonsense")

    def _page(self, path: str, after: str, kind: type[_Page]) -> _Page:
        query: dict[str, str | int] = {"after": after} if after else {}
        return read_as(self.ask(path, query | {"limit": PAGE}), kind)

    def _send(self, request: _Request) -> http.client.HTTPResponse:
        """Sends, and once more on a new connection if the old one broke.

        Raises:
            Unreachable: nor did that help.
            MustShareError: whatever the door answered that is no success.
        """
        fresh = self._connection is None
        try:
            response = self._try(request)
        except (OSError, http.client.HTTPException) as failed:
            self.close()
            if fresh:
                raise Unreachable(reason=reason_of(failed)) from None
            response = self._try_again(request)
        as_known = request.if_none_match and response.status == HTTPStatus.NOT_MODIFIED
        if response.status >= HTTPStatus.MULTIPLE_CHOICES and not as_known:
            wait_s = asked_s(response.headers.get("Retry-After", ""), self._clock.now())
            raise refusal_of(response.status, read_whole(response), wait_s)
        return response

    def _try_again(self, request: _Request) -> http.client.HTTPResponse:
        try:
            return self._try(request)
        except (OSError, http.client.HTTPException) as failed:
            self.close()
            raise Unreachable(reason=reason_of(failed)) from None

    def _try(self, request: _Request) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = connect(self._server)
        digest, size_bytes = _digest_of(request.body)
        headers = self._headers(request, digest) | {"Content-Length": str(size_bytes)}
        target = f"{request.path}?{request.query}" if request.query else request.path
        if isinstance(request.body, bytes):
            self._connection.request(request.method, target, request.body, headers)
        else:
            with request.body.open("rb") as stream:
                self._connection.request(request.method, target, stream, headers)
        return self._connection.getresponse()

    def _headers(self, request: _Request, digest: bytes) -> dict[str, str]:
        created, seed = int(self._clock.now().timestamp()), self._requester.signing_seed
        event = events.request_headers(
            request.method, request.path, request.query, digest, created=created, seed=seed
        )
        signed = requests.sign(
            request.method,
            self._server.authority,
            request.path,
            request.query,
            requests.content_digest_header(digest),
            keyid=self._requester.signing_kid.hex(),
            seed=seed,
            created=created,
            nonce=secrets.token_urlsafe(16),
            if_match=f'"{request.if_match}"' if request.if_match else None,
        )
        kind = {} if request.method == "GET" else {"Content-Type": "application/octet-stream"}
        if request.if_none_match:
            kind["If-None-Match"] = request.if_none_match
        host = {"Host": self._server.authority, "Accept": "*/*"}
        return host | kind | signed | event | dict(request.more)


def _digest_of(body: Path | bytes) -> tuple[bytes, int]:
    """SHA-256 and length. A file is read twice, once for the digest that goes ahead of it."""
    if isinstance(body, bytes):
        return hashlib.sha256(body).digest(), len(body)
    with body.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest(), _size_of(stream)


def _size_of(stream: BinaryIO) -> int:
    return stream.seek(0, 2)


def _following(following: str | None, after: str) -> str:
    """The next page's place, which lies further on: a door cannot make the tool go round."""
    if following is not None and following <= after:
        raise Refusal("door.nonsense")
    return following or ""

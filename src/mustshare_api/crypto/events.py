"""The text of an event of the audit log, and who may have signed it.

    mustshare/v1 event                     mustshare/v1 event
    day 2026-11-23                         day 2026-11-23
    by 5f0c77...                           by server
    did POST /v1/tips/9a.../follow-ups     did directory-accepted 7 c0ffee...
    query ?
    body 6c1f...
    signature Zm9v...

On the left a deed of staff. Whoever signs the request signs these lines up to `body` as well,
and sends the signature in the header `Event-Signature`: the request's own signature covers an
instant and a nonce, which must not be kept, and these lines hold a Bangkok day. The day is that
of the request signature's `created`, so both sides write the same one at midnight too. `body`
is the digest that the request's signature covers.

On the right a deed of the server or its operator. It is not signed by itself: the one key that
could do it lies beside the log and signs every checkpoint anyway, so a line of its would prove
nothing more. `did` names the act and what it was about.

One event has one spelling: it is read loosely, written out again, and compared.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.suite import LABEL, is_signed_by, kid_of, signer, verify_key_of
from mustshare_api.errors import Malformed, Unsigned

HEADER: Final = "Event-Signature"
SIZE_LIMIT_BYTES: Final = 8192
"""Longer than any path and query that a door takes."""

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that do nothing, and so are no deeds."""

SERVER: Final = "server"
DEPLOYMENT_BEGUN: Final = "deployment-begun"
DIRECTORY_ACCEPTED: Final = "directory-accepted"
TIPS_ERASED: Final = "tips-erased"
REFERRAL_LAPSED: Final = "referral-lapsed"
DIRECTORY_PUT: Final = "operator-directory"
PARTNER_ADDED: Final = "operator-partner-added"
PARTNER_STOPPED: Final = "operator-partner-stopped"
PARTNER_STARTED: Final = "operator-partner-started"
PARTNER_REMOVED: Final = "operator-partner-removed"
WEBHOOK_ADDED: Final = "operator-webhook-added"
WEBHOOK_REMOVED: Final = "operator-webhook-removed"
WEBHOOK_ROTATED: Final = "operator-webhook-rotated"
WEBHOOK_STARTED: Final = "operator-webhook-started"
OWN_WEBHOOK_ADDED: Final = "partner-webhook-added"
OWN_WEBHOOK_REMOVED: Final = "partner-webhook-removed"
OWN_WEBHOOK_ROTATED: Final = "partner-webhook-rotated"
OWN_WEBHOOK_STARTED: Final = "partner-webhook-started"
CLOCK_CONFIRMED: Final = "operator-clock-confirmed"
MIGRATED: Final = "operator-migrated"
SHREDDED: Final = "operator-shredded"

_FIRST_LINE: Final = LABEL + "event"
_STAFF_LINES: Final = 7
_SERVER_LINES: Final = 4
_KID: Final = re.compile(r"[0-9a-f]{32}")
_ACT: Final = re.compile(r"[!-~]+( [!-~]+)*")
_QUERY: Final = re.compile(r"\?[!-~]*")
_BODY: Final = re.compile(r"[0-9a-f]{64}")
_SIGNATURE: Final = re.compile(r":([A-Za-z0-9+/]{86}==):")


@dataclass(frozen=True, slots=True)
class Event:
    """A deed. `kid`, `query`, `body_sha256` and `signature` are None for the server's own."""

    day: date
    did: str
    kid: bytes | None = None
    query: str | None = None
    body_sha256: bytes | None = None
    signature: bytes | None = None

    def encode(self) -> bytes:
        """The text, as it goes into the log."""
        if self.signature is None:
            return self.signed_octets()
        encoded = base64.b64encode(self.signature).decode()
        return self.signed_octets() + f"signature {encoded}\n".encode()

    def signed_octets(self) -> bytes:
        """The lines that staff sign; of the server's own deeds, all there are."""
        by = self.kid.hex() if self.kid else SERVER
        lines = [_FIRST_LINE, f"day {self.day.isoformat()}", f"by {by}", f"did {self.did}"]
        if self.body_sha256 is not None:
            lines += [f"query {self.query}", f"body {self.body_sha256.hex()}"]
        return "".join(f"{line}\n" for line in lines).encode()

    def signed(self, seed: bytes) -> "Event":
        """The same event with the signature of whoever did it."""
        return replace(self, signature=signer(seed)(self.signed_octets()))

    def holds(self, public_key_of: Callable[[bytes], bytes | None]) -> bool:
        """Whether the deed was signed by the key that it names. The server's own always do."""
        if self.kid is None:
            return True
        key = public_key_of(self.kid)
        signature = self.signature or b""
        return key is not None and is_signed_by(key, signature, self.signed_octets())


def of_server(day: date, act: str, *about: str) -> Event:
    """A deed of the server or its operator."""
    return Event(day, " ".join([act, *about]))


def of_request(  # noqa: PLR0913 - the parts of a request line, and who sent it
    *, method: str, path: str, query: str, body_sha256: bytes, created: int, kid: bytes
) -> Event:
    """The deed that a signed request is, not yet signed as one.

    Args:
        method: in capitals.
        path: as in the request line.
        query: as in the request line, without its question mark; may be empty.
        body_sha256: what the request's signature covers.
        created: of the request's signature, Unix seconds.
        kid: of the key that signed it.

    Raises:
        Malformed: `event.malformed`, over long or with octets that no request line has.
    """
    day = bangkok_day(datetime.fromtimestamp(created, UTC))
    event = Event(day, f"{method} {path}", kid, f"?{query}", body_sha256)
    octets = event.signed_octets()
    if len(octets) > SIZE_LIMIT_BYTES // 2 or not _is_sound(event):
        raise Malformed("event.malformed")
    return event


def request_headers(  # noqa: PLR0913 - as `requests.sign`
    method: str, path: str, query: str, body_sha256: bytes, *, created: int, seed: bytes
) -> dict[str, str]:
    """What a signed request carries besides its own signature; nothing, if it only reads.

    Raises:
        Malformed: `event.malformed`, no log could hold it.
    """
    if method in READING:
        return {}
    kid = kid_of(verify_key_of(seed))
    event = of_request(
        method=method,
        path=path,
        query=query,
        body_sha256=body_sha256,
        created=created,
        kid=kid,
    )
    return {HEADER: header_value(event.signed(seed))}


def header_value(event: Event) -> str:
    """The value of `Event-Signature`: an RFC 9651 byte sequence."""
    return f":{base64.b64encode(event.signature or b'').decode()}:"


def with_header(event: Event, header: str | None, public_key: bytes) -> Event:
    """The event with the signature that a request carried for it.

    Raises:
        Unsigned: `signature.event_missing`, or `signature.event_invalid`.
    """
    if header is None:
        raise Unsigned("signature.event_missing")
    matched = _SIGNATURE.fullmatch(header)
    if matched is None:
        raise Unsigned("signature.event_invalid")
    signed = replace(event, signature=base64.b64decode(matched[1]))
    if header_value(signed) != header or not signed.holds(lambda _: public_key):
        raise Unsigned("signature.event_invalid")
    return signed


def parse(octets: bytes) -> Event:
    """Reads an event of the log, *without believing it*.

    Raises:
        Malformed: `event.malformed`.
    """
    if len(octets) > SIZE_LIMIT_BYTES:
        raise Malformed("event.malformed")
    try:
        event = _read(octets.decode("ascii").split("\n"))
    except ValueError:
        raise Malformed("event.malformed") from None
    if not _is_sound(event) or event.encode() != octets:
        raise Malformed("event.malformed")
    return event


def _read(lines: list[str]) -> Event:
    """Reads what may still be another spelling; `parse` compares."""
    values = [line.partition(" ")[2] for line in lines[:-1]]
    if len(values) == _SERVER_LINES:
        return Event(date.fromisoformat(values[1]), values[3])
    if len(values) != _STAFF_LINES:
        raise ValueError
    _, day, kid, did, query, body, signature = values
    try:
        octets = base64.b64decode(signature, validate=True)
    except binascii.Error:
        raise ValueError from None
    return Event(
        date.fromisoformat(day), did, bytes.fromhex(kid), query, bytes.fromhex(body), octets
    )


def _is_sound(event: Event) -> bool:
    """What the spelling alone does not hold."""
    if _ACT.fullmatch(event.did) is None:
        return False
    if event.kid is None or event.query is None or event.body_sha256 is None:
        return not (event.kid or event.query or event.body_sha256 or event.signature)
    kid, body = event.kid.hex(), event.body_sha256.hex()
    return all(
        pattern.fullmatch(text)
        for pattern, text in ((_KID, kid), (_QUERY, event.query), (_BODY, body))
    )

"""What an agency said of a referral, as it stays provable that the agency said it.

    +------------------+--------------------------------+--------------------------+
    | length of event  | event: the seven lines that    | body: the request's, to  |
    | u32 BE           | the agency signed (events.py)  | the octet                |
    +------------------+--------------------------------+--------------------------+

An agency speaks in clear over its signed request, because it has no more than a tool for
HTTP. The server seals this to officers and keeps nothing else of it. The event names the route,
and so the referral and the sort of word, and the digest of the body; the signature over it is
the agency's own. So officers check the agency itself: a server in wrong hands can lose a word
or hold it back, and cannot make one.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import events
from mustshare_api.crypto.envelope import SERVER_SEALED, Kind, Prefix
from mustshare_api.crypto.events import Event
from mustshare_api.crypto.suite import LABEL, sha256
from mustshare_api.errors import CannotOpen, Malformed

WORD_HASH: Final = sha256(f"{LABEL}agency word".encode())
"""Stands where other objects have the hash of a reporter's bundle: a word belongs to none."""

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Said:
    """A word and the deed by which it came; not believed before `check`."""

    event: Event
    body: bytes

    def encode(self) -> bytes:
        """What is sealed."""
        octets = self.event.encode()
        return _LENGTH.pack(len(octets)) + octets + self.body

    def check(self, path: str, public_key_of: Callable[[bytes], bytes | None]) -> None:
        """That an agency said just this, on that route.

        Args:
            path: of the request, with the referral's id in it.
            public_key_of: the Ed25519 key of a kid, where it is the referral's agency's.

        Raises:
            CannotOpen: `agency_word.wrong_signature`.
        """
        event = self.event
        is_about_this = (
            event.did == f"POST {path}"
            and event.query == "?"
            and event.body_sha256 == sha256(self.body)
        )
        if event.kid is None or not is_about_this or not event.holds(public_key_of):
            raise CannotOpen("agency_word.wrong_signature")


def prefix_of(referral_id: bytes, word_id: bytes) -> Prefix:
    """The prefix of a word: the referral stands in the place of a tip."""
    return Prefix(Kind.AGENCY_WORD, SERVER_SEALED, referral_id, word_id, WORD_HASH)


def parse(content: bytes) -> Said:
    """Reads the opened content, *without believing it*.

    Raises:
        Malformed: `agency_word.malformed`.
    """
    length = int.from_bytes(content[: _LENGTH.size])
    end = _LENGTH.size + length
    if len(content) < end or len(content) < _LENGTH.size:
        raise Malformed("agency_word.malformed")
    try:
        event = events.parse(content[_LENGTH.size : end])
    except Malformed:
        raise Malformed("agency_word.malformed") from None
    return Said(event, content[end:])

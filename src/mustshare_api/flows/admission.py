"""Whether an object that was sealed elsewhere may come in: its structure, never its content.

    who seals     a reporter's front end (kinds 1, 2, 4) or staff (kinds 3, 5)
    what for      the tip and the bundle that its unchangeable prefix names
    to whom       exactly the keys of the directory, one more or less is refused

One key less would hide a tip from an officer; one more might be the key of whoever wrote the
front end's script. Only the opener can tell whether the content is what it should be.
"""

from collections.abc import Iterable
from typing import Final

from mustshare_api.crypto.envelope import (
    HEAD_LIMIT,
    Head,
    Kind,
    check_payload_bytes,
    payload_bytes_for,
)
from mustshare_api.errors import Malformed, TooLarge

CONTENT_LIMIT: Final = 256 * 1024
"""Bytes of the longest message: the longest text, should every character be escaped."""

MESSAGE_LIMIT: Final = HEAD_LIMIT + payload_bytes_for(Kind.TIP, CONTENT_LIMIT)
"""Bytes of the same, sealed."""


def check_content(content: bytes) -> None:
    """That a message is no longer than one that was sealed elsewhere may be.

    The answers of a long form may be, each of them in order. What officers sync with takes no
    longer message, and one that it does not take is in the way of all others.

    Raises:
        TooLarge: it is.
    """
    if len(content) > CONTENT_LIMIT:
        raise TooLarge("request.too_large")


def check_addressed(head: Head, kind: Kind, tip_id: bytes, bundle_hash: bytes) -> None:
    """That a sealed object is of the kind and for the tip that its sender says.

    Raises:
        Malformed: it is not, or claims that the server saw it in clear.
    """
    prefix = head.prefix
    if prefix.kind is not kind or prefix.flags:
        raise Malformed("envelope.wrong_kind")
    if prefix.tip_id != tip_id or prefix.bundle_hash != bundle_hash:
        raise Malformed("envelope.wrong_tip")


def check_recipients(head: Head, accepted: Iterable[frozenset[bytes]]) -> None:
    """That it is sealed to exactly one of the accepted sets of key ids.

    Raises:
        Malformed: a recipient is missing, unknown or retired.
    """
    sealed_to = frozenset(stanza.kid for stanza in head.stanzas)
    if sealed_to not in accepted:
        raise Malformed("envelope.wrong_recipients")


def check_size(head: Head, octets: int) -> None:
    """That the whole object's length is one of the padded sizes of its kind.

    Raises:
        Malformed: it is not.
    """
    check_payload_bytes(head.prefix.kind, octets - head.length)

"""Opens what staff wrote to a reporter, under that reporter's own reply seed.

For thin front ends the server does this in memory, while a request that brings the receipt
lasts. It refuses every kind that does not go from staff to a reporter, so that even with a
reporter's seed in hand nothing else can be opened here; and it refuses any object other than
the one asked for. A reply speaks for staff only through the signature inside: whoever has
taken the server over can seal to a reporter, but cannot sign.

When a receipt is rotated, the content keys of what waits are taken out under the old seed and
wrapped to the new key. The content itself is not opened for that.
"""

import secrets

from mustshare_api.crypto import sealing, xwing
from mustshare_api.crypto.envelope import (
    CONTENT_KEY_BYTES,
    Expected,
    Head,
    Kind,
    Stanza,
    parse_detached_head,
    parse_envelope,
)
from mustshare_api.crypto.payload import AttachmentReader, VerifyKey, open_message_payload
from mustshare_api.crypto.suite import cek_info, kid_of
from mustshare_api.errors import CannotOpen


def open_follow_up(
    octets: bytes, reply_seed: bytes, *, expect: Expected, verify_key: VerifyKey
) -> bytes:
    """The content of a follow-up from staff.

    Args:
        octets: the whole object, as stored.
        reply_seed: the reporter's, derived from the receipt.
        expect: which object was asked for.
        verify_key: the public key of the staff member, or how to find it from the content.

    Raises:
        Malformed: the octets are no object.
        CannotOpen: another object or kind, sealed to another key, changed, or not staff's.
    """
    return _open_message(octets, reply_seed, expect, verify_key, Kind.FOLLOW_UP_FROM_STAFF)


def open_docket(
    octets: bytes, reply_seed: bytes, *, expect: Expected, verify_key: VerifyKey
) -> bytes:
    """The content of a docket; arguments and errors as `open_follow_up`."""
    return _open_message(octets, reply_seed, expect, verify_key, Kind.DOCKET)


def _open_message(
    octets: bytes, reply_seed: bytes, expect: Expected, verify_key: VerifyKey, kind: Kind
) -> bytes:
    envelope = parse_envelope(octets)
    _check(expect, envelope.head, kind)
    key = _content_key(envelope.head, reply_seed)
    return open_message_payload(envelope, key, verify_key)


class StaffAttachmentOpener(AttachmentReader):
    """The content of an attachment from staff, as its payload comes."""

    def __init__(self, head_octets: bytes, reply_seed: bytes, *, expect: Expected) -> None:
        """Opens the content key.

        Raises:
            Malformed: the octets are no head, or more than one.
            CannotOpen: another object or kind, or sealed to another key.
        """
        head = parse_detached_head(head_octets)
        _check(expect, head, Kind.ATTACHMENT_FROM_STAFF)
        super().__init__(head, _content_key(head, reply_seed))


def rewrapped(head: Head, reply_seed: bytes, reply_key: bytes) -> Stanza:
    """The stanza of an object from staff, for the next receipt's reply key.

    A stanza that was spoilt opens for nobody, and neither may it hold a rotation up: what
    takes its place holds a key at random, and opens for nobody either.

    Raises:
        CannotOpen: no object from staff, or not sealed to this reporter.
        Malformed: the reply key is none.
    """
    if not head.prefix.kind.is_from_staff:
        raise CannotOpen("open.wrong_prefix")
    try:
        content_key = _content_key(head, reply_seed)
    except CannotOpen as refused:
        if refused.code == "open.no_key":
            raise
        content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
    return sealing.seal_stanza(reply_key, head.prefix_octets, content_key)


def _check(expect: Expected, head: Head, kind: Kind) -> None:
    expect.check(head.prefix)
    if head.prefix.kind is not kind:
        raise CannotOpen("open.wrong_prefix")


def _content_key(head: Head, reply_seed: bytes) -> bytes:
    kid = kid_of(xwing.public_key_of(reply_seed))
    for stanza in head.stanzas:
        if stanza.kid == kid:
            return xwing.unwrap(reply_seed, stanza.sealed_key, cek_info(head.prefix_octets))
    raise CannotOpen("open.no_key")

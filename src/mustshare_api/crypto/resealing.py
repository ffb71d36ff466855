"""Changes who can open an object, without a word of its content changing.

    re-wrap      the content key stays; stanzas come and go          prefix | STANZAS | payload
    re-seal      a new content key; the clear octets stay the same   prefix | STANZAS | PAYLOAD

Re-wrapping is quick and takes nothing back: whoever kept the content key can still use it on
the octets of then and now, which are the same. Re-sealing is what takes it back for every copy
that is made from then on. The signature inside covers prefix and content and neither key nor
stanza, so that both leave a message as its author signed it.

A payload begins with a commitment to its key. So the first 56 bytes of a payload tell whether
a content key belongs to it: that is how a stanza that somebody spoilt, and a payload that was
sealed anew, are told from a change of recipients.

Refuses a content key that is not the payload's, a recipient that is no key, a head without
stanzas or with more than sixteen, and a payload that was changed.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence

from mustshare_api.crypto.envelope import (
    CONTENT_KEY_BYTES,
    PAYLOAD_HEADER_BYTES,
    Head,
    Prefix,
    Stanza,
)
from mustshare_api.crypto.payload import PayloadReader, PayloadWriter
from mustshare_api.crypto.sealing import seal_stanza
from mustshare_api.errors import CannotOpen


def belongs(content_key: bytes, prefix_octets: bytes, payload_start: bytes) -> bool:
    """Whether a payload that begins like this was sealed under the key, in this place.

    Args:
        content_key: 32 bytes.
        prefix_octets: the object's prefix.
        payload_start: at least the first 56 bytes of the payload.
    """
    if len(payload_start) < PAYLOAD_HEADER_BYTES:
        return False
    reader = PayloadReader(prefix_octets, content_key)
    try:
        reader.update(payload_start[:PAYLOAD_HEADER_BYTES])
    except CannotOpen:
        return False
    return True


def rewrapped(
    head: Head, content_key: bytes, *, add: Sequence[bytes] = (), drop: Collection[bytes] = ()
) -> Head:
    """The head with other recipients; the stanzas that stay, stay to the byte.

    Args:
        head: as it is.
        content_key: the object's.
        add: X-Wing public keys. A stanza that one of them has already is made afresh.
        drop: kids. One that the head does not name is passed over.

    Raises:
        Malformed: a key that is none, or no stanza or more than sixteen would be left.
    """
    fresh = [seal_stanza(key, head.prefix_octets, content_key) for key in add]
    gone = set(drop) | {stanza.kid for stanza in fresh}
    kept = [stanza for stanza in head.stanzas if stanza.kid not in gone]
    return Head.of(head.prefix, (*kept, *fresh))


class Resealer:
    """Seals an object's clear octets under a new content key, as its payload comes.

    `head` goes first, then what `update` returns, then what `finalize` returns. The new payload
    is as long as the old one.
    """

    def __init__(self, prefix: Prefix, content_key: bytes, recipients: Sequence[bytes]) -> None:
        """Draws the new key and wraps it.

        Args:
            prefix: the object's, which stays.
            content_key: the one the old payload is sealed under.
            recipients: 1 to 16 X-Wing public keys, all different.

        Raises:
            Malformed: recipients that cannot be sealed to.
        """
        octets = prefix.encode()
        fresh = secrets.token_bytes(CONTENT_KEY_BYTES)
        self.head = Head.of(prefix, _stanzas(recipients, octets, fresh))
        self._reader = PayloadReader(octets, content_key)
        self._writer = PayloadWriter(octets, fresh)

    def update(self, octets: bytes) -> bytes:
        """The part of the new payload that is ready.

        Raises:
            CannotOpen: another content key, or the old payload was changed.
        """
        return self._writer.update(self._reader.update(octets))

    def finalize(self) -> bytes:
        """The rest of the new payload.

        Raises:
            CannotOpen: the old payload was cut off, or changed.
        """
        rest = self._writer.update(self._reader.finalize())
        return rest + self._writer.finalize()


def clear_digest(prefix_octets: bytes, content_key: bytes, payload: Iterable[bytes]) -> bytes:
    """SHA-256 over all that a payload holds, signature and tail included.

    Two payloads of one object with the same digest say the same thing.

    Raises:
        CannotOpen: another content key, or the payload was cut off or changed.
    """
    reader = PayloadReader(prefix_octets, content_key)
    digest = hashlib.sha256()
    for piece in payload:
        digest.update(reader.update(piece))
    digest.update(reader.finalize())
    return digest.digest()


def _stanzas(
    recipients: Sequence[bytes], prefix_octets: bytes, content_key: bytes
) -> tuple[Stanza, ...]:
    return tuple(seal_stanza(key, prefix_octets, content_key) for key in recipients)

"""Seals messages and attachments to key holders. Cannot open what it has sealed.

    1. one random content key for the object
    2. the key wrapped to each recipient, bound to the prefix
    3. content signed by its author (messages), padded, and sealed under the key
    4. the key forgotten

Refuses a recipient key that is no key, two recipients with one key, none, more than sixteen,
and a kind that the function does not seal.
"""

import hashlib
import secrets
from collections.abc import Sequence

from mustshare_api.crypto import padding, payload, xwing
from mustshare_api.crypto.envelope import (
    CONTENT_KEY_BYTES,
    Head,
    Kind,
    Prefix,
    Stanza,
)
from mustshare_api.crypto.suite import Signer, cek_info, kid_of, sha256, signed_octets
from mustshare_api.errors import Malformed


def seal_message(
    prefix: Prefix, recipients: Sequence[bytes], content: bytes, sign: Signer
) -> bytes:
    """Seals a tip or a follow-up: the whole object.

    Args:
        prefix: what it is and where it belongs.
        recipients: 1 to 16 X-Wing public keys, all different.
        content: the clear octets.
        sign: the author's Ed25519 signature over what it is given.

    Raises:
        Malformed: an attachment's prefix, or recipients that cannot be sealed to.
    """
    if not prefix.kind.is_signed:
        raise Malformed("envelope.malformed")
    content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
    head = _seal_head(prefix, recipients, content_key)
    signature = sign(signed_octets(head.prefix_octets, sha256(content)))
    return head.octets + payload.seal_message_payload(
        head.prefix_octets, content_key, signature, content
    )


def seal_agency_word(prefix: Prefix, recipients: Sequence[bytes], content: bytes) -> bytes:
    """Seals what an agency said: the whole object. Nobody signs it; see `crypto.agency_words`.

    Raises:
        Malformed: another kind's prefix, or recipients that cannot be sealed to.
    """
    if prefix.kind is not Kind.AGENCY_WORD:
        raise Malformed("envelope.malformed")
    content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
    head = _seal_head(prefix, recipients, content_key)
    writer = payload.PayloadWriter(head.prefix_octets, content_key)
    clear = padding.pad(content, prefix.kind.floor_bytes)
    return head.octets + writer.update(clear) + writer.finalize()


class AttachmentSealer:
    """Seals an attachment as it comes, in memory that does not grow with it.

    `head` goes first, then what `update` returns, then what `finalize` returns.
    """

    def __init__(self, prefix: Prefix, recipients: Sequence[bytes], content_bytes: int) -> None:
        """Wraps the content key.

        Args:
            prefix: what it is and where it belongs.
            recipients: 1 to 16 X-Wing public keys, all different.
            content_bytes: how long the content will be; exactly that is then demanded.

        Raises:
            Malformed: a message's prefix, or recipients that cannot be sealed to.
        """
        if not prefix.kind.is_attachment:
            raise Malformed("envelope.malformed")
        content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
        head = _seal_head(prefix, recipients, content_key)
        self.head = head.octets
        self.kids = head.kids
        self._floor = prefix.kind.floor_bytes
        self._content_bytes = content_bytes
        self._missing_bytes = content_bytes
        self._digest = hashlib.sha256()
        self._writer = payload.PayloadWriter(head.prefix_octets, content_key)

    @property
    def content_sha256(self) -> bytes:
        """The digest of what was sealed so far, for the message that will name it."""
        return self._digest.digest()

    def update(self, chunk: bytes) -> bytes:
        """The part of the payload that is ready.

        Raises:
            Malformed: more content than was announced.
        """
        self._missing_bytes -= len(chunk)
        if self._missing_bytes < 0:
            raise Malformed("envelope.length_mismatch")
        self._digest.update(chunk)
        return self._writer.update(chunk)

    def finalize(self) -> bytes:
        """The rest of the payload, with its tail.

        Raises:
            Malformed: less content than was announced.
        """
        if self._missing_bytes:
            raise Malformed("envelope.length_mismatch")
        tail = padding.tail(self._content_bytes, self._floor)
        return self._writer.update(tail) + self._writer.finalize()


def seal_stanza(public_key: bytes, prefix_octets: bytes, content_key: bytes) -> Stanza:
    """Wraps a content key to one recipient.

    Raises:
        Malformed: the public key is no key.
    """
    sealed = xwing.wrap(public_key, content_key, cek_info(prefix_octets))
    enc, wrapped = sealed[: xwing.ENC_BYTES], sealed[xwing.ENC_BYTES :]
    return Stanza(kid_of(public_key), enc, wrapped)


def _seal_head(prefix: Prefix, recipients: Sequence[bytes], content_key: bytes) -> Head:
    octets = prefix.encode()
    return Head.of(prefix, tuple(seal_stanza(key, octets, content_key) for key in recipients))

"""The part of sealing and opening that knows only a content key and a prefix.

Opened, a payload is one of

    message       +--------------+-----------+------+---------+
                  | signature 64 | content   | 0x80 | zeros   |
                  +--------------+-----------+------+---------+
    attachment, agency's word    +-----------+------+---------+
                                 | content   | 0x80 | zeros   |
                                 +-----------+------+---------+

The signature is Ed25519 over `"mustshare/v1 sig" | prefix | SHA-256(content)`: whoever can open
an object can also seal another one, so only the signature says who wrote the words. An
attachment has none; a signed message names its digest.

Cobblestone is fed at most 256 KiB a call: one call of 64 MiB kept every other thread from
running for 86 ms.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import AlreadyFinalized, InvalidTag

from mustshare_api.crypto import padding
from mustshare_api.crypto.envelope import Envelope, Head, check_payload_bytes
from mustshare_api.crypto.suite import SIGNATURE_BYTES, is_signed_by, sha256, signed_octets
from mustshare_api.errors import CannotOpen

FEED_BYTES: Final = 256 * 1024

VerifyKey: TypeAlias = bytes | Callable[[bytes], bytes | None]
"""The author's Ed25519 public key, or a function that finds it from the content. What that
function is given is not yet verified; `None` means that nobody known wrote it."""


class PayloadWriter:
    """Turns clear octets into a payload as they come."""

    def __init__(self, prefix_octets: bytes, content_key: bytes) -> None:
        self._encryptor = Cobblestone256Encryptor(content_key, prefix_octets)

    def update(self, octets: bytes) -> bytes:
        """The part of the payload that is ready."""
        return b"".join(self._encryptor.update(piece) for piece in _pieces(octets))

    def finalize(self) -> bytes:
        """The rest of the payload."""
        return self._encryptor.finalize()


class PayloadReader:
    """Turns a payload into clear octets as it comes, each chunk once it has verified.

    Only `finalize` tells that nothing was cut off. So whoever writes to a disk writes under a
    temporary name and renames after that.
    """

    def __init__(self, prefix_octets: bytes, content_key: bytes) -> None:
        self._decryptor = Cobblestone256Decryptor(content_key, prefix_octets)

    def update(self, octets: bytes) -> bytes:
        """The clear octets that are ready.

        Raises:
            CannotOpen: another key, another prefix, or octets changed since; and on every
                call after that.
        """
        try:
            return b"".join([self._decryptor.update(piece) for piece in _pieces(octets)])
        except (InvalidTag, AlreadyFinalized) as refused:
            raise CannotOpen("open.tampered") from refused

    def finalize(self) -> bytes:
        """The last clear octets.

        Raises:
            CannotOpen: the payload was cut off, or changed.
        """
        try:
            return self._decryptor.finalize()
        except (InvalidTag, AlreadyFinalized) as refused:
            raise CannotOpen("open.tampered") from refused


def seal_message_payload(
    prefix_octets: bytes, content_key: bytes, signature: bytes, content: bytes
) -> bytes:
    """The payload of a message."""
    writer = PayloadWriter(prefix_octets, content_key)
    clear = signature + padding.pad(content, padding.TEXT_FLOOR)
    return writer.update(clear) + writer.finalize()


def open_message_payload(
    envelope: Envelope, content_key: bytes, verify_key: VerifyKey
) -> bytes:
    """The content of a message, once everything about it holds.

    Raises:
        CannotOpen: wrong key, changed octets, a tail that is not the only one it could have,
            an author nobody knows, or words that are not the author's.
    """
    reader = PayloadReader(envelope.head.prefix_octets, content_key)
    clear = reader.update(envelope.payload) + reader.finalize()
    content = padding.unpad(clear[SIGNATURE_BYTES:], padding.TEXT_FLOOR)
    _check_author(envelope.head, clear[:SIGNATURE_BYTES], content, verify_key)
    return content


def open_unsigned_payload(envelope: Envelope, content_key: bytes) -> bytes:
    """The content of an object that nobody signed as a whole.

    Raises:
        CannotOpen: wrong key, changed octets, or a tail that is not the only one it could have.
    """
    reader = PayloadReader(envelope.head.prefix_octets, content_key)
    clear = reader.update(envelope.payload) + reader.finalize()
    return padding.unpad(clear, envelope.head.prefix.kind.floor_bytes)


def _check_author(head: Head, signature: bytes, content: bytes, verify_key: VerifyKey) -> None:
    key = verify_key(content) if callable(verify_key) else verify_key
    if key is None:
        raise CannotOpen("open.unknown_signer")
    if not is_signed_by(key, signature, signed_octets(head.prefix_octets, sha256(content))):
        raise CannotOpen("open.wrong_signature")


class AttachmentReader:
    """Turns the payload of an attachment into its content as it comes, without its tail.

    A run of zeros after a 0x80 may be the tail or part of the content, and only what follows
    tells. Such a run is counted and never stored; and as a content has only one padded form,
    it is known for content as soon as it is longer than that form's tail would be. So at most
    about 12 % of what has gone by is ever held back, as a number.
    """

    def __init__(self, head: Head, content_key: bytes) -> None:
        self._kind: Final = head.prefix.kind
        self._reader = PayloadReader(head.prefix_octets, content_key)
        self._digest = hashlib.sha256()
        self._payload_bytes = 0
        self._held_bytes = 0
        self._finished = False
        self.content_bytes = 0

    @property
    def content_sha256(self) -> bytes:
        """The digest of the whole content, to hold against the message that names it.

        Raises:
            CannotOpen: asked for before `finalize` said that the content is whole.
        """
        if not self._finished:
            raise CannotOpen("open.unfinished")
        return self._digest.digest()

    def update(self, octets: bytes) -> bytes:
        """The content that is ready.

        Raises:
            CannotOpen: another key, another prefix, or octets changed since.
        """
        self._payload_bytes += len(octets)
        return self._take(self._reader.update(octets))

    def finalize(self) -> bytes:
        """The last of the content.

        Raises:
            CannotOpen: the payload was cut off, or has a tail that its content cannot have.
            Malformed: the payload has a length that no attachment has.
        """
        content = self._take(self._reader.finalize())
        check_payload_bytes(self._kind, self._payload_bytes)
        whole_bytes = self.content_bytes + self._held_bytes
        padded = padding.padded_bytes(self.content_bytes, self._kind.floor_bytes)
        if whole_bytes != padded:
            raise CannotOpen("open.bad_padding")
        self._finished = True
        return content

    def _take(self, clear: bytes) -> bytes:
        """Sorts clear octets into content, returned, and what may be the tail, counted."""
        marked = clear.rstrip(b"\0")
        if not marked and self._held_bytes:
            self._held_bytes += len(clear)
            return self._release_what_is_too_long()
        if not marked.endswith(padding.MARK):
            return self._release(clear)
        content = self._release(marked.removesuffix(padding.MARK))
        self._held_bytes = len(clear) - len(marked) + len(padding.MARK)
        return content + self._release_what_is_too_long()

    def _release_what_is_too_long(self) -> bytes:
        padded = padding.padded_bytes(self.content_bytes, self._kind.floor_bytes)
        if self.content_bytes + self._held_bytes > padded:
            return self._release(b"")
        return b""

    def _release(self, octets: bytes) -> bytes:
        """What was held back turned out to be content, and so are these octets."""
        held = padding.MARK + bytes(self._held_bytes - 1) if self._held_bytes else b""
        content = held + octets
        self._held_bytes = 0
        self._digest.update(content)
        self.content_bytes += len(content)
        return content


def _pieces(octets: bytes) -> Iterator[memoryview]:
    view = memoryview(octets)
    for start in range(0, len(view), FEED_BYTES):
        yield view[start : start + FEED_BYTES]

"""Reads age files that are sealed to an officer: a referral, before a second one confirms it.

    header -> a stanza that one of the seeds opens -> file key -> MAC over the header
           -> chunk after chunk, each verified before it is handed on; the last one is marked

Only post-quantum stanzas are looked at, and every one that a seed might open is tried: age
names no recipients. The key tool alone may import this, as it may `crypto.opening`.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from mustshare_api.crypto import age
from mustshare_api.errors import CannotOpen, Malformed

_SEALED_BYTES: Final = age.CHUNK_BYTES + age.TAG_BYTES
_STANZAS: Final = re.compile(rb"-> mlkem768x25519 ([A-Za-z0-9+/]{1494})\n([A-Za-z0-9+/]{43})\n")


def opened(stream: BinaryIO, seeds: Iterable[bytes]) -> Iterator[bytes]:
    """The clear octets, a chunk at a time.

    Args:
        stream: the file, from its beginning.
        seeds: X-Wing seeds, of which one opens it.

    Raises:
        Malformed: `age.malformed`, no age file to post-quantum keys alone.
        CannotOpen: `open.no_key`; `open.tampered`, changed or cut off.
    """
    first = stream.read(age.HEAD_LIMIT)
    age.check_head(first)
    mark = first.index(b"\n---") + 4
    above, end = first[:mark], first.index(b"\n", mark) + 1
    file_key = _file_key(above, list(seeds))
    mac = hmac.digest(age.derive(file_key, b"", b"header"), above, "sha256")
    if not hmac.compare_digest(mac, _octets(first[mark + 1 : end - 1])):
        raise CannotOpen("open.tampered")
    stream.seek(end)
    yield from _chunks(stream, file_key)


def _file_key(above: bytes, seeds: list[bytes]) -> bytes:
    for enc, body in _STANZAS.findall(above):
        sealed = _octets(enc) + _octets(body)
        for seed in seeds:
            try:
                return age.unwrap(seed, sealed)
            except CannotOpen:
                continue
    raise CannotOpen("open.no_key")


def _chunks(stream: BinaryIO, file_key: bytes) -> Iterator[bytes]:
    cipher = ChaCha20Poly1305(age.derive(file_key, stream.read(age.NONCE_BYTES), b"payload"))
    sealed, count = stream.read(_SEALED_BYTES), 0
    while sealed:
        following = stream.read(_SEALED_BYTES)
        nonce = count.to_bytes(11) + bytes([not following])
        try:
            clear = cipher.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise CannotOpen("open.tampered") from None
        yield clear
        sealed, count = following, count + 1
    if not count:
        raise CannotOpen("open.tampered")


def _octets(text: bytes) -> bytes:
    try:
        octets = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise Malformed("age.malformed") from None
    if base64.b64encode(octets).rstrip(b"=") != text:
        raise Malformed("age.malformed")
    return octets

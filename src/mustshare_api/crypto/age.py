"""Writes age files (age-encryption.org/v1) to agencies' post-quantum keys, and only to those.

    age-encryption.org/v1
    -> mlkem768x25519 <enc, 1120 B>          one a recipient
    <wrapped file key, 32 B>
    --- <HMAC-SHA-256 of all above, 32 B>    all in base64 without padding
    nonce 16 | chunk | chunk | ...           64 KiB and a tag of 16 each, the last one shorter

    wrapped   = HPKE.Seal(recipient, "age-encryption.org/mlkem768x25519", file key 16)
    chunk n   = ChaCha20-Poly1305(HKDF(file key, nonce, "payload"), n 11 B | last 1 B)

An agency opens this with stock age and needs nothing of ours. The key is X-Wing, like our own:
a seed of ours is an `AGE-SECRET-KEY-PQ-1` identity. A classical `age1...` key is refused, alone
and beside others: a file is as weak as the weakest key that opens it, and a tip that is copied
today must still be closed when somebody has a quantum computer. `age_opening` reads them.
"""

import base64
import functools
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mustshare_api.crypto import bech32, xwing
from mustshare_api.errors import CannotOpen, Malformed

CHUNK_BYTES: Final = 64 * 1024
MAX_RECIPIENTS: Final = 16
"""Of one agency: keys that somebody compared over a telephone."""

RECIPIENTS_SEALED_TO: Final = 64
HEAD_LIMIT: Final = 128 * 1024
"""The longest header that we write: an agency, and all officers of a large organisation."""

RECIPIENTS_LIMIT_BYTES: Final = 1 << 16

_PREFIX: Final = "age1pq"
_IDENTITY_PREFIX: Final = "age-secret-key-pq-"
_VERSION: Final = b"age-encryption.org/v1\n"
_INFO: Final = b"age-encryption.org/mlkem768x25519"
_STANZA: Final = b"-> mlkem768x25519 "
_FILE_KEY_BYTES: Final = 16
NONCE_BYTES: Final = 16
TAG_BYTES: Final = 16
_HEAD: Final = re.compile(
    rb"age-encryption\.org/v1\n"
    rb"(?:-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n){1,64}"
    rb"--- [A-Za-z0-9+/]{43}\n"
)


def recipient_of(public_key: bytes) -> str:
    """The `age1pq1...` text of an X-Wing public key, as an agency would hand it out."""
    return bech32.encode(_PREFIX, public_key)


def identity_of(seed: bytes) -> str:
    """The `AGE-SECRET-KEY-PQ-1...` text of a seed, with which stock age opens."""
    return bech32.encode(_IDENTITY_PREFIX, seed).upper()


def parse_recipients(octets: bytes) -> list[bytes]:
    """Reads a recipients file: a key a line, `#` before what is not one.

    Returns:
        X-Wing public keys, 1 to 16, all different.

    Raises:
        Malformed: `age.classical` where any key is not post-quantum, else `age.malformed`.
    """
    try:
        lines = [line.strip() for line in octets.decode("ascii").splitlines()]
    except UnicodeDecodeError:
        raise Malformed("age.malformed") from None
    texts = [line for line in lines if line and not line.startswith("#")]
    if len(octets) > RECIPIENTS_LIMIT_BYTES or not 1 <= len(texts) <= MAX_RECIPIENTS:
        raise Malformed("age.malformed")
    keys = [_parse_recipient(text) for text in texts]
    if len(set(keys)) != len(keys):
        raise Malformed("age.malformed")
    return keys


def _parse_recipient(text: str) -> bytes:
    if text.startswith(("age1", "ssh-")) and not text.startswith(f"{_PREFIX}1"):
        raise Malformed("age.classical")
    key = bech32.decode(_PREFIX, text)
    try:
        xwing.load_public(key)
    except Malformed:
        raise Malformed("age.malformed") from None
    return key


def check_head(octets: bytes) -> None:
    """That a file begins as one of ours does: to post-quantum keys, and to no other kind.

    Args:
        octets: its first `HEAD_LIMIT` octets, or all.

    Raises:
        Malformed: `age.malformed`.
    """
    head = _HEAD.match(octets)
    if head is None or len(octets) < head.end() + NONCE_BYTES + TAG_BYTES:
        raise Malformed("age.malformed")


class AgeSealer:
    """Seals as it comes, in memory that does not grow with it.

    `head` goes first, then what `update` returns, then what `finalize` returns.
    """

    def __init__(self, recipients: Sequence[bytes]) -> None:
        """Makes the file's key and wraps it.

        Args:
            recipients: X-Wing public keys, as `parse_recipients` gives them.

        Raises:
            Malformed: there is none, or one that is no key; `age.too_many`.
        """
        if not recipients:
            raise Malformed("age.malformed")
        if len(recipients) > RECIPIENTS_SEALED_TO:
            raise Malformed("age.too_many")
        file_key = secrets.token_bytes(_FILE_KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._cipher = ChaCha20Poly1305(derive(file_key, nonce, b"payload"))
        self._held = bytearray()
        self._count = 0
        self.head = _header(file_key, recipients) + nonce

    def update(self, octets: bytes) -> bytes:
        """The chunks that are full; one is held back, as the last one is marked."""
        self._held += octets
        ready: list[bytes] = []
        while len(self._held) > CHUNK_BYTES:
            ready.append(self._chunk(bytes(self._held[:CHUNK_BYTES]), last=False))
            del self._held[:CHUNK_BYTES]
        return b"".join(ready)

    def finalize(self) -> bytes:
        """The last chunk; without it a reader knows that the file was cut off."""
        return self._chunk(bytes(self._held), last=True)

    def _chunk(self, clear: bytes, *, last: bool) -> bytes:
        nonce = self._count.to_bytes(11) + bytes([last])
        self._count += 1
        return self._cipher.encrypt(nonce, clear, None)


def _header(file_key: bytes, recipients: Sequence[bytes]) -> bytes:
    stanzas = b"".join(_stanza(key, file_key) for key in recipients)
    above = _VERSION + stanzas + b"---"
    mac = hmac.digest(derive(file_key, b"", b"header"), above, "sha256")
    return above + b" " + _base64(mac) + b"\n"


def _stanza(public_key: bytes, file_key: bytes) -> bytes:
    sealed = _suite().encrypt(file_key, xwing.load_public(public_key), info=_INFO)
    enc, body = sealed[: xwing.ENC_BYTES], sealed[xwing.ENC_BYTES :]
    # 32 bytes are 43 characters: the one line under 64 by which a stanza ends.
    return _STANZA + _base64(enc) + b"\n" + _base64(body) + b"\n"


def unwrap(seed: bytes, sealed: bytes) -> bytes:
    """The file key of a stanza that is to this seed.

    Raises:
        CannotOpen: it is to another, or was changed.
    """
    try:
        return _suite().decrypt(sealed, xwing.load_private(seed), info=_INFO)
    except (InvalidTag, ValueError):
        raise CannotOpen("open.tampered") from None


def derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    """A key for one use, as age has it."""
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def _base64(octets: bytes) -> bytes:
    return base64.b64encode(octets).rstrip(b"=")


@functools.cache
def _suite() -> Suite:
    """The cipher that age chose; our envelopes have another one."""
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

"""Turns 32-byte seeds into X-Wing keys and wraps content keys to them.

    seed 32 -- SHAKE256, 96 B --> ML-KEM-768 seed 64 | X25519 private key 32

    public key, 1,216 B            wrapped, 1,120 B + plaintext + 16 B
    +---------------+-----------+  +-------------------+--------------+------------------+
    | ML-KEM 1184 B | X25519 32 |  | ML-KEM ct 1088 B  | X25519 32 B  | AES-256-GCM      |
    +---------------+-----------+  +-------------------+--------------+------------------+

A seed is the only private form that is ever stored: it has one length, one encoding, and is
the same thing as a post-quantum age identity. A public key is refused here when it is not the
encoding that an honest seed gives, or when its X25519 half would give everyone the same
secret: otherwise one key would go by two kids, or a sealed answer would fail only on the day
it is written.
"""

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.hpke import (
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
)

from mustshare_api.crypto.suite import SEED_BYTES, hpke_suite
from mustshare_api.errors import CannotOpen, Malformed

MLKEM_PUBLIC_BYTES: Final = 1184
X25519_BYTES: Final = 32
PUBLIC_BYTES: Final = MLKEM_PUBLIC_BYTES + X25519_BYTES
ENC_BYTES: Final = 1120
TAG_BYTES: Final = 16

_MLKEM_SEED_BYTES = 64
_FIELD = 2**255 - 19
_ANY = x25519.X25519PrivateKey.from_private_bytes(bytes(X25519_BYTES))


def new_seed() -> bytes:
    """A fresh random seed, 32 bytes."""
    return secrets.token_bytes(SEED_BYTES)


def public_key_of(seed: bytes) -> bytes:
    """The public key of a seed, 1,216 bytes.

    Raises:
        Malformed: the seed is not 32 bytes.
    """
    mlkem_key, x25519_key = _expand(seed)
    return (
        mlkem_key.public_key().public_bytes_raw() + x25519_key.public_key().public_bytes_raw()
    )


def load_private(seed: bytes) -> MLKEM768X25519PrivateKey:
    """The private key of a seed.

    Raises:
        Malformed: the seed is not 32 bytes.
    """
    return MLKEM768X25519PrivateKey(*_expand(seed))


def load_public(raw: bytes) -> MLKEM768X25519PublicKey:
    """Reads a public key of 1,216 bytes.

    Raises:
        Malformed: another length, an ML-KEM half that is not reduced (FIPS 203, 7.2), or an
            X25519 half that is not reduced or of small order (RFC 7748, 6.1).
    """
    if len(raw) != PUBLIC_BYTES:
        raise Malformed("key.malformed")
    try:
        mlkem_key = mlkem.MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES])
        x25519_key = _load_x25519(raw[MLKEM_PUBLIC_BYTES:])
    except ValueError as refused:
        raise Malformed("key.malformed") from refused
    return MLKEM768X25519PublicKey(mlkem_key, x25519_key)


def wrap(public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seals a few bytes to a public key; 1,136 bytes longer than the plaintext.

    Raises:
        Malformed: the public key is one that `load_public` refuses.
    """
    return hpke_suite().encrypt(plaintext, load_public(public_key), info=info)


def unwrap(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """Opens what `wrap` made.

    Raises:
        CannotOpen: made for another key or another `info`, or changed since.
        Malformed: the seed is not 32 bytes.
    """
    return unwrap_with(load_private(seed), sealed, info)


def unwrap_with(private_key: MLKEM768X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    """The same with a key that was loaded before: expanding a seed costs as much as opening.

    Raises:
        CannotOpen: made for another key or another `info`, or changed since.
    """
    try:
        return hpke_suite().decrypt(sealed, private_key, info=info)
    except (InvalidTag, ValueError) as refused:
        raise CannotOpen("open.tampered") from refused


def _expand(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    if len(seed) != SEED_BYTES:
        raise Malformed("key.malformed")
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + X25519_BYTES)
    return (
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )


def _load_x25519(raw: bytes) -> x25519.X25519PublicKey:
    if int.from_bytes(raw, "little") >= _FIELD:
        raise ValueError
    key = x25519.X25519PublicKey.from_public_bytes(raw)
    # Any private key finds a point of small order: the shared secret is all zeros, which the
    # library refuses. So this needs no table of such points.
    _ANY.exchange(key)
    return key

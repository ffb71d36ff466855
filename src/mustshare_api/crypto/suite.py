"""Names the primitives of suite 1 ("MSO1") and keeps their labels apart.

    wrap a content key   HPKE base mode: X-Wing (ML-KEM-768 + X25519), HKDF-SHA256, AES-256-GCM
    seal content         Cobblestone-256
    sign                 Ed25519
    stretch a receipt    Argon2id
    derive               HKDF-Expand-SHA256

Every hash, signature and derivation in this package starts with a label, and every label
starts with `mustshare/v1 `, so that octets made for one purpose never pass for another.
Refuses to start where the installed library cannot do ML-KEM: falling back to a classical key
exchange would break a promise to reporters without anyone seeing it.
"""

import functools
import hashlib
from collections.abc import Callable
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from mustshare_api.errors import Malformed, Misconfigured

LABEL: Final = "mustshare/v1 "
"""What every label begins with; other octets under it would be another suite."""

LABEL_KID: Final = b"mustshare/v1 kid"
LABEL_CEK: Final = b"mustshare/v1 cek"
LABEL_SIGNATURE: Final = b"mustshare/v1 sig"
LABEL_RECEIPT: Final = b"mustshare/v1 receipt"
LABEL_BUNDLE: Final = b"mustshare/v1 bundle"
LABEL_ROTATION: Final = b"mustshare/v1 rotation"

KID_BYTES: Final = 16
"""128 bits: a kid picks a key and proves nothing, so a collision costs one failed opening."""

SEED_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
VERIFY_KEY_BYTES: Final = 32

Signer: TypeAlias = Callable[[bytes], bytes]

_FIELD = 2**255 - 19
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH})
"""The y of every point whose order divides 8. Under such a key anyone can sign anything, so
whoever slipped one into a bundle would have made it speak with every voice."""


@functools.cache
def hpke_suite() -> Suite:
    """The one HPKE suite in use. Made on first use, so that importing needs no ML-KEM."""
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def require_post_quantum() -> None:
    """Refuses to go on without ML-KEM.

    Raises:
        Misconfigured: the installed `cryptography` was built without it.
    """
    try:
        mlkem.MLKEM768PrivateKey.generate()
        hpke_suite()
    except (UnsupportedAlgorithm, AttributeError) as lacking:
        raise Misconfigured(
            "This build of the Python package `cryptography` has no ML-KEM-768; "
            "install the official wheel of version 50.0.2 or newer."
        ) from lacking


def sha256(*parts: bytes | bytearray | memoryview) -> bytes:
    """SHA-256 over the parts, one after another."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def hkdf_expand(key: bytes, label: str, length: int = 32, context: bytes = b"") -> bytes:
    """Derives `length` bytes from a uniformly random key (HKDF-Expand-SHA256, RFC 5869).

    No label may be the beginning of another one that is used with the same key, because
    label and context are only put one after the other.
    """
    info = LABEL.encode() + label.encode() + context
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)


def kid_of(public_key: bytes) -> bytes:
    """The 16 bytes by which a stanza names the key it is for."""
    return sha256(LABEL_KID, public_key)[:KID_BYTES]


def cek_info(prefix_octets: bytes) -> bytes:
    """HPKE `info` for wrapping a content key: 32 bytes, as some stacks stop at 64."""
    return sha256(LABEL_CEK, prefix_octets)


def signed_octets(prefix_octets: bytes, content_sha256: bytes) -> bytes:
    """What the author of a message signs; the prefix ties the words to one place."""
    return LABEL_SIGNATURE + prefix_octets + content_sha256


def signer(seed: bytes) -> Signer:
    """A function that signs with the Ed25519 key of a 32-byte seed.

    Raises:
        Malformed: the seed is not 32 bytes.
    """
    if len(seed) != SEED_BYTES:
        raise Malformed("key.malformed")
    return Ed25519PrivateKey.from_private_bytes(seed).sign


def verify_key_of(seed: bytes) -> bytes:
    """The 32-byte Ed25519 public key of a 32-byte seed.

    Raises:
        Malformed: the seed is not 32 bytes.
    """
    if len(seed) != SEED_BYTES:
        raise Malformed("key.malformed")
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def load_verify_key(raw: bytes) -> Ed25519PublicKey:
    """Reads an Ed25519 public key, refusing encodings and points no honest seed gives.

    Raises:
        Malformed: not 32 bytes, not the canonical encoding, or a point of small order.
    """
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if len(raw) != VERIFY_KEY_BYTES or y >= _FIELD or y in _SMALL_ORDER_Y:
        raise Malformed("key.malformed")
    return Ed25519PublicKey.from_public_bytes(raw)


def is_signed_by(verify_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature holds. What is no key has signed nothing."""
    try:
        load_verify_key(verify_key).verify(signature, message)
    except (InvalidSignature, Malformed):
        return False
    return True

"""X-Wing and HPKE base mode, read by the drafts and not by our library's recipe.

An oracle for wrapped content keys: ML-KEM, X25519 and the AEADs come from `cryptography`, all
that puts them together is written out here.

    shared secret = SHA3-256(ML-KEM secret | X25519 secret | X25519 ct | X25519 key | label)
    key, base nonce = RFC 9180, 5.1, with no PSK; message 0 has the base nonce and empty AAD
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.cobblestone import expand

AES_256_GCM = 2
MLKEM_CT_BYTES = 1088
XWING_LABEL = bytes.fromhex("5c2e2f2f5e5c")


def open_sealed(seed: bytes, enc: bytes, sealed: bytes, info: bytes) -> bytes:
    """The clear octets, or `InvalidTag`."""
    key, nonce = key_schedule(shared_secret(seed, enc), info, AES_256_GCM)
    return AESGCM(key).decrypt(nonce, sealed, b"")


def public_key_of(seed: bytes) -> bytes:
    """X-Wing's key expansion, the public half."""
    expanded = hashlib.shake_256(seed).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    curve = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    return lattice.public_bytes_raw() + curve.public_bytes_raw()


def shared_secret(seed: bytes, enc: bytes) -> bytes:
    """X-Wing's decapsulation."""
    expanded = hashlib.shake_256(seed).digest(96)
    lattice, curve_ct = enc[:MLKEM_CT_BYTES], enc[MLKEM_CT_BYTES:]
    curve = X25519PrivateKey.from_private_bytes(expanded[64:])
    return hashlib.sha3_256(
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(lattice)
        + curve.exchange(X25519PublicKey.from_public_bytes(curve_ct))
        + curve_ct
        + curve.public_key().public_bytes_raw()
        + XWING_LABEL
    ).digest()


def key_schedule(secret: bytes, info: bytes, aead: int) -> tuple[bytes, bytes]:
    """RFC 9180, 5.1, for X-Wing, HKDF-SHA256 and a cipher with keys of 32 bytes."""
    suite = b"HPKE\x64\x7a\x00\x01" + aead.to_bytes(2)

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + suite + label + material, "sha256")

    hashes = extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    context = b"\0" + hashes
    scheduled = extract(secret, b"secret", b"")

    def derive(label: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + context
        return expand(scheduled, labelled, length, "sha256")

    return derive(b"key", 32), derive(b"base_nonce", 12)

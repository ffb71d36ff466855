"""C2SP chunked encryption, read by the specification and not by our library.

An oracle for both: `cryptography` implements the named instantiations (SHA-512), while the
published vector file is for SHA-256. So the hash is an argument here, and reading the file
shows that this reader is right, and reading our payloads shows that they are.

    HKDF-Expand(key, "c2sp.org/chunked-encryption@v1+" | AEAD name | 0 | salt 24 | context)
        = AEAD key | base nonce 12 | commitment 32
    octets = salt 24 | commitment 32 | chunks of 16 KiB + tag 16, the last one shorter
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAMES = {16: b"AEAD_AES_128_GCM", 32: b"AEAD_AES_256_GCM"}


def read(key: bytes, context: bytes, octets: bytes, hash_name: str = "sha512") -> bytes:
    """The clear octets, or `InvalidTag`."""
    if len(key) not in NAMES or len(octets) < 24 + 32:
        raise InvalidTag
    salt, commitment, body = octets[:24], octets[24:56], octets[56:]
    info = b"c2sp.org/chunked-encryption@v1+" + NAMES[len(key)] + b"\0" + salt + context
    derived = expand(key, info, len(key) + 12 + 32, hash_name)
    if derived[len(key) + 12 :] != commitment:
        raise InvalidTag
    aead = AESGCM(derived[: len(key)])
    base = int.from_bytes(derived[len(key) : len(key) + 12])
    chunks = [body[start : start + 16400] for start in range(0, len(body) + 1, 16400)]
    if len(chunks[-1]) < 16:
        raise InvalidTag
    nonces = ((base ^ number).to_bytes(12) for number in range(len(chunks)))
    return b"".join(aead.decrypt(n, c, b"") for n, c in zip(nonces, chunks, strict=True))


def expand(key: bytes, info: bytes, length: int, hash_name: str) -> bytes:
    """RFC 5869, 2.3."""
    output = block = b""
    while len(output) < length:
        counter = bytes([len(output) // len(hmac.digest(b"", b"", hash_name)) + 1])
        block = hmac.digest(key, block + info + counter, hash_name)
        output += block
    return output[:length]

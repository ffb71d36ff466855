"""Reads an age file by c2sp.org/age alone, without one line of `mustshare_api`.

    header lines -> stanza -> HPKE -> file key -> MAC over the header -> STREAM

Strict where the document is: canonical base64, stanza lines of 64, a last chunk that is marked
and, unless it is the only one, not empty.
"""

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.vectors import hpke
from tests.vectors.cobblestone import expand

CHACHA20_POLY1305 = 3
INFO = b"age-encryption.org/mlkem768x25519"
CHUNK = 65536 + 16


def read(octets: bytes, seed: bytes) -> bytes:
    """The clear octets, or an error."""
    stanzas, mac, above, payload = split(octets)
    file_key = next(filter(None, (unwrapped(seed, stanza) for stanza in stanzas)))
    expected = hmac.digest(derive(file_key, b"", b"header"), above, "sha256")
    assert hmac.compare_digest(mac, expected)
    cipher = ChaCha20Poly1305(derive(file_key, payload[:16], b"payload"))
    chunks = [payload[at : at + CHUNK] for at in range(16, len(payload), CHUNK)]
    clear = []
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        clear.append(cipher.decrypt(number.to_bytes(11) + bytes([last]), chunk, None))
    assert clear[-1] or len(clear) == 1
    return b"".join(clear)


def split(octets: bytes) -> tuple[list[tuple[list[str], bytes]], bytes, bytes, bytes]:
    """Stanzas with their arguments and bodies, the MAC, what it is over, the payload."""
    mark = octets.index(b"\n---") + 4
    end = octets.index(b"\n", mark)
    lines = octets[: mark - 4].decode("ascii").split("\n")
    assert lines.pop(0) == "age-encryption.org/v1"
    stanzas: list[tuple[list[str], bytes]] = []
    while lines:
        arrow, *arguments = lines.pop(0).split(" ")
        assert arrow == "->"
        body = ""
        while True:
            body += (line := lines.pop(0))
            assert len(line) <= 64
            if len(line) < 64:
                break
        stanzas.append((arguments, raw(body)))
    assert octets[mark : mark + 1] == b" "
    return stanzas, raw(octets[mark + 1 : end].decode()), octets[:mark], octets[end + 1 :]


def unwrapped(seed: bytes, stanza: tuple[list[str], bytes]) -> bytes | None:
    (kind, enc), body = stanza
    assert (kind, len(raw(enc)), len(body)) == ("mlkem768x25519", 1120, 32)
    secret = hpke.shared_secret(seed, raw(enc))
    key, nonce = hpke.key_schedule(secret, INFO, CHACHA20_POLY1305)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, body, b"")
    except InvalidTag:
        return None


def raw(text: str) -> bytes:
    """Unpadded, canonical base64."""
    octets = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    assert base64.b64encode(octets).decode().rstrip("=") == text
    return octets


def derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256, 32 bytes."""
    extracted = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    return expand(extracted, info, 32, "sha256")

"""Reads the vector file by `docs/protocol.md` alone, without one line of `mustshare_api`.

What is checked here is whether the document, the file and our code say the same. A client in
another language does what this does, in this order:

    head -> payload length -> prefix as expected -> content key -> payload -> tail -> author
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.vectors import cobblestone, hpke

FILE = Path(__file__).with_name("mustshare-v1.json")
STANZA_BYTES = 16 + 1120 + 48
MESSAGES, ATTACHMENTS, FROM_STAFF = {1, 2, 3, 6, 7, 8}, {4, 5}, {3, 5, 6, 7, 8}
AGENCY_WORD = 9
FIELDS = {"tip_id": slice(8, 24), "object_id": slice(24, 40), "bundle_hash": slice(40, 72)}


class Refused(Exception):
    """With the code that the file expects."""


def load(path: Path = FILE) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def octets_of(vector: dict[str, Any], objects: dict[str, dict[str, Any]]) -> bytes:
    """The object's own octets, or another one's with a piece of them exchanged."""
    if "octets" in vector:
        return bytes.fromhex(vector["octets"])
    whole, edit = octets_of(objects[vector["base"]], objects), vector["edit"]
    rest = whole[edit["at"] + edit["remove"] :]
    return whole[: edit["at"]] + bytes.fromhex(edit["insert"]) + rest


def open_object(octets: bytes, vector: dict[str, Any]) -> bytes:
    """The content, or `Refused`."""
    stanzas, payload = split(octets)
    check_prefix(octets, vector["expected"])
    seeds = [bytes.fromhex(seed) for seed in vector["seeds"]]
    key = content_key(octets[:72], stanzas, seeds)
    try:
        clear = cobblestone.read(key, octets[:72], payload)
    except InvalidTag as invalid:
        raise Refused("open.tampered") from invalid
    if octets[6] in ATTACHMENTS:
        return without_tail(clear, 65536)
    if octets[6] == AGENCY_WORD:
        return without_tail(clear, 4096)
    content = without_tail(clear[64:], 4096)
    check_author(octets[:72], clear[:64], content, vector["verify_key"])
    return content


def check_head(prefix: bytes) -> None:
    if len(prefix) != 72 or prefix[:6] != b"MSO1\x00\x01":
        raise Refused("envelope.malformed")
    allowed_flags = {0} if prefix[6] in FROM_STAFF else {0, 1}
    if prefix[6] == AGENCY_WORD:
        allowed_flags = {1}
    kinds = MESSAGES | ATTACHMENTS | {AGENCY_WORD}
    if prefix[6] not in kinds or prefix[7] not in allowed_flags:
        raise Refused("envelope.malformed")


def split(octets: bytes) -> tuple[list[bytes], bytes]:
    check_head(octets[:72])
    count = octets[72] if len(octets) > 72 else 0
    end = 73 + count * STANZA_BYTES
    stanzas = [octets[start : start + STANZA_BYTES] for start in range(73, end, STANZA_BYTES)]
    distinct = {stanza[:16] for stanza in stanzas}
    if not 1 <= count <= 16 or len(octets) < end or len(distinct) != count:
        raise Refused("envelope.malformed")
    floor = 65536 if octets[6] in ATTACHMENTS else 4096
    signature = 64 if octets[6] in MESSAGES else 0
    if not is_payload_length(len(octets) - end, floor, signature):
        raise Refused("envelope.not_padded")
    return stanzas, octets[end:]


def is_payload_length(length: int, floor: int, signature: int) -> bool:
    chunks, last = divmod(length - 56, 16400)
    padded = chunks * 16384 + last - 16 - signature
    return last >= 16 and padded >= floor and padme(padded) == padded


def padme(size: int) -> int:
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return (size + step - 1) // step * step


def check_prefix(octets: bytes, expected: dict[str, Any]) -> None:
    same = all(octets[place].hex() == expected[name] for name, place in FIELDS.items())
    if octets[6] != expected["kind"] or not same:
        raise Refused("open.wrong_prefix")


def content_key(prefix: bytes, stanzas: list[bytes], seeds: list[bytes]) -> bytes:
    info = hashlib.sha256(b"mustshare/v1 cek" + prefix).digest()
    by_kid = {kid_of_seed(seed): seed for seed in seeds}
    reason = "open.no_key"
    for stanza in stanzas:
        if stanza[:16] in by_kid:
            try:
                return hpke.open_sealed(
                    by_kid[stanza[:16]], stanza[16:1136], stanza[1136:], info
                )
            except (InvalidTag, ValueError):
                reason = "open.tampered"
    raise Refused(reason)


def kid_of_seed(seed: bytes) -> bytes:
    return hashlib.sha256(b"mustshare/v1 kid" + hpke.public_key_of(seed)).digest()[:16]


def without_tail(padded: bytes, floor: int) -> bytes:
    marked = padded.rstrip(b"\0")
    grown = max(floor, padme(len(marked)))
    if not marked.endswith(b"\x80") or grown != len(padded):
        raise Refused("open.bad_padding")
    return marked[:-1]


def check_author(prefix: bytes, signature: bytes, content: bytes, key: str | None) -> None:
    if key is None:
        raise Refused("open.unknown_signer")
    signed = b"mustshare/v1 sig" + prefix + hashlib.sha256(content).digest()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, signed)
    except InvalidSignature as invalid:
        raise Refused("open.wrong_signature") from invalid

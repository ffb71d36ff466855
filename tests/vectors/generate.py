"""Writes `mustshare-v1.json`, or with `--check` says whether it would change.

    python -m tests.vectors.generate [--check]

Sealing takes chance, so sealed objects differ on every run. An object that is in the file
already is therefore kept, as long as everything else about it is the same and the independent
reader still finds in it what is expected. So a second run changes nothing, and a change of the
file means that the format has changed, which is a new suite number.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from mustshare_api.crypto import envelope, padding, receipts, suite, xwing
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.unit.crypto import objects as cast
from tests.vectors import hand_over, organisation, reader, rotated, sealed

DEPLOYMENTS = (bytes(range(16)), bytes(16))
DIGITS = ("123456789012345678901234567890", "0" * 30, "9" * 30)
SIZES = (
    1,
    2,
    3,
    7,
    8,
    9,
    15,
    16,
    17,
    100,
    1000,
    4095,
    4096,
    4097,
    65536,
    65537,
    10**6,
    2**30 + 1,
)
WORDS = "ถนนหน้าโรงเรียนพังมาสามปีแล้ว"
NOTES = (
    "Vectors of mustshare/v1, suite 1 (docs/protocol.md). Octets are hex. `expect` is what a "
    "reader does: 'opens', 'reads', 'derives', 'verifies', 'follows', or the code of a "
    "refusal. An object has `octets`, or a `base` and an `edit`: at offset `at`, take `remove` "
    "octets out and put `insert` in. `seeds` are the X-Wing seeds at hand."
)

Vector = dict[str, Any]


def receipt_vectors() -> Iterator[Vector]:
    """Receipts that derive, and digits that do not."""
    for digits in DIGITS:
        for deployment_id in DEPLOYMENTS:
            root = receipts.stretch(digits, deployment_id)
            yield {
                "notes": "root = Argon2id(digits, m = 19456 KiB, t = 2, p = 1)",
                "expect": "derives",
                "digits": digits,
                "deployment_id": deployment_id.hex(),
                "root": root.hex(),
                **derived(receipts.keys_of(root)),
            }
    for digits in ("1" * 29, "1" * 31, "1" * 29 + "๑", "1" * 29 + " "):
        yield {
            "notes": "normalising comes first and is no part of deriving",
            "expect": "receipt.malformed",
            "digits": digits,
            "deployment_id": DEPLOYMENTS[0].hex(),
        }


def derived(keys: receipts.ReceiptKeys) -> Vector:
    digest = suite.sha256(WORDS.encode())
    return {
        "access": keys.access.hex(),
        "access_hash": receipts.access_hash(keys.access).hex(),
        "reply_seed": keys.reply_seed.hex(),
        "sign_seed": keys.sign_seed.hex(),
        "bundle": keys.bundle.hex(),
        "bundle_hash": receipts.bundle_hash(keys.bundle).hex(),
        "content_digest": digest.hex(),
        "fingerprint": receipts.fingerprint(keys.access, digest).hex(),
    }


def minted_vectors() -> Iterator[Vector]:
    """Receipts minted from an idempotency key."""
    for context in (b"", b"a retry"):
        key = suite.sha256(b"minting key")
        yield {
            "notes": "HKDF-Expand as a big-endian number, modulo 10^28",
            "expect": "derives",
            "key": key.hex(),
            "context": context.hex(),
            "digits": f"{receipts.digits_from(key, context):028d}",
        }


def key_vectors() -> Iterator[Vector]:
    """X-Wing keys that are read, and such that are not."""
    seed = cast.OFFICER_SEEDS[0]
    raw = xwing.public_key_of(seed)
    yield {
        "notes": "SHAKE256(seed, 96) = ML-KEM seed 64 | X25519 key 32",
        "expect": "reads",
        "seed": seed.hex(),
        "public_key": raw.hex(),
        "kid": suite.kid_of(raw).hex(),
    }
    for notes, bad in (
        ("ML-KEM half not reduced modulo q", b"\xff\xff\xff" + raw[3:]),
        ("X25519 half of small order", raw[:1184] + bytes(32)),
        ("X25519 half not reduced modulo p", raw[:1184] + b"\xff" * 31 + b"\x7f"),
        ("one byte short", raw[:-1]),
    ):
        yield {"notes": notes, "expect": "key.malformed", "public_key": bad.hex()}


def flags_of(kind: Kind) -> set[int]:
    if kind is Kind.AGENCY_WORD:
        return {envelope.SERVER_SEALED}
    return {0, 0 if kind.is_by_staff else envelope.SERVER_SEALED}


def prefix_vectors() -> Iterator[Vector]:
    """Prefixes with their HPKE info, and octets that are none."""
    for kind in Kind:
        for flags in sorted(flags_of(kind)):
            prefix = cast.prefix_of(kind, flags)
            yield {"notes": kind.name, "expect": "reads", **prefix_fields(prefix)}
    good = cast.prefix_of(Kind.TIP).encode()
    staff = cast.prefix_of(Kind.FOLLOW_UP_FROM_STAFF).encode()
    word = cast.prefix_of(Kind.AGENCY_WORD, envelope.SERVER_SEALED).encode()
    for notes, bad in (
        ("another magic", b"MSO2" + good[4:]),
        ("suite 2", good[:5] + b"\2" + good[6:]),
        ("kind 0", good[:6] + b"\0" + good[7:]),
        ("kind 10", good[:6] + b"\x0a" + good[7:]),
        ("an unknown flag", good[:7] + b"\2" + good[8:]),
        ("staff, and sealed by the server", staff[:7] + b"\1" + staff[8:]),
        ("an agency's word, and not sealed by the server", word[:7] + b"\0" + word[8:]),
        ("one byte short", good[:-1]),
    ):
        yield {"notes": notes, "expect": "envelope.malformed", "octets": bad.hex()}


def prefix_fields(prefix: Prefix) -> Vector:
    octets = prefix.encode()
    return {
        "kind": int(prefix.kind),
        "flags": prefix.flags,
        "tip_id": prefix.tip_id.hex(),
        "object_id": prefix.object_id.hex(),
        "bundle_hash": prefix.bundle_hash.hex(),
        "octets": octets.hex(),
        "info": suite.cek_info(octets).hex(),
    }


def size_vectors() -> Iterator[Vector]:
    """PADME sizes; padded and sealed sizes of contents."""
    for size in SIZES:
        yield {
            "notes": "padded sizes include the 0x80",
            "expect": "reads",
            "size": size,
            "padme": padding.padme(size),
            "padded_text": padding.padded_bytes(size, padding.TEXT_FLOOR),
            "padded_attachment": padding.padded_bytes(size, padding.ATTACHMENT_FLOOR),
            "message_payload": envelope.payload_bytes_for(Kind.TIP, size),
            "attachment_payload": envelope.payload_bytes_for(Kind.ATTACHMENT_FROM_STAFF, size),
        }


def generate(old: dict[str, Any]) -> dict[str, Any]:
    """The whole file, with what may stay of the old one."""
    return {
        "notes": NOTES,
        "receipts": list(receipt_vectors()),
        "minted": list(minted_vectors()),
        "keys": list(key_vectors()),
        "prefixes": list(prefix_vectors()),
        "sizes": list(size_vectors()),
        "objects": sealed.objects(old.get("objects", [])),
        "roots": list(organisation.roots_vectors()),
        "directories": list(organisation.directory_vectors()),
        "requests": list(organisation.request_vectors()),
        "rotations": list(rotated.rotation_vectors()),
        "certificates": list(hand_over.certificate_vectors()),
    }


def main(arguments: list[str]) -> int:
    before = reader.FILE.read_text("utf-8") if reader.FILE.exists() else "{}"
    after = json.dumps(generate(json.loads(before)), ensure_ascii=False, indent=1) + "\n"
    if "--check" not in arguments:
        reader.FILE.write_text(after, "utf-8")
        return 0
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

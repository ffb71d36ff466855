"""The part of the vector file about hand-over certificates, copies and proofs.

Nothing here takes chance: the salt and the ids are fixed, and Ed25519 signs alike every time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mustshare_api.crypto import hand_over, proofs
from mustshare_api.crypto.certificates import ReporterCopy, parse_certificate, source_of
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.receipts import ReceiptKeys, bundle_hash, keys_of
from mustshare_api.crypto.suite import kid_of, sha256, verify_key_of
from tests.vectors.organisation import MONDAY, OFFICER

Vector = dict[str, Any]

ROOT = bytes([31]) * 32
STRANGER = bytes([32]) * 32
SALT = bytes([33]) * 32
CONTENT = "ถนนหน้าโรงเรียนพังมาสามปีแล้ว"
PURPOSE = "ศาลอาญา คดีหมายเลขดำที่ 1/2570"
AGENCY = "สำนักงาน ป.ป.ช."


def certificate_vectors() -> Iterator[Vector]:
    """A certificate, a copy and a proof that hold under the directory `good`; and faults."""
    copy, keys = made_copy(), keys_of(ROOT)
    certificate = copy.certificate.text
    proof = proofs.prove(copy, keys, PURPOSE).encode().decode()
    yield good("certificate", certificate) | {"copy": copy.encode()}
    yield good("proof", proof) | {
        "for": PURPOSE,
        "salt": SALT.hex(),
        "content": CONTENT,
        "bundle": keys.bundle.hex(),
        "sign_seed": keys.sign_seed.hex(),
        "source": copy.certificate.source.hex(),
    }
    for notes, expect, text in faults(certificate, proof):
        yield {"notes": notes, "expect": expect, "text": text}


def good(kind: str, text: str) -> Vector:
    return {
        "name": kind,
        "notes": f"a {kind} that holds",
        "expect": "verifies",
        "text": text,
        "verify_key": verify_key_of(OFFICER).hex(),
    }


def made_copy(keys: ReceiptKeys | None = None, **changed: Any) -> ReporterCopy:
    """As `certificates.issue` does it, with a salt and an id that stay the same."""
    owner = bundle_hash((keys or keys_of(ROOT)).bundle)
    kid = kid_of(verify_key_of(OFFICER))
    head = Voucher(bytes(range(16)), 7, "somsri", kid, AGENCY, MONDAY)
    digest = sha256(CONTENT.encode())
    lines = [
        "mustshare/v1 hand-over",
        *replace(head, **changed).lines(),
        f"id {bytes(range(16, 32)).hex()}",
        f"source {source_of(SALT, owner, digest).hex()}",
    ]
    note = hand_over.sign(lines, "somsri", OFFICER)
    return ReporterCopy(parse_certificate(note), SALT, digest)


def faults(certificate: str, proof: str) -> Iterator[tuple[str, str, str]]:
    """One at a time, and what each is called."""
    malformed, wrong = "certificate.malformed", "certificate.wrong_proof"
    stranger = keys_of(STRANGER)
    other = proofs.prove(made_copy(stranger), stranger, PURPOSE).encode().decode()
    yield "cut short", malformed, certificate[:-60]
    yield "no signature", malformed, certificate[: certificate.index("— ")]
    yield "a number spelled another way", malformed, certificate.replace("ory 7", "ory 07")
    yield "a name that turns its line round", malformed, certificate.replace("ป.ป", "ป\u202eป")
    yield "edited", "hand_over.wrong_signature", certificate.replace("ป.ป.ช.", "ป.ป.ท.")
    serial = made_copy(serial=8).certificate.text
    yield "a directory nobody has", "hand_over.unknown_directory", serial
    deployment = made_copy(deployment_id=bytes(16)).certificate.text
    yield "another deployment", "hand_over.other_deployment", deployment
    late = made_copy(day=MONDAY + timedelta(days=29)).certificate.text
    yield "a day after the directory's last", "hand_over.unknown_officer", late
    yield (
        "another name for the key",
        "hand_over.unknown_officer",
        certificate.replace("officer somsri", "officer wichai"),
    )
    yield "for somebody else", wrong, proof.replace(PURPOSE, "somebody else")
    yield "another's certificate", wrong, joined(proof, other)
    for keyword in ("salt", "bundle", "signature"):
        mine, theirs = line(proof, keyword), line(other, keyword)
        if mine == theirs:  # the salt is fixed here
            theirs = f"salt {bytes(32).hex()}"
        yield f"another's {keyword}", wrong, proof.replace(mine, theirs)


def joined(proof: str, other: str) -> str:
    return proof.split("\n\n", 1)[0] + "\n\n" + other.split("\n\n", 1)[1]


def line(text: str, keyword: str) -> str:
    return next(each for each in text.split("\n") if each.startswith(f"{keyword} "))

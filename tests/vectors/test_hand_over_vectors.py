"""The vectors of certificates and proofs, read by our code and by a reader of its own."""

import base64
import hashlib
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from mustshare_api.crypto import certificates, directory, hand_over, proofs
from mustshare_api.crypto.proofs import Proof
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.errors import MustShareError
from tests.vectors import reader

Vector = dict[str, Any]
VECTORS = reader.load()
GOOD = {v["name"]: v for v in VECTORS["certificates"] if "name" in v}


def notes(vector: Vector) -> str:
    return str(vector["notes"])


def believed() -> directory.Directory:
    """The directory named `good`."""
    (vector,) = (v for v in VECTORS["directories"] if v.get("name") == "good")
    roots = parse_roots(VECTORS["roots"][0]["text"].encode())
    today = date.fromisoformat(vector["today"])
    return directory.verify(vector["text"].encode(), roots, today=today, newer_than=None)


def check(text: str) -> None:
    document = proofs.parse_document(text.encode())
    certificate = document.certificate if isinstance(document, Proof) else document
    known = believed()
    hand_over.check(certificate.head, certificate.note, {known.serial: known}.get)
    if isinstance(document, Proof):
        document.check()


@pytest.mark.parametrize("vector", VECTORS["certificates"], ids=notes)
def test_a_document_verifies_as_expected(vector: Vector) -> None:
    """Certificates and proofs, each fault by its name."""
    if vector["expect"] == "verifies":
        check(vector["text"])
        return
    with pytest.raises(MustShareError) as refused:
        check(vector["text"])
    assert refused.value.code == vector["expect"]


def fields(text: str) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in text.split("\n") if " " in line)


def test_a_proof_holds_for_a_reader_that_shares_no_line_with_ours() -> None:
    """Source from salt, bundle and content; then two signatures."""
    vector = GOOD["proof"]
    above, certificate = vector["text"].split("\n\n", 1)
    said, bundle = fields(above), bytes.fromhex(vector["bundle"])
    salt, content = bytes.fromhex(said["salt"]), bytes.fromhex(said["content"])
    owner = hashlib.sha256(b"mustshare/v1 bundle" + bundle).digest()
    source = hashlib.sha256(b"mustshare/v1 source" + salt + owner + content)
    signed = b"".join(
        [
            b"mustshare/v1 proof",
            hashlib.sha256(certificate.encode()).digest(),
            salt + content + owner,
            hashlib.sha256(vector["for"].encode()).digest(),
        ]
    )

    assert content == hashlib.sha256(vector["content"].encode()).digest()
    assert fields(certificate)["source"] == source.hexdigest() == vector["source"]
    assert base64.b64decode(said["bundle"]) == bundle
    signature = base64.b64decode(said["signature"])
    Ed25519PublicKey.from_public_bytes(bundle[-32:]).verify(signature, signed)
    seed = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["sign_seed"]))
    assert seed.sign(signed) == signature
    text, _, below = certificate.rpartition("\n\n")
    officer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["verify_key"]))
    officer.verify(base64.b64decode(below.split(" ")[2])[4:], f"{text}\n".encode())


def test_the_reporters_copy_holds_what_the_proof_shows() -> None:
    """Base64 between two marks: MSC1, salt, content hash, certificate."""
    lines = GOOD["certificate"]["copy"].split("\n")
    octets = base64.b64decode("".join(lines[1:-1]))

    assert lines[0] == "-----BEGIN MUSTSHARE CERTIFICATE-----"
    assert lines[-1] == "-----END MUSTSHARE CERTIFICATE-----"
    assert octets[:4] == b"MSC1"
    assert octets[4:36].hex() == GOOD["proof"]["salt"]
    assert octets[68:].decode() == GOOD["certificate"]["text"]
    assert certificates.parse_copy(GOOD["certificate"]["copy"]).encode() == "\n".join(lines)

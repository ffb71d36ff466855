"""The vectors of roots, directories and signed requests, read by our code."""

import base64
import hashlib
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mustshare_api.crypto import directory, requests
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.errors import MustShareError
from tests.vectors import reader

Vector = dict[str, Any]
VECTORS = reader.load()
GOOD = VECTORS["roots"][0]
ROOTS = parse_roots(GOOD["text"].encode())


def notes(vector: Vector) -> str:
    return str(vector["notes"])


@pytest.mark.parametrize("vector", VECTORS["roots"], ids=notes)
def test_a_pin_file_reads_as_expected(vector: Vector) -> None:
    """With its fingerprint, or refused."""
    octets = vector["text"].encode()
    if vector["expect"] == "reads":
        read = parse_roots(octets)
        assert (read.fingerprint(), read.k) == (vector["fingerprint"], vector["k"])
        assert [key.public_key.hex() for key in read.keys] == vector["public_keys"]
        return
    with pytest.raises(MustShareError) as refused:
        parse_roots(octets)
    assert refused.value.code == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["directories"], ids=notes)
def test_a_directory_is_believed_as_expected(vector: Vector) -> None:
    """On its day, after what was seen before."""
    octets, today = vector["text"].encode(), date.fromisoformat(vector["today"])
    if vector["expect"] == "reads":
        read = directory.verify(octets, ROOTS, today=today, newer_than=vector["newer_than"])
        assert read.octets == octets
        return
    with pytest.raises(MustShareError) as refused:
        directory.verify(octets, ROOTS, today=today, newer_than=vector["newer_than"])
    assert refused.value.code == vector["expect"]


def test_a_directory_names_the_expected_recipients() -> None:
    """This week's officers and escrow, and the next week's."""
    (vector,) = (v for v in VECTORS["directories"] if v.get("name") == "good")
    monday = date.fromisoformat(vector["today"])
    read = directory.verify(vector["text"].encode(), ROOTS, today=monday, newer_than=None)

    assert [entry.kid.hex() for entry in read.recipients(monday)] == vector["recipients"]
    later = read.recipients(date(2026, 11, 30))
    assert [entry.kid.hex() for entry in later] == vector["recipients_next_week"]
    assert (read.serial, read.deployment_id.hex()) == (
        vector["serial"],
        vector["deployment_id"],
    )
    assert read.digest.hex() == vector["digest"]


def test_a_directory_says_what_each_key_is_good_for() -> None:
    """Read line by line, by the role that each begins with, and by our code."""
    (vector,) = (v for v in VECTORS["directories"] if v.get("name") == "good")
    kids = kids_by_role(vector["text"])
    read = directory.parse(vector["text"].encode())

    assert kids["signing"] + kids["auditor"] + kids["recovery"] == vector["requesters"]
    assert [e.kid.hex() for e in read.entries if read.requester(e.kid)] == vector["requesters"]
    assert kids["case"] == vector["case_keys"] == [e.kid.hex() for e in read.case_keys()]
    assert sorted(kids["revoked"]) == vector["revoked"]
    assert {kid.hex() for kid in read.revoked()} == set(vector["revoked"])


def kids_by_role(text: str) -> dict[str, list[str]]:
    """What a reader that shares no line with ours makes of the entries."""
    kids: dict[str, list[str]] = {}
    for line in text.partition("\n\n")[0].split("\n"):
        words = line.split(" ")
        if len(words) == 5:
            kids.setdefault(words[0], []).append(words[3])
    return kids


def test_the_directory_holds_for_a_reader_that_shares_no_line_with_ours() -> None:
    """Ten lines after the C2SP document: split, hash the key ids, verify."""
    (vector,) = (v for v in VECTORS["directories"] if v.get("name") == "good")
    text, _, below = vector["text"].rpartition("\n\n")
    keys = {
        name: bytes.fromhex(key)
        for name, key in zip(("anan", "busaba", "chai"), GOOD["public_keys"], strict=True)
    }
    lines = below.strip().split("\n")
    for line in lines:
        _, name, encoded = line.split(" ")
        octets = base64.b64decode(encoded)
        key_id = hashlib.sha256(name.encode() + b"\n\x01" + keys[name]).digest()[:4]
        assert octets[:4] == key_id
        Ed25519PublicKey.from_public_bytes(keys[name]).verify(octets[4:], f"{text}\n".encode())
    assert len(lines) == 2
    assert hashlib.sha256(f"{text}\n".encode()).hexdigest() == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS["requests"], ids=notes)
def test_a_request_verifies_as_expected(vector: Vector) -> None:
    """Headers first, then the body against its digest."""
    if vector["expect"] == "verifies":
        assert check(vector).keyid == vector["keyid"]
        return
    with pytest.raises(MustShareError) as refused:
        check(vector)
    assert refused.value.code == vector["expect"]


def check(vector: Vector) -> requests.Verified:
    verified = requests.verify(
        vector["method"],
        vector["authority"],
        vector["path"],
        vector["query"],
        vector["headers"],
        now=vector["now"],
        public_key_of={vector["keyid"]: bytes.fromhex(vector["verify_key"])}.get,
    )
    body = requests.BodyDigest(vector["headers"])
    body.update(bytes.fromhex(vector["body"]))
    body.check()
    return verified

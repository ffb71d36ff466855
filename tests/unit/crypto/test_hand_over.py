"""Certificates, copies, proofs and manifests: one spelling each, nothing else is read."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import certificates, hand_over, manifests, proofs
from mustshare_api.crypto.hand_over import is_line
from mustshare_api.crypto.manifests import ListedFile
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.errors import CannotOpen, Malformed
from tests.vectors.hand_over import PURPOSE, ROOT, made_copy
from tests.vectors.organisation import OFFICER

KEYS = keys_of(ROOT)
COPY = made_copy()
PROOF = proofs.prove(COPY, KEYS, PURPOSE)
TEXT = PROOF.encode().decode()
HEAD = COPY.certificate.head
FILES = [ListedFile("report.txt", 3, bytes(32)), ListedFile("files/1.jpg", 9, bytes(32))]
MANIFEST = manifests.compose(HEAD, OFFICER, FILES, {"message": 2, "field": 1, "cut": 0})


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(Malformed) as raised:
        read()
    return raised.value.code


@given(st.integers(0, 500), st.binary(min_size=1, max_size=1))
def test_no_octet_of_a_proof_can_be_another(at: int, octet: bytes) -> None:
    """Whatever is changed, it reads as nothing or does not hold."""
    octets = PROOF.encode()
    spoilt = octets[:at] + octet + octets[at + 1 :]
    if spoilt == octets:
        return
    with pytest.raises((Malformed, CannotOpen)):
        proofs.parse_proof(spoilt).check()


@given(st.binary(max_size=300))
def test_noise_is_malformed(octets: bytes) -> None:
    """Never a stray error."""
    for read in (proofs.parse_document, proofs.parse_proof, manifests.parse):
        with pytest.raises(Malformed):
            read(octets)
    assert refused(lambda: certificates.parse_copy(octets.decode("latin-1")))


def swapped(keyword: str, value: str) -> bytes:
    (line,) = (each for each in TEXT.split("\n") if each.startswith(f"{keyword} "))
    return TEXT.replace(line, f"{keyword} {value}", 1).encode()


@pytest.mark.parametrize(
    "octets",
    [
        swapped("salt", "00" * 31),
        swapped("salt", COPY.salt.hex().upper().replace("2", "A")),
        swapped("content", "zz" * 32),
        swapped("bundle", base64.b64encode(KEYS.bundle[:-1]).decode()),
        swapped("bundle", base64.b64encode(b"\xff" * 1248).decode()),
        swapped("bundle", "***"),
        swapped("signature", base64.b64encode(bytes(63)).decode()),
        swapped("for", "a\u202eb"),
        swapped("for", "x" * 1001),
        TEXT.replace("for ", "For ").encode(),
        TEXT.replace("\n\n", "\n", 1).encode(),
        b"\xff" + TEXT.encode(),
    ],
)
def test_a_proof_of_another_spelling_is_malformed(octets: bytes) -> None:
    """Each of its lines has one form."""
    assert refused(lambda: proofs.parse_proof(octets)) == "certificate.malformed"


def test_a_pasted_document_is_settled_and_bounded() -> None:
    """Line ends and blank ends are mended; what is no text or too long is refused."""
    mailed = "\ufeff\r\n" + TEXT.replace("\n", "\r\n") + "\r\n "

    assert proofs.settled(mailed) == TEXT.encode()
    assert refused(lambda: proofs.settled("\ud800"))
    assert refused(lambda: proofs.settled("x" * 9000))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("BEGIN", "BEGAN"),
        lambda text: text + text,
        lambda text: text.replace("\n", "\n*", 1),
        lambda text: text[:200] + text[210:],
        lambda text: text.replace(text.split("\n")[1][:4], "AAAA", 1),
        lambda text: text + " " * 9000,
    ],
)
def test_a_copy_that_is_not_whole_is_malformed(spoil: Callable[[str], str]) -> None:
    """Two in one text as well: which of them was meant?"""
    spoilt = spoil(COPY.encode())
    assert refused(lambda: certificates.parse_copy(spoilt)) == "certificate.malformed"


@pytest.mark.parametrize("changed", [{"agency": "a\nb"}, {"officer": "a b"}])
def test_a_certificate_for_no_name_is_not_issued(changed: dict[str, Any]) -> None:
    """Its readers would refuse it."""
    head = replace(HEAD, **changed)
    assert refused(lambda: certificates.issue(head, OFFICER, bytes(32), bytes(32)))


def test_no_two_certificates_of_a_tip_are_alike() -> None:
    """Neither says that the other is about the same tip."""
    one, other = (certificates.issue(HEAD, OFFICER, bytes(32), bytes(32)) for _ in range(2))

    assert one.certificate.source != other.certificate.source
    assert one.certificate.certificate_id != other.certificate.certificate_id


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("สำนักงาน ป.ป.ช.", True),
        ("น้ำ\u200bใจ", True),
        ("", False),
        (" a", False),
        ("a ", False),
        ("a\tb", False),
        ("a\u00a0b", False),
        ("a\u2028b", False),
        ("a\u202eb", False),
        ("a\ud800b", False),
        ("a\ue000b", False),
        ("ก" * 67, False),
    ],
)
def test_a_line_is_what_it_looks_like(text: str, good: bool) -> None:
    """Visible, and short enough for one line of a form."""
    assert is_line(text, 200) is good


def test_a_manifest_reads_as_it_was_written() -> None:
    """Files by name; of what was withheld, what there was any of."""
    read = manifests.parse(MANIFEST)

    assert [file.name for file in read.files] == ["files/1.jpg", "report.txt"]
    assert read.withheld == {"message": 2, "field": 1}
    assert read.head == HEAD


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("directory 7", "directory 0"),
        ("directory 7", "directory +7"),
        ("withheld message 2", "withheld message 02"),
        ("withheld message 2", "withheld message many"),
        ("withheld message 2\nwithheld field 1", "withheld field 1\nwithheld message 2"),
        ("file ", "File "),
        ("files/1.jpg", "/1.jpg"),
        ("files/1.jpg", "a/b/1.jpg"),
        ("files/1.jpg", "1"),
        ("report.txt", "files/1.jpg"),
        ("day 2026-11-23", "day 20261123"),
        ("mustshare/v1 manifest", "mustshare/v1 card"),
    ],
)
def test_a_manifest_of_another_spelling_is_malformed(before: str, after: str) -> None:
    """One hand-over has one manifest."""
    spoilt = MANIFEST.decode().replace(before, after).encode()
    assert spoilt != MANIFEST
    assert refused(lambda: manifests.parse(spoilt)) == "manifest.malformed"


def test_a_manifest_of_nothing_is_not_made() -> None:
    """Nor one that names a file twice."""
    assert refused(lambda: manifests.compose(HEAD, OFFICER, [], {}))
    assert refused(lambda: manifests.compose(HEAD, OFFICER, [FILES[0], FILES[0]], {}))


def test_a_note_of_two_signatures_is_not_one_officers() -> None:
    """Whoever adds their own line below would make another document of it."""
    twice = hand_over.sign(["x"], "wichai", bytes(32)).split(b"\n\n")[1]
    assert refused(lambda: certificates.parse_certificate(COPY.certificate.octets + twice))

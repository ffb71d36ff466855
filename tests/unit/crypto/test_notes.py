"""Signed notes: the C2SP format, to the letter, and whose signature counts."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import notes
from mustshare_api.crypto.notes import Verifier
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import CannotOpen, Malformed

# expect: the worked example of Go's package golang.org/x/mod/sumdb/note.
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    b"If you think cryptography is the answer to your problem,\n"
    b"then you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + (
        "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
        "qdngotpRZb6KE6RyyBwJnAM=\n"
    ).encode()
)


def test_a_known_note_is_signed_by_its_known_key() -> None:
    """expect: the example note and verifier key of Go's implementation."""
    verifier = notes.parse_verifier(GO_VERIFIER)

    assert notes.split(GO_NOTE).signers_among([verifier]) == {verifier}


def test_signing_makes_the_known_note() -> None:
    """expect: the same octets that Go's implementation makes."""
    assert notes.sign(GO_TEXT + b"\n", "PeterNeumann", GO_SEED) == GO_NOTE


def test_a_verifier_key_is_written_as_it_was_read() -> None:
    """expect: the example's verifier key, from its public key."""
    assert Verifier("PeterNeumann", verify_key_of(GO_SEED)).encode() == GO_VERIFIER


def test_signing_twice_adds_nothing() -> None:
    """A ceremony that is repeated by mistake leaves the note as it was."""
    assert notes.sign(GO_NOTE, "PeterNeumann", GO_SEED) == GO_NOTE


def test_a_stranger_beneath_a_note_is_passed_over() -> None:
    """Old and new keys may sign one note while a change goes round."""
    both = notes.sign(GO_NOTE, "stranger", bytes(32))
    verifier = notes.parse_verifier(GO_VERIFIER)

    assert notes.split(both).signers_among([verifier]) == {verifier}


def test_a_line_that_does_not_hold_spoils_the_note() -> None:
    """A known key's name under another text is a forgery, not a stranger."""
    forged = GO_NOTE.replace(b"answer", b"Answer")

    with pytest.raises(CannotOpen):
        notes.split(forged).signers_among([notes.parse_verifier(GO_VERIFIER)])


def test_a_name_without_its_key_is_a_stranger() -> None:
    """The name alone proves nothing: the key id has to be the known key's."""
    impostor = notes.sign(GO_TEXT + b"\n", "PeterNeumann", bytes(32))

    assert not notes.split(impostor).signers_among([notes.parse_verifier(GO_VERIFIER)])


@given(st.data())
def test_any_bit_flip_leaves_a_note_unsigned(data: st.DataObject) -> None:
    """Text, blank line, mark, name, key id, signature."""
    edited = bytearray(GO_NOTE)
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    try:
        signers = notes.split(bytes(edited)).signers_among([notes.parse_verifier(GO_VERIFIER)])
    except (Malformed, CannotOpen):
        signers = frozenset()
    assert not signers


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"text",
        b"text\n",
        b"text\x00\n\n",
        b"text\r\n\n",
        b"\xff\n\n",
        GO_NOTE[:-1],
        GO_NOTE.replace("— ".encode(), b"- "),
        GO_NOTE.replace(b"PeterNeumann", b"Peter+Neumann"),
        GO_NOTE.replace(b"PeterNeumann ", b""),
        GO_TEXT + "\n— a AAAA\n".encode(),
        GO_TEXT + "\n— a !!!!\n".encode(),
        GO_TEXT + "\n— a AAAAAAB=\n".encode(),
        GO_TEXT + "\n— a ก\n".encode(),
        GO_TEXT + b"\n" + "— a AAAAAAAA\n".encode() * 65,
    ],
)
def test_octets_that_are_no_note_are_malformed(octets: bytes) -> None:
    """One format, read strictly."""
    with pytest.raises(Malformed):
        notes.split(octets)


@given(st.binary())
def test_any_octets_are_a_note_or_malformed(octets: bytes) -> None:
    """No octets make the reader fail in another way."""
    try:
        note = notes.split(octets)
    except Malformed:
        return
    assert octets.startswith(note.text)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PeterNeumann",
        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
        GO_VERIFIER.replace("+AR", "+AB"),
        GO_VERIFIER[:-4],
        GO_VERIFIER.replace("Peter", "Peter Paul"),
        "a+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ],
)
def test_a_broken_verifier_key_is_malformed(line: str) -> None:
    """A key id that is not the key's, another algorithm, a key under which anything holds."""
    with pytest.raises(Malformed):
        notes.parse_verifier(line)


def test_nobody_signs_under_a_name_with_spaces() -> None:
    """The line could be read two ways."""
    with pytest.raises(Malformed):
        notes.sign(GO_NOTE, "a b", GO_SEED)

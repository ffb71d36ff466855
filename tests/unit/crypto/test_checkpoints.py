"""Checkpoints and cosignatures: the C2SP formats, and whose signatures count."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import checkpoints, notes
from mustshare_api.crypto.checkpoints import Checkpoint, Witness
from mustshare_api.crypto.merkle import EMPTY_ROOT
from mustshare_api.crypto.notes import Verifier
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import CannotOpen, Malformed

SEED, WITNESS_SEED = b"l" * 32, b"w" * 32
ORIGIN = checkpoints.origin_of(bytes(range(16)))
HEAD = Checkpoint(ORIGIN, 42, b"r" * 32)
LOG = Verifier(ORIGIN, verify_key_of(SEED))
WITNESS = Witness("agency-watch", verify_key_of(WITNESS_SEED))
NOTE = checkpoints.compose(HEAD, SEED)

SPEC_TEXT = (
    b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
)
SPEC_LINE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX"
    "3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()
"""The example of C2SP tlog-cosignature v1.0.0, whose time is 1679315147. It names no keys."""

PUBLISHED_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""A running witness's verifier key, from github.com/transparency-dev/formats,
note/note_cosigv1_test.go."""


def test_a_published_witness_has_its_key_id() -> None:
    """SHA-256 over name, newline, 0x04 and key: not the id of a plain signature."""
    name, key_id, key = PUBLISHED_WITNESS.split("+", 2)
    witness = Witness(name, base64.b64decode(key)[1:])

    assert (witness.key_id.hex(), witness.encode()) == (key_id, PUBLISHED_WITNESS)


def test_the_specifications_example_reads_as_it_says() -> None:
    """Key id, then a big-endian time, then the signature."""
    (signature,) = notes.split(SPEC_TEXT + b"\n" + SPEC_LINE).signatures

    assert signature.key_id.hex() == "8d66cf3f"
    assert int.from_bytes(signature.octets[:8], "big") == 1679315147
    assert len(signature.octets) == 8 + 64


def test_a_cosignature_is_over_the_header_the_time_and_the_text() -> None:
    """The message of the specification's example, signed with a key of ours."""
    line = checkpoints.cosign(NOTE, WITNESS.name, WITNESS_SEED, 1679315147)
    octets = base64.b64decode(line.split()[-1])

    Ed25519PublicKey.from_public_bytes(WITNESS.public_key).verify(
        octets[12:], b"cosignature/v1\ntime 1679315147\n" + HEAD.text()
    )
    assert octets[:12] == WITNESS.key_id + (1679315147).to_bytes(8, "big")


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    """Origin, size, root; the key's name is the origin."""
    text, line = NOTE.decode().split("\n\n")

    assert text.split("\n") == [ORIGIN, "42", base64.b64encode(b"r" * 32).decode()]
    assert line.startswith(f"— {ORIGIN} ")


def test_what_the_log_signed_is_believed() -> None:
    """Cosigned or not."""
    line = checkpoints.cosign(NOTE, WITNESS.name, WITNESS_SEED, 1)

    assert checkpoints.verify(NOTE, LOG) == checkpoints.verify(NOTE + line, LOG) == HEAD


@pytest.mark.parametrize(
    "verifier",
    [
        Verifier(ORIGIN, verify_key_of(b"x" * 32)),
        Verifier(checkpoints.origin_of(b"o" * 16), LOG.public_key),
    ],
    ids=["other-key", "other-log"],
)
def test_what_another_signed_is_refused(verifier: Verifier) -> None:
    """A key of another log, or of this one's successor that nobody announced."""
    with pytest.raises(CannotOpen) as refused:
        checkpoints.verify(NOTE, verifier)

    assert refused.value.code == "checkpoint.wrong_signature"


def test_an_edited_checkpoint_is_refused() -> None:
    """The size alone, with everything else as signed."""
    with pytest.raises(CannotOpen):
        checkpoints.verify(NOTE.replace(b"\n42\n", b"\n43\n"), LOG)


@pytest.mark.parametrize(
    "text",
    [
        b"a log\n42\n" + base64.b64encode(b"r" * 32) + b"\n",
        b"log\n042\n" + base64.b64encode(b"r" * 32) + b"\n",
        b"log\n-1\n" + base64.b64encode(b"r" * 32) + b"\n",
        b"log\n" + b"9" * 20 + b"\n" + base64.b64encode(b"r" * 32) + b"\n",
        b"log\n0\n" + base64.b64encode(b"r" * 32) + b"\n",
        b"log\n42\n" + base64.b64encode(b"r" * 31) + b"\n",
        b"log\n42\n!\n",
        b"log\n42\n" + base64.b64encode(b"r" * 32) + b"\nextension\n",
        b"log\n42\n",
    ],
    ids=[
        "origin", "zero-first", "negative", "huge", "nothing-with-a-root", "short-root",
        "no-base64", "extension", "no-root",
    ],
)  # fmt: skip
def test_another_text_is_no_checkpoint_of_ours(text: bytes) -> None:
    """Also where somebody signed it."""
    with pytest.raises(Malformed) as refused:
        checkpoints.parse(notes.sign(text + b"\n", "log", SEED))

    assert refused.value.code == "checkpoint.malformed"


@given(st.binary(max_size=200))
def test_octets_are_a_checkpoint_or_are_refused(octets: bytes) -> None:
    """No other error leaves the parser, whatever a server sends."""
    with pytest.raises(Malformed):
        checkpoints.parse(octets)


def test_an_over_long_note_is_refused_unread() -> None:
    """However many signatures somebody put beneath it."""
    with pytest.raises(Malformed):
        checkpoints.parse(NOTE + b"\xe2\x80\x94 a AAAAAAAA\n" * 600)


def test_the_empty_log_has_a_checkpoint() -> None:
    """Size 0, and the root of nothing."""
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)

    assert checkpoints.verify(checkpoints.compose(empty, SEED), LOG) == empty


def test_only_the_witness_s_own_line_counts() -> None:
    """Not its name over another key, nor its line under another text."""
    line = checkpoints.cosign(NOTE, WITNESS.name, WITNESS_SEED, 7)
    by_another = checkpoints.cosign(NOTE, WITNESS.name, b"x" * 32, 7)
    moved = checkpoints.compose(Checkpoint(ORIGIN, 43, b"r" * 32), SEED) + line

    found = [
        checkpoints.line_of(notes.split(note), WITNESS)
        for note in (NOTE + by_another + line, NOTE + by_another, moved, NOTE)
    ]

    assert found == [line, None, None, None]


def test_a_time_past_its_limit_is_no_cosignature() -> None:
    """Above 2^63 - 1, as the specification says."""
    line = checkpoints.cosign(NOTE, WITNESS.name, WITNESS_SEED, 1 << 63)

    assert checkpoints.line_of(notes.split(NOTE + line), WITNESS) is None

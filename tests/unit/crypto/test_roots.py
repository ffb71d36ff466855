"""The pinned roots: one file, one fingerprint, and no holder who counts twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import Malformed

ROOT_SEEDS = {name: bytes([n]) * 32 for n, name in enumerate(("anan", "busaba", "chai"), 1)}


ROOTS = Roots(tuple(RootKey(n, verify_key_of(s)) for n, s in ROOT_SEEDS.items()), 2)


def test_pinned_roots_come_back_as_they_were_written() -> None:
    """And with the same fingerprint, in whatever order they were collected."""
    read = parse_roots(ROOTS.encode())

    assert read == ROOTS == Roots(ROOTS.keys[::-1], 2)
    assert read.fingerprint() == ROOTS.fingerprint()


def test_a_fingerprint_is_thirty_digits_of_all_that_is_pinned() -> None:
    """expect: fixed by the format; another k or key is another fingerprint."""
    fingerprint = ROOTS.fingerprint()

    assert len(fingerprint) == 30
    assert fingerprint.isascii()
    assert fingerprint.isdigit()
    assert fingerprint != Roots(ROOTS.keys, 1).fingerprint()
    assert fingerprint != Roots(ROOTS.keys[:2], 2).fingerprint()


@pytest.mark.parametrize(
    ("keys", "k"),
    [
        ((), 0),
        (ROOTS.keys, 0),
        (ROOTS.keys, 4),
        ((*ROOTS.keys, ROOTS.keys[0]), 2),
        ((*ROOTS.keys, RootKey("dao", ROOTS.keys[0].public_key)), 2),
        ((*ROOTS.keys, RootKey("anan", verify_key_of(b"d" * 32))), 2),
    ],
)
def test_roots_that_protect_nobody_are_refused(keys: tuple[RootKey, ...], k: int) -> None:
    """One holder must never count for two."""
    with pytest.raises(Malformed):
        Roots(keys, k)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff" * 200,
        ROOTS.encode()[:-1],
        ROOTS.encode() + b"\n",
        ROOTS.encode().replace(b"k 2", b"k 02"),
        ROOTS.encode().replace(b"k 2", b"k two"),
        ROOTS.encode().replace(b"v1", b"v2"),
        ROOTS.encode().replace(b"anan", b"nana"),
        b"x" * 5000,
    ],
)
def test_a_broken_pin_file_is_malformed(octets: bytes) -> None:
    """Read strictly: two spellings would have two fingerprints."""
    with pytest.raises(Malformed) as refused:
        parse_roots(octets)
    assert refused.value.code == "roots.malformed"


@given(st.data())
def test_any_bit_flip_in_a_pin_file_shows(data: st.DataObject) -> None:
    """Refused, or another fingerprint: never the same one over other keys."""
    edited = bytearray(ROOTS.encode())
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    try:
        fingerprint = parse_roots(bytes(edited)).fingerprint()
    except Malformed:
        fingerprint = ""
    assert fingerprint != ROOTS.fingerprint()

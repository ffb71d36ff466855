"""An officer opens a referral before it goes: whole, unchanged, with their own key."""

import io

import pytest

from mustshare_api.crypto import xwing
from mustshare_api.crypto.age import CHUNK_BYTES, AgeSealer
from mustshare_api.crypto.age_opening import opened
from mustshare_api.errors import CannotOpen, Malformed

SEEDS = [bytes([number]) * 32 for number in range(3)]
KEYS = [xwing.public_key_of(seed) for seed in SEEDS]


def sealed(content: bytes) -> bytes:
    sealer = AgeSealer(KEYS[:2])
    return sealer.head + sealer.update(content) + sealer.finalize()


def read(octets: bytes, *seeds: bytes) -> bytes:
    return b"".join(opened(io.BytesIO(octets), seeds))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_each_recipient_opens_what_was_sealed(size: int) -> None:
    """Whatever its length, and whichever stanza is theirs."""
    content = b"x" * size
    octets = sealed(content)

    assert read(octets, SEEDS[0]) == read(octets, SEEDS[2], SEEDS[1]) == content


def test_nobody_else_opens_it() -> None:
    """A seed that it is not sealed to is no key."""
    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        read(sealed(b"x"), SEEDS[2])


@pytest.mark.parametrize("at", [40, -1, -20], ids=["a stanza", "the tag", "a chunk"])
def test_a_changed_file_is_refused(at: int) -> None:
    """Wherever it was changed."""
    octets = bytearray(sealed(b"x" * 100))
    octets[at] ^= 1
    with pytest.raises((CannotOpen, Malformed)):
        read(bytes(octets), SEEDS[0])


def test_a_file_that_was_cut_off_is_refused() -> None:
    """At a chunk's border, where every chunk that is left verifies."""
    octets = sealed(b"x" * 2 * CHUNK_BYTES)
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        read(octets[: -(CHUNK_BYTES + 16)], SEEDS[0])


def test_octets_that_are_no_age_file_are_refused() -> None:
    """Before any key is tried."""
    with pytest.raises(Malformed, match=r"age\.malformed"):
        read(b"%PDF-1.7", SEEDS[0])

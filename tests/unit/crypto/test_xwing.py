"""Seeds, public keys and wrapping."""

import pytest

from mustshare_api.crypto import xwing
from mustshare_api.errors import CannotOpen, Malformed

SEED = bytes(range(32))
FIELD = 2**255 - 19
LOW_ORDER_U = (
    0,
    1,
    FIELD - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
"""RFC 7748, section 6.1, and the list in Bernstein's Curve25519 page."""


def test_two_new_seeds_differ() -> None:
    """Seeds are chance."""
    assert len(xwing.new_seed()) == 32
    assert xwing.new_seed() != xwing.new_seed()


def test_what_is_wrapped_to_a_key_is_unwrapped_by_its_seed() -> None:
    """A seed is the whole private key."""
    sealed = xwing.wrap(xwing.public_key_of(SEED), b"content key", b"info")

    assert len(sealed) == len(b"content key") + 1136
    assert xwing.unwrap(SEED, sealed, b"info") == b"content key"


@pytest.mark.parametrize(
    ("seed", "info", "cut"), [(bytes(32), b"info", 0), (SEED, b"other", 0), (SEED, b"info", 1)]
)
def test_another_seed_another_info_or_a_lost_byte_opens_nothing(
    seed: bytes, info: bytes, cut: int
) -> None:
    """A wrapped key is for one holder and one purpose."""
    sealed = xwing.wrap(xwing.public_key_of(SEED), b"content key", b"info")

    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        xwing.unwrap(seed, sealed[: len(sealed) - cut], info)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    """A seed that was cut short never becomes a key."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.public_key_of(bytes(length))
    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.unwrap(bytes(length), bytes(1200), b"")


@pytest.mark.parametrize("length", [0, 32, 1184, 1215, 1217])
def test_a_public_key_of_another_length_is_refused(length: int) -> None:
    """Half a key would be half the promise."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.load_public((xwing.public_key_of(SEED) * 2)[:length])


def test_a_lattice_half_that_is_not_reduced_is_refused() -> None:
    """FIPS 203, 7.2: coefficients at or over q are no encapsulation key."""
    raw = xwing.public_key_of(SEED)

    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.load_public(b"\xff\xff\xff" + raw[3:])


@pytest.mark.parametrize("u", [*LOW_ORDER_U, FIELD, FIELD + 9, 2**255 + 9, 2**256 - 1])
def test_a_curve_half_that_is_weak_or_not_reduced_is_refused(u: int) -> None:
    """A point of small order shares one secret with all; another encoding has another kid."""
    raw = xwing.public_key_of(SEED)[:1184] + u.to_bytes(32, "little")

    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.load_public(raw)
    with pytest.raises(Malformed, match=r"key\.malformed"):
        xwing.wrap(raw, b"content key", b"info")


def test_the_curve_half_may_be_any_honest_point() -> None:
    """The base point is small as a number and yet a good key."""
    raw = xwing.public_key_of(SEED)[:1184] + (9).to_bytes(32, "little")

    assert len(xwing.wrap(raw, b"content key", b"info")) == 11 + 1136

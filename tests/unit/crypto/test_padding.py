"""Sizes and tails."""

import pytest

from mustshare_api.crypto import padding
from mustshare_api.errors import CannotOpen

FLOOR = padding.TEXT_FLOOR


@pytest.mark.parametrize(
    ("size", "grown"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (7, 7),
        (8, 8),
        (9, 10),
        (17, 18),
        (33, 36),
        (100, 104),
        (4095, 4096),
        (4097, 4352),
        (65537, 67584),
        (1_000_000, 1_015_808),
        (2**30 + 1, 2**30 + 2**25),
    ],
)
def test_a_size_grows_to_the_next_padme_size(size: int, grown: int) -> None:
    """The sizes of the PURBs paper, size 1 among them."""
    assert padding.padme(size) == grown


def test_everything_short_has_one_size() -> None:
    """Below the floor no length can be told from another."""
    assert {padding.padded_bytes(n, FLOOR) for n in range(FLOOR)} == {FLOOR}
    assert padding.padded_bytes(FLOOR, FLOOR) == 4352


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\x80", b"\x80\0\0", b"x" * 4095, b"x" * 4096]
)
def test_padding_comes_off_again(content: bytes) -> None:
    """A content that looks like a tail is still content."""
    assert padding.unpad(padding.pad(content, FLOOR), FLOOR) == content


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        bytes(FLOOR),
        b"x" * FLOOR,
        b"x\x80" + bytes(FLOOR - 3) + b"\1",
        b"x\x80" + bytes(4350),
        padding.pad(b"x", FLOOR)[:-1],
    ],
    ids=["empty", "only zeros", "no mark", "mark then more", "longer than needed", "too short"],
)
def test_any_other_tail_is_refused(padded: bytes) -> None:
    """A content has one padded form, so a tail has no room for a hidden mark."""
    with pytest.raises(CannotOpen, match=r"open\.bad_padding"):
        padding.unpad(padded, FLOOR)


def test_a_size_under_the_floor_is_no_padded_size() -> None:
    """2048 is a PADME size and yet says too much about a text."""
    assert padding.is_padded_size(FLOOR, FLOOR)
    assert not padding.is_padded_size(2048, FLOOR)
    assert not padding.is_padded_size(FLOOR + 1, FLOOR)

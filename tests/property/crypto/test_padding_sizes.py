"""What holds for every padded size."""

from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import padding

sizes = st.one_of(st.integers(1, 5000), st.integers(1, 2**40))
floors = st.sampled_from([padding.TEXT_FLOOR, padding.ATTACHMENT_FLOOR])


def as_defined_in_the_paper(size: int) -> int:
    """PURBs, algorithm 1: E = floor(log2 L), S = floor(log2 E) + 1, E - S bits cleared."""
    if size == 1:
        return 1
    exponent = len(f"{size:b}") - 1
    bits = len(f"{exponent:b}") - 1 + 1
    step = 1 << max(exponent - bits, 0)
    return -(-size // step) * step


def test_the_first_sizes_are_those_of_the_paper() -> None:
    """All of them up to 10,000, with 1 and the powers of two among them."""
    for size in range(1, 10_001):
        assert padding.padme(size) == as_defined_in_the_paper(size)


@given(sizes)
def test_a_size_grows_by_at_most_an_eighth_and_stays_there(size: int) -> None:
    """Never smaller, never 12.5 % larger, and grown once it grows no more."""
    grown = padding.padme(size)

    assert grown == as_defined_in_the_paper(size)
    assert size <= grown <= size * 9 / 8
    assert padding.padme(grown) == grown


@given(sizes, sizes)
def test_growing_keeps_the_order(one: int, other: int) -> None:
    """A longer content never has the smaller size."""
    assert (padding.padme(one) <= padding.padme(other)) or one > other


@given(sizes, floors)
def test_every_content_has_one_padded_size(size: int, floor: int) -> None:
    """With room for the mark, and one that readers accept."""
    grown = padding.padded_bytes(size, floor)

    assert grown >= max(size + 1, floor)
    assert padding.is_padded_size(grown, floor)


@given(st.binary(max_size=9000), floors)
def test_padding_comes_off_again(content: bytes, floor: int) -> None:
    """Whatever the content ends in."""
    padded = padding.pad(content, floor)

    assert len(padded) == padding.padded_bytes(len(content), floor)
    assert padding.unpad(padded, floor) == content

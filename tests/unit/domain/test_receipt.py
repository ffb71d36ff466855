"""The thirty digits: minted right, read however they are typed, and caught when they slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain import receipt
from mustshare_api.errors import Malformed

numbers = st.integers(0, 10**28 - 1)
receipts = numbers.map(receipt.from_number)
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@given(numbers)
def test_the_whole_number_leaves_one_when_divided_by_97(number: int) -> None:
    """ISO 7064 MOD 97-10, as anyone can check by hand."""
    digits = receipt.from_number(number)

    assert len(digits) == 30
    assert digits.isascii()
    assert int(digits) % 97 == 1
    assert digits.startswith(f"{number:028d}")
    assert 2 <= int(digits[28:]) <= 98


def test_a_known_receipt_has_known_check_digits() -> None:
    """Worked out apart from this code: 98 - (number * 100 mod 97)."""
    assert receipt.from_number(0) == "0" * 28 + "98"
    assert receipt.from_number(1) == "0" * 27 + "195"


def check_of(digits: str) -> str:
    """Check digits by long division, digit by digit, as on paper."""
    rest = 0
    for digit in digits + "00":
        rest = (rest * 10 + int(digit)) % 97
    return f"{98 - rest:02d}"


@given(receipts)
def test_the_check_digits_are_those_of_long_division(digits: str) -> None:
    """A second way to the same two digits."""
    assert digits[28:] == check_of(digits[:28])


@given(receipts, st.integers(0, 29), st.integers(1, 9))
def test_every_slip_in_one_digit_is_caught(digits: str, at: int, by: int) -> None:
    """Wherever it is, the check digits included."""
    wrong = str((int(digits[at]) + by) % 10)

    with pytest.raises(Malformed):
        receipt.normalise(digits[:at] + wrong + digits[at + 1 :])


@given(receipts, st.integers(0, 28))
def test_every_swap_of_neighbours_is_caught(digits: str, at: int) -> None:
    """But one of two equal digits, which is no swap."""
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if swapped == digits:
        assert receipt.normalise(swapped) == digits
        return

    with pytest.raises(Malformed):
        receipt.normalise(swapped)


@given(receipts, st.integers(0, 29))
def test_a_digit_too_few_or_too_many_is_caught(digits: str, at: int) -> None:
    """A receipt has thirty."""
    for typed in (digits[:at] + digits[at + 1 :], digits[:at] + "0" + digits[at:]):
        with pytest.raises(Malformed):
            receipt.normalise(typed)


@given(receipts, st.lists(st.sampled_from(" -\u2013\u2014\u00a0\u200b\t"), max_size=60))
def test_spaces_and_dashes_do_not_count(digits: str, between: list[str]) -> None:
    """Wherever they stand, before and after too."""
    typed = digits
    for n, separator in enumerate(between):
        at = n * 7 % (len(typed) + 1)
        typed = typed[:at] + separator + typed[at:]

    assert receipt.normalise(typed) == digits


@given(receipts, st.integers(0, 30))
def test_thai_numerals_are_digits_alone_and_mixed(digits: str, upto: int) -> None:
    """A phone may change keyboards half-way through."""
    assert receipt.normalise(digits[:upto].translate(THAI) + digits[upto:]) == digits


def test_full_width_digits_are_digits() -> None:
    """What an input method for Chinese or Japanese types."""
    digits = receipt.mint()

    assert receipt.normalise("".join(chr(ord(one) + 0xFEE0) for one in digits)) == digits


@pytest.mark.parametrize(
    "typed",
    ["", " " * 30, "x" * 30, "٣" * 30, "Ⅷ" * 30, "½" * 30, "1" * 201, "\n" + "0" * 28 + "98",
     "0" * 28 + "01", "+" + "0" * 27 + "195", "0" * 27 + "1_95"],
)  # fmt: skip
def test_what_is_no_receipt_is_refused_alike(typed: str) -> None:
    """One code for all, and the text is not in it."""
    with pytest.raises(Malformed) as caught:
        receipt.normalise(typed)

    assert caught.value.code == "receipt.malformed"
    assert str(caught.value) == "receipt.malformed"


def test_minted_receipts_differ_and_are_right() -> None:
    """Each reads back as itself."""
    minted = [receipt.mint() for _ in range(200)]

    assert len(set(minted)) == 200
    assert [receipt.normalise(digits) for digits in minted] == minted


def test_each_of_the_28_digits_before_the_check_is_left_to_chance() -> None:
    """93 bits: of which some digits are always the same, that receipt can be guessed."""
    minted = [receipt.mint() for _ in range(600)]

    assert [set(place) for place in zip(*minted, strict=True)][:28] == [set("0123456789")] * 28


@given(receipts)
def test_groups_of_five_read_back(digits: str) -> None:
    """As it is shown, so it may be typed."""
    shown = receipt.grouped(digits)

    assert [len(group) for group in shown.split(" ")] == [5] * 6
    assert receipt.normalise(shown) == digits

"""One spelling for what looks alike, for looking things up alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.keytool.inbox.folding import folded

WATER = "น\u0e49\u0e33"
THAI = st.text(st.characters(min_codepoint=0x0E00, max_codepoint=0x0E5B), max_size=12)


@pytest.mark.parametrize(
    "typed",
    [
        "น\u0e49\u0e33",  # tone, SARA AM: how keyboards have it
        "น\u0e33\u0e49",  # SARA AM, tone
        "น\u0e49\u0e4d\u0e32",  # tone, NIKHAHIT, SARA AA
        "น\u0e4d\u0e49\u0e32",  # NIKHAHIT, tone, SARA AA: what NFKD and old files have
        "น\u0e4d\u0e32\u0e49",
        "น\u0e49\u200b\u0e33",  # a zero-width space, as copied from a web page
    ],
)
def test_every_spelling_of_water_is_one(typed: str) -> None:
    """Nobody sees which one they typed."""
    assert folded(typed) == WATER


@pytest.mark.parametrize(
    ("typed", "looked_up"),
    [
        ("ปี ๒๕๖๙", "ปี 2569"),
        ("ROAD ถนน", "road ถนน"),
        ("\uff11\uff12\uff13", "123"),
        ("ท\u0e48\u0e35", "ท\u0e35\u0e48"),  # the tone before the vowel it stands above
        ("\u0e40\u0e40ก", "\u0e41ก"),  # two SARA E for one SARA AE
        ("  สอง \n บรรทัด ", "สอง บรรทัด"),
    ],
)
def test_digits_cases_and_orders_of_marks_are_one(typed: str, looked_up: str) -> None:
    """As whoever looks for them types them."""
    assert folded(typed) == looked_up


def test_words_that_differ_stay_apart() -> None:
    """Tones carry the meaning: near, far, and a leg."""
    assert len({folded(w) for w in ("ไกล", "ใกล้", "ขา", "ข่า", "ข้า", "ค้า")}) == 6


@given(st.one_of(THAI, st.text(max_size=12)))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    """So what stands in the index is found by itself."""
    assert folded(folded(text)) == folded(text)

"""Cutting passages out of a text: what is left gives nothing of them away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.keytool.desk.terminal import visible
from mustshare_api.keytool.hand_over.cuts import MARK, Cut, cut, numbered, parse
from mustshare_api.keytool.refusal import Refusal

WORDS = "ผู้รับเหมาชื่อ สมชาย ใจดี"


@pytest.mark.parametrize(
    ("cuts", "left"),
    [
        ([], "abcdefgh"),
        ([Cut(0, 1)], f"{MARK}bcdefgh"),
        ([Cut(7, 8)], f"abcdefg{MARK}"),
        ([Cut(0, 8)], MARK),
        ([Cut(2, 4), Cut(6, 7)], f"ab{MARK}ef{MARK}h"),
        ([Cut(6, 7), Cut(2, 4)], f"ab{MARK}ef{MARK}h"),
        ([Cut(2, 5), Cut(3, 7)], f"ab{MARK}h"),
        ([Cut(1, 7), Cut(2, 3)], f"a{MARK}h"),
        ([Cut(2, 4), Cut(4, 6)], f"ab{MARK}gh"),
        ([Cut(2, 4), Cut(2, 4)], f"ab{MARK}efgh"),
    ],
)
def test_passages_go_and_a_mark_stays(cuts: list[Cut], left: str) -> None:
    """In any order, overlapping or touching; what touches is one passage."""
    assert cut("abcdefgh", cuts) == (left, left.count(MARK))


@pytest.mark.parametrize(
    ("text", "narrow", "left"),
    [
        ("กี่บาท", Cut(1, 2), f"{MARK}บาท"),
        ("กี่บาท", Cut(0, 1), f"{MARK}บาท"),
        ("ให้เขา", Cut(1, 2), f"{MARK}เขา"),
        ("ให้เขา", Cut(3, 4), f"ให้{MARK}"),
        ("ทำงาน", Cut(0, 1), f"{MARK}งาน"),
        ("e\u0301a", Cut(0, 1), f"{MARK}a"),
        ("👩\u200d🔧x", Cut(0, 1), f"{MARK}🔧x"),
    ],
)
def test_a_cut_grows_to_whole_letters(text: str, narrow: Cut, left: str) -> None:
    """Half of a syllable left standing would say what the rest was."""
    assert cut(text, [narrow])[0] == left


@given(st.text(max_size=40), st.data())
def test_nothing_that_was_cut_is_left(text: str, data: st.DataObject) -> None:
    """What stays is what stood before and after, or less."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    left, count = cut(text, [Cut(start, end)])
    before, after = left.split(MARK) if text.count(MARK) == 0 else ("", "")

    assert count == 1
    assert visible(text[:start]).startswith(before)
    assert visible(text[end:]).endswith(after)


def test_what_a_terminal_would_obey_is_shown() -> None:
    """On paper as on the screen."""
    assert cut("a\x1b[2Jb", [])[0] == "a⟦U+001B⟧[2Jb"


@pytest.mark.parametrize("past", [Cut(0, 9), Cut(8, 9), Cut(100, 200)])
def test_a_cut_past_the_end_is_refused(past: Cut) -> None:
    """Whoever typed it meant another message or another number."""
    with pytest.raises(Refusal):
        cut("abcdefgh", [past])


@pytest.mark.parametrize(
    "typed",
    ["", "3f9a", "3f9a:", "3f9a:1", "3f9a:1-", "3f9a:5-5", "3f9a:5-4", "3f:1-2", "3f9a:-1-2",
     "3f9a:1-2 ", "3f9a:๑-๒", "3F9A:1-2", "3f9a:1-99999999", "zzzz:1-2", "3f9a:1-2\n"],
)  # fmt: skip
def test_what_is_no_cut_is_refused(typed: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Refusal) as refused:
        parse(typed)
    assert refused.value.code == "export.bad_cut"


def test_a_cut_is_read() -> None:
    """A message by the beginning of its id, and two numbers."""
    assert parse("3f9a:07-12") == ("3f9a", Cut(7, 12))


@given(st.text(alphabet="ab\n\x1bก็", max_size=200))
def test_the_numbers_of_the_preview_are_those_of_the_text(text: str) -> None:
    """Each line begins with the number of its first character."""
    for line in numbered(text).split("\n"):
        number, shown = line.split(" │ ")
        at = int(number)
        end = text.find("\n", at)
        whole = text[at : end if end >= 0 else len(text)]
        assert visible(whole[:40]) == shown


def test_a_name_in_the_middle_is_cut() -> None:
    """As an officer does it."""
    start = WORDS.index("สมชาย")
    assert cut(WORDS, [Cut(start, len(WORDS))])[0] == f"ผู้รับเหมาชื่อ {MARK}"

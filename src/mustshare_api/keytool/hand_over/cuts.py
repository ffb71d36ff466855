"""Takes passages out of a text, and leaves a mark where they stood.

    0         1         2                      --cut 3f9a:7-12
    0123456789012345678901234567               from the 7th character on, up to before the 12th
    ถนนพัง สมชาย เป็นผู้รับเหมา  -->  ถนนพัง ⟦ตัดออก · cut⟧ เป็นผู้รับเหมา

Counted in characters of Unicode, from 0, as the preview numbers them. A cut grows until it ends
between whole letters: half of a Thai syllable left standing would say what the rest was. How
long a cut was does not show.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mustshare_api.keytool.desk.terminal import visible
from mustshare_api.keytool.refusal import Refusal

MARK: Final = "⟦ตัดออก · cut⟧"

_FORM: Final = re.compile(r"([0-9a-f]{4,32}):([0-9]{1,6})-([0-9]{1,6})")
_BEFORE_ITS_CONSONANT: Final = frozenset("เแโใไ")
_AFTER_ITS_CONSONANT: Final = frozenset("ะาำๅๆ\u200d\ufe0f")
_COLUMNS: Final = 40


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """From the character numbered `start` up to before the one numbered `end`."""

    start: int
    end: int


def parse(typed: str) -> tuple[str, Cut]:
    """A message, by the beginning of its id, and what to cut from it.

    Raises:
        Refusal: `export.bad_cut`.
    """
    found = _FORM.fullmatch(typed)
    if found is None or int(found[2]) >= int(found[3]):
        raise Refusal("export.bad_cut")
    return found[1], Cut(int(found[2]), int(found[3]))


def cut(text: str, cuts: Sequence[Cut]) -> tuple[str, int]:
    """The text without these passages, fit for a terminal and for paper; how many marks it has.

    Raises:
        Refusal: `export.bad_cut`, past the end.
    """
    if any(each.end > len(text) for each in cuts):
        raise Refusal("export.bad_cut")
    kept: list[str] = []
    at = 0
    for each in sorted(_widened(text, each) for each in cuts):
        if each.start > at or not kept:
            kept.append(visible(text[at : each.start]) + MARK)
        at = max(at, each.end)
    return "".join(kept) + visible(text[at:]), len(kept)


def numbered(text: str) -> str:
    """The text in short lines, before each the number of its first character."""
    lines: list[str] = []
    at = 0
    for line in text.split("\n"):
        pieces = [line[n : n + _COLUMNS] for n in range(0, len(line), _COLUMNS)] or [""]
        for piece in pieces:
            lines.append(f"{at:6d} │ {visible(piece)}")
            at += len(piece)
        at += 1
    return "\n".join(lines)


def _widened(text: str, narrow: Cut) -> Cut:
    start, end = narrow.start, narrow.end
    while start > 0 and (_follows(text[start]) or text[start - 1] in _BEFORE_ITS_CONSONANT):
        start -= 1
    while end < len(text) and (_follows(text[end]) or text[end - 1] in _BEFORE_ITS_CONSONANT):
        end += 1
    return Cut(start, end)


def _follows(character: str) -> bool:
    """Whether this belongs to the letter before it."""
    return unicodedata.category(character)[0] == "M" or character in _AFTER_ITS_CONSONANT

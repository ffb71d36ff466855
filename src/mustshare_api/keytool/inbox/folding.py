"""Brings what looks alike under one spelling, for looking things up and for nothing else.

    น + ้ + ํ + า     ->  น + ้ + ำ     SARA AM in two characters, whatever stands between
    ก + ่ + ิ         ->  ก + ิ + ่     a tone typed before the vowel it stands above
    เ + เ             ->  แ             two SARA E that look like one SARA AE
    ๒๕๖๙              ->  2569          Thai digits, and full-width ones
    ROAD              ->  road

Unicode's own normal forms do the first of these wrongly or not at all: NFC leaves the two
spellings of น้ำ apart, and NFKC turns SARA AM into the rarer one behind the tone. Evidence is
never rewritten by this: what is shown, sealed and handed over is what was typed.
"""

import re
import unicodedata
from typing import Final

_SARA_AM: Final = "\u0e33"
_NIKHAHIT: Final = "\u0e4d"
_SARA_AA: Final = "\u0e32"
_TONES: Final = "\u0e48-\u0e4b"
_ABOVE_OR_BELOW: Final = "\u0e31\u0e34-\u0e3a\u0e47"
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

_SPLIT_AM: Final = re.compile(
    f"{_NIKHAHIT}([{_TONES}]?){_SARA_AA}|([{_TONES}]){_NIKHAHIT}{_SARA_AA}"
)
_AM_THEN_TONE: Final = re.compile(f"{_SARA_AM}([{_TONES}])")
_TONE_FIRST: Final = re.compile(f"([{_TONES}]+)([{_ABOVE_OR_BELOW}])")
_DIGITS: Final = {0x0E50 + n: str(n) for n in range(10)}


def folded(text: str) -> str:
    """The text as it is looked up. Folding what is folded changes nothing."""
    once = _once(text)
    # Small letters of a few scripts come apart into what has to be folded again.
    while (again := _once(once)) != once:
        once = again
    return once


def _once(text: str) -> str:
    # NFKC takes SARA AM apart; the lines after it put every such spelling together again.
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_DIGITS)
    text = text.casefold().replace("\u0e40\u0e40", "\u0e41")
    text = _SPLIT_AM.sub(_joined, text)
    text = _AM_THEN_TONE.sub(rf"\1{_SARA_AM}", text)
    return " ".join(_TONE_FIRST.sub(r"\2\1", text).split())


def _joined(found: re.Match[str]) -> str:
    return (found[1] or found[2] or "") + _SARA_AM

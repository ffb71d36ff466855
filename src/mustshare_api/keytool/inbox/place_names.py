"""Places as officers type and read them: by name in Thai or English, or by code.

    เชียงใหม่    chiang mai    จ.เชียงใหม่    50           a province
    แม่ริม       Mae Rim       อ.แม่ริม       5007         a district
    เฉลิมพระเกียรติ น่าน                                   one of several districts of a name

A province's name is that province, also where a district has the same. A name that several
districts have takes the province's beside it, in whichever order. Names of sub-districts are
not looked up: hundreds are each borne by several. Their codes are taken.

A tip that says a code which was abolished is in the places that its area is in today as well.
"""

import difflib
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from mustshare_api.domain.places import CODE, Language, Place, children, find_place, provinces
from mustshare_api.keytool.inbox.folding import folded
from mustshare_api.keytool.refusal import Refusal

_NEAREST: Final = 4
_LIKE: Final = 0.5
_LENGTH_LIMIT: Final = 80
_NAMED_MOST: Final = 4096
"""Names that are kept: a list asks for the same few with every line."""
_PLACES_MOST: Final = 16_384
"""More than there are sub-districts: a filter asks of each tip."""

_BESIDE: Final = re.compile(
    r"(จังหวัด|จ\.|อำเภอ|อ\.|เขต|\b(changwat|province|amphoe|district|khet)\b)\s*"
)
_APART: Final = re.compile(r"[\s.,ฯ_-]+")
_SHORT: Final = {"กทม": "10", "กรุงเทพ": "10", "โคราช": "30", "อยุธยา": "14"}
"""What people say for a name that nobody says whole."""


def code_of(typed: str, language: Language) -> str:
    """The code of a place.

    Args:
        typed: a name, or a code of two, four or six digits.
        language: in which the nearest names are said.

    Raises:
        Refusal: `place.no_such_code`, `place.no_such_name`, `place.several`.
    """
    digits = folded(typed)
    if digits.isdigit():
        if CODE.fullmatch(digits) is None or find_place(digits) is None:
            raise Refusal("place.no_such_code")
        return digits
    wanted = _key(typed[:_LENGTH_LIMIT])
    found = _by_name().get(wanted, ())
    if not wanted or not found:
        raise Refusal("place.no_such_name", names=_listed(_near(wanted), language))
    largest = [code for code in found if len(code) == min(map(len, found))]
    if len(largest) > 1:
        raise Refusal("place.several", names=_listed(largest, language))
    return largest[0]


def name_of(code: str | None, language: Language) -> str:
    """A place in a few words: its province, and its district; "-" for none."""
    return "-" if code is None else _name_of_district(code[:4], language)


@lru_cache(_NAMED_MOST)
def _name_of_district(code: str, language: Language) -> str:
    found = [find_place(code[:size]) for size in (2, 4) if size <= len(code)]
    names = [place.name(language) for place in found if place is not None]
    return (" " if language == "th" else ", ").join(names) or "?"


def is_in(code: str | None, place: str) -> bool:
    """Whether a place lies in another, by its own code or by what came of it."""
    if code is None:
        return False
    if code.startswith(place):
        return True
    return any(one.startswith(place) for one in _successors(code))


@lru_cache(_PLACES_MOST)
def _successors(code: str) -> tuple[str, ...]:
    known = find_place(code)
    return tuple(known.successors) if known is not None else ()


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """The codes of provinces and districts by each name that they go by."""
    found: dict[str, set[str]] = {}
    for province in provinces():
        _put(found, province.code, _names(province))
        for district in children(province.code):
            own, around = _names(district), _names(province) | _short_names(province)
            _put(found, district.code, own)
            both = ((a, b) for a in own for b in around)
            _put(found, district.code, (word for a, b in both for word in (a + b, b + a)))
    for word, code in _SHORT.items():
        _put(found, code, (word,))
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


def _put(found: dict[str, set[str]], code: str, names: Iterable[str]) -> None:
    for name in names:
        found.setdefault(name, set()).add(code)


def _names(place: Place) -> set[str]:
    return {_key(place.name_th), _key(place.name("en"))}


def _short_names(province: Place) -> set[str]:
    return {word for word, code in _SHORT.items() if code == province.code}


def _key(name: str) -> str:
    """A name without what people leave out of it, or put before or behind it."""
    return _APART.sub("", _BESIDE.sub("", folded(name)))


def _near(wanted: str) -> list[str]:
    """The codes of the names that look most like it, in order."""
    plain = {name: codes for name, codes in _by_name().items() if _is_plain(name, codes)}
    close = difflib.get_close_matches(wanted, plain, _NEAREST, _LIKE)
    return list(dict.fromkeys(code for name in close for code in plain[name]))[:_NEAREST]


def _is_plain(name: str, codes: tuple[str, ...]) -> bool:
    place = find_place(codes[0])
    return place is not None and name in _names(place)


def _listed(codes: Iterable[str], language: Language) -> str:
    """Names for a sentence, each with its code."""
    return "; ".join(f"{name_of(code, language)} ({code})" for code in codes) or "-"

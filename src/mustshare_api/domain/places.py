"""Thailand's administrative codes as data: names, what lies in what, and what came of old ones.

    84        province       TIS 1099, of the Department of Provincial Administration (DOPA)
    8405      district       its first two digits are the province
    840503    sub-district   its first four are the district

A name is ambiguous (795 names of sub-districts are), a code is not. A code that was abolished
stays known, with the codes that its area has today where that is known: an old contract, an old
phone or an old form still says it, and a reporter is not turned away for that.

The list is kept as the octets of the file beside this one and searched, never parsed as a
whole: 0.4 MB and well under a millisecond for a name, so that the key tool stays light.
"""

import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final, Literal

CODE: Final = re.compile(r"(?:[0-9]{2}){1,3}")
"""ASCII digits only: a code in Thai digits is in no index."""

_VERSION: Final = re.compile(rb"release ([0-9.]+)\.\n")

Language = Literal["th", "en"]


class Level(StrEnum):
    """How large a place is."""

    PROVINCE = "province"
    DISTRICT = "district"
    SUB_DISTRICT = "sub_district"


_LEVELS: Final = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUB_DISTRICT}


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its code.

    `name_en` is None for ten abolished ones. `successors` are codes in force, of one that is
    abolished; empty where nobody knows. `by_notice` tells whether the Royal Gazette names them;
    otherwise they go by the same name nearby.
    """

    code: str
    name_th: str
    name_en: str | None
    abolished_on: date | None = None
    successors: tuple[str, ...] = ()
    by_notice: bool = False

    @property
    def level(self) -> Level:
        """How large it is."""
        return _LEVELS[len(self.code)]

    @property
    def parent_code(self) -> str | None:
        """Of what it lies in; None for a province. May itself be abolished."""
        return self.code[:-2] or None

    def name(self, language: Language) -> str:
        """Its name in a language, in Thai where there is no other."""
        return self.name_th if language == "th" else self.name_en or self.name_th


def version() -> str:
    """Which release of the list this is, such as 2026.10.23."""
    found = _VERSION.search(_list())
    return found[1].decode() if found else ""


def find_place(code: str) -> Place | None:
    """The place of a code, in force or abolished; None where there is none or never was."""
    if CODE.fullmatch(code) is None:
        return None
    return _at(code.encode()) or _at(b"-" + code.encode())


def provinces() -> list[Place]:
    """Those in force, by code."""
    return list(_run(b"", 2))


def children(code: str) -> list[Place]:
    """What lies in a place directly and is in force, by code; none in a sub-district."""
    if CODE.fullmatch(code) is None or len(code) + 2 not in _LEVELS:
        return []
    return list(_run(code.encode(), len(code) + 2))


def whereabouts(code: str, language: Language) -> str | None:
    """A place and what it lies in, in words: "เกาะเต่า เกาะพะงัน สุราษฎร์ธานี"; None if unknown."""
    place = find_place(code)
    if place is None:
        return None
    around = [find_place(code[:size]) for size in range(len(code) - 2, 0, -2)]
    names = [place.name(language), *(one.name(language) for one in around if one)]
    return (" " if language == "th" else ", ").join(names)


@cache
def _list() -> bytes:
    """The file beside this one."""
    return importlib.resources.files("mustshare_api.domain").joinpath("places.txt").read_bytes()


def _at(written: bytes) -> Place | None:
    start = _list().find(b"\n" + written + b"\t")
    return None if start < 0 else _read(_line(start + 1))


def _run(front: bytes, digits: int) -> Iterator[Place]:
    """The lines of one length of code that begin alike; they stand together, in order."""
    at = _first(front, digits)
    while at > 0:
        line = _line(at)
        code = line.partition(b"\t")[0]
        if len(code) != digits or not code.startswith(front):
            return
        yield _read(line)
        at += len(line) + 1


def _first(front: bytes, digits: int) -> int:
    """Where such a run begins; 0 where there is none."""
    pattern = {2: _TWO, 4: _FOUR, 6: _SIX}[digits]
    octets, at = _list(), 0
    while (at := octets.find(b"\n" + front, at) + 1) > 0:
        if pattern.match(octets, at):
            return at
    return 0


_TWO: Final = re.compile(rb"[0-9]{2}\t")
_FOUR: Final = re.compile(rb"[0-9]{4}\t")
_SIX: Final = re.compile(rb"[0-9]{6}\t")


def _line(start: int) -> bytes:
    octets = _list()
    return octets[start : octets.index(b"\n", start)]


def _read(line: bytes) -> Place:
    code, name_th, name_en, *gone = line.decode().split("\t")
    if not gone:
        return Place(code, name_th, name_en)
    since, successors, basis = gone
    return Place(
        code[1:],
        name_th,
        name_en or None,
        date.fromisoformat(since),
        tuple(successors.split()),
        by_notice=basis == "notice",
    )

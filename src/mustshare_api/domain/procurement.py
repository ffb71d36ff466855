"""Public purchases: which part of a number is wrong, what was meant, and where to look.

    69 11 1234567       e-GP, Thailand's system: Buddhist year, month, serial; eleven digits
    ocds-a1b2c3-...     an Open Contracting id: the publisher's prefix, then the publisher's own

Who copies eleven digits from a road sign needs to hear which of them to look at again, so each
way of being wrong has a code of its own. Most of all it is the year: 2026 is 2569 in Thailand,
and 69 in a number.

`fault` tells what is wrong *today*: a number from next year is a slip. What is already sealed
is held to its form alone (`has_form`): a list of sealed words must not change with the clock.

Links are made from the templates here and are for people to follow. Nothing of the server asks
any of these hosts for anything.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Scheme = Literal["TH-EGP", "OCID"]

EGP_FORM: Final = "^[0-9]{2}(0[1-9]|1[0-2])[0-9]{7}$"
OCID_FORM: Final = "^ocds-[a-z0-9]{6}-[!-~]{1,100}$"
LONGEST: Final = 112
"""Of an OCID that has its form."""

BUDDHIST_ERA: Final = 543
"""Years that the Buddhist calendar of Thailand is ahead."""

FIRST_YEAR: Final = 2549
"""The Prime Minister's Office's rules on buying by electronic means are of 2549 (2006)."""

_FORMS: Final = {
    "TH-EGP": re.compile("[0-9]{2}(0[1-9]|1[0-2])[0-9]{7}"),
    "OCID": re.compile("ocds-[a-z0-9]{6}-[!-~]{1,100}"),
}
_DIGITS: Final = 11
_WITH_FULL_YEAR: Final = 13
_THAI: Final = {0x0E50 + digit: str(digit) for digit in range(10)}
_FULL_WIDTH: Final = {0xFF10 + digit: str(digit) for digit in range(10)}
_BETWEEN: Final = re.compile(r"[\s./\-\u00a0\u2010-\u2015\u200b]+")
_OCID_FRONT: Final = re.compile("ocds-[a-z0-9]{6}-")


def has_form(scheme: str, number: str) -> bool:
    """Whether this could be such a number at some time."""
    form = _FORMS.get(scheme)
    return form is not None and form.fullmatch(number) is not None


def fault(scheme: Scheme, number: str, today: date) -> str | None:
    """The code of what is wrong with a number; None where nothing is.

    Args:
        scheme: which kind of number it is meant to be.
        number: as typed.
        today: a Bangkok day.
    """
    return _egp_fault(number, today) if scheme == "TH-EGP" else _ocid_fault(number)


def form_fault(scheme: Scheme, number: str) -> str | None:
    """The code of what is wrong with the form of a number, on whatever day; None if nothing."""
    return _egp_form_fault(number) if scheme == "TH-EGP" else _ocid_fault(number)


def suggestion(number: str, today: date) -> str | None:
    """The e-GP number that was probably meant by a wrong one; None where there is no telling.

    For the screen of whoever typed it. No answer of the server holds it: that would be an echo.
    """
    bare = _BETWEEN.sub("", number.translate(_THAI | _FULL_WIDTH))
    for meant in (bare, _with_buddhist_year(bare)):
        if meant != number and _egp_fault(meant, today) is None:
            return meant
    return None


def _egp_fault(number: str, today: date) -> str | None:
    wrong = _egp_form_fault(number)
    return wrong or _year_fault(2500 + int(number[:2]), int(number[2:4]), today)


def _egp_form_fault(number: str) -> str | None:
    if not (number.isascii() and number.isdecimal()):
        return _odd_signs(number)
    if len(number) != _DIGITS:
        full = len(number) == _WITH_FULL_YEAR and number[:2] in ("25", "20")
        return "procurement.full_year" if full else "procurement.wrong_length"
    if not 1 <= int(number[2:4]) <= 12:  # noqa: PLR2004 - months
        return "procurement.wrong_month"
    return None


def _odd_signs(number: str) -> str:
    """Why a number is not one of digits from 0 to 9."""
    bare = _BETWEEN.sub("", number)
    if bare.isascii() and bare.isdecimal():
        return "procurement.separators"
    if any("๐" <= sign <= "๙" for sign in number):
        return "procurement.thai_digits"
    return "procurement.not_digits"


def _year_fault(year: int, month: int, today: date) -> str | None:
    this_year = today.year + BUDDHIST_ERA
    if (year, month) > (this_year, today.month):
        return "procurement.in_future"
    if year >= FIRST_YEAR:
        return None
    # 26 is 2526 to a reader of Buddhist years; whoever wrote it meant 2026.
    meant = year - 500 + BUDDHIST_ERA
    return (
        "procurement.western_year"
        if FIRST_YEAR <= meant <= this_year
        else "procurement.too_old"
    )


def _with_buddhist_year(bare: str) -> str:
    """Digits with the year of an e-GP number in front, if another kind of year is there."""
    if len(bare) == _WITH_FULL_YEAR and bare[:2] == "25":
        return bare[2:]
    if len(bare) == _WITH_FULL_YEAR and bare[:2] == "20":
        bare = bare[2:]
    if len(bare) != _DIGITS or not bare.isdecimal():
        return bare
    return f"{(int(bare[:2]) + BUDDHIST_ERA) % 100:02}{bare[2:]}"


def _ocid_fault(number: str) -> str | None:
    if has_form("OCID", number):
        return None
    front = _OCID_FRONT.match(number)
    return "procurement.ocid_rest" if front else "procurement.ocid_prefix"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a person may look a purchase up."""

    name: str
    url: str


_PLACES_TO_LOOK: Final = (
    # What officers know best: one page a project, with its bidders and their other projects.
    ("ACT Ai", "https://procurement.actai.co/project/{}"),
    # The source itself: the page that the QR code on an announcement leads to.
    (
        "e-GP",
        (
            "https://process.gprocurement.go.th/egp2procmainWeb/jsp/public_announ_search.jsp"
            "?projectId={}&homeflag=QR"
        ),
    ),
)
_OCDS: Final = Link("OCDS", "https://data.open-contracting.org/en/search/?countries=Thailand")
"""An OCID alone leads nowhere; the registry lists the publishers by their prefixes."""


def links(scheme: str, number: str) -> tuple[Link, ...]:
    """Links for a number that has its form; none for another.

    An OCID whose own part is an e-GP number leads to that project as well.
    """
    if not has_form(scheme, number):
        return ()
    own = number if scheme == "TH-EGP" else number[len("ocds-a1b2c3-") :]
    found = [Link(name, form.format(own)) for name, form in _PLACES_TO_LOOK]
    projects = tuple(found) if has_form("TH-EGP", own) else ()
    return projects if scheme == "TH-EGP" else (*projects, _OCDS)

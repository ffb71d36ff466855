"""What travels as JSON on the public plane, besides the pages themselves."""

from datetime import date
from typing import Any

import msgspec


class ListedPage(msgspec.Struct, frozen=True):
    """A page on a list: enough for a card; the rest is at `url`."""

    slug: str
    url: str
    state: str
    published_on: date
    changed_on: date
    title: Any
    summary: Any
    pictures: Any
    places: list[str] = []
    campaign: str | None = None


class PageList(msgspec.Struct, frozen=True):
    """A list, the newest publication first; `next` leads on, null at the end."""

    pages: list[ListedPage]
    next: str | None


class HistoryLine(msgspec.Struct, frozen=True):
    """One version: published, corrected, taken_down or erased; what changed, and why."""

    version: int
    act: str
    on: date
    change: Any


class History(msgspec.Struct, frozen=True):
    """Every version of a page, the first one first. What older ones said is not public."""

    slug: str
    versions: list[HistoryLine]


class PeriodFigures(msgspec.Struct, frozen=True):
    """Counts of a month or year that is over; null where one is withheld."""

    period: str
    counts: dict[str, int | None]


class PublishedTotal(msgspec.Struct, frozen=True):
    """How many pages were published in a year, and where their matters stand now."""

    year: int
    kind: str
    published: int
    by_state: dict[str, int]


class AnnualYear(msgspec.Struct, frozen=True):
    """Four figures of a year. Null is withheld, or of a year that is not over."""

    year: int
    buddhist_year: int
    is_over: bool
    tips: int | None
    cases_published: int
    referred: int | None
    outcomes_known: int


class AnnualTotals(msgspec.Struct, frozen=True):
    """What the years above tell, added up; `..._of_years` is how many of them tell it."""

    tips: int
    tips_of_years: int
    cases_published: int
    referred: int
    referred_of_years: int
    outcomes_known: int


class Annual(msgspec.Struct, frozen=True):
    """Four figures a year, the earliest first, and their totals."""

    years: list[AnnualYear]
    totals: AnnualTotals


class Statistics(msgspec.Struct, frozen=True):
    """Tips by month and year, told once each; published pages as they stand; years in all."""

    months: list[PeriodFigures]
    years: list[PeriodFigures]
    published: list[PublishedTotal]
    annual: Annual

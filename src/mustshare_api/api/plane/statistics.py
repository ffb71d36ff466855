"""What the public is told in numbers: tips of what is over, published pages, and years in all.

    /v1/statistics        months and years, pages, and the annual table, as JSON
    /v1/statistics.csv    the annual table
    /statistics           the annual table for people

The annual table has four figures a year. Two are of tips and told once, when the year is over;
two count what is public anyway. Its last line adds up what the lines above it tell and nothing
else, so that no withheld figure can be worked out by taking one from another.
"""

from collections.abc import Sequence
from typing import Any, Final

from litestar import get

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation
from mustshare_api.api.plane.annual import csv_of, html_of
from mustshare_api.api.plane.html import HEADERS, HTML, document
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_query, json_of, plane_of
from mustshare_api.api.plane.wire import (
    Annual,
    AnnualTotals,
    AnnualYear,
    PeriodFigures,
    PublishedTotal,
    Statistics,
)
from mustshare_api.api.ready import Answer
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.pages import CASE
from mustshare_api.flows.plane import Plane
from mustshare_api.store.plane_figures import SENT, Figure

CSV: Final = "text/csv; charset=utf-8; header=present"
OUTCOME: Final = "outcome"
BUDDHIST: Final = 543
_YEAR_DIGITS: Final = 4
_WITHHELD: Final = (
    "A month or year is told once, when it is over. A count from 1 to 4 is withheld, and so is "
    "any other from which it could be worked out."
)


async def _figures(plane: Plane, this_year: int) -> Statistics:
    told = await plane.figures.told()
    totals: dict[tuple[int, str], dict[str, int]] = {}
    for kind, year, state, pages in await plane.store.totals():
        totals.setdefault((year, kind), {})[state] = pages
    sums = {key: sum(states.values()) for key, states in totals.items()}
    return Statistics(
        months=[_period(one) for one in told if len(one.period) > _YEAR_DIGITS],
        years=[_period(one) for one in told if len(one.period) == _YEAR_DIGITS],
        published=[
            PublishedTotal(year, kind, sums[year, kind], states)
            for (year, kind), states in sorted(totals.items())
        ],
        annual=_annual(told, sums, this_year),
    )


def _period(one: Figure) -> PeriodFigures:
    counts = {name: count for name, count in one.counts.items() if name != SENT}
    return PeriodFigures(one.period, counts)


def _annual(told: Sequence[Figure], sums: dict[tuple[int, str], int], this_year: int) -> Annual:
    counts = {int(one.period): one.counts for one in told if len(one.period) == _YEAR_DIGITS}
    public = {year for year, kind in sums if kind in (CASE, OUTCOME)}
    years = [
        AnnualYear(
            year=year,
            buddhist_year=year + BUDDHIST,
            is_over=year < this_year,
            tips=counts.get(year, {}).get("tips"),
            cases_published=sums.get((year, CASE), 0),
            referred=counts.get(year, {}).get(SENT),
            outcomes_known=sums.get((year, OUTCOME), 0),
        )
        for year in sorted(public | counts.keys())
    ]
    return Annual(years, _totals(years))


def _totals(years: Sequence[AnnualYear]) -> AnnualTotals:
    tips = [one.tips for one in years if one.tips is not None]
    referred = [one.referred for one in years if one.referred is not None]
    return AnnualTotals(
        tips=sum(tips),
        tips_of_years=len(tips),
        cases_published=sum(one.cases_published for one in years),
        referred=sum(referred),
        referred_of_years=len(referred),
        outcomes_known=sum(one.outcomes_known for one in years),
    )


async def _asked(request: AnyRequest) -> Statistics:
    return await _figures(plane_of(request), _this_year(request))


def _this_year(request: AnyRequest) -> int:
    return bangkok_day(plane_of(request).clock.now()).year


@get(
    "/v1/statistics",
    operation=Operation(
        "showStatistics",
        "How many tips came, and what became of them",
        f"{_WITHHELD} `null` is withheld, or not over.",
        {200: Told("The figures.", Statistics)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_statistics(request: AnyRequest) -> Answer:
    """The figures."""

    async def made() -> Answer:
        return json_of(await _asked(request))

    return await by_query(request, (_this_year(request),), made)


@get(
    "/v1/statistics.csv",
    operation=Operation(
        "showAnnualTable",
        "Four figures a year, and their totals, as CSV",
        f"{_WITHHELD} Its cell is empty. A total is of the years whose cells are not.",
        {200: Told("The table.", Octets("CSV with a heading, UTF-8.", ("text/csv",)))},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_table(request: AnyRequest) -> Answer:
    """The annual table."""

    async def made() -> Answer:
        return Answer.public(csv_of((await _asked(request)).annual), CSV)

    return await by_query(request, (_this_year(request),), made)


@get(
    "/statistics",
    operation=Operation(
        "readStatistics",
        "Four figures a year, and their totals, to read in a browser",
        "HTML without a script, in both languages.",
        {200: Told("The page.", Octets("HTML.", ("text/html",)))},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def read_statistics(request: AnyRequest) -> Answer:
    """The annual table for people."""

    async def made() -> Answer:
        title, body = html_of((await _asked(request)).annual)
        return Answer.public(document(title, body), HTML, HEADERS)

    return await by_query(request, (_this_year(request),), made)


ROUTES: list[Any] = [show_statistics, show_table, read_statistics]

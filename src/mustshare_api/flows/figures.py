"""Makes the counts that the public is told, once a month is over.

    month    how many tips came in; withheld where they are few
    year     in all, and where they stood when the year was over; how many referrals were sent

This is the one place where counts of tips meet the public plane's tables, and what it writes
was made safe first. A year's total is withheld where a month of it is, or it would tell that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from mustshare_api.clock import bangkok_day
from mustshare_api.domain.withholding import is_small, withheld
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.counting import Count
from mustshare_api.store.plane_figures import SENT, Figure

STANDING = {
    "received": "open",
    "verifying": "open",
    "published": "published",
    "referred": "referred",
    "set_aside": "closed",
    "closed": "closed",
    "withdrawn": "ended",
    "expired": "ended",
}
"""State -> what the public is told of it. Never that a reporter withdrew."""


async def tell_figures(bench: Workbench) -> None:
    """Writes every month and year that is over and not told yet."""
    first = bangkok_day(bench.clock.now()).replace(day=1)
    last_month = date(first.year - (first.month == 1), (first.month + 10) % 12 + 1, 1)
    told = {figure.period for figure in await bench.plane.figures.told()}
    if f"{last_month:%Y-%m}" in told:
        return
    counts = await bench.counting.by_month(first)
    sent = await bench.counting.sent_by_year(first.year)
    figures = [*_months(counts, last_month), *_years(counts, sent, first.year)]
    await bench.plane.figures.tell([one for one in figures if one.period not in told])
    bench.plane.forget()


def _months(counts: Iterable[Count], last: date) -> list[Figure]:
    sums: Counter[str] = Counter({f"{last:%Y-%m}": 0})
    for count in counts:
        sums[f"{count.month:%Y-%m}"] += count.tips
    return [
        Figure(month, withheld({"tips": tips}, total_is_told=False))
        for month, tips in sorted(sums.items())
    ]


def _years(counts: list[Count], sent: Mapping[int, int], this_year: int) -> list[Figure]:
    of_tips = {count.month.year for count in counts if count.month.year < this_year}
    return [
        _year(year, [one for one in counts if one.month.year == year], sent.get(year, 0))
        for year in sorted(of_tips | sent.keys())
    ]


def _year(year: int, counts: list[Count], sent: int) -> Figure:
    told = _standing(counts)
    # Where nothing was sent, nothing stands as referred: what is withheld there would be told.
    hidden = is_small(sent) or (told["tips"] is not None and told["referred"] is None)
    return Figure(str(year), {**told, SENT: None if hidden else sent})


def _standing(counts: list[Count]) -> dict[str, int | None]:
    months: Counter[int] = Counter()
    standing: Counter[str] = Counter(dict.fromkeys(sorted({*STANDING.values()}), 0))
    for count in counts:
        months[count.month.month] += count.tips
        standing[STANDING[count.state]] += count.tips
    total = sum(months.values())
    if is_small(total) or any(is_small(tips) for tips in months.values()):
        return {"tips": None, **dict.fromkeys(standing)}
    return {"tips": total, **withheld(standing, total_is_told=True)}

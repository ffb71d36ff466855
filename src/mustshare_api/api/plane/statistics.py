"""What the public is told in numbers: tips of what is over, and published pages."""

from typing import Any

from litestar import get

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Operation
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_path, json_of, plane_of
from mustshare_api.api.plane.wire import PeriodFigures, PublishedTotal, Statistics
from mustshare_api.api.ready import Answer
from mustshare_api.flows.plane import Plane

_YEAR_DIGITS = 4


@get(
    "/v1/statistics",
    operation=Operation(
        "showStatistics",
        "How many tips came, and what became of them",
        "A month or year is told once, when it is over. A count from 1 to 4 is withheld "
        "(null), and so is any other from which it could be worked out.",
        {200: Told("The figures.", Statistics)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_statistics(request: AnyRequest) -> Answer:
    """The figures."""

    async def made() -> Answer:
        return json_of(await _figures(plane_of(request)))

    return await by_path(request, made())


async def _figures(plane: Plane) -> Statistics:
    told = [PeriodFigures(one.period, one.counts) for one in await plane.figures.told()]
    totals: dict[tuple[int, str], dict[str, int]] = {}
    for kind, year, state, pages in await plane.store.totals():
        totals.setdefault((year, kind), {})[state] = pages
    return Statistics(
        months=[one for one in told if len(one.period) > _YEAR_DIGITS],
        years=[one for one in told if len(one.period) == _YEAR_DIGITS],
        published=[
            PublishedTotal(year, kind, sum(states.values()), states)
            for (year, kind), states in sorted(totals.items())
        ],
    )


ROUTES: list[Any] = [show_statistics]

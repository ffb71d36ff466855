"""Approved points: taken from officers, let out in weekly groups, taken back.

    approve     1. campaign has a map    2. snapped again, to what its grid allows
                3. its Monday, by chance   4. recorded, or known for the same
    release     every Monday: of the points that wait, those that find k together
    take back   at once; whoever stands in a group that it leaves too small waits again

The key tool snaps as well. That the server does it once more means that a tool with a fault, or
one that was changed, still cannot put a finer position here than the campaign's own grid.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from mustshare_api.clock import bangkok_day, week_of
from mustshare_api.domain import points
from mustshare_api.domain.campaign import MOST_K, CampaignShown, MapRules
from mustshare_api.domain.points import cell_of, size_for
from mustshare_api.errors import NotFound, TooLarge, WrongMoment
from mustshare_api.flows.public_campaigns import find_campaign, load_campaign
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.done import mark_of
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.points import NewPoint, Removal

POINTS_LIMIT: Final = 20_000
"""Of one campaign: its map is made of all of them, and still is no long answer."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What an officer sends: an id, a place that is snapped already, and how closely."""

    point_id: bytes
    latitude: float
    longitude: float
    precision_m: int
    province: str | None


async def approve(bench: Workbench, by: Admitted, slug: str, sent: Approved) -> bool:
    """Records a point; true when it is new, false when it was there.

    Raises:
        NotFound: `page.not_found`, `campaign.no_map`.
        Malformed: `point.outside`, `point.precision`.
        WrongMoment: `id.in_use`, the id is another point's.
        TooLarge: `campaign.full`.
    """
    rules = _rules(await load_campaign(bench.published, slug))
    size = max(size_for(sent.precision_m), rules.grid_m)
    today = bangkok_day(bench.clock.now())
    new = NewPoint(
        point_id=sent.point_id,
        slug=slug,
        cell=cell_of(sent.latitude, sent.longitude, size),
        province=sent.province,
        batch_on=points.batch_after(today, secrets.randbelow(points.JITTER_WEEKS)),
    )
    outcome = await bench.points.record(new, POINTS_LIMIT, by.leaf)
    if outcome is Outcome.GONE:
        raise NotFound("page.not_found")
    if outcome is Outcome.FULL:
        raise TooLarge("campaign.full")
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("id.in_use")
    return outcome is Outcome.RECORDED


async def take_back(bench: Workbench, by: Admitted, slug: str, point_id: bytes) -> None:
    """Takes a point off the map, and out of the database.

    Also while its campaign is hidden or has no map: it must not come again with that. Which `k`
    will hold then nobody knows, so its group waits anew unless it has as many as any may ask.

    Raises:
        NotFound: `point.not_found`; who took it back within the week is told that it is done.
    """
    campaign = await find_campaign(bench.published, slug)
    k = campaign.map.k if campaign and campaign.map else MOST_K
    today = bangkok_day(bench.clock.now())
    again_on = week_of(today) + timedelta(weeks=1)
    mark = mark_of(by.entry.name, "point.take-back", point_id, slug.encode())
    gone = Removal(slug, point_id, k, again_on, mark, today)
    if not await bench.points.remove(gone, by.leaf):
        raise NotFound("point.not_found")
    bench.plane.forget()


async def release(bench: Workbench) -> int:
    """Lets out what may be shown from this Monday on; how many points.

    Points of a campaign whose page was erased go with it.
    """
    await bench.points.sweep()
    monday = week_of(bangkok_day(bench.clock.now()))
    out = 0
    for slug in await bench.points.due(monday):
        campaign = await find_campaign(bench.published, slug)
        if campaign is None or campaign.map is None:
            continue
        rules = campaign.map
        gather = partial(
            points.gather,
            today=monday,
            k=rules.k,
            grid_m=rules.grid_m,
            coarsest_m=rules.coarsest_m,
        )
        out += await bench.points.release(slug, monday, gather)
    if out:
        bench.plane.forget()
    return out


def _rules(campaign: CampaignShown) -> MapRules:
    if campaign.map is None:
        raise NotFound("campaign.no_map")
    return campaign.map

"""Campaigns and their maps as the public reads them, and cases that ask for evidence.

Apart from what a tip is held against (`campaigns`), so that the public plane can be built of
this without a word of tips: nothing here knows that there are any.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from mustshare_api.clock import week_of
from mustshare_api.domain import points
from mustshare_api.domain.campaign import CampaignCard, CampaignShown, MapRules
from mustshare_api.domain.pages import CAMPAIGN, Both, BothParagraphs
from mustshare_api.domain.points import Band, Cell
from mustshare_api.errors import NotFound
from mustshare_api.store.points import PointStore, ShownCell
from mustshare_api.store.published import ListedRow, PublishedStore

LIST_MOST: Final = 100
"""What a form is told of at once; the rest stands on the lists."""

CARDS_AT_ONCE: Final = 10_000
"""More campaigns with a map than a country has roads for, and still some megabytes."""


@dataclass(frozen=True, slots=True)
class MapShown:
    """A campaign's map as the public is told of it."""

    rules: MapRules
    monday: date
    cells: list[ShownCell]
    by_province: dict[str, Band]
    elsewhere: Band | None


class CallingCase(msgspec.Struct, frozen=True):
    """A case that asks for evidence, and what it asks."""

    slug: str
    title: Both
    call_for_evidence: BothParagraphs


@dataclass(frozen=True, slots=True)
class MapCell:
    """A cell of some campaign's map, and of how many points it has at least."""

    campaign: CampaignCard
    k: int
    cell: ShownCell

    @property
    def name(self) -> str:
        """Never another cell's: a slug has no dot."""
        return f"{self.campaign.slug}.{self.cell.cell.name}"


_CARDS: Final = msgspec.json.Decoder(CampaignCard)
_SHOWN: Final = msgspec.json.Decoder(CampaignShown)
_CALLING: Final = msgspec.json.Decoder(CallingCase)


def shown_campaign(octets: bytes) -> CampaignShown:
    """What is shown of a campaign, read again."""
    return _SHOWN.decode(octets)


async def find_campaign(published: PublishedStore, slug: str) -> CampaignShown | None:
    """A campaign as the public is shown it; None for one that never was, or was taken down."""
    row = await published.shown(CAMPAIGN, slug)
    return None if row is None or row.shown is None else _SHOWN.decode(row.shown)


async def load_campaign(published: PublishedStore, slug: str) -> CampaignShown:
    """The same.

    Raises:
        NotFound: `page.not_found`.
    """
    found = await find_campaign(published, slug)
    if found is None:
        raise NotFound("page.not_found")
    return found


def card_of(row: ListedRow) -> CampaignCard:
    """What lists tell of a campaign."""
    return _CARDS.decode(row.shown)


async def list_mapped(published: PublishedStore) -> dict[bytes, tuple[CampaignCard, MapRules]]:
    """Every campaign that has a map, the newest first, by its id: one question for thousands.

    Open311 has no pages for its services, so what is left out of the list would be nowhere.
    """
    found: dict[bytes, tuple[CampaignCard, MapRules]] = {}
    before: tuple[date, bytes] | None = None
    while True:
        rows = await published.called(None, before, CARDS_AT_ONCE)
        cards = [(row.page_id, card_of(row)) for row in rows]
        found |= {page_id: (one, one.map) for page_id, one in cards if one.map is not None}
        if len(rows) < CARDS_AT_ONCE:
            return found
        before = rows[-1].published_on, rows[-1].page_id


async def list_cells(published: PublishedStore, points: PointStore) -> list[MapCell]:
    """The cells of every map, the latest first: two questions, however many maps there are."""
    mapped = await list_mapped(published)
    held: dict[bytes, list[ShownCell]] = {}
    for page_id, cell in await points.all_shown():
        held.setdefault(page_id, []).append(cell)
    found = [
        MapCell(card, rules.k, cell)
        for page_id, (card, rules) in mapped.items()
        for cell in shown_cells(held.get(page_id, ()), rules)
    ]
    found.sort(key=lambda one: (-one.cell.shown_on.toordinal(), one.name))
    return found


def calling_case(row: ListedRow) -> CallingCase:
    """What a form is told of a case that asks for evidence."""
    return _CALLING.decode(row.shown)


async def public_map(store: PointStore, campaign: CampaignShown, today: date) -> MapShown:
    """What the map shows.

    A campaign that asks for a greater `k` from now on hides what it showed with fewer, and one
    that asks for a coarser grid shows what it showed finer in the wider cells.

    Raises:
        NotFound: `campaign.no_map`.
    """
    if campaign.map is None:
        raise NotFound("campaign.no_map")
    rules, monday = campaign.map, week_of(today)
    shown = shown_cells(await store.shown(campaign.slug), rules)
    hidden = await store.unshown(campaign.slug, monday)
    provinces, elsewhere = points.by_province(hidden, rules.k)
    return MapShown(rules, monday, shown, provinces, elsewhere)


def shown_cells(cells: Iterable[ShownCell], rules: MapRules) -> list[ShownCell]:
    """Those that a campaign's rules of today let show."""
    return [cell for cell in _no_finer(cells, rules.grid_m) if cell.points >= rules.k]


def _no_finer(cells: Iterable[ShownCell], grid_m: int) -> list[ShownCell]:
    """The cells, those that are finer than the grid put together: sums of whole groups."""
    found: dict[Cell, ShownCell] = {}
    for one in cells:
        cell = one.cell.within(max(one.cell.size_m, grid_m))
        had = found.get(cell, ShownCell(cell, 0, one.shown_on))
        newest = max(had.shown_on, one.shown_on)
        found[cell] = ShownCell(cell, had.points + one.points, newest)
    return [found[cell] for cell in sorted(found)]

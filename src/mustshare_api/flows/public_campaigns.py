"""Campaigns as the public reads them, and the cases that ask it for evidence.

Apart from what a tip is held against (`campaigns`), so that the public plane can be built of
this without a word of tips: nothing here knows that there are any.
"""

from typing import Final

import msgspec

from mustshare_api.domain.campaign import CampaignShown
from mustshare_api.domain.case import CALLING
from mustshare_api.domain.pages import CAMPAIGN, CASE, Both, BothParagraphs
from mustshare_api.errors import NotFound
from mustshare_api.store.published import PublishedStore

LIST_MOST: Final = 100
"""More campaigns than a page has followers for; the newest ones."""


class CallingCase(msgspec.Struct, frozen=True):
    """A case that asks for evidence, and what it asks."""

    slug: str
    title: Both
    call_for_evidence: BothParagraphs


_SHOWN: Final = msgspec.json.Decoder(CampaignShown)
_CALLING: Final = msgspec.json.Decoder(CallingCase)


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


async def list_campaigns(published: PublishedStore) -> list[CampaignShown]:
    """Those that are shown, the newest first."""
    rows = await published.listed(CAMPAIGN, [""], None, LIST_MOST)
    return [_SHOWN.decode(row.shown) for row in rows]


async def list_calling_cases(published: PublishedStore) -> list[CallingCase]:
    """The cases that ask for evidence, the newest first."""
    rows = await published.listed(CASE, [CALLING], None, LIST_MOST)
    return [_CALLING.decode(row.shown) for row in rows]

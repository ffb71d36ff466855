"""The public plane's routes for campaigns: what is asked, and what came together.

    GET /v1/campaigns                        which there are
    GET /v1/campaigns/{slug}                 the page: texts, questions, days
    GET /v1/campaigns/{slug}/schema.json     the answers that it takes, JSON Schema 2020-12
    GET /v1/campaigns/{slug}/map.geojson     approved points, snapped, delayed, k together
    GET /v1/campaigns/{slug}/map.csv         the same cells
    GET /v1/campaigns/{slug}/gallery         approved pictures

Read from the tables of published pages and of approved points; what a tip said is in neither.
"""

import re
from datetime import date
from typing import Any, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from mustshare_api.api.answers import state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Link, Octets, Operation, Parameter
from mustshare_api.api.plane import maps
from mustshare_api.api.ready import Answer
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.answer_schema import schema
from mustshare_api.domain.campaign import CampaignShown, is_open
from mustshare_api.domain.pages import Both, BothParagraphs, ShownPicture
from mustshare_api.errors import NotFound
from mustshare_api.flows.points import MapShown, public_map
from mustshare_api.flows.public_campaigns import list_campaigns, load_campaign

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
CSV: Final = "text/csv; charset=utf-8; header=present"
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

SLUG: Final = Parameter(
    "slug",
    "path",
    "The campaign's name.",
    {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"},
    required=True,
)


class CampaignListed(msgspec.Struct, frozen=True):
    """A campaign on the list."""

    slug: str
    title: Both
    hashtag: str | None
    summary: BothParagraphs
    opens_on: date
    closes_on: date | None
    is_open: bool
    url: str

    @classmethod
    def of(cls, shown: CampaignShown, today: date) -> "CampaignListed":
        """What the list shows of it."""
        return cls(
            slug=shown.slug,
            title=shown.title,
            hashtag=shown.hashtag,
            summary=shown.summary,
            opens_on=shown.opens_on,
            closes_on=shown.closes_on,
            is_open=is_open(shown, today),
            url=f"/v1/campaigns/{shown.slug}",
        )


class CampaignList(msgspec.Struct, frozen=True):
    """The newest campaigns."""

    campaigns: list[CampaignListed]


class Gallery(msgspec.Struct, frozen=True):
    """Pictures that were approved. Nothing ties one to a point or to a tip."""

    campaign: str
    pictures: list[ShownPicture]


def slug_of(text: str) -> str:
    """A slug out of a path.

    Raises:
        NotFound: `page.not_found`, no page could have it.
    """
    if _SLUG.fullmatch(text) is None:
        raise NotFound("page.not_found")
    return text


async def campaign_of(request: AnyRequest, slug: str) -> CampaignShown:
    """The campaign that a request names.

    Raises:
        NotFound: `page.not_found`.
    """
    return await load_campaign(state_of(request).bench.published, slug_of(slug))


async def map_of(request: AnyRequest, campaign: CampaignShown) -> MapShown:
    """Its map as it stands today.

    Raises:
        NotFound: `campaign.no_map`.
    """
    return await public_map(state_of(request).bench.points, campaign, today_of(request))


def today_of(request: AnyRequest) -> date:
    """The Bangkok day."""
    return bangkok_day(state_of(request).bench.clock.now())


def public(body: object, kind: str = JSON) -> Answer:
    """An answer that anybody may keep."""
    return Answer.public(msgspec.json.encode(body), kind)


@get(
    "/v1/campaigns",
    operation=Operation(
        "listCampaigns",
        "Campaigns",
        "The newest hundred, open or closed.",
        {
            200: Told(
                "Campaigns.",
                CampaignList,
                links=(
                    Link(
                        "showCampaign",
                        "One of them.",
                        {"slug": "$response.body#/campaigns/0/slug"},
                    ),
                ),
            )
        },
    ),
)
async def show_campaigns(request: AnyRequest) -> Answer:
    """The list."""
    today = today_of(request)
    found = await list_campaigns(state_of(request).bench.published)
    return public(CampaignList([CampaignListed.of(one, today) for one in found]))


@get(
    "/v1/campaigns/{slug:str}",
    operation=Operation(
        "showCampaign",
        "A campaign",
        "Its texts, its questions, the days on which it takes tips, and where the rest is.",
        {200: Told("The campaign.", CampaignShown)},
        parameters=(SLUG,),
        problems=("page.not_found",),
    ),
)
async def show_campaign(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """A campaign's page."""
    return public(await campaign_of(request, slug))


@get(
    "/v1/campaigns/{slug:str}/schema.json",
    operation=Operation(
        "showCampaignSchema",
        "Which answers a campaign takes",
        "JSON Schema 2020-12 of the member `answers` of a tip, with the conditions under which "
        "a question is asked. Whoever seals before sending checks by it.",
        {200: Told("The schema.", Octets("JSON Schema.", (SCHEMA,)))},
        parameters=(SLUG,),
        problems=("page.not_found",),
    ),
)
async def show_schema(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The schema of its answers."""
    campaign = await campaign_of(request, slug)
    return public(schema(campaign.questions), SCHEMA)


@get(
    "/v1/campaigns/{slug:str}/map.geojson",
    operation=Operation(
        "showCampaignMap",
        "A campaign's map",
        "Cells with at least k points that staff approved, in bands, grown on Mondays alone. "
        "RFC 7946.",
        {200: Told("The map.", Octets("GeoJSON.", (GEOJSON,)))},
        parameters=(SLUG,),
        problems=("page.not_found", "campaign.no_map"),
    ),
)
async def show_map(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The map as GeoJSON."""
    campaign = await campaign_of(request, slug)
    octets = maps.geojson(campaign.slug, await map_of(request, campaign))
    return Answer.public(octets, GEOJSON)


@get(
    "/v1/campaigns/{slug:str}/map.csv",
    operation=Operation(
        "showCampaignTable",
        "A campaign's map as a table",
        "The same cells as in map.geojson.",
        {200: Told("The cells.", Octets("CSV with a heading, UTF-8.", ("text/csv",)))},
        parameters=(SLUG,),
        problems=("page.not_found", "campaign.no_map"),
    ),
)
async def show_table(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The map as CSV."""
    campaign = await campaign_of(request, slug)
    return Answer.public(maps.table(await map_of(request, campaign)), CSV)


@get(
    "/v1/campaigns/{slug:str}/gallery",
    operation=Operation(
        "showCampaignGallery",
        "A campaign's gallery",
        "Pictures that two officers approved, in the order in which they chose to show them.",
        {200: Told("The pictures.", Gallery)},
        parameters=(SLUG,),
        problems=("page.not_found",),
    ),
)
async def show_gallery(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """Its approved pictures."""
    campaign = await campaign_of(request, slug)
    return public(Gallery(campaign.slug, campaign.pictures))


ROUTES: list[Any] = [
    show_campaigns,
    show_campaign,
    show_schema,
    show_map,
    show_table,
    show_gallery,
]

"""The public plane's routes for campaigns: what is asked, and what came together.

    GET /v1/campaigns                        which there are
    GET /v1/campaigns/{slug}                 the page: texts, questions, days
    GET /v1/campaigns/{slug}/schema.json     the answers that it takes, JSON Schema 2020-12
    GET /v1/campaigns/{slug}/map.geojson     approved points, snapped, delayed, k together
    GET /v1/campaigns/{slug}/map.csv         the same cells
    GET /v1/campaigns/{slug}/gallery         approved pictures

Read from the tables of published pages and of approved points; what a tip said is in neither.
"""

from datetime import date
from typing import Any, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Link, Octets, Operation, Parameter
from mustshare_api.api.plane import maps
from mustshare_api.api.plane.pages import CURSOR, LIMIT, history, picture, read_limit
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    SLUG,
    by_path,
    by_query,
    checked_slug,
    json_of,
    plane_of,
)
from mustshare_api.api.ready import Answer
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.answer_schema import schema
from mustshare_api.domain.campaign import CampaignCard, CampaignShown, is_open
from mustshare_api.domain.pages import CAMPAIGN, Both, BothParagraphs, ShownPicture
from mustshare_api.errors import Malformed
from mustshare_api.flows.public_campaigns import (
    MapShown,
    card_of,
    public_map,
    shown_campaign,
)

GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
CSV: Final = "text/csv; charset=utf-8; header=present"


_OPEN: Final = Parameter(
    "open", "query", "`true`: those that take tips today.", {"type": "string", "enum": ["true"]}
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
    def of(cls, shown: CampaignCard, today: date) -> "CampaignListed":
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
    next: str | None


class Gallery(msgspec.Struct, frozen=True):
    """Pictures that were approved. Nothing ties one to a point or to a tip."""

    campaign: str
    pictures: list[ShownPicture]


async def campaign_of(request: AnyRequest, slug: str) -> CampaignShown:
    """The campaign that a request names.

    Raises:
        NotFound: `page.not_found`.
        PageGone: it was taken down.
    """
    return shown_campaign(await plane_of(request).page(CAMPAIGN, checked_slug(slug)))


async def map_of(request: AnyRequest, campaign: CampaignShown) -> MapShown:
    """Its map as it stands today.

    Raises:
        NotFound: `campaign.no_map`.
    """
    return await public_map(plane_of(request).points, campaign, today_of(request))


def today_of(request: AnyRequest) -> date:
    """The Bangkok day: lists and maps are made anew when it changes."""
    return bangkok_day(plane_of(request).clock.now())


@get(
    "/v1/campaigns",
    operation=Operation(
        "listCampaigns",
        "Campaigns",
        "The newest publication first; open or closed, unless asked.",
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
        parameters=(_OPEN, CURSOR, LIMIT, IF_NONE_MATCH),
        problems=("page.bad_query",),
        public=True,
    ),
)
async def show_campaigns(request: AnyRequest) -> Answer:
    """The list."""
    today, (is_asked_open, after, limit) = today_of(request), _asked(request)

    async def made() -> Answer:
        on = today if is_asked_open else None
        found = await plane_of(request).called(on, after, limit)
        listed = [CampaignListed.of(card_of(row), today) for row in found.rows]
        return json_of(CampaignList(listed, found.after))

    return await by_query(request, (today, is_asked_open, after, limit), made)


def _asked(request: AnyRequest) -> tuple[bool, str | None, int]:
    """Whether those that are open alone, from where on, and how many.

    Raises:
        Malformed: `page.bad_query`.
    """
    asked = list(request.query_params.multi_items())
    given = dict(asked)
    if len(given) < len(asked) or not given.keys() <= {"open", "after", "limit"}:
        raise Malformed("page.bad_query")
    if given.get("open", "true") != "true":
        raise Malformed("page.bad_query")
    return "open" in given, given.get("after"), read_limit(given.get("limit", "20"))


@get(
    "/v1/campaigns/{slug:str}",
    operation=Operation(
        "showCampaign",
        "A campaign",
        "Its texts, its questions, the days on which it takes tips, and where the rest is.",
        {200: Told("The campaign.", CampaignShown)},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down"),
        public=True,
    ),
)
async def show_campaign(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """A campaign's page."""

    async def made() -> Answer:
        return json_of(await campaign_of(request, slug))

    return await by_path(request, made())


@get(
    "/v1/campaigns/{slug:str}/schema.json",
    operation=Operation(
        "showCampaignSchema",
        "Which answers a campaign takes",
        "JSON Schema 2020-12 of the member `answers` of a tip, with the conditions under which "
        "a question is asked. Whoever seals before sending checks by it.",
        {200: Told("The schema.", Octets("JSON Schema.", (SCHEMA,)))},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down"),
        public=True,
    ),
)
async def show_schema(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The schema of its answers."""

    async def made() -> Answer:
        campaign = await campaign_of(request, slug)
        return Answer.public(msgspec.json.encode(schema(campaign.questions)), SCHEMA)

    return await by_path(request, made())


@get(
    "/v1/campaigns/{slug:str}/map.geojson",
    operation=Operation(
        "showCampaignMap",
        "A campaign's map",
        "Cells with at least k points that staff approved, in bands, grown on Mondays alone. "
        "RFC 7946.",
        {200: Told("The map.", Octets("GeoJSON.", (GEOJSON,)))},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down", "campaign.no_map"),
        public=True,
    ),
)
async def show_map(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The map as GeoJSON."""

    async def made() -> Answer:
        campaign = await campaign_of(request, slug)
        octets = maps.geojson(campaign.slug, await map_of(request, campaign))
        return Answer.public(octets, GEOJSON)

    return await by_query(request, (today_of(request),), made)


@get(
    "/v1/campaigns/{slug:str}/map.csv",
    operation=Operation(
        "showCampaignTable",
        "A campaign's map as a table",
        "The same cells as in map.geojson.",
        {200: Told("The cells.", Octets("CSV with a heading, UTF-8.", ("text/csv",)))},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down", "campaign.no_map"),
        public=True,
    ),
)
async def show_table(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """The map as CSV."""

    async def made() -> Answer:
        campaign = await campaign_of(request, slug)
        return Answer.public(maps.table(await map_of(request, campaign)), CSV)

    return await by_query(request, (today_of(request),), made)


@get(
    "/v1/campaigns/{slug:str}/gallery",
    operation=Operation(
        "showCampaignGallery",
        "A campaign's gallery",
        "Pictures that two officers approved, in the order in which they chose to show them.",
        {200: Told("The pictures.", Gallery)},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down"),
        public=True,
    ),
)
async def show_gallery(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """Its approved pictures."""

    async def made() -> Answer:
        campaign = await campaign_of(request, slug)
        return json_of(Gallery(campaign.slug, campaign.pictures))

    return await by_path(request, made())


ROUTES: list[Any] = [
    history(CAMPAIGN),
    picture(CAMPAIGN),
    show_campaigns,
    show_campaign,
    show_schema,
    show_map,
    show_table,
    show_gallery,
]

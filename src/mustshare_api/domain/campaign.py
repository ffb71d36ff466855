"""A campaign: a call for one kind of tip, with questions of its own and rules for its map.

    what it says     title, hashtag, summary and Markdown, in Thai and English
    what it asks     questions (`questions`), whether a photo helps, whether a point does
    when             the first and the last day on which it takes tips
    its map          how fine a cell may be, how coarse, and how many points make one shown
    its gallery      the page's pictures; nothing ties one to a point or to a tip

It is a page as a case is: two people publish it, and a correction is a new version. What stands
here is signed whole, so a version of the page is a version of its questions too.

`k` is at least 3, and 5 unless the campaign says otherwise. With 3, two points of one's own are
enough to tell whether there is a third; with 5 it takes four photos from one neighbourhood that
staff believe. More is better where tips are many or a cell is small.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from mustshare_api.domain import questions as asked
from mustshare_api.domain.markup import check_text
from mustshare_api.domain.pages import (
    CAMPAIGN,
    Both,
    BothMarkdown,
    BothParagraphs,
    Change,
    PagePicture,
    PageShown,
    PageSlug,
    Version,
    check_page,
    shown_of,
)
from mustshare_api.domain.questions import QUESTIONS_LIMIT, Question, phrases

LEAST_K: Final = 3
USUAL_K: Final = 5
MOST_K: Final = 100

GALLERY_LIMIT: Final = 200

GRACE: Final = timedelta(days=1)
"""A tip whose answer was lost is sent again, and that may be after midnight of the last day."""

Precision: TypeAlias = Literal[10, 100, 1000, 10_000, 100_000]
Gallery = Annotated[list[PagePicture], Meta(max_length=GALLERY_LIMIT)]
Questions = Annotated[list[Question], Meta(max_length=QUESTIONS_LIMIT)]
Hashtag = Annotated[str, Meta(max_length=80, pattern=r"^#[^\s#<>&]+$(?!\n)")]


class PointWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a place on the map helps, and how closely a reporter may choose to give it."""

    precisions_m: Annotated[list[Precision], Meta(min_length=1, max_length=5)]
    required: bool = False


class MapRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much the map shows: cells from `grid_m` to `coarsest_m`, of at least `k` points."""

    grid_m: Literal[100, 1000, 10_000]
    coarsest_m: Literal[1000, 10_000, 100_000] = 100_000
    k: Annotated[int, Meta(ge=LEAST_K, le=MOST_K)] = USUAL_K


class CampaignContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What two officers sign."""

    slug: PageSlug
    version: Version
    title: Both
    hashtag: Hashtag | None = None
    summary: BothParagraphs
    body: BothMarkdown
    opens_on: date
    closes_on: date | None = None
    photo: Literal["none", "welcome", "wanted"] = "welcome"
    point: PointWanted | None = None
    map: MapRules | None = None
    questions: Questions = []
    pictures: Gallery = []
    retain_until: date | None = None
    change: Change | None = None

    def __post_init__(self) -> None:
        """What holds of every page, and what a campaign's form cannot say."""
        check_page(self)
        for phrase in phrases(self.questions):
            check_text(phrase.th)
            check_text(phrase.en)
        wrong = [f"{one.pointer} {one.code}" for one in asked.errors(self.questions)]
        for where in (*_rules(self), *wrong):
            raise ValueError(where)

    @property
    def state(self) -> str:
        """A page that is shown; whether it is open is for the day to say."""
        return "open"

    def tags(self) -> frozenset[str]:
        """Lists are filtered by nothing but the day."""
        return frozenset()

    def shown(self, published_on: date, changed_on: date) -> "CampaignShown":
        """What the public is given."""
        return CampaignShown(
            **shown_of(CAMPAIGN, self, published_on, changed_on),
            hashtag=self.hashtag,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            photo=self.photo,
            point=self.point,
            map=self.map,
            questions=self.questions,
            links=CampaignLinks.of(self.slug),
        )


class CampaignLinks(msgspec.Struct, frozen=True):
    """Where the rest of a campaign is."""

    answers_schema: str
    map: str
    map_csv: str
    gallery: str
    form: str

    @classmethod
    def of(cls, slug: str) -> "CampaignLinks":
        """Those of one campaign."""
        base = f"/v1/campaigns/{slug}"
        return cls(
            answers_schema=f"{base}/schema.json",
            map=f"{base}/map.geojson",
            map_csv=f"{base}/map.csv",
            gallery=f"{base}/gallery",
            form=f"/v1/form/campaigns/{slug}",
        )


class CampaignShown(PageShown, frozen=True, kw_only=True):
    """A campaign as the public reads it. It takes tips from `opens_on` to `closes_on`."""

    hashtag: str | None
    opens_on: date
    closes_on: date | None
    photo: str
    point: PointWanted | None
    map: MapRules | None
    questions: Questions
    links: CampaignLinks


class CampaignCard(msgspec.Struct, frozen=True):
    """As much of a campaign as lists tell: a thousand of them are no burden."""

    slug: str
    title: Both
    hashtag: str | None
    summary: BothParagraphs
    opens_on: date
    closes_on: date | None
    map: MapRules | None
    questions: list[msgspec.Raw]


def is_open(campaign: CampaignShown | CampaignCard, today: date) -> bool:
    """Whether it calls for tips on a Bangkok day."""
    ends = campaign.closes_on
    return campaign.opens_on <= today and (ends is None or today <= ends)


def takes(campaign: CampaignShown, today: date) -> bool:
    """Whether a tip that answers it is taken: as long as it is open, and a day more."""
    return is_open(campaign, today) or is_open(campaign, today - GRACE)


def _rules(campaign: CampaignContent) -> list[str]:
    """The first thing that two fields say against one another, with its place."""
    point, rules = campaign.point, campaign.map
    found: dict[str, Any] = {
        "/closes_on campaign.ends_first": campaign.closes_on is not None
        and campaign.closes_on < campaign.opens_on,
        "/point/precisions_m campaign.twice": point is not None
        and len(set(point.precisions_m)) < len(point.precisions_m),
        "/map/coarsest_m campaign.finer_than_grid": rules is not None
        and rules.grid_m > rules.coarsest_m,
        "/map campaign.map_without_points": rules is not None and point is None,
    }
    return [where for where, wrong in found.items() if wrong]

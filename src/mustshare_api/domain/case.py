"""A case: a matter that is published so that others add to it.

Two languages throughout, since a partner abroad reads the English. A place is a code, a
purchase is a reference and a sum is a number of baht, so that whoever reads by machine need
not guess.

Accused persons have rights here: `right_of_reply` stands on the page as prominently as what it
answers, and `retain_until` is the day on which the page is erased without anybody's doing.
"""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from mustshare_api.domain.case_outcome import (
    Outcomes,
    ShownOutcome,
    check_names,
    shown_outcomes,
)
from mustshare_api.domain.pages import (
    CASE,
    Both,
    BothMarkdown,
    BothParagraphs,
    Change,
    PageShown,
    PageSlug,
    Pictures,
    Place,
    Version,
    check_page,
    shown_of,
)
from mustshare_api.domain.places import find_place
from mustshare_api.domain.procurement import LONGEST, has_form, links

STATES: Final = ("open", "referred", "concluded")
"""Of a case that is shown; `taken_down` comes to it from outside."""


CALLING: Final = "calling"
"""The tag of a case that asks the public for evidence."""


class Purchase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public purchase: an e-GP project number, or an Open Contracting id."""

    scheme: Literal["TH-EGP", "OCID"]
    id: Annotated[str, Meta(min_length=1, max_length=LONGEST)]

    def __post_init__(self) -> None:
        """Each scheme has its own form."""
        if not has_form(self.scheme, self.id):
            raise ValueError("Invalid reference")


class PurchaseLink(msgspec.Struct, frozen=True):
    """Where a person may look a purchase up."""

    name: str
    url: str


class ShownPurchase(msgspec.Struct, frozen=True):
    """A purchase as the public is told of it; the links are made here and never typed."""

    scheme: str
    id: str
    links: list[PurchaseLink]


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sum, in whole baht."""

    baht: Annotated[int, Meta(ge=0, le=10**14)]
    label: Both


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happened in the matter, on a Bangkok day."""

    on: date
    text: Both


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"by": "from"}):
    """What somebody whom the case is about answered, in their words."""

    by: Both
    text: BothParagraphs
    on: date


Places = Annotated[list[Place], Meta(max_length=20)]
Purchases = Annotated[list[Purchase], Meta(max_length=20)]
Figures = Annotated[list[Figure], Meta(max_length=20)]
Timeline = Annotated[list[Moment], Meta(max_length=60)]
Replies = Annotated[list[Reply], Meta(max_length=10)]


class CaseContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What two officers sign."""

    slug: PageSlug
    version: Version
    state: Literal["open", "referred", "concluded"]
    title: Both
    summary: BothParagraphs
    body: BothMarkdown
    agency: Both | None = None
    places: Places = []
    procurement: Purchases = []
    budget: Figures = []
    timeline: Timeline = []
    outcomes: Outcomes = []
    pictures: Pictures = []
    call_for_evidence: BothParagraphs | None = None
    right_of_reply: Replies = []
    campaign: PageSlug | None = None
    retain_until: date | None = None
    change: Change | None = None

    def __post_init__(self) -> None:
        """What holds of every page; and every place exists, or did."""
        check_page(self)
        check_names(self.outcomes)
        if any(find_place(code) is None for code in self.places):
            raise ValueError("Invalid place")

    def tags(self) -> frozenset[str]:
        """State, campaign, and every place with the places that it lies in."""
        wider = {code[:length] for code in self.places for length in (2, 4, 6)}
        places = {f"place:{code}" for code in wider}
        campaign = {f"campaign:{self.campaign}"} if self.campaign else set[str]()
        calling = (
            {CALLING} if self.call_for_evidence and self.state != "concluded" else set[str]()
        )
        return frozenset({f"state:{self.state}", *places, *campaign, *calling})

    def shown(self, published_on: date, changed_on: date) -> "CaseShown":
        """What the public is given."""
        return CaseShown(
            **shown_of(CASE, self, published_on, changed_on),
            state=self.state,
            agency=self.agency,
            places=list(self.places),
            procurement=[_shown(purchase) for purchase in self.procurement],
            budget=list(self.budget),
            timeline=sorted(self.timeline, key=lambda moment: moment.on),
            outcomes=shown_outcomes(self.outcomes, self.state, self.summary),
            call_for_evidence=self.call_for_evidence,
            right_of_reply=list(self.right_of_reply),
            campaign=self.campaign,
        )


class CaseShown(PageShown, frozen=True, kw_only=True):
    """A case as the public reads it. Those that were published before have no `outcomes`."""

    state: str
    agency: Both | None
    places: list[str]
    procurement: list[ShownPurchase]
    budget: list[Figure]
    timeline: list[Moment]
    outcomes: Annotated[list[ShownOutcome], Meta()] = msgspec.field(
        default_factory=list[ShownOutcome]
    )
    call_for_evidence: BothParagraphs | None
    right_of_reply: list[Reply]
    campaign: str | None


def _shown(purchase: Purchase) -> ShownPurchase:
    found = [PurchaseLink(link.name, link.url) for link in links(purchase.scheme, purchase.id)]
    return ShownPurchase(purchase.scheme, purchase.id, found)

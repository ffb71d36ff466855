"""What came of a case, as a thing of its own: its name lets a feed go on speaking of it.

    CaseOutcome        what two officers sign, in the case's content
    ShownOutcome       the same as the public reads it on the case
    PublishedOutcome   with the case that it is of, for whoever reads outcomes alone

A case that is concluded and names no outcome has one all the same, called `concluded`: its
summary says what came of it. Whoever names one later may go on with that name.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.domain.pages import Both, BothParagraphs, PageSlug

CONCLUDED: Final = "concluded"
"""The state of a case of which it is known what came of it, and its outcome's name."""


class CaseOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that came of it, on a Bangkok day; `agency` is whose doing it was."""

    name: PageSlug
    on: date
    text: BothParagraphs
    agency: Both | None = None


Outcomes = Annotated[list[CaseOutcome], Meta(max_length=20)]


class ShownOutcome(msgspec.Struct, frozen=True):
    """An outcome as the public reads it; `on` is null where only the case itself tells it."""

    name: str
    on: date | None
    text: BothParagraphs
    agency: Both | None


class PublishedOutcome(msgspec.Struct, frozen=True):
    """An outcome with the case that it is of: what is kept for feeds."""

    slug: str
    title: Both
    name: str
    on: date | None
    text: BothParagraphs
    agency: Both | None


class _Case(msgspec.Struct):
    """As much of a case as an outcome tells of it; of those of before, without outcomes."""

    slug: str
    title: Both
    state: str
    summary: BothParagraphs
    outcomes: list[ShownOutcome] = []


_CASES: Final = msgspec.json.Decoder(_Case)


def check_names(outcomes: Sequence[CaseOutcome]) -> None:
    """That each has a name of its own.

    Raises:
        ValueError: two of one name.
    """
    if len({one.name for one in outcomes}) < len(outcomes):
        raise ValueError("Invalid outcomes")


def shown_outcomes(
    outcomes: Sequence[CaseOutcome], state: str, summary: BothParagraphs
) -> list[ShownOutcome]:
    """What the public is told, the earliest first."""
    if state == CONCLUDED and not outcomes:
        return [ShownOutcome(CONCLUDED, None, summary, None)]
    return [
        ShownOutcome(one.name, one.on, one.text, one.agency)
        for one in sorted(outcomes, key=lambda one: one.on)
    ]


def published_outcomes(shown: bytes) -> dict[str, bytes]:
    """The outcomes of a case that is shown, by name, as JSON of `PublishedOutcome`."""
    case = _CASES.decode(shown)
    # One of before outcomes had a place of their own has the one that it would have today.
    outcomes = case.outcomes or shown_outcomes([], case.state, case.summary)
    return {
        one.name: msgspec.json.encode(
            PublishedOutcome(case.slug, case.title, one.name, one.on, one.text, one.agency)
        )
        for one in outcomes
    }

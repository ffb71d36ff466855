"""What feeds tell of: each case, article, campaign and outcome as an entry of its own.

An id is made of what never changes: the service's own id, the kind, the slug and the year of
the first publication; of an outcome, its case's and its own name. So a correction is the same
entry with a later day, and no other service's entry is ever taken for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final, Literal

import msgspec

from mustshare_api.domain.case_outcome import PublishedOutcome
from mustshare_api.domain.pages import (
    ARTICLE,
    CAMPAIGN,
    CASE,
    PATHS,
    Both,
    BothParagraphs,
    Html,
)
from mustshare_api.flows.plane import Plane
from mustshare_api.store.case_outcomes import OutcomeRow
from mustshare_api.store.published import ListedRow

OUTCOME: Final = "outcome"
PAGES: Final = (CASE, ARTICLE, CAMPAIGN)
KINDS: Final = (*PAGES, OUTCOME)
MOST: Final = 50
_OUTCOME: Final = Both("ผลลัพธ์", "Outcome")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed; `path` is where people read of it."""

    id: str
    kind: str
    path: str
    title: Both
    summary: BothParagraphs
    html: str
    published_on: date
    changed_on: date


class _Page(msgspec.Struct):
    """What a feed tells of a page."""

    slug: str
    title: Both
    summary: BothParagraphs
    body_html: Html


_PAGES: Final = msgspec.json.Decoder(_Page)
_OUTCOMES: Final = msgspec.json.Decoder(PublishedOutcome)


async def newest(plane: Plane, kinds: Sequence[str]) -> list[Entry]:
    """The newest of some kinds, the newest first: one question for each kind."""
    pages = await plane.recent([kind for kind in PAGES if kind in kinds], MOST)
    here = plane.deployment()
    found = [_of_page(here, kind, row) for kind, row in pages]
    if OUTCOME in kinds:
        found += [_of_outcome(here, row) for row in await plane.store.outcomes(MOST)]
    found.sort(key=lambda entry: (entry.published_on, entry.id), reverse=True)
    return found[:MOST]


def _of_page(here: str, kind: str, row: ListedRow) -> Entry:
    page = _PAGES.decode(row.shown)
    return Entry(
        id=tag_of(here, row.published_on.year, f"{kind}/{page.slug}"),
        kind=kind,
        path=f"/{PATHS[kind]}/{page.slug}",
        title=page.title,
        summary=page.summary,
        html=_both(page.body_html.th, page.body_html.en),
        published_on=row.published_on,
        changed_on=row.changed_on,
    )


def _of_outcome(here: str, row: OutcomeRow) -> Entry:
    told = _OUTCOMES.decode(row.told)
    path = f"/{PATHS[CASE]}/{told.slug}"
    on = f"<p>{told.on}</p>" if told.on else ""
    return Entry(
        id=tag_of(here, row.case_on.year, f"{CASE}/{told.slug}/{OUTCOME}/{told.name}"),
        kind=OUTCOME,
        path=f"{path}#{OUTCOME}-{told.name}",
        title=Both(f"{_OUTCOME.th}: {told.title.th}", f"{_OUTCOME.en}: {told.title.en}"),
        summary=told.text,
        html=on + _both(_said(told, "th"), _said(told, "en")),
        published_on=row.published_on,
        changed_on=row.changed_on,
    )


def tag_of(here: str, year: int, name: str) -> str:
    """RFC 4151: never another page's, since a slug is none either; nor another service's."""
    return f"tag:must-share.example,{year}:{here}/{name}"


def _both(thai: str, english: str) -> str:
    return f'<div lang="th">{thai}</div><div lang="en">{english}</div>'


def _said(told: PublishedOutcome, language: Literal["th", "en"]) -> str:
    texts = (told.agency, told.text) if told.agency else (told.text,)
    lines = [text.th if language == "th" else text.en for text in texts]
    return "".join(f"<p>{escape(line).replace(chr(10), '<br>')}</p>" for line in lines)

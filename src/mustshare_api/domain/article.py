"""An article: an infographic or a knowledge piece, in Markdown and pictures."""

from datetime import date
from typing import Literal

import msgspec

from mustshare_api.domain.pages import (
    ARTICLE,
    Both,
    BothMarkdown,
    BothParagraphs,
    Change,
    PageShown,
    PageSlug,
    Pictures,
    Version,
    check_page,
    shown_of,
)

Form = Literal["infographic", "knowledge"]


class ArticleContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What two officers sign."""

    slug: PageSlug
    version: Version
    form: Form
    title: Both
    summary: BothParagraphs
    body: BothMarkdown
    pictures: Pictures = []
    retain_until: date | None = None
    change: Change | None = None

    def __post_init__(self) -> None:
        """What holds of every page."""
        check_page(self)

    @property
    def state(self) -> str:
        """An article stands nowhere else."""
        return "open"

    def tags(self) -> frozenset[str]:
        """Its form."""
        return frozenset({f"form:{self.form}"})

    def shown(self, published_on: date, changed_on: date) -> "ArticleShown":
        """What the public is given."""
        common = shown_of(ARTICLE, self, published_on, changed_on)
        return ArticleShown(**common, form=self.form)


class ArticleShown(PageShown, frozen=True, kw_only=True):
    """An article as the public reads it."""

    form: str

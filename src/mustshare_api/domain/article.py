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
    Html,
    PageSlug,
    Pictures,
    ShownPicture,
    Version,
    check_page,
    rendered,
    shown_pictures,
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
        return ArticleShown(
            slug=self.slug,
            version=self.version,
            form=self.form,
            published_on=published_on,
            changed_on=changed_on,
            title=self.title,
            summary=self.summary,
            body=self.body,
            body_html=rendered(self.body),
            pictures=shown_pictures(ARTICLE, self),
            retain_until=self.retain_until,
        )


class ArticleShown(msgspec.Struct, frozen=True, kw_only=True):
    """An article as the public reads it."""

    slug: str
    version: int
    form: str
    published_on: date
    changed_on: date
    title: Both
    summary: BothParagraphs
    body: BothMarkdown
    body_html: Html
    pictures: list[ShownPicture]
    retain_until: date | None

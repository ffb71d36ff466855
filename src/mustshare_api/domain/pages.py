"""What every page that the public may read has, whatever it is about.

    content   what two officers signed: strict JSON, the same octets from draft to publication
    shown     what the public is given: the same facts, Markdown as HTML, links made

A kind of page is a struct with the attributes of `PageContent`. Nothing here has heard of a
tip, and nothing here may: the public plane is built from these alone.

A content says which version of its page it becomes, so that a signature under it is for one
step and cannot be used for a later one. From the second version on it says what changed and
why.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal, Protocol

import msgspec
from msgspec import Meta

from mustshare_api.domain.markup import check_text, render

CASE: Final = "case"
CAMPAIGN: Final = "campaign"
ARTICLE: Final = "article"

PATHS: Final = {CASE: "cases", CAMPAIGN: "campaigns", ARTICLE: "articles"}
"""Kind -> the word in paths. Those of the schema's CHECK."""

CONTENT_LIMIT_BYTES: Final = 512 * 1024
"""Two bodies of 60,000 Thai letters, and all else at its limit."""

PICTURES_LIMIT: Final = 20
PICTURE_LIMIT_BYTES: Final = 8 * 1024 * 1024

# `$` alone would let a newline stand at the end; the look-ahead says the same to every dialect.
PageSlug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$(?!\n)")]
PictureId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Place = Annotated[str, Meta(pattern=r"^(?:[0-9]{2}){1,3}$(?!\n)")]
Version = Annotated[int, Meta(ge=1, le=9999)]
Line = Annotated[str, Meta(min_length=1, max_length=500)]
Paragraphs = Annotated[str, Meta(min_length=1, max_length=5000)]
Markdown = Annotated[str, Meta(min_length=1, max_length=60_000)]


class Both(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of text in Thai and English."""

    th: Line
    en: Line

    def __post_init__(self) -> None:
        """Seen as it is written, or refused."""
        check_text(self.th)
        check_text(self.en)


class BothParagraphs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Text of several lines in Thai and English; no Markdown."""

    th: Paragraphs
    en: Paragraphs

    def __post_init__(self) -> None:
        """Seen as it is written, or refused."""
        check_text(self.th, lines=True)
        check_text(self.en, lines=True)


class BothMarkdown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Markdown in Thai and English."""

    th: Markdown
    en: Markdown

    def __post_init__(self) -> None:
        """Seen as it is written, or refused."""
        check_text(self.th, lines=True)
        check_text(self.en, lines=True)


class PagePicture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture on a page. `sha256` is of its octets as staff send them, stripped."""

    id: PictureId
    sha256: Digest
    alt: Both


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a correction changed, and why; both are public for as long as the page is."""

    what: Both
    why: Both


Pictures = Annotated[list[PagePicture], Meta(max_length=PICTURES_LIMIT)]


class PageContent(Protocol):
    """What a page of any kind tells of itself."""

    @property
    def slug(self) -> str:
        """Its name in public paths; never another's, and never changed."""
        ...

    @property
    def version(self) -> int:
        """Which version it becomes, from 1."""
        ...

    @property
    def state(self) -> str:
        """Where the matter stands."""
        ...

    @property
    def title(self) -> Both:
        """What it is called."""
        ...

    @property
    def summary(self) -> BothParagraphs:
        """What lists tell of it."""
        ...

    @property
    def body(self) -> BothMarkdown:
        """What it has to say."""
        ...

    @property
    def pictures(self) -> Sequence[PagePicture]:
        """Those that have to be there before it is shown."""
        ...

    @property
    def change(self) -> Change | None:
        """What changed since the version before."""
        ...

    @property
    def retain_until(self) -> date | None:
        """The first day on which the page is erased; None if on no day."""
        ...

    def tags(self) -> frozenset[str]:
        """What lists are filtered by, such as `place:10`."""
        ...

    def shown(self, published_on: date, changed_on: date) -> msgspec.Struct:
        """What the public is given."""
        ...


def check_page(content: PageContent) -> None:
    """What holds of every page.

    Raises:
        ValueError: a correction that says not what it corrects, a first version that says it
            corrects something, or two pictures of one id.
    """
    ids = {picture.id for picture in content.pictures}
    if len(ids) < len(content.pictures) or (content.change is None) is (content.version > 1):
        raise ValueError("Invalid page")


def picture_path(kind: str, slug: str, picture_id: str) -> str:
    """Where the public finds a picture."""
    return f"/v1/{PATHS[kind]}/{slug}/pictures/{picture_id}"


class ShownPicture(msgspec.Struct, frozen=True):
    """A picture as the public is told of it."""

    id: str
    url: str
    alt: Both


def shown_pictures(kind: str, content: PageContent) -> list[ShownPicture]:
    """Every picture of a page."""
    return [
        ShownPicture(one.id, picture_path(kind, content.slug, one.id), one.alt)
        for one in content.pictures
    ]


class Html(msgspec.Struct, frozen=True):
    """HTML in Thai and English."""

    th: str
    en: str


def rendered(body: BothMarkdown) -> Html:
    """A body as HTML."""
    return Html(render(body.th), render(body.en))


class PageShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the public reads of a page of any kind."""

    slug: str
    version: int
    published_on: date
    changed_on: date
    title: Both
    summary: BothParagraphs
    body: BothMarkdown
    body_html: Html
    pictures: list[ShownPicture]
    retain_until: date | None


def shown_of(
    kind: str, content: PageContent, published_on: date, changed_on: date
) -> dict[str, Any]:
    """The fields of `PageShown`."""
    return {
        "slug": content.slug,
        "version": content.version,
        "published_on": published_on,
        "changed_on": changed_on,
        "title": content.title,
        "summary": content.summary,
        "body": content.body,
        "body_html": rendered(content.body),
        "pictures": shown_pictures(kind, content),
        "retain_until": content.retain_until,
    }


Act = Literal["published", "corrected", "taken_down", "erased"]
"""What a version of a page was."""

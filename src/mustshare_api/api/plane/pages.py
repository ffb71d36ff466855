"""The public's routes for pages of every kind: one, its history, its pictures, and lists."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import (
    Answer as Told,
)
from mustshare_api.api.operation import (
    Octets,
    Operation,
    Parameter,
    id_in_path,
)
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    SLUG,
    by_path,
    by_query,
    checked_slug,
    json_of,
    plane_of,
)
from mustshare_api.api.plane.wire import History, HistoryLine, ListedPage, PageList
from mustshare_api.api.ready import Answer
from mustshare_api.domain.article import ArticleShown
from mustshare_api.domain.case import CALLING, CaseShown
from mustshare_api.domain.pages import ARTICLE, CASE, PATHS
from mustshare_api.errors import Malformed, NotFound
from mustshare_api.flows.plane import CURSOR_FORM
from mustshare_api.store.published import ListedRow, VersionRow

SHOWN: Final[Mapping[str, type[msgspec.Struct]]] = {CASE: CaseShown, ARTICLE: ArticleShown}
"""Which kinds this module shows, and what of them. Others bring their own routes."""

PAGE_MOST: Final = 100
_PICTURE_ID: Final = re.compile(r"[0-9a-f]{32}")
_FILTERS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    CASE: {
        "place": re.compile(r"(?:[0-9]{2}){1,3}"),
        "campaign": re.compile(r"[a-z0-9][a-z0-9-]{0,62}"),
        "calling": re.compile(r"true"),
        "state": re.compile(r"open|referred|concluded"),
    },
    ARTICLE: {"form": re.compile(r"infographic|knowledge")},
}
"""What lists are filtered by, the rarest first: the first one leads the search."""

_SAID: Final = {
    "place": "A Thai administrative code; also what lies in it.",
    "campaign": "A campaign's slug.",
    "calling": "`true`: those that ask for evidence.",
    "state": "open, referred or concluded.",
    "form": "infographic or knowledge.",
}
CURSOR: Final = Parameter(
    "after",
    "query",
    "The `next` of the list before.",
    {"type": "string", "pattern": f"^{CURSOR_FORM}$"},
)
LIMIT: Final = Parameter(
    "limit",
    "query",
    "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": 20},
)


def _name(kind: str) -> str:
    return kind.capitalize()


def one(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that shows a page."""

    @get(
        f"/v1/{PATHS[kind]}/{{slug:str}}",
        operation=Operation(
            f"show{_name(kind)}",
            f"One {kind}",
            "In both languages. `body_html` holds no script, no picture and no style, and may "
            "be put into a page as it is.",
            {200: Told("The page.", SHOWN[kind])},
            parameters=(SLUG, IF_NONE_MATCH),
            problems=("page.not_found", "page.taken_down"),
            public=True,
        ),
        name=f"show_{kind}",
    )
    async def show(request: AnyRequest, slug: FromPath[str]) -> Answer:
        async def made() -> Answer:
            return json_of(await plane_of(request).page(kind, checked_slug(slug)))

        return await by_path(request, made())

    return show


def history(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that tells what became of a page."""

    @get(
        f"/v1/{PATHS[kind]}/{{slug:str}}/history",
        operation=Operation(
            f"showHistoryOf{_name(kind)}",
            f"What was corrected in a {kind}, when and why",
            "Also of one that was taken down.",
            {200: Told("The history.", History)},
            parameters=(SLUG, IF_NONE_MATCH),
            problems=("page.not_found",),
            public=True,
        ),
        name=f"show_history_of_{kind}",
    )
    async def show(request: AnyRequest, slug: FromPath[str]) -> Answer:
        async def made() -> Answer:
            rows = await plane_of(request).history(kind, checked_slug(slug))
            return json_of(History(slug, [_line(row) for row in rows]))

        return await by_path(request, made())

    return show


def _line(row: VersionRow) -> HistoryLine:
    return HistoryLine(row.version, row.act, row.happened_on, msgspec.json.decode(row.told))


def picture(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that shows a picture."""

    @get(
        f"/v1/{PATHS[kind]}/{{slug:str}}/pictures/{{picture_id:str}}",
        operation=Operation(
            f"showPictureOf{_name(kind)}",
            f"A picture of a {kind}",
            "Stripped. The same under this address for as long as the page is shown.",
            {200: Told("The picture.", Octets("JPEG or PNG.", ("image/jpeg", "image/png")))},
            parameters=(SLUG, id_in_path("picture_id", "As the page names it."), IF_NONE_MATCH),
            problems=("page.not_found",),
            public=True,
        ),
        name=f"show_picture_of_{kind}",
    )
    async def show(
        request: AnyRequest, slug: FromPath[str], picture_id: FromPath[str]
    ) -> Answer:
        if _PICTURE_ID.fullmatch(picture_id) is None:
            raise NotFound("page.not_found")

        async def made() -> Answer:
            plane, wanted = plane_of(request), bytes.fromhex(picture_id)
            media_type, octets = await plane.picture(kind, checked_slug(slug), wanted)
            # For no longer than the page itself, though it never changes: a face that was shown
            # by mistake would go on being shown by every cache in between.
            return Answer.public(octets, media_type)

        return await by_path(request, made(), is_picture=True)

    return show


def listing(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route that lists pages."""
    filters = [
        Parameter(name, "query", _SAID[name], {"type": "string", "pattern": f"^({p.pattern})$"})
        for name, p in _FILTERS[kind].items()
    ]

    @get(
        f"/v1/{PATHS[kind]}",
        operation=Operation(
            f"list{_name(kind)}s",
            f"Which {PATHS[kind]} there are",
            "The newest publication first.",
            {200: Told("A list.", PageList)},
            parameters=(*filters, CURSOR, LIMIT, IF_NONE_MATCH),
            problems=("page.bad_query",),
            public=True,
        ),
        name=f"list_{PATHS[kind]}",
    )
    async def listed(request: AnyRequest) -> Answer:
        tags, after, limit = _asked(request, kind)

        async def made() -> Answer:
            found = await plane_of(request).listed(kind, tags, after, limit)
            return json_of(PageList([_card(kind, row) for row in found.rows], found.after))

        return await by_query(request, (tags, after, limit), made)

    return listed


def _asked(request: AnyRequest, kind: str) -> tuple[tuple[str, ...], str | None, int]:
    asked = list(request.query_params.multi_items())
    given = dict(asked)
    filters = _FILTERS[kind]
    if len(given) < len(asked) or not given.keys() <= {*filters, "after", "limit"}:
        raise Malformed("page.bad_query")
    limit = read_limit(given.get("limit", "20"))
    for name, pattern in filters.items():
        if name in given and pattern.fullmatch(given[name]) is None:
            raise Malformed("page.bad_query")
    tags = tuple(_tag(name, given[name]) for name in filters if name in given)
    return tags, given.get("after"), limit


def _tag(name: str, value: str) -> str:
    return CALLING if name == "calling" else f"{name}:{value}"


def read_limit(text: str) -> int:
    """How many are asked for.

    Raises:
        Malformed: `page.bad_query`.
    """
    sound = text.isascii() and text.isdecimal() and len(text) <= len(str(PAGE_MOST))
    if not sound or not 1 <= int(text) <= PAGE_MOST:
        raise Malformed("page.bad_query")
    return int(text)


class _Card(msgspec.Struct):
    """What a list tells of a page, read from what is shown of it."""

    slug: str
    title: msgspec.Raw
    summary: msgspec.Raw
    pictures: msgspec.Raw
    state: str = "open"
    places: list[str] = []
    campaign: str | None = None


_CARDS: Final = msgspec.json.Decoder(_Card)


def _card(kind: str, row: ListedRow) -> ListedPage:
    card = _CARDS.decode(row.shown)
    return ListedPage(
        slug=card.slug,
        url=f"/v1/{PATHS[kind]}/{card.slug}",
        state=card.state,
        published_on=row.published_on,
        changed_on=row.changed_on,
        title=card.title,
        summary=card.summary,
        pictures=card.pictures,
        places=card.places,
        campaign=card.campaign,
    )


def routes_of(kind: str) -> list[Any]:
    """All of them, for one kind."""
    return [listing(kind), one(kind), history(kind), picture(kind)]


ROUTES: list[Any] = [route for kind in SHOWN for route in routes_of(kind)]

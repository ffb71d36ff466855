"""What is new, for readers of feeds: Atom (RFC 4287) and JSON Feed 1.1, in both languages.

The instant that both formats ask for is the beginning of a Bangkok day: nothing finer is known.
A link leads to the page that people read, and is whole where the service knows its own name.
"""

from datetime import date
from html import escape
from typing import Any, Final

import msgspec
from litestar import get

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_path, plane_of
from mustshare_api.api.ready import Answer
from mustshare_api.domain.pages import ARTICLE, CASE, PATHS, Both, BothParagraphs, Html
from mustshare_api.store.published import ListedRow

KINDS: Final = (CASE, ARTICLE)
ENTRIES: Final = 50
ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"
TITLE: Final = "ต้องแฉ / Must Share"
_BEGAN: Final = date(2026, 1, 1)
"""The day that an empty feed is of."""


class _Entry(msgspec.Struct):
    """What a feed tells of a page."""

    slug: str
    title: Both
    summary: BothParagraphs
    body_html: Html


_ENTRIES: Final = msgspec.json.Decoder(_Entry)


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+07:00"


def _id(kind: str, slug: str, day: date) -> str:
    """RFC 4151: never another page's, since a slug is none either."""
    return f"tag:must-share.example,{day.year}:{kind}/{slug}"


def _html(entry: _Entry) -> str:
    return f'<div lang="th">{entry.body_html.th}</div><div lang="en">{entry.body_html.en}</div>'


def _atom_entry(base: str, kind: str, row: ListedRow) -> str:
    entry = _ENTRIES.decode(row.shown)
    url = escape(f"{base}/{PATHS[kind]}/{entry.slug}")
    return (
        f"<entry><id>{_id(kind, entry.slug, row.published_on)}</id>"
        f"<title>{escape(entry.title.th)} / {escape(entry.title.en)}</title>"
        f'<link rel="alternate" type="text/html" href="{url}"/>'
        f"<published>{_instant(row.published_on)}</published>"
        f"<updated>{_instant(row.changed_on)}</updated>"
        f'<category term="{kind}"/>'
        f"<summary>{escape(entry.summary.th)}\n\n{escape(entry.summary.en)}</summary>"
        f'<content type="html">{escape(_html(entry))}</content></entry>'
    )


def atom_of(base: str, rows: list[tuple[str, ListedRow]]) -> bytes:
    """The feed as Atom."""
    newest = max((row.changed_on for _, row in rows), default=_BEGAN)
    entries = "".join(_atom_entry(base, kind, row) for kind, row in rows)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="th">'
        f"<id>tag:must-share.example,2026:feed</id><title>{escape(TITLE)}</title>"
        f"<updated>{_instant(newest)}</updated><author><name>{escape(TITLE)}</name></author>"
        f'<link rel="self" type="{ATOM}" href="{escape(base)}/v1/feed.atom"/>'
        f"{entries}</feed>\n"
    ).encode()


def _json_item(base: str, kind: str, row: ListedRow) -> dict[str, Any]:
    entry = _ENTRIES.decode(row.shown)
    return {
        "id": _id(kind, entry.slug, row.published_on),
        **({"url": f"{base}/{PATHS[kind]}/{entry.slug}"} if base else {}),
        "title": f"{entry.title.th} / {entry.title.en}",
        "summary": f"{entry.summary.th}\n\n{entry.summary.en}",
        "content_html": _html(entry),
        "date_published": _instant(row.published_on),
        "date_modified": _instant(row.changed_on),
        "tags": [kind],
    }


def json_feed_of(base: str, rows: list[tuple[str, ListedRow]]) -> bytes:
    """The feed as JSON Feed. Its addresses are whole ones or none, as the format has it."""
    head = {"version": "https://jsonfeed.org/version/1.1", "title": TITLE, "language": "th"}
    own = {"feed_url": f"{base}/v1/feed.json"} if base else {}
    items = [_json_item(base, kind, row) for kind, row in rows]
    return msgspec.json.encode({**head, **own, "items": items})


def _operation(name: str, form: str, media_type: str) -> Operation:
    return Operation(
        name,
        f"What is new, as {form}",
        f"The newest {ENTRIES} cases and articles.",
        {200: Told("The feed.", Octets(form, (media_type,)))},
        parameters=(IF_NONE_MATCH,),
        public=True,
    )


@get("/v1/feed.atom", operation=_operation("showAtomFeed", "Atom", ATOM))
async def show_atom(request: AnyRequest) -> Answer:
    """What is new, as Atom."""

    async def made() -> Answer:
        plane = plane_of(request)
        rows = await plane.recent(KINDS, ENTRIES)
        return Answer.public(atom_of(plane.base, rows), f"{ATOM}; charset=utf-8")

    return await by_path(request, made())


@get("/v1/feed.json", operation=_operation("showJsonFeed", "JSON Feed", JSON_FEED))
async def show_json(request: AnyRequest) -> Answer:
    """What is new, as JSON Feed."""

    async def made() -> Answer:
        plane = plane_of(request)
        rows = await plane.recent(KINDS, ENTRIES)
        return Answer.public(json_feed_of(plane.base, rows), JSON_FEED)

    return await by_path(request, made())


ROUTES: list[Any] = [show_atom, show_json]

"""What is new, for readers of feeds: Atom (RFC 4287) and JSON Feed 1.1, in both languages.

    /v1/feed.atom                all that is new      /v1/feed.json
    /v1/feed.atom?kind=outcome   of one kind          /v1/feed.json?kind=outcome

The instant that both formats ask for is the beginning of a Bangkok day: nothing finer is known.
A link leads to the page that people read, and is whole where the service knows its own name.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from litestar import get

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation, Parameter
from mustshare_api.api.plane import xml
from mustshare_api.api.plane.entries import KINDS, MOST, Entry, newest, tag_of
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_query, plane_of
from mustshare_api.api.ready import Answer
from mustshare_api.errors import Malformed

ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"
TITLE: Final = "ต้องแฉ / Must Share"
_BEGAN: Final = date(2026, 1, 1)
"""The day that an empty feed is of."""

_KIND: Final = Parameter(
    "kind", "query", "Of this kind alone.", {"type": "string", "enum": list(KINDS)}
)

Written = Callable[[str, str, str | None, Sequence[Entry]], bytes]


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+07:00"


def _title(entry: Entry) -> str:
    return f"{entry.title.th} / {entry.title.en}"


def _summary(entry: Entry) -> str:
    return f"{entry.summary.th}\n\n{entry.summary.en}"


def _query(kind: str | None) -> str:
    return f"?kind={kind}" if kind else ""


def atom_of(base: str, here: str, kind: str | None, entries: Sequence[Entry]) -> bytes:
    """The feed as Atom."""
    whole = xml.root("feed", **{"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "th"})
    xml.child(whole, "id", tag_of(here, _BEGAN.year, f"feed/{kind}" if kind else "feed"))
    xml.child(whole, "title", TITLE)
    updated = max((entry.changed_on for entry in entries), default=_BEGAN)
    xml.child(whole, "updated", _instant(updated))
    xml.child(xml.child(whole, "author"), "name", TITLE)
    href = f"{base}/v1/feed.atom{_query(kind)}"
    xml.child(whole, "link", rel="self", type=ATOM, href=href)
    for entry in entries:
        _atom_entry(whole, base, entry)
    return xml.document(whole)


def _atom_entry(whole: xml.Element, base: str, entry: Entry) -> None:
    made = xml.child(whole, "entry")
    xml.child(made, "id", entry.id)
    xml.child(made, "title", _title(entry))
    xml.child(made, "link", rel="alternate", type="text/html", href=f"{base}{entry.path}")
    xml.child(made, "published", _instant(entry.published_on))
    xml.child(made, "updated", _instant(entry.changed_on))
    xml.child(made, "category", term=entry.kind)
    xml.child(made, "summary", _summary(entry))
    xml.child(made, "content", entry.html, type="html")


def json_feed_of(base: str, _here: str, kind: str | None, entries: Sequence[Entry]) -> bytes:
    """The feed as JSON Feed. Its addresses are whole ones or none, as the format has it."""
    head = {"version": "https://jsonfeed.org/version/1.1", "title": TITLE, "language": "th"}
    own = {"feed_url": f"{base}/v1/feed.json{_query(kind)}"} if base else {}
    items = [_json_item(base, entry) for entry in entries]
    return msgspec.json.encode({**head, **own, "items": items})


def _json_item(base: str, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        **({"url": f"{base}{entry.path}"} if base else {}),
        "title": _title(entry),
        "summary": _summary(entry),
        "content_html": entry.html,
        "date_published": _instant(entry.published_on),
        "date_modified": _instant(entry.changed_on),
        "tags": [entry.kind],
    }


def _asked(request: AnyRequest) -> str | None:
    """The one kind that is asked for; None for all.

    Raises:
        Malformed: `page.bad_query`.
    """
    pairs = list(request.query_params.multi_items())
    if not pairs:
        return None
    if len(pairs) > 1 or pairs[0][0] != "kind" or pairs[0][1] not in KINDS:
        raise Malformed("page.bad_query")
    return str(pairs[0][1])


def feed(path: str, name: str, form: str, media_type: str, write: Written) -> Any:  # noqa: ANN401 - a handler
    """The route of a feed."""
    bare = media_type.partition(";")[0]

    @get(
        path,
        operation=Operation(
            name,
            f"What is new, as {form}",
            f"The newest {MOST} cases, articles, campaigns and outcomes; or of one kind.",
            {200: Told("The feed.", Octets(form, (bare,)))},
            parameters=(_KIND, IF_NONE_MATCH),
            problems=("page.bad_query",),
            public=True,
        ),
        name=name,
    )
    async def show(request: AnyRequest) -> Answer:
        kind, plane = _asked(request), plane_of(request)
        here = plane.deployment()

        async def made() -> Answer:
            entries = await newest(plane, (kind,) if kind else KINDS)
            return Answer.public(write(plane.base, here, kind, entries), media_type)

        return await by_query(request, (kind, here), made)

    return show


ROUTES: list[Any] = [
    feed("/v1/feed.atom", "showAtomFeed", "Atom", f"{ATOM}; charset=utf-8", atom_of),
    feed("/v1/feed.json", "showJsonFeed", "JSON Feed", JSON_FEED, json_feed_of),
]

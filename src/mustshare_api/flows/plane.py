"""What the public is shown, and since when: asks the store as seldom as it can.

    look       at most once a second: has anything changed that the public is shown?
    page       a page in force; Gone with its reason where it was taken down
    history    that every version was, when and why
    listed     a page of a list, with an opaque cursor
    called     a page of the list of campaigns, all or those that take tips on a day
    recent     what a feed holds; outcomes come by `store.outcomes`
    figures    counts that were made safe to tell when their month or year was over

Nothing here can reach a tip: not by an import, not by a table. A contract on the imports and a
test of the queries hold that. Where the database is away, what is ready goes on being shown.
"""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from mustshare_api.clock import Clock
from mustshare_api.domain.pages import Change
from mustshare_api.errors import Malformed, MustShareError, NotFound, Unavailable
from mustshare_api.store.plane_figures import FigureStore
from mustshare_api.store.points import PointStore
from mustshare_api.store.published import ListedRow, PublishedStore, VersionRow

LOOK_EVERY_S: Final = 1.0
"""How much later than at once a takedown shows in another process."""

CURSOR_FORM: Final = "AA[B-Za-z0-9_-][A-Za-z0-9_-]{24}"
"""A day's number from the years 45 to 2871, 4 bytes, and a page's id, 16, in base64url."""

_CURSOR_TEXT: Final = re.compile(CURSOR_FORM)


class PageGone(MustShareError):
    """A page that was taken down: what is said in its place, and since which day."""

    default_code = "page.taken_down"

    def __init__(self, on: date, reason: Change) -> None:
        super().__init__()
        self.on = on
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; `after` leads to the next one."""

    rows: Sequence[ListedRow]
    after: str | None


@dataclass(slots=True)
class Plane:
    """The public plane of one process.

    `base` stands before paths in feeds: `https://` and a name, or nothing where none is known.
    """

    store: PublishedStore
    figures: FigureStore
    points: PointStore
    clock: Clock
    base: str = ""
    deployment: Callable[[], str] = str
    """Which service this is, by the public id that its directory names; nothing before that."""

    generation: int = 0
    kept: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    cells: Any = None
    """Of all maps, until something changes: what every list of them is made from, so it makes
    room for none."""

    _kept_bytes: int = 0
    _looked_at: float | None = None

    def current(self) -> int:
        """The generation that was seen last."""
        return self.generation

    def forget(self) -> None:
        """Looks at the next request: something has been published in this process."""
        self._looked_at = None

    async def look(self) -> None:
        """Notices what has changed, within a second of it."""
        now = self.clock.monotonic()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = now
        try:
            found = await self.store.generation()
        except Unavailable:
            return
        if found != self.generation:
            self.generation = found
            self.cells = None
            self._let_go()

    def keep(self, key: tuple[str, str], answer: Any, size: int, room: int) -> None:  # noqa: ANN401 - the door's own
        """Keeps an answer until something changes, or until `room` octets are full."""
        if size > room:
            return
        if self._kept_bytes + size > room:
            self._let_go()
        if key not in self.kept:
            self.kept[key] = answer
            self._kept_bytes += size

    def _let_go(self) -> None:
        self.kept.clear()
        self._kept_bytes = 0

    async def page(self, kind: str, slug: str) -> bytes:
        """What is shown of a page: JSON.

        Raises:
            NotFound: `page.not_found`.
            PageGone: it was taken down.
        """
        row = await self.store.shown(kind, slug)
        if row is None:
            raise NotFound("page.not_found")
        if row.shown is None:
            raise PageGone(row.changed_on, msgspec.json.decode(row.told, type=Change))
        return row.shown

    async def history(self, kind: str, slug: str) -> list[VersionRow]:
        """Every version of a page, also of one that was taken down.

        Raises:
            NotFound: `page.not_found`.
        """
        rows = await self.store.history(kind, slug)
        if not rows:
            raise NotFound("page.not_found")
        return rows

    async def picture(self, kind: str, slug: str, picture_id: bytes) -> tuple[str, bytes]:
        """Media type and octets of a picture on a page that is shown.

        Raises:
            NotFound: `page.not_found`.
        """
        found = await self.store.picture(kind, slug, picture_id)
        if found is None:
            raise NotFound("page.not_found")
        return found

    async def listed(
        self, kind: str, tags: Sequence[str], after: str | None, limit: int
    ) -> Listed:
        """A page of a list, the newest publication first.

        Raises:
            Malformed: `page.bad_query`, a cursor that was never given.
        """
        before = None if after is None else _read_cursor(after)
        rows = await self.store.listed(kind, tags or ("",), before, limit)
        last = rows[-1] if len(rows) == limit else None
        return Listed(rows, cursor_of(last) if last else None)

    async def called(self, on: date | None, after: str | None, limit: int) -> Listed:
        """A page of the list of campaigns; as `listed`."""
        before = None if after is None else _read_cursor(after)
        rows = await self.store.called(on, before, limit)
        last = rows[-1] if len(rows) == limit else None
        return Listed(rows, cursor_of(last) if last else None)

    async def recent(self, kinds: Sequence[str], limit: int) -> list[tuple[str, ListedRow]]:
        """The newest pages of several kinds, the newest first."""
        found = [
            (kind, row)
            for kind in kinds
            for row in await self.store.listed(kind, ("",), None, limit)
        ]
        found.sort(key=lambda each: (each[1].published_on, each[1].page_id), reverse=True)
        return found[:limit]


def cursor_of(row: ListedRow) -> str:
    """What leads on from a page of a list."""
    octets = row.published_on.toordinal().to_bytes(4) + row.page_id
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _read_cursor(text: str) -> tuple[date, bytes]:
    if _CURSOR_TEXT.fullmatch(text) is None:
        raise Malformed("page.bad_query")
    octets = base64.urlsafe_b64decode(text + "=")
    return date.fromordinal(int.from_bytes(octets[:4])), octets[4:]

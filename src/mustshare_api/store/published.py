"""Pages as they are read: by the public, and by staff who go on working on them.

The public is shown the version in force and nothing older; that there were others, when and
why, stands in the history. A list is one walk along an index, whatever it is filtered by: the
rarest filter leads, the others are looked up on each page that it finds.

It knows nothing of tips, and an import contract holds that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mustshare_api.store.database import Database, retried


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as it stands."""

    page_id: bytes
    kind: str
    slug: str
    version: int
    shown_version: int
    state: str
    published_on: date
    changed_on: date
    retain_until: date | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One line of a page's history. `told` is public JSON."""

    version: int
    act: str
    happened_on: date
    told: bytes
    state: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """What the public is shown of a page; `shown` is None of one that was taken down."""

    slug: str
    state: str
    published_on: date
    changed_on: date
    shown: bytes | None
    told: bytes


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A page on a list."""

    page_id: bytes
    published_on: date
    changed_on: date
    shown: bytes


class PublishedStore:
    """The tables of published pages, to read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def generation(self) -> int:
        """A number that moves whenever what the public is shown has changed."""
        async with self._database.connection() as connection:
            found: int = await connection.fetchval("SELECT generation FROM plane")
        return found

    @retried(idempotent=True)
    async def shown(self, kind: str, slug: str) -> ShownRow | None:
        """A page by its slug; None for one that never was whole."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT pages.slug, pages.state, pages.published_on, pages.changed_on,
                       v.shown, v.told
                FROM pages JOIN page_versions AS v
                    ON v.page_id = pages.page_id AND v.version = pages.shown_version
                WHERE pages.kind = $1 AND pages.slug = $2
                """,
                *(kind, slug),
            )
        return ShownRow(**dict(row)) if row else None

    @retried(idempotent=True)
    async def history(self, kind: str, slug: str) -> list[VersionRow]:
        """Every version up to the one that is shown, but those that nobody ever was."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT v.version, v.act, v.happened_on, v.told, v.state
                FROM pages JOIN page_versions AS v USING (page_id)
                WHERE pages.kind = $1 AND pages.slug = $2 AND v.version <= pages.shown_version
                      AND v.was_public
                ORDER BY v.version
                """,
                *(kind, slug),
            )
        return [VersionRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def picture(
        self, kind: str, slug: str, picture_id: bytes
    ) -> tuple[str, bytes] | None:
        """Media type and octets of a picture on the version that is shown."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT p.media_type, p.octets
                FROM pages
                JOIN page_versions AS v
                    ON v.page_id = pages.page_id AND v.version = pages.shown_version
                JOIN page_pictures AS p ON p.page_id = pages.page_id AND p.picture_id = $3
                WHERE pages.kind = $1 AND pages.slug = $2
                      AND p.picture_id || p.sent_sha256 = ANY (v.pictures)
                """,
                *(kind, slug, picture_id),
            )
        return (row["media_type"], row["octets"]) if row else None

    @retried(idempotent=True)
    async def listed(
        self, kind: str, tags: Sequence[str], before: tuple[date, bytes] | None, limit: int
    ) -> list[ListedRow]:
        """Pages that have all of `tags`, the newest first; those after `before` in that order.

        Args:
            kind: which pages.
            tags: the rarest first; an empty one is all pages.
            before: day and id of the last page of the list before.
            limit: how many at most.
        """
        on, page_id = before or (date.max, b"\xff" * 17)
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT t.page_id, t.published_on, pages.changed_on, v.shown
                FROM page_tags AS t
                JOIN pages ON pages.page_id = t.page_id
                JOIN page_versions AS v
                    ON v.page_id = pages.page_id AND v.version = pages.shown_version
                WHERE t.kind = $1 AND t.tag = $2 AND (t.published_on, t.page_id) < ($3, $4)
                      AND v.tags @> $5
                ORDER BY t.published_on DESC, t.page_id DESC LIMIT $6
                """,
                *(kind, tags[0], on, page_id, list(tags[1:]), limit),
            )
        return [ListedRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def totals(self) -> list[tuple[str, int, str, int]]:
        """Kind, year of publication, state, and how many: of pages that were ever shown."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT kind, extract(year FROM published_on)::integer AS year, state,
                       count(*)::integer AS pages
                FROM pages WHERE shown_version > 0 GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
                """
            )
        return [(row["kind"], row["year"], row["state"], row["pages"]) for row in rows]

    @retried(idempotent=True)
    async def page(self, kind: str, after: bytes, limit: int) -> list[PageRow]:
        """Pages as staff see them, in the order of their random ids."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT page_id, kind, slug, version, shown_version, state, published_on,
                       changed_on, retain_until
                FROM pages WHERE page_id > $2 AND kind = $1 ORDER BY page_id LIMIT $3
                """,
                *(kind, after, limit),
            )
        return [PageRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def find(self, kind: str, page_id: bytes) -> PageRow | None:
        """A page as staff see it."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT page_id, kind, slug, version, shown_version, state, published_on,
                       changed_on, retain_until
                FROM pages WHERE page_id = $1 AND kind = $2
                """,
                *(page_id, kind),
            )
        return PageRow(**dict(row)) if row else None

    @retried(idempotent=True)
    async def versions(self, page_id: bytes) -> list[VersionRow]:
        """Every version, also one whose pictures are awaited."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT version, act, happened_on, told, state FROM page_versions"
                " WHERE page_id = $1 ORDER BY version",
                page_id,
            )
        return [VersionRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def content(self, kind: str, page_id: bytes, version: int) -> bytes | None:
        """What was published as a version; None where there is none, or it was erased."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                """
                SELECT v.content FROM page_versions AS v JOIN pages USING (page_id)
                WHERE v.page_id = $1 AND v.version = $2 AND pages.kind = $3
                """,
                *(page_id, version, kind),
            )
        return octets

    @retried(idempotent=True)
    async def missing(self, page_id: bytes) -> list[bytes]:
        """Ids of pictures that the newest version names and that are not there yet."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT substring(name FOR 16) AS picture_id
                FROM pages JOIN page_versions AS v USING (page_id, version),
                     unnest(v.pictures) AS name
                WHERE pages.page_id = $1 AND NOT EXISTS (
                    SELECT FROM page_pictures AS p
                    WHERE p.page_id = $1 AND p.picture_id = substring(name FOR 16))
                """,
                page_id,
            )
        return [row["picture_id"] for row in rows]

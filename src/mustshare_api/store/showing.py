"""What happens to a page within a transaction: one version more, shown once whole, hidden.

pages.version         the newest          pages.shown_version   what the public is shown
page_versions         one row each        page_tags             only of what is shown
page_outcomes         what came of it     page_totals           how many were ever shown
plane.generation      one more whenever any of that changes for the public
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.domain.webhooks import CASE_CORRECTED, events_of
from mustshare_api.store import case_outcomes
from mustshare_api.store.database import Connection
from mustshare_api.store.webhooks import enqueue


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version of a page that is to be published.

    Attributes:
        told: public JSON of what changed and why; `null` of a first version.
        names: what the content says of its pictures, by id.
        days: the first and the last on which a campaign takes tips; None where there is none.
    """

    page_id: bytes
    kind: str
    slug: str
    version: int
    state: str
    today: date
    told: bytes
    digest: bytes
    content: bytes
    shown: bytes
    retain_until: date | None
    tags: frozenset[str]
    names: dict[bytes, bytes]
    days: tuple[date | None, date | None] = (None, None)


async def insert(connection: Connection, new: NewVersion) -> None:
    """One version more, of a new page or of one that is there."""
    await connection.execute(
        """
        INSERT INTO pages (page_id, kind, slug, version, shown_version, state, published_on,
                           changed_on, retain_until)
        VALUES ($1, $2, $3, $4, 0, 'awaiting_pictures', $5, $5, $6)
        -- What the public is shown is kept as it said itself, until another is shown.
        ON CONFLICT (page_id) DO UPDATE SET version = $4, retain_until =
            CASE pages.shown_version WHEN 0 THEN $6 ELSE pages.retain_until END
        """,
        *(new.page_id, new.kind, new.slug, new.version, new.today, new.retain_until),
    )
    await connection.execute(
        """
        INSERT INTO page_versions (page_id, version, act, happened_on, told, digest, content,
                                   shown, state, tags, pictures, retain_until, opens_on,
                                   closes_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        *(new.page_id, new.version, "published" if new.version == 1 else "corrected"),
        *(new.today, new.told, new.digest, new.content, new.shown, new.state),
        sorted(new.tags),
        [picture_id + sha256 for picture_id, sha256 in new.names.items()],
        new.retain_until,
        *new.days,
    )


async def show_if_whole(connection: Connection, page_id: bytes) -> None:
    """Show the newest version, once all its pictures are there."""
    missing = await connection.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM pages JOIN page_versions AS v USING (page_id, version),
                        unnest(v.pictures) AS name
            WHERE pages.page_id = $1 AND NOT EXISTS (
                SELECT FROM page_pictures AS p
                WHERE p.page_id = $1 AND p.picture_id = substring(name FOR 16)))
        """,
        page_id,
    )
    if missing:
        return
    outcomes = await case_outcomes.show(connection, page_id)
    await _tell_partners(connection, page_id, outcomes=outcomes)
    await _uncount(connection, page_id)
    await connection.execute(
        """
        UPDATE page_versions AS v SET was_public = true
        FROM pages WHERE pages.page_id = $1 AND v.page_id = $1
                         -- What awaited pictures until now is in what is shown from now on.
                         AND v.version > pages.shown_version AND v.version <= pages.version
        """,
        page_id,
    )
    await connection.execute(
        """
        UPDATE pages SET shown_version = v.version, state = v.state, changed_on = v.happened_on,
                         retain_until = v.retain_until
        FROM page_versions AS v
        WHERE pages.page_id = $1 AND v.page_id = $1 AND v.version = pages.version
        """,
        page_id,
    )
    await connection.execute(
        """
        DELETE FROM page_pictures AS p
        USING pages JOIN page_versions AS v USING (page_id, version)
        WHERE pages.page_id = $1 AND p.page_id = $1
              AND NOT p.picture_id || p.sent_sha256 = ANY (v.pictures)
        """,
        page_id,
    )
    await _count(connection, page_id)
    await _list(connection, page_id)


async def _uncount(connection: Connection, page_id: bytes) -> None:
    """Take a page from the totals, as it stood; before it changes."""
    await connection.execute(
        """
        UPDATE page_totals SET pages = page_totals.pages - 1 FROM pages
        WHERE pages.page_id = $1 AND pages.shown_version > 0
              AND (page_totals.kind, page_totals.year, page_totals.state)
                  = (pages.kind, extract(year FROM pages.published_on)::integer, pages.state)
        """,
        page_id,
    )


async def _count(connection: Connection, page_id: bytes) -> None:
    """Count a page as it stands; once it was shown, it always counts."""
    await connection.execute(
        """
        INSERT INTO page_totals (kind, year, state, pages)
        SELECT kind, extract(year FROM published_on)::integer, state, 1 FROM pages
        WHERE page_id = $1 AND shown_version > 0
        ON CONFLICT (kind, year, state) DO UPDATE SET pages = page_totals.pages + 1
        """,
        page_id,
    )


async def _tell_partners(connection: Connection, page_id: bytes, *, outcomes: int) -> None:
    """Puts into the outbox what the public is about to be shown, in the same transaction."""
    row = await connection.fetchrow(
        """
        SELECT pages.kind, pages.slug, pages.shown_version, pages.state AS before, v.state,
               v.happened_on
        FROM pages JOIN page_versions AS v USING (page_id, version) WHERE pages.page_id = $1
        """,
        page_id,
    )
    if row is None:
        return
    first = row["shown_version"] == 0
    kind, before, state = row["kind"], row["before"], row["state"]
    for event in events_of(kind, before, state, first=first, outcomes=outcomes):
        await enqueue(connection, event, row["slug"], row["happened_on"])


async def _list(connection: Connection, page_id: bytes) -> None:
    await connection.execute("DELETE FROM page_tags WHERE page_id = $1", page_id)
    await connection.execute(
        """
        INSERT INTO page_tags (kind, tag, published_on, page_id)
        SELECT pages.kind, tag, pages.published_on, pages.page_id
        FROM pages JOIN page_versions AS v USING (page_id, version),
             unnest(array_append(v.tags, '')) AS tag
        WHERE pages.page_id = $1
        """,
        page_id,
    )
    await touch(connection)


async def touch(connection: Connection) -> None:
    """Tell every process that what the public is shown has changed."""
    await connection.execute("UPDATE plane SET generation = generation + 1")


async def hide(
    connection: Connection, page_id: bytes, act: str, today: date, told: bytes
) -> None:
    """One version more, without content, and off every list.

    A page that was never shown stays unknown: nobody is told even its name.
    """
    await _uncount(connection, page_id)
    was = await connection.fetchrow(
        """
        WITH hidden AS (
            UPDATE pages SET version = version + 1, state = 'taken_down', changed_on = $3,
                             shown_version = CASE shown_version WHEN 0 THEN 0
                                             ELSE version + 1 END
            WHERE page_id = $1 RETURNING version, shown_version, kind, slug
        ), told AS (
            INSERT INTO page_versions
                (page_id, version, act, happened_on, told, state, tags, pictures, was_public)
            SELECT $1, version, $2, $3, $4, 'taken_down', '{}', '{}', shown_version > 0
            FROM hidden
        )
        SELECT kind, slug, shown_version FROM hidden
        """,
        *(page_id, act, today, told),
    )
    if was is not None and was["kind"] == "case" and was["shown_version"]:
        # Whoever keeps a copy has to look again, and finds the reason.
        await enqueue(connection, CASE_CORRECTED, was["slug"], today)
    await _count(connection, page_id)
    await case_outcomes.hide(connection, page_id)
    await connection.execute("DELETE FROM page_tags WHERE page_id = $1", page_id)
    await touch(connection)


async def empty(connection: Connection, page_id: bytes) -> None:
    """Delete what every version said, and the pictures. That each was, and when, stays.

    The sealed draft that became the page says the same, and goes; one that was written since
    is officers' work on what comes next.
    """
    await connection.execute(
        """
        DELETE FROM drafts WHERE draft_id = $1 AND changed_on <= (
            SELECT max(happened_on) FROM page_versions
            WHERE page_id = $1 AND act IN ('published', 'corrected'))
        """,
        page_id,
    )
    await connection.execute("UPDATE pages SET retain_until = NULL WHERE page_id = $1", page_id)
    await connection.execute("DELETE FROM page_pictures WHERE page_id = $1", page_id)
    await connection.execute(
        """
        UPDATE page_versions SET content = NULL, shown = NULL, digest = NULL, tags = '{}',
                                 pictures = '{}'
        WHERE page_id = $1
        """,
        page_id,
    )

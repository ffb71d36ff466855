"""What came of published cases: kept with the page that tells it, read by the day.

    show    as a version of a case is shown: what it tells, and since when
    hide    as a page is hidden: what it told is gone; that it was there, and when, stays

An outcome keeps the day on which it was first told, whatever becomes of its page, so that
whoever follows a feed is not told of it twice.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.domain.case_outcome import published_outcomes
from mustshare_api.domain.pages import CASE
from mustshare_api.store.database import Connection


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome that is shown; `told` is JSON of `PublishedOutcome`.

    Attributes:
        case_on: the day on which its case was published.
    """

    page_id: bytes
    name: str
    case_on: date
    published_on: date
    changed_on: date
    told: bytes


async def show(connection: Connection, page_id: bytes) -> int:
    """Keep what the newest version tells, and no more; how many there never were before."""
    row = await connection.fetchrow(
        """
        SELECT v.shown, v.happened_on FROM pages JOIN page_versions AS v
            USING (page_id, version)
        WHERE pages.page_id = $1 AND pages.kind = $2
        """,
        *(page_id, CASE),
    )
    if row is None or row["shown"] is None:
        return 0
    told, today = published_outcomes(row["shown"]), row["happened_on"]
    await connection.execute(
        "UPDATE page_outcomes SET told = NULL WHERE page_id = $1 AND NOT name = ANY ($2)",
        *(page_id, list(told)),
    )
    return await _keep(connection, page_id, told, today)


async def _keep(
    connection: Connection, page_id: bytes, told: dict[str, bytes], today: date
) -> int:
    known = await connection.fetch("SELECT name FROM page_outcomes WHERE page_id = $1", page_id)
    new = len(told.keys() - {row["name"] for row in known})
    await connection.execute(
        """
        INSERT INTO page_outcomes (page_id, name, published_on, changed_on, told)
        SELECT $1, name, $2, $2, told FROM unnest($3::text[], $4::bytea[]) AS o (name, told)
        ON CONFLICT (page_id, name) DO UPDATE SET told = excluded.told, changed_on = $2
        WHERE page_outcomes.told IS DISTINCT FROM excluded.told
        """,
        *(page_id, today, list(told), list(told.values())),
    )
    if new:
        await connection.execute(
            """
            INSERT INTO page_totals (kind, year, state, pages)
            VALUES ('outcome', $1, 'known', $2)
            ON CONFLICT (kind, year, state)
            DO UPDATE SET pages = page_totals.pages + excluded.pages
            """,
            *(today.year, new),
        )
    return new


async def hide(connection: Connection, page_id: bytes) -> None:
    """Tell nothing of a page any more."""
    await connection.execute(
        "UPDATE page_outcomes SET told = NULL WHERE page_id = $1 AND told IS NOT NULL", page_id
    )

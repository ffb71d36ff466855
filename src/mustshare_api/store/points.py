"""The approved points of campaigns: recorded, grouped for the map once a week, taken back.

    record    a cell and the Monday from which it may be shown; the same id again is no harm
    release   under the campaign's lock, points that wait become groups as `domain.points` says
    shown     for the public: cells with how many points they have; never a point by itself
    remove    a point goes at once; a group that it leaves too small waits for other points

Nothing here has heard of a tip; the public is shown these and the published pages' alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mustshare_api.domain.points import Cell, Group, Waiting
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Database, Row, retried
from mustshare_api.store.done import keep_done, was_done
from mustshare_api.store.outcome import Outcome


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A point as staff approve it."""

    point_id: bytes
    slug: str
    cell: Cell
    province: str | None
    batch_on: date


@dataclass(frozen=True, slots=True)
class Removal:
    """Which point is taken back, and the mark by which whoever asks once more is known.

    A group that it leaves with fewer than `k` is not shown; its points wait for `again_on`.
    """

    slug: str
    point_id: bytes
    k: int
    again_on: date
    mark: bytes
    today: date


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point as staff see it. `shown` is the cell whose group it is in, if any."""

    point_id: bytes
    cell: Cell
    province: str | None
    batch_on: date
    shown: Cell | None
    shown_on: date | None


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell with how many points its groups have, and the Monday of the last one."""

    cell: Cell
    points: int
    shown_on: date


class PointStore:
    """The table `campaign_points`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def record(self, new: NewPoint, limit: int, leaf: NewLeaf | None) -> Outcome:
        """Record a point.

        Returns:
            `RECORDED`; `SAME` when it is there already; `DIFFERENT` when its id is another's;
            `FULL` at `limit` points; `GONE` when there is no such campaign.
        """
        async with self._database.transaction() as connection:
            page_id = await _locked(connection, new.slug)
            if page_id is None:
                return Outcome.GONE
            if known := await _known(connection, new, page_id):
                return known
            count = await connection.fetchval(
                "SELECT count(*) FROM campaign_points WHERE page_id = $1", page_id
            )
            if count >= limit:
                return Outcome.FULL
            await connection.execute(
                """
                INSERT INTO campaign_points
                    (point_id, page_id, size_m, south_e7, west_e7, province, batch_on)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                *(new.point_id, page_id, new.cell.size_m, new.cell.south_e7),
                *(new.cell.west_e7, new.province, new.batch_on),
            )
            if leaf is not None:
                await append(connection, leaf)
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def listed(self, slug: str, after: bytes, limit: int) -> list[PointRow]:
        """Up to `limit` points of a campaign in the order of their ids: for staff."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT c.* FROM campaign_points AS c JOIN pages USING (page_id)
                WHERE kind = 'campaign' AND slug = $1 AND point_id > $2
                ORDER BY point_id LIMIT $3
                """,
                *(slug, after, limit),
            )
        return [_point(row) for row in rows]

    @retried(idempotent=True)
    async def remove(self, gone: Removal, leaf: NewLeaf | None) -> bool:
        """Take a point back; false when there is none, and the same officer took none back."""
        async with self._database.transaction() as connection:
            page_id = await _locked(connection, gone.slug)
            row = await connection.fetchrow(
                "DELETE FROM campaign_points WHERE page_id = $1 AND point_id = $2 RETURNING *",
                *(page_id, gone.point_id),
            )
            if page_id is None or row is None:
                return await was_done(connection, gone.mark)
            await _dissolve(connection, page_id, row, gone)
            await keep_done(connection, gone.today, gone.mark)
            if leaf is not None:
                await append(connection, leaf)
        return True

    @retried(idempotent=True)
    async def due(self, today: date) -> list[str]:
        """The campaigns that have a point whose Monday has come and that is shown nowhere."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT slug FROM pages WHERE kind = 'campaign' AND EXISTS (
                    SELECT FROM campaign_points AS c
                    WHERE c.page_id = pages.page_id AND shown_on IS NULL AND batch_on <= $1)
                ORDER BY slug
                """,
                today,
            )
        return [row["slug"] for row in rows]

    @retried(idempotent=True)
    async def release(
        self, slug: str, monday: date, gather: Callable[[Sequence[Waiting]], list[Group]]
    ) -> int:
        """Let the groups out that `gather` makes of the points that wait; how many points."""
        async with self._database.transaction() as connection:
            page_id = await _locked(connection, slug)
            rows = await connection.fetch(
                """
                SELECT * FROM campaign_points
                WHERE page_id = $1 AND shown_on IS NULL AND batch_on <= $2
                """,
                *(page_id, monday),
            )
            points = [_point(row) for row in rows]
            groups = gather([Waiting(one.point_id, one.cell, one.batch_on) for one in points])
            for group in groups:
                await connection.execute(
                    """
                    UPDATE campaign_points SET shown_size_m = $2, shown_on = $3
                    WHERE point_id = ANY ($1)
                    """,
                    *(list(group.point_ids), group.cell.size_m, monday),
                )
            if groups:
                await connection.execute("UPDATE plane SET generation = generation + 1")
        return sum(len(group.point_ids) for group in groups)

    @retried(idempotent=True)
    async def sweep(self) -> None:
        """Delete the points of campaigns whose pages are erased, and not published anew."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                DELETE FROM campaign_points
                USING pages JOIN page_versions AS v USING (page_id, version)
                WHERE pages.page_id = campaign_points.page_id AND v.act = 'erased'
                """
            )

    @retried(idempotent=True)
    async def shown(self, slug: str) -> list[ShownCell]:
        """The cells of a campaign's map, in the order of their names."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT shown_size_m AS size_m, count(*) AS points, max(shown_on) AS shown_on,
                       south_e7 / (100 * shown_size_m) * (100 * shown_size_m) AS south_e7,
                       west_e7 / (100 * shown_size_m) * (100 * shown_size_m) AS west_e7
                FROM campaign_points JOIN pages USING (page_id)
                WHERE kind = 'campaign' AND slug = $1 AND shown_on IS NOT NULL
                GROUP BY 1, 4, 5 ORDER BY 1, 4, 5
                """,
                slug,
            )
        return [_shown(row) for row in rows]

    @retried(idempotent=True)
    async def all_shown(self) -> list[tuple[bytes, ShownCell]]:
        """The cells of every campaign that is shown, with its page's id, in no order."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT t.page_id, cells.* FROM page_tags AS t CROSS JOIN LATERAL (
                    SELECT shown_size_m AS size_m, count(*) AS points,
                           max(shown_on) AS shown_on,
                           south_e7 / (100 * shown_size_m) * (100 * shown_size_m) AS south_e7,
                           west_e7 / (100 * shown_size_m) * (100 * shown_size_m) AS west_e7
                    FROM campaign_points AS c
                    WHERE c.page_id = t.page_id AND shown_on IS NOT NULL GROUP BY 1, 4, 5
                ) AS cells WHERE t.kind = 'campaign' AND t.tag = ''
                """
            )
        return [(row["page_id"], _shown(row)) for row in rows]

    @retried(idempotent=True)
    async def unshown(self, slug: str, monday: date) -> list[str | None]:
        """The province of each point that no cell shows and whose Monday lies before this."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT province FROM campaign_points JOIN pages USING (page_id)
                WHERE kind = 'campaign' AND slug = $1 AND shown_on IS NULL AND batch_on < $2
                """,
                *(slug, monday),
            )
        return [row["province"] for row in rows]


async def _locked(connection: Connection, slug: str) -> bytes | None:
    """The campaign's id, once nobody else changes its points."""
    page_id: bytes | None = await connection.fetchval(
        "SELECT page_id FROM pages WHERE kind = 'campaign' AND slug = $1 FOR NO KEY UPDATE",
        slug,
    )
    return page_id


async def _known(connection: Connection, new: NewPoint, page_id: bytes) -> Outcome | None:
    row = await connection.fetchrow(
        "SELECT * FROM campaign_points WHERE point_id = $1", new.point_id
    )
    if row is None:
        return None
    same = row["page_id"] == page_id and _point(row).cell == new.cell
    return Outcome.SAME if same and row["province"] == new.province else Outcome.DIFFERENT


async def _dissolve(connection: Connection, page_id: bytes, row: Row, why: Removal) -> None:
    """Hide what is left of a group where it has fewer than k points."""
    gone = _point(row)
    if gone.shown is None or gone.shown_on is None:
        return
    rows = await connection.fetch(
        """
        SELECT * FROM campaign_points
        WHERE page_id = $1 AND shown_on = $2 AND shown_size_m = $3
        """,
        *(page_id, gone.shown_on, gone.shown.size_m),
    )
    left = [one.point_id for one in map(_point, rows) if one.shown == gone.shown]
    if len(left) < why.k:
        await connection.execute(
            """
            UPDATE campaign_points SET shown_size_m = NULL, shown_on = NULL, batch_on = $2
            WHERE point_id = ANY ($1)
            """,
            *(left, why.again_on),
        )
    await connection.execute("UPDATE plane SET generation = generation + 1")


def _shown(row: Row) -> ShownCell:
    cell = Cell(row["size_m"], row["south_e7"], row["west_e7"])
    return ShownCell(cell, row["points"], row["shown_on"])


def _point(row: Row) -> PointRow:
    cell = Cell(row["size_m"], row["south_e7"], row["west_e7"])
    size = row["shown_size_m"]
    return PointRow(
        point_id=row["point_id"],
        cell=cell,
        province=row["province"],
        batch_on=row["batch_on"],
        shown=cell.within(size) if size else None,
        shown_on=row["shown_on"],
    )

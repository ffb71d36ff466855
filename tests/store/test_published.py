"""Public pages are found along an index, however many there are."""

import json
import secrets
from datetime import date, timedelta

import pytest

from mustshare_api.store.database import Connection, Database
from mustshare_api.store.points import PointStore
from mustshare_api.store.published import PublishedStore

PAGES = 1500
DAY = date(2026, 1, 1)


async def _fill(connection: Connection) -> None:
    """So many cases, a tenth of them in one province, one with a campaign."""
    ids = [secrets.token_bytes(16) for _ in range(PAGES)]
    days = [DAY + timedelta(days=n % 300) for n in range(PAGES)]
    tags = [
        [
            "state:open",
            *(["place:10"] if n % 10 == 0 else []),
            *(["campaign:a"] if not n else []),
        ]
        for n in range(PAGES)
    ]
    await connection.executemany(
        "INSERT INTO pages VALUES ($1, 'case', $2, 1, 1, 'open', $3, $3, NULL)",
        [(i, f"case-{n}", days[n]) for n, i in enumerate(ids)],
    )
    await connection.executemany(
        """
        INSERT INTO page_versions
            (page_id, version, act, happened_on, told, digest, content, shown, state, tags,
             pictures, was_public)
        VALUES ($1, 1, 'published', $2, 'null', sha256('x'), 'x', $3, 'open', $4, '{}', true)
        """,
        [
            (i, days[n], json.dumps({"slug": f"case-{n}"}).encode(), tags[n])
            for n, i in enumerate(ids)
        ],
    )
    await connection.executemany(
        "INSERT INTO page_tags VALUES ('case', $1, $2, $3)",
        [(tag, days[n], i) for n, i in enumerate(ids) for tag in ["", *tags[n]]],
    )
    await connection.executemany(
        "INSERT INTO page_pictures VALUES ($1, $2, sha256('x'), 'image/png', $3)",
        [(i, bytes(16), secrets.token_bytes(900)) for i in ids],
    )
    await connection.executemany(
        "INSERT INTO page_outcomes VALUES ($1, 'concluded', $2, $2, '{}')",
        [(i, days[n]) for n, i in enumerate(ids)],
    )
    await connection.execute("INSERT INTO page_totals VALUES ('case', 2026, 'open', 1500)")
    await _fill_campaigns(connection)
    await connection.execute("ANALYZE")


async def _fill_campaigns(connection: Connection) -> None:
    """A third as many campaigns, with some points each, half of them shown."""
    await connection.execute(
        """
        INSERT INTO pages
        SELECT substring(sha256(n::text::bytea) FOR 16), 'campaign', 'c' || n, 1, 1, 'open',
               '2026-01-01', '2026-01-01', NULL
        FROM generate_series(1, 500) AS n
        """
    )
    await connection.execute(
        """
        INSERT INTO page_versions (page_id, version, act, happened_on, told, shown, state, tags,
                                   pictures, opens_on, closes_on)
        SELECT page_id, 1, 'published', published_on, 'null', '{"body": 1, "slug": "c"}', state,
               '{}', '{}', '2026-01-01', NULL
        FROM pages WHERE kind = 'campaign'
        """
    )
    await connection.execute(
        "INSERT INTO page_tags SELECT kind, '', published_on, page_id FROM pages"
        " WHERE kind = 'campaign'"
    )
    await connection.execute(
        """
        INSERT INTO campaign_points
        SELECT uuid_send(gen_random_uuid()), page_id, 1000, 180000000 + n * 100000, 980000000,
               NULL, '2026-11-23', shown, CASE WHEN shown > 0 THEN '2026-11-23'::date END
        FROM pages, generate_series(1, 10) AS n,
             LATERAL (SELECT CASE WHEN n % 2 = 0 THEN 1000 END AS shown) AS half
        WHERE kind = 'campaign'
        """
    )


class _Explained:
    """A connection that explains what it is asked, before it is asked."""

    def __init__(self, connection: Connection, plans: list[str]) -> None:
        self._connection = connection
        self._plans = plans

    async def _explain(self, query: str, *args: object) -> None:
        rows = await self._connection.fetch(f"EXPLAIN {query}", *args)
        self._plans.append("\n".join(row[0] for row in rows))

    async def fetch(self, query: str, *args: object) -> object:
        await self._explain(query, *args)
        return await self._connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> object:
        await self._explain(query, *args)
        return await self._connection.fetchrow(query, *args)


class _Database:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.plans: list[str] = []

    def connection(self) -> object:
        """As that of a database, each query of it explained."""
        return _Held(self._database, self.plans)


class _Held:
    def __init__(self, database: Database, plans: list[str]) -> None:
        self._context = database.connection()
        self._plans = plans

    async def __aenter__(self) -> _Explained:
        return _Explained(await self._context.__aenter__(), self._plans)

    async def __aexit__(self, *raised: object) -> None:
        await self._context.__aexit__(*raised)  # type: ignore[arg-type]


@pytest.fixture
async def explained(database: Database) -> _Database:
    async with database.connection() as connection:
        await _fill(connection)
    return _Database(database)


async def test_no_public_question_reads_a_whole_table(explained: _Database) -> None:
    """A page, its history, its pictures, and every list, filtered or not."""
    store = PublishedStore(explained)  # type: ignore[arg-type]
    before = (DAY + timedelta(days=100), bytes(16))

    assert await store.shown("case", "case-7")
    assert await store.history("case", "case-7")
    assert await store.picture("case", "case-7", bytes(16)) is None
    for tags in (
        ("",),
        ("place:10",),
        ("place:10", "state:open"),
        ("campaign:a", "state:open"),
    ):
        assert await store.listed("case", tags, None, 20)
    assert len(await store.listed("case", ("",), before, 20)) == 20

    assert len(explained.plans) == 8
    assert [plan for plan in explained.plans if "Seq Scan" in plan] == []


async def test_nothing_that_goes_with_a_list_reads_a_whole_table(explained: _Database) -> None:
    """Campaigns, feeds, figures, a map, a gallery's page: each one question along an index."""
    store, points = PublishedStore(explained), PointStore(explained)  # type: ignore[arg-type]
    before = (DAY + timedelta(days=100), bytes(16))

    assert len(await store.called(DAY, None, 100)) == 100
    assert len(await store.called(None, before, 20)) == 20
    assert b"body" not in (await store.called(None, None, 1))[0].shown
    assert len(await store.outcomes(50)) == 50
    assert await store.totals() == [("case", 2026, "open", 1500)]
    assert len(await points.shown("c7")) == 5
    assert len(await points.unshown("c7", date(2026, 11, 30))) == 5
    assert await store.shown("campaign", "c7")

    assert len(explained.plans) == 8
    # One row a year, kind and state: no index is shorter than that.
    grown = [plan for plan in explained.plans if "page_totals" not in plan]
    assert [plan for plan in grown if "Seq Scan" in plan] == []


async def test_all_maps_at_once_are_read_from_what_is_shown_alone(explained: _Database) -> None:
    """Whatever waits is not looked at: all cells stand in one index."""
    found = await PointStore(explained).all_shown()  # type: ignore[arg-type]

    assert len(found) == 2500
    assert "Seq Scan" not in explained.plans[0]


async def test_a_list_is_in_order_and_walked_without_loss(explained: _Database) -> None:
    """Page by page every case once, the newest first."""
    store = PublishedStore(explained)  # type: ignore[arg-type]
    found: list[tuple[date, bytes]] = []
    before = None
    while rows := await store.listed("case", ("",), before, 500):
        found += [(row.published_on, row.page_id) for row in rows]
        before = found[-1]

    assert len(found) == PAGES
    assert found == sorted(found, reverse=True)

"""Public pages are found along an index, however many there are."""

import json
import secrets
from datetime import date, timedelta

import pytest

from mustshare_api.store.database import Connection, Database
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
             pictures)
        VALUES ($1, 1, 'published', $2, 'null', sha256('x'), 'x', $3, 'open', $4, '{}')
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
    await connection.execute("ANALYZE")


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

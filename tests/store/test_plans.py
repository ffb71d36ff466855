"""How what staff tools ask all day is looked up: by indexes, a row at a time."""

from datetime import timedelta
from typing import Any

import pytest

from mustshare_api.store.changes import ChangeStore, Place
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.rows import EVERYTHING, Reach
from mustshare_api.store.tips import TipStore
from tests.bench import many
from tests.store import made

KIDS = [b"a" * 16, b"b" * 16]
TIPS = 3_000


@pytest.fixture
async def filled(database: Database, dsn: str) -> Database:
    await many.fill(dsn, TIPS, KIDS, made.TODAY)
    return database


async def test_no_page_reads_a_table_that_grows_with_the_tips(filled: Database) -> None:
    """Of changes, of tips, of the index, of messages; for an officer and for a recovery."""
    changes, tips, envelopes = ChangeStore(filled), TipStore(filled), EnvelopeStore(filled)
    place = Place(made.TODAY - timedelta(days=300))
    async with many.watching(filled) as watched:
        for reach in (Reach(frozenset(KIDS)), EVERYTHING):
            told = await changes.tips(reach, place, 100)
            listed = await changes.objects(reach, place, 100)
            assert (len(told.rows), len(listed.rows)) == (100, 100)
            assert len(await tips.page(reach, b"\x10", 100)) == 100
            assert len(await envelopes.index(reach, b"\x10", 100)) == 100
            ids = [row.object_id for row in listed.rows]
            assert len(await envelopes.messages(reach, ids, 1 << 20)) == 100

    async with filled.connection() as connection:
        assert await watched.scanned(connection) == set()


async def test_what_is_not_held_is_passed_over_in_few_steps_and_told_by_no_place(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step looks at more than the one before, up to an end, and leaves no id behind."""
    looked: list[int] = []
    walk = ChangeStore._walked

    async def counted(store: ChangeStore, reach: Reach, after: Place, most: int) -> Any:
        looked.append(most)
        return await walk(store, reach, after, most)

    monkeypatch.setattr(ChangeStore, "_walked", counted)
    since = Place(made.TODAY - timedelta(days=1000))
    walked = await ChangeStore(filled).tips(Reach(frozenset([b"c" * 16])), since, 100)

    assert (walked.rows, walked.place) == ([], None)
    assert looked == [100, 400, 1600, 2000]

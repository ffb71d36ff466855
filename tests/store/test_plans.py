"""How what staff tools ask all day is looked up: by indexes, a row at a time."""

from datetime import timedelta

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
    changes, tips, envelopes = (kind(filled) for kind in (ChangeStore, TipStore, EnvelopeStore))
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


async def test_what_is_not_held_costs_no_more_than_a_page(filled: Database) -> None:
    """A walk over tips of others goes on where it stood, with nothing to show for it."""
    place: Place | None = Place(made.TODAY - timedelta(days=1000))
    pages = 0
    while place is not None:
        walked = await ChangeStore(filled).tips(Reach(frozenset([b"c" * 16])), place, 1000)
        assert walked.rows == []
        place, pages = walked.place, pages + 1

    assert pages == TIPS // 1000 + 1

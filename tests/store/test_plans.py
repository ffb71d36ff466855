"""How what staff tools ask all day is looked up: by indexes, a row at a time."""

from datetime import timedelta
from typing import Any

import pytest

from mustshare_api.store import walking
from mustshare_api.store.changes import ChangeStore, Place
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.rows import EVERYTHING, Reach
from mustshare_api.store.tips import TipStore
from tests.bench import many
from tests.store import made

KIDS = [b"a" * 16, b"b" * 16]
OWN = b"o" * 16
NOBODY = Reach(frozenset([b"c" * 16]))
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
            assert len((await tips.page(reach, b"\x10", 100)).rows) == 100
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
    look = ChangeStore._look

    async def counted(store: ChangeStore, reach: Reach, after: Place, most: int) -> Any:
        looked.append(most)
        return await look(store, reach, after, most)

    monkeypatch.setattr(ChangeStore, "_look", counted)
    since = Place(made.TODAY - timedelta(days=1000))
    walked = await ChangeStore(filled).tips(NOBODY, since, 100)

    assert (walked.rows, walked.place) == ([], None)
    assert looked == [100, 400, 1600, 2000]


@pytest.mark.parametrize("limit", [1, 40])
async def test_a_walk_over_what_is_not_held_is_cut_into_pages_and_finds_what_is(
    filled: Database, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """No request goes through a whole store; no place names a tip; nothing is left out."""
    monkeypatch.setattr(walking, "_LOOKED_MOST", 300)
    async with filled.connection() as connection:
        await connection.execute(
            """
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT $1, object_id, changed_on FROM envelopes WHERE get_byte(tip_id, 1) < 4
            """,
            OWN,
        )
        rows = await connection.fetch("SELECT tip_id, get_byte(tip_id, 1) < 4 FROM tips")
    own = {row[0] for row in rows if row[1]}
    others = {row[0] for row in rows} - own
    reach, changes, tips = Reach(frozenset([OWN])), ChangeStore(filled), TipStore(filled)

    told, listed, named = [], [], set[bytes]()
    day: Place | None = Place(made.TODAY - timedelta(days=1000))
    while day:
        told_page = await changes.tips(reach, day, limit)
        told += [row.tip_id for row in told_page.rows]
        day = told_page.place
        named.add(day.row_id if day else b"")
    place: bytes | None = b""
    while place is not None:
        page = await tips.page(reach, place, limit)
        listed += [row.tip_id for row in page.rows]
        place = page.place
        named.add(place or b"")

    assert (sorted(told), listed) == (sorted(own), sorted(own))
    assert not named & others
    assert len(named) > 2 * 3000 / (300 + 2000)


def test_a_short_place_tells_one_octet_where_that_leads_on() -> None:
    """And more only of an id that begins as the place before; never past the id itself."""
    row_id = bytes.fromhex("8412" + "00" * 13 + "07")

    assert walking.short_of(b"", row_id).hex() == "83" + "ff" * 15
    assert walking.short_of(bytes([0x83]) + bytes(15), row_id).hex() == "83" + "ff" * 15
    assert walking.short_of(bytes([0x84]) + bytes(15), row_id).hex() == "8411" + "ff" * 14
    assert walking.short_of(b"", bytes(16)) == bytes(16)

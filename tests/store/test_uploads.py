"""Uploads in the store: one row of chunks without a gap, whatever happens at one moment."""

import asyncio
import secrets
from datetime import date

import pytest

from mustshare_api.errors import Busy
from mustshare_api.store.database import Database
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.tips import NewTip, TipStore
from mustshare_api.store.uploads import NewChunk, Room, UploadStore
from tests.store.made import TODAY, envelope, tip

DUE = date(2026, 11, 25)
ROOM = Room(TODAY, 2, 3, 10_000, 100_000)


@pytest.fixture
def uploads(database: Database) -> UploadStore:
    return UploadStore(database)


async def living(tips: TipStore) -> NewTip:
    made = tip()
    assert await tips.record(made, envelope(made.tip_id)) is Outcome.RECORDED
    return made


async def begun(uploads: UploadStore, tip_id: bytes, room: Room = ROOM) -> bytes:
    upload_id = secrets.token_bytes(32)
    outcome = await uploads.begin(upload_id, tip_id, b"progress 0", DUE, room)
    assert outcome is Outcome.RECORDED
    return upload_id


def chunk(upload_id: bytes, tip_id: bytes, number: int, octets: bytes = b"c" * 100) -> NewChunk:
    return NewChunk(upload_id, tip_id, number, octets, b"progress %d" % (number + 1))


async def test_chunks_are_appended_in_order(tips: TipStore, uploads: UploadStore) -> None:
    """Each with the progress that was sealed for it."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    for number in range(3):
        step = chunk(upload_id, owner, number, b"%d" % number)
        assert await uploads.append(step, ROOM) is Outcome.RECORDED

    row = await uploads.find(upload_id, owner, TODAY)
    assert row is not None
    assert (row.chunks, row.progress, row.answer) == (3, b"progress 3", None)
    assert [await uploads.chunk(upload_id, n) for n in range(4)] == [b"0", b"1", b"2", None]


async def test_of_many_with_the_same_number_one_is_parked(
    tips: TipStore, uploads: UploadStore
) -> None:
    """The others are told so and change nothing."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    steps = [chunk(upload_id, owner, 0, secrets.token_bytes(50)) for _ in range(6)]
    outcomes = await asyncio.gather(*(uploads.append(step, ROOM) for step in steps))

    assert sorted(outcome.name for outcome in outcomes) == ["DIFFERENT"] * 5 + ["RECORDED"]
    winner = steps[outcomes.index(Outcome.RECORDED)]
    assert await uploads.chunk(upload_id, 0) == winner.octets
    assert await uploads.chunk(upload_id, 1) is None


async def test_a_gap_cannot_be_made(tips: TipStore, uploads: UploadStore) -> None:
    """A chunk that is not the next one is not taken."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)

    assert await uploads.append(chunk(upload_id, owner, 1), ROOM) is Outcome.DIFFERENT


async def test_the_first_answer_stays_and_the_chunks_go(
    tips: TipStore, uploads: UploadStore
) -> None:
    """Two who finish at one moment leave one answer; nothing is appended after it."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    await uploads.append(chunk(upload_id, owner, 0), ROOM)
    await uploads.finish(upload_id, 1, b"progress z", b"first")
    await uploads.finish(upload_id, 1, b"progress y", b"second")

    row = await uploads.find(upload_id, owner, TODAY)
    assert row is not None
    assert (row.answer, row.progress) == (b"first", b"progress z")
    assert await uploads.chunk(upload_id, 0) is None
    assert await uploads.append(chunk(upload_id, owner, 1), ROOM) is Outcome.DIFFERENT


async def test_dropping_spares_what_is_finished_unless_told(
    tips: TipStore, uploads: UploadStore
) -> None:
    """A refusal that comes late does not take an answer away."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    await uploads.finish(upload_id, 0, b"progress z", b"answer")
    await uploads.drop(upload_id, owner, finished=False)
    assert await uploads.find(upload_id, owner, TODAY) is not None

    await uploads.drop(upload_id, owner, finished=True)
    assert await uploads.find(upload_id, owner, TODAY) is None


async def test_another_tip_has_no_part_in_it(tips: TipStore, uploads: UploadStore) -> None:
    """Neither finds, nor appends, nor drops, nor begins it."""
    owner, other = (await living(tips)).tip_id, (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    await uploads.drop(upload_id, other, finished=True)

    assert await uploads.find(upload_id, other, TODAY) is None
    assert await uploads.append(chunk(upload_id, other, 0), ROOM) is Outcome.DIFFERENT
    taken = await uploads.begin(upload_id, other, b"mine", DUE, ROOM)
    assert taken is Outcome.DIFFERENT
    assert await uploads.begin(upload_id, owner, b"again", DUE, ROOM) is Outcome.SAME


async def test_a_dead_tip_takes_nothing_and_keeps_nothing(
    tips: TipStore, uploads: UploadStore
) -> None:
    """A withdrawal buries uploads too."""
    made = await living(tips)
    upload_id = await begun(uploads, made.tip_id)
    await uploads.append(chunk(upload_id, made.tip_id, 0), ROOM)
    assert await tips.withdraw(made.access_hash, TODAY)

    assert await uploads.chunk(upload_id, 0) is None
    assert await uploads.append(chunk(upload_id, made.tip_id, 1), ROOM) is Outcome.GONE
    late = await uploads.begin(secrets.token_bytes(32), made.tip_id, b"late", DUE, ROOM)
    assert late is Outcome.GONE


async def test_uploads_of_a_tip_are_bounded(tips: TipStore, uploads: UploadStore) -> None:
    """Unfinished ones, and finished ones with them, however many begin at one moment."""
    owner = (await living(tips)).tip_id

    async def one_more() -> Outcome:
        return await uploads.begin(secrets.token_bytes(32), owner, b"p", DUE, ROOM)

    outcomes = await asyncio.gather(*(one_more() for _ in range(6)))
    assert outcomes.count(Outcome.RECORDED) == ROOM.limit_uploads
    assert outcomes.count(Outcome.FULL) == 4


async def test_finished_uploads_count_against_a_bound_of_their_own(
    tips: TipStore, uploads: UploadStore
) -> None:
    """Answers are small, and still not endless."""
    owner = (await living(tips)).tip_id
    for _ in range(ROOM.limit_kept):
        await uploads.finish(await begun(uploads, owner), 0, b"progress z", b"answer")

    full = await uploads.begin(secrets.token_bytes(32), owner, b"p", DUE, ROOM)
    assert full is Outcome.FULL


async def test_bytes_of_a_tip_are_bounded(tips: TipStore, uploads: UploadStore) -> None:
    """Over both uploads together."""
    owner = (await living(tips)).tip_id
    first, second = await begun(uploads, owner), await begun(uploads, owner)

    assert await uploads.append(chunk(first, owner, 0, b"x" * 6000), ROOM) is Outcome.RECORDED
    assert await uploads.append(chunk(second, owner, 0, b"x" * 6000), ROOM) is Outcome.FULL
    assert await uploads.append(chunk(second, owner, 0, b"x" * 4000), ROOM) is Outcome.RECORDED


async def test_bytes_in_all_are_bounded(tips: TipStore, uploads: UploadStore) -> None:
    """Whoever comes then is asked to come back."""
    tight = Room(TODAY, 2, 3, 10_000, 10_000)
    one, other = (await living(tips)).tip_id, (await living(tips)).tip_id
    await uploads.append(chunk(await begun(uploads, one), one, 0, b"x" * 6000), tight)

    with pytest.raises(Busy):
        await uploads.append(chunk(await begun(uploads, other), other, 0, b"x" * 6000), tight)


async def test_an_upload_is_gone_on_its_day(tips: TipStore, uploads: UploadStore) -> None:
    """Not found before the sweep, and not there after it."""
    owner = (await living(tips)).tip_id
    upload_id = await begun(uploads, owner)
    await uploads.append(chunk(upload_id, owner, 0), ROOM)
    assert await uploads.find(upload_id, owner, date(2026, 11, 24)) is not None
    assert await uploads.find(upload_id, owner, DUE) is None

    await uploads.sweep(date(2026, 11, 24))
    assert await uploads.chunk(upload_id, 0) is not None
    await uploads.sweep(DUE)
    assert await uploads.chunk(upload_id, 0) is None

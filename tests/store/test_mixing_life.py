"""Mixing beside everything else: nothing is lost, nobody turned away, nothing done twice."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from mustshare_api.store import leavings
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.mixing import Mixer
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from mustshare_api.store.uploads import NewChunk, Room, UploadStore
from tests.store import made

NIGHT = made.TODAY + timedelta(days=1)
ROOM = Room(made.TODAY, 9, 9, 1 << 30, 1 << 30)

TABLES = {
    "tips": "tip_id",
    "envelopes": "object_id",
    "envelope_recipients": "object_id, kid",
    "envelope_chunks": "object_id, number",
    "rotations": "tip_id, number",
    "uploads": "upload_id",
    "upload_chunks": "upload_id, number",
}


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every column of every row about a reporter."""
    async with database.connection() as connection:
        return {
            table: [
                tuple(row)
                for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608
            ]
            for table, key in TABLES.items()
        }


async def written_by(database: Database) -> dict[bytes, int]:
    """The number of the transaction that wrote each tip's row."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT tip_id, xmin::text::bigint AS number FROM tips")
    return {row["tip_id"]: row["number"] for row in rows}


@pytest.fixture
async def life(database: Database, tips: TipStore, envelopes: EnvelopeStore) -> NewTip:
    """A tip with one of everything, beside a withdrawn one."""
    tip, gone = made.tip(), made.tip()
    for one in (tip, gone):
        await tips.record(one, made.envelope(one.tip_id))
    await tips.withdraw(gone.access_hash, made.TODAY)
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(reply, made.addition())
    for kind, follow_up in ((made.FILE_FROM_REPORTER, None), (made.FILE_FROM_STAFF, reply)):
        about = follow_up.object_id if follow_up else None
        file = made.envelope(tip.tip_id, kind, follow_up_id=about)
        octets = made.pieces(secrets.token_bytes(600_000))
        await envelopes.record_attachment(file, octets, made.addition())
    uploads = UploadStore(database)
    upload_id = secrets.token_bytes(32)
    await uploads.begin(upload_id, tip.tip_id, b"p" * 90, made.LATER, ROOM)
    chunk = NewChunk(upload_id, tip.tip_id, 0, secrets.token_bytes(40_000), b"q" * 90)
    await uploads.append(chunk, ROOM)
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO rotations VALUES ($1, 1, $2, $3, $3)",
            *(tip.tip_id, secrets.token_bytes(1248), secrets.token_bytes(64)),
        )
    return tip


async def test_every_row_is_written_again_and_none_is_changed(
    database: Database, life: NewTip
) -> None:
    """Not a column of a row differs afterwards; `room` is null in all."""
    before, numbers = await everything(database), await written_by(database)

    assert await Mixer(database).mix(NIGHT)

    assert await everything(database) == before
    after = await written_by(database)
    assert all(after[tip_id] > number for tip_id, number in numbers.items())


async def test_what_came_in_today_waits_for_the_next_night(
    database: Database, tips: TipStore
) -> None:
    """Else it would show that it came between midnight and the round; then it has its turn."""
    today = made.tip()
    await tips.record(today, made.envelope(today.tip_id))
    before = await written_by(database)

    assert await Mixer(database).mix(made.TODAY)
    assert await written_by(database) == before
    assert await Mixer(database).mix(NIGHT)

    assert (await written_by(database))[today.tip_id] > before[today.tip_id]


async def test_a_night_is_mixed_once_and_its_rows_never_again(
    database: Database, tip: NewTip, tips: TipStore
) -> None:
    """Neither later that day nor in nights after, unless a row is written to."""
    mixer = Mixer(database)
    assert await mixer.mix(NIGHT)
    mixed = await written_by(database)

    assert not await mixer.mix(NIGHT)
    for days in range(1, 5):
        other = made.tip()
        await tips.record(other, made.envelope(other.tip_id))
        assert await mixer.mix(NIGHT + timedelta(days=days))
        assert (await written_by(database))[tip.tip_id] == mixed[tip.tip_id]


async def test_a_round_that_was_cut_short_is_taken_up(
    database: Database, life: NewTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a kill: what was done is not done again, what was not is, and all is as it was."""
    before = await everything(database)

    async def killed(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as fault:
        fault.setattr(Mixer, "_rewrite_envelopes", killed)
        with pytest.raises(ConnectionResetError):
            await Mixer(database).mix(NIGHT)
    half_way = await written_by(database)

    assert await Mixer(database).mix(NIGHT)
    assert await written_by(database) == half_way
    assert await everything(database) == before
    assert not await Mixer(database).mix(NIGHT)


async def test_a_database_that_was_restored_elsewhere_is_mixed_whole(
    database: Database, tip: NewTip
) -> None:
    """A dump is read back in its own order, under numbers that mean something else there."""
    mixer = Mixer(database)
    await mixer.mix(NIGHT)
    mixed = await written_by(database)
    async with database.connection() as connection:
        await connection.execute("UPDATE mixing SET cluster = 1")

    assert await mixer.mix(NIGHT + timedelta(days=1))

    assert (await written_by(database))[tip.tip_id] > mixed[tip.tip_id]


async def test_reading_an_attachment_goes_on_while_it_is_mixed(
    database: Database, envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes]
) -> None:
    """The pieces after are those that were there before."""
    file, octets = kept
    found = await envelopes.stored(file.object_id)
    assert found is not None
    pieces = found.pieces
    read = [await anext(pieces), await anext(pieces)]

    assert await Mixer(database).mix(NIGHT)
    read += [piece async for piece in pieces]

    assert b"".join(read)[len(found.head.octets) :] == octets


async def test_reporters_and_staff_are_served_while_rows_are_mixed(
    database: Database, tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """Follow-ups are recorded, answers acknowledged, tips withdrawn and found; none is lost."""
    came = [made.tip() for _ in range(24)]
    answers = {}
    for tip in came:
        await tips.record(tip, made.envelope(tip.tip_id))
        answers[tip.tip_id] = answer = made.envelope(tip.tip_id, made.FROM_STAFF)
        await envelopes.record_message(answer, made.addition())
    added: list[bytes] = []

    async def busy(tip: NewTip, *, leaves: bool) -> None:
        for _ in range(4):
            said = made.envelope(tip.tip_id, made.FROM_REPORTER)
            outcome = await envelopes.record_message(said, made.addition(tip.access_hash))
            assert outcome is Outcome.RECORDED
            assert await tips.find(tip.access_hash, made.TODAY)
            added.append(said.object_id)
        await envelopes.acknowledge(tip.tip_id, answers[tip.tip_id].object_id)
        if leaves:
            assert await tips.withdraw(tip.access_hash, made.TODAY)

    everyone = [busy(tip, leaves=number % 6 == 0) for number, tip in enumerate(came)]
    await asyncio.gather(Mixer(database).mix(NIGHT), *everyone)

    stayed = {tip.tip_id for number, tip in enumerate(came) if number % 6}
    rows = (await everything(database))["envelopes"]
    assert {row[1] for row in rows} == stayed
    assert len(rows) == len(stayed) * 5
    found = [await tips.find(tip.access_hash, made.TODAY) for tip in came]
    assert {row.tip_id for row in found if row} == stayed


@pytest.mark.parametrize(
    ("table", "before"),
    [("envelopes", ["_rewrite_tips"]), ("uploads", ["_rewrite_tips", "_rewrite_envelopes"])],
)
async def test_a_tip_is_locked_before_what_lies_on_it(
    database: Database,
    life: NewTip,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    before: list[str],
) -> None:
    """As whoever withdraws or appends does; else both would wait for each other."""

    async def nothing(*_: object) -> None: ...

    for step in before:
        monkeypatch.setattr(Mixer, step, nothing)
    async with database.transaction() as withdrawing:
        await withdrawing.execute("SELECT FROM tips WHERE tip_id = $1 FOR UPDATE", life.tip_id)
        mixing = asyncio.create_task(Mixer(database).mix(NIGHT))
        while not await withdrawing.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)

        await withdrawing.execute(
            f"SELECT FROM {table} WHERE tip_id = $1 FOR UPDATE NOWAIT",
            life.tip_id,
        )
    assert await mixing


async def test_a_clock_that_was_ahead_for_a_while_does_not_end_the_mixing(
    database: Database, tip: NewTip
) -> None:
    """It begins anew with the whole store, since nobody knows what those rounds left out."""
    mixer = Mixer(database)
    assert await mixer.mix(NIGHT + timedelta(days=400))
    mixed = await written_by(database)

    assert await mixer.mix(NIGHT)

    assert (await written_by(database))[tip.tip_id] > mixed[tip.tip_id]
    assert not await mixer.mix(NIGHT)


async def test_a_process_whose_day_has_not_begun_leaves_the_next_day_alone(
    database: Database, tip: NewTip
) -> None:
    """Two services around midnight do not take turns at mixing all night."""
    mixer = Mixer(database)
    assert await mixer.mix(NIGHT)

    assert not await mixer.mix(made.TODAY)


async def test_old_rows_of_a_large_store_are_taken_away_on_the_way(
    database: Database, life: NewTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the end alone, when all attachments would lie on the disk twice."""
    vacuumed = 0
    whole = leavings.vacuum

    async def counted(database: Database) -> None:
        nonlocal vacuumed
        vacuumed += 1
        await whole(database)

    monkeypatch.setattr(leavings, "vacuum", counted)
    monkeypatch.setattr("mustshare_api.store.mixing.LEFT_BYTES", 1)
    monkeypatch.setattr("mustshare_api.store.unmixed.BATCH", 1)
    before = await everything(database)

    assert await Mixer(database).mix(NIGHT)

    assert vacuumed > 1
    assert await everything(database) == before

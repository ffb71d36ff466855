"""The server is killed while reporters send. What was acknowledged is there, and whole."""

import asyncio
import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import pytest

from mustshare_api.errors import Unavailable
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.migrations import migrate
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made

ROUNDS = 3
DONE = (Outcome.RECORDED, Outcome.SAME)


@dataclass
class Journal:
    """What the senders were told, kept where no crash of the server reaches it."""

    sent: dict[bytes, NewTip] = field(default_factory=dict)
    acknowledged: set[bytes] = field(default_factory=set)
    attached: set[bytes] = field(default_factory=set)
    withdrawn: set[bytes] = field(default_factory=set)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mustshare-") as directory:
        yield Path(directory)


async def _send(database: Database, journal: Journal, number: int) -> None:
    """A reporter: a tip, a photo, and in one case of four a change of mind."""
    tips, envelopes = TipStore(database), EnvelopeStore(database)
    while True:
        tip = made.tip()
        journal.sent[tip.tip_id] = tip
        if await tips.record(tip, made.envelope(tip.tip_id)) in DONE:
            journal.acknowledged.add(tip.tip_id)
        file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
        photo = made.pieces(secrets.token_bytes(300_000))
        if await envelopes.record_attachment(file, photo, made.addition()) in DONE:
            journal.attached.add(file.object_id)
        if secrets.randbelow(4) == number % 4 and await tips.withdraw(
            tip.access_hash, made.TODAY
        ):
            journal.withdrawn.add(tip.tip_id)
            journal.attached.discard(file.object_id)


async def _load_until_killed(server: EmbeddedPostgres, journal: Journal) -> None:
    database = await Database.connect(server.dsn, Tuning(connect_timeout_s=2))
    senders = [asyncio.create_task(_send(database, journal, n)) for n in range(8)]
    await asyncio.sleep(0.6)
    family = psutil.Process(server.pid).children()
    os.kill(server.pid, signal.SIGKILL)
    for process in family:
        with suppress(psutil.NoSuchProcess):  # gone already: they notice
            process.kill()
    outcomes = await asyncio.gather(*senders, return_exceptions=True)
    await database.close()
    assert {type(outcome) for outcome in outcomes} == {Unavailable}


async def _audit(server: EmbeddedPostgres, journal: Journal) -> None:
    database = await Database.connect(server.dsn)
    tips, envelopes = TipStore(database), EnvelopeStore(database)
    async with database.connection() as connection:
        kept = {row["tip_id"]: row["state"] for row in await connection.fetch("TABLE tips")}
        objects = await connection.fetch("SELECT object_id, payload_bytes FROM envelopes")
        bare = await connection.fetchval(
            "SELECT count(*) FROM tips t WHERE state NOT IN ('withdrawn', 'expired')"
            " AND NOT EXISTS"
            " (SELECT FROM envelopes e WHERE e.tip_id = t.tip_id AND e.kind = 1)"
        )
        haunted = await connection.fetchval(
            "SELECT count(*) FROM tips JOIN envelopes USING (tip_id)"
            " WHERE state IN ('withdrawn', 'expired')"
        )
    assert journal.acknowledged <= kept.keys() <= journal.sent.keys()
    assert all(kept[tip_id] == "withdrawn" for tip_id in journal.withdrawn)
    assert (bare, haunted) == (0, 0)
    assert journal.attached <= {row["object_id"] for row in objects}
    for row in objects:
        pieces = [len(piece) async for piece in envelopes.stream(row["object_id"])]
        assert sum(pieces[1:]) == row["payload_bytes"]
    for tip in [journal.sent[t] for t, state in kept.items() if state == "received"][:20]:
        again = replace(tip, tip_id=secrets.token_bytes(16))
        assert await tips.record(again, made.envelope(again.tip_id)) is Outcome.SAME
    await database.close()


async def test_no_acknowledged_row_is_lost_when_the_server_is_killed(home: Path) -> None:
    """All its processes at once, in the middle of a load, several times over."""
    journal = Journal()
    with EmbeddedPostgres.start(home) as server:
        await migrate(server.dsn)

    for _ in range(ROUNDS):
        with EmbeddedPostgres.start(home) as server:
            await _load_until_killed(server, journal)
        with EmbeddedPostgres.start(home) as server:
            await _audit(server, journal)

    assert len(journal.acknowledged) > 10 * ROUNDS
    assert journal.withdrawn


async def test_a_backend_that_is_killed_takes_no_acknowledged_row_with_it(home: Path) -> None:
    """The server restarts itself, and the same pool goes on once it is back."""
    with EmbeddedPostgres.start(home) as server:
        await migrate(server.dsn)
        database = await Database.connect(server.dsn)
        tips = TipStore(database)
        tip = made.tip()
        await tips.record(tip, made.envelope(tip.tip_id))
        async with database.connection() as connection:
            backend = connection.get_server_pid()
        os.kill(backend, signal.SIGKILL)

        assert await _patiently(tips, tip) is Outcome.SAME
        await database.close()


async def _patiently(tips: TipStore, tip: NewTip) -> Outcome:
    for _ in range(200):
        try:
            return await tips.record(tip, made.envelope(tip.tip_id))
        except Unavailable:
            await asyncio.sleep(0.05)
    raise AssertionError


async def test_an_upload_in_the_middle_of_which_the_server_dies_leaves_nothing(
    home: Path,
) -> None:
    """And its sender is told that it was not recorded."""
    with EmbeddedPostgres.start(home) as server:
        await migrate(server.dsn)
        database = await Database.connect(server.dsn, Tuning(connect_timeout_s=2))
        tip = made.tip()
        await TipStore(database).record(tip, made.envelope(tip.tip_id))
        killed = server.pid

        async def cut() -> AsyncIterator[bytes]:
            yield secrets.token_bytes(2_000_000)
            os.kill(killed, signal.SIGKILL)
            for _ in range(100):
                yield secrets.token_bytes(200_000)
                await asyncio.sleep(0.01)

        file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
        with pytest.raises(Unavailable):
            await EnvelopeStore(database).record_attachment(file, cut(), made.addition())
        await database.close()

    with EmbeddedPostgres.start(home) as server:
        database = await Database.connect(server.dsn)
        async with database.connection() as connection:
            left = await connection.fetchval("SELECT count(*) FROM envelope_chunks")
        await database.close()
    assert left == 0

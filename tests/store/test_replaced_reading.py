"""Whoever reads while an object is replaced, and what a crash in the middle leaves."""

import asyncio
import dataclasses
import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mustshare_api.errors import Unavailable, WrongMoment
from mustshare_api.store.chunks import CHUNK_BYTES
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.migrations import migrate
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import TipStore
from tests.store import made
from tests.store.replaced import SIZE, named, read, replacement


@pytest.mark.parametrize("taken", [0, 1, 2, 3, 4])
async def test_a_reader_never_gets_half_of_one_payload_and_half_of_another(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes], taken: int
) -> None:
    """However far they have come: the old one whole, the new one whole, or an error."""
    file, octets = kept
    reading = envelopes.stream(file.object_id)
    pieces = [await anext(reading) for _ in range(taken)]
    change = replacement(file, payload=secrets.token_bytes(SIZE))
    await envelopes.replace_object(change)

    try:
        pieces += [piece async for piece in reading]
    except WrongMoment:
        assert 1 <= taken <= 3
        return
    is_new = taken == 0
    new = await read(envelopes, file.object_id)
    assert b"".join(pieces) == (new if is_new else file.prefix + file.stanzas + octets)


async def test_a_reader_is_not_disturbed_where_only_stanzas_change(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes]
) -> None:
    """The head they read first and the payload behind it belong together as before."""
    file, octets = kept
    reading = envelopes.stream(file.object_id)
    pieces = [await anext(reading) for _ in range(2)]
    await envelopes.replace_stanzas(replacement(file))
    pieces += [piece async for piece in reading]

    assert b"".join(pieces) == file.prefix + file.stanzas + octets


async def test_readers_under_constant_change_get_one_whole_object_or_an_error(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes]
) -> None:
    """Many at a time, while the object is sealed anew over and over."""
    file, octets = kept
    known = {file.prefix + file.stanzas + octets}
    whole: list[bytes] = []

    async def change() -> None:
        sealed = file
        for _ in range(8):
            payload = secrets.token_bytes(SIZE)
            one = replacement(sealed, payload=payload)
            known.add(file.prefix + one.stanzas + payload)
            assert await envelopes.replace_object(one) is Outcome.RECORDED
            sealed = dataclasses.replace(sealed, stanzas=one.stanzas)

    async def look() -> None:
        for _ in range(12):
            try:
                whole.append(await read(envelopes, file.object_id))
            except WrongMoment:
                continue

    await asyncio.gather(change(), look(), look(), look())
    assert whole
    assert set(whole) <= known


async def test_a_server_killed_in_the_middle_leaves_the_object_as_it_was() -> None:
    """And whoever changed it is told that it was not done, so that they try again."""
    with tempfile.TemporaryDirectory(prefix="mustshare-") as home:
        octets, tip = secrets.token_bytes(SIZE), made.tip()
        file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
        change = replacement(file, payload=b"y" * SIZE)
        with EmbeddedPostgres.start(Path(home)) as server:
            await migrate(server.dsn)
            database = await Database.connect(server.dsn, Tuning(connect_timeout_s=2))
            envelopes = EnvelopeStore(database)
            await TipStore(database).record(tip, made.envelope(tip.tip_id))
            await envelopes.record_attachment(file, made.pieces(octets), made.addition())
            killed = server.pid

            async def cut() -> AsyncIterator[bytes]:
                yield b"y" * CHUNK_BYTES
                os.kill(killed, signal.SIGKILL)
                for _ in range(100):
                    yield b"y" * CHUNK_BYTES
                    await asyncio.sleep(0.01)

            with pytest.raises(Unavailable):
                await envelopes.replace_object(dataclasses.replace(change, payload=cut))
            await database.close()
        with EmbeddedPostgres.start(Path(home)) as server:
            database = await Database.connect(server.dsn)
            envelopes = EnvelopeStore(database)
            assert await read(envelopes, file.object_id) == file.prefix + file.stanzas + octets
            assert await named(database, file.object_id) == set(file.kids)
            assert await envelopes.replace_object(change) is Outcome.RECORDED
            await database.close()

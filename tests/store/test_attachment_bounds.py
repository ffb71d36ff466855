"""What attachments cost and how they end: limits, slow senders, readers, memory."""

import asyncio
import gc
import hashlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mustshare_api.errors import Busy, NotFound
from mustshare_api.store.chunks import CHUNK_BYTES
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


@pytest.mark.parametrize("limits", [(1, 1 << 30), (100, 65_552 * 2)], ids=["objects", "bytes"])
async def test_a_tip_takes_no_more_than_its_limit(
    envelopes: EnvelopeStore,
    database: Database,
    tip: NewTip,
    file: NewEnvelope,
    limits: tuple[int, int],
) -> None:
    """Known before for objects, and for bytes once they are counted."""
    addition = made.addition(tip.access_hash, limit_objects=limits[0], limit_bytes=limits[1])
    second = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
    await envelopes.record_attachment(file, made.pieces(b"x" * 65_552), addition)

    outcome = await envelopes.record_attachment(second, made.pieces(b"x" * 65_552), addition)

    assert outcome is Outcome.FULL
    assert await made.attachment_rows(database) == (1, 1)


async def test_slow_senders_leave_connections_for_tips(dsn: str) -> None:
    """As many uploads as may stand still do, one more is told to come back, a tip goes in."""
    tuning = Tuning(connections=3, streams=2, connect_timeout_s=0.5)
    database = await Database.connect(dsn, tuning)
    tips, envelopes = TipStore(database), EnvelopeStore(database)
    tip = made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))

    async def still() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    held = [
        asyncio.create_task(
            envelopes.record_attachment(
                made.envelope(tip.tip_id, made.FILE_FROM_STAFF), still(), made.addition()
            )
        )
        for _ in range(2)
    ]
    await asyncio.sleep(0.1)

    with pytest.raises(Busy):
        await envelopes.record_attachment(
            made.envelope(tip.tip_id, made.FILE_FROM_STAFF), still(), made.addition()
        )
    other = made.tip()
    assert await tips.record(other, made.envelope(other.tip_id)) is Outcome.RECORDED
    for upload in held:
        upload.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    await database.close()


async def test_reading_ends_with_an_error_where_the_object_is_buried_half_way(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope
) -> None:
    """Never a shorter object that looks whole."""
    await envelopes.record_attachment(
        file, made.pieces(b"x" * 600_000), made.addition(tip.access_hash)
    )
    reading = envelopes.stream(file.object_id)
    head, first = await anext(reading), await anext(reading)
    await tips.withdraw(tip.access_hash, made.TODAY)

    assert (head, first) == (file.prefix + file.stanzas, b"x" * CHUNK_BYTES)
    with pytest.raises(NotFound):
        await anext(reading)


async def test_memory_stays_flat_over_30_megabytes(
    envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope
) -> None:
    """In and out again: at most 8 MB more, whatever the length."""
    block = secrets.token_bytes(65_536)
    digest, size = hashlib.sha256(), 30 * 1024 * 1024
    peak = 0

    def watch() -> None:
        nonlocal peak
        peak = max(peak, _resident_bytes())

    async def large() -> AsyncIterator[bytes]:
        for _ in range(size // len(block)):
            watch()
            yield block

    gc.collect()
    before = _resident_bytes()
    await envelopes.record_attachment(file, large(), made.addition(tip.access_hash))
    async for piece in envelopes.stream(file.object_id):
        digest.update(piece)
        watch()

    whole = hashlib.sha256(file.prefix + file.stanzas)
    for _ in range(size // len(block)):
        whole.update(block)
    assert digest.digest() == whole.digest()
    assert peak - before < 8 * 1024 * 1024

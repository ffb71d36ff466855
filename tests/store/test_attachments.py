"""Attachments: taken in and handed out in pieces, whole or not at all."""

import asyncio
import dataclasses
import secrets
from collections.abc import AsyncIterator

import pytest

from mustshare_api.errors import Malformed
from mustshare_api.store.chunks import CHUNK_BYTES, evenly
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made


@pytest.mark.parametrize(
    "sizes", [(1,), (65_552,), (CHUNK_BYTES,), (CHUNK_BYTES - 1, 2, 700_001)]
)
async def test_an_attachment_is_read_back_octet_for_octet(
    envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope, sizes: tuple[int, ...]
) -> None:
    """However it was cut on its way in."""
    sent = [secrets.token_bytes(size) for size in sizes]

    outcome = await envelopes.record_attachment(
        file, made.pieces(*sent), made.addition(tip.access_hash)
    )

    assert outcome is Outcome.RECORDED
    read = b"".join([piece async for piece in envelopes.stream(file.object_id)])
    assert read == file.prefix + file.stanzas + b"".join(sent)


async def test_chunks_do_not_show_how_the_sender_cut() -> None:
    """Sizes of network reads say something about a sender's line."""
    cut = [
        len(piece) async for piece in evenly(made.pieces(b"a" * 10, b"b" * 600_000, b"", b"c"))
    ]

    assert cut == [CHUNK_BYTES, CHUNK_BYTES, 600_011 - 2 * CHUNK_BYTES]


async def test_a_retried_attachment_is_the_same_and_is_not_read(
    envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope
) -> None:
    """A lost answer costs neither a second copy nor a second upload."""
    again = made.pieces(b"never read")
    addition = made.addition(tip.access_hash)
    await envelopes.record_attachment(file, made.pieces(b"x" * 65_552), addition)

    assert await envelopes.record_attachment(file, again, addition) is Outcome.SAME

    assert await anext(again) == b"never read"


async def test_other_content_under_an_id_is_different(
    envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope
) -> None:
    """And does not replace what is there."""
    other = dataclasses.replace(file, fingerprint=secrets.token_bytes(32))
    addition = made.addition(tip.access_hash)
    await envelopes.record_attachment(file, made.pieces(b"x" * 65_552), addition)

    outcome = await envelopes.record_attachment(other, made.pieces(b"y" * 65_552), addition)

    assert outcome is Outcome.DIFFERENT
    read = b"".join([piece async for piece in envelopes.stream(file.object_id)])
    assert read.endswith(b"x" * 65_552)


async def test_of_simultaneous_copies_one_records_and_the_rest_are_the_same(
    envelopes: EnvelopeStore, database: Database, tip: NewTip, file: NewEnvelope
) -> None:
    """A front end that gave up waiting and sent again meets its own first attempt."""
    outcomes = await asyncio.gather(
        *(
            envelopes.record_attachment(
                file, made.pieces(b"x" * 600_000), made.addition(tip.access_hash)
            )
            for _ in range(4)
        )
    )

    assert outcomes.count(Outcome.RECORDED) == 1
    assert outcomes.count(Outcome.SAME) == 3
    assert await made.attachment_rows(database) == (1, 3)


async def test_the_message_that_names_an_attachment_comes_with_it(
    envelopes: EnvelopeStore, tip: NewTip, file: NewEnvelope
) -> None:
    """Both in one transaction: staff never see one without the other."""
    addition = made.addition(tip.access_hash)
    notice = made.envelope(tip.tip_id, made.FROM_REPORTER)

    outcome = await envelopes.record_attachment(
        file, made.pieces(b"x" * 65_552), addition, notice=(notice, addition)
    )

    assert outcome is Outcome.RECORDED
    recorded = {entry.object_id for entry in await envelopes.index(EVERYTHING, None, 10)}
    assert {file.object_id, notice.object_id} < recorded


@pytest.mark.parametrize("fault", ["full", "taken"])
async def test_where_the_message_cannot_be_recorded_the_attachment_is_not(
    envelopes: EnvelopeStore, database: Database, tip: NewTip, file: NewEnvelope, fault: str
) -> None:
    """A file that nothing signed names would be nobody's."""
    addition = made.addition(tip.access_hash)
    notice = made.envelope(tip.tip_id, made.FROM_REPORTER)
    await envelopes.record_message(notice, addition)
    if fault == "full":
        notice = made.envelope(tip.tip_id, made.FROM_REPORTER)
    limited = made.addition(tip.access_hash, limit_objects=1)

    outcome = await envelopes.record_attachment(
        file, made.pieces(b"x" * 65_552), addition, notice=(notice, limited)
    )

    assert outcome is {"full": Outcome.FULL, "taken": Outcome.DIFFERENT}[fault]
    assert await made.attachment_rows(database) == (0, 0)


async def test_a_sender_that_fails_leaves_nothing_and_hears_its_own_error(
    envelopes: EnvelopeStore, database: Database, tip: NewTip, file: NewEnvelope
) -> None:
    """A broken line or bad padding is not the database's failure, even if it looks like one."""

    async def broken(error: Exception) -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        raise error

    for error in (Malformed("envelope.not_padded"), TimeoutError(), ConnectionResetError()):
        with pytest.raises(type(error)):
            await envelopes.record_attachment(
                file, broken(error), made.addition(tip.access_hash)
            )
    assert await made.attachment_rows(database) == (0, 0)


async def test_a_sender_that_is_cut_off_leaves_nothing(
    envelopes: EnvelopeStore, database: Database, tip: NewTip, file: NewEnvelope
) -> None:
    """Cancelled in the middle of an upload; the connection is fit for the next one."""
    reached = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        reached.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(
        envelopes.record_attachment(file, endless(), made.addition(tip.access_hash))
    )
    await reached.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    assert await made.attachment_rows(database) == (0, 0)
    outcome = await envelopes.record_attachment(
        file, made.pieces(b"x" * 65_552), made.addition(tip.access_hash)
    )
    assert outcome is Outcome.RECORDED


async def test_a_withdrawal_does_not_wait_for_a_slow_sender_and_wins(
    tips: TipStore, envelopes: EnvelopeStore, database: Database, tip: NewTip, file: NewEnvelope
) -> None:
    """Burning a receipt works at once; the upload then finds its tip gone."""
    reached, withdrawn = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        reached.set()
        await withdrawn.wait()
        yield b"x"

    upload = asyncio.create_task(
        envelopes.record_attachment(file, slow(), made.addition(tip.access_hash))
    )
    await reached.wait()
    assert await asyncio.wait_for(tips.withdraw(tip.access_hash, made.TODAY), 2)
    withdrawn.set()

    assert await upload is Outcome.GONE
    assert await made.attachment_rows(database) == (0, 0)

"""Stanzas and payloads put in the place of others: all of it or nothing."""

import asyncio
import dataclasses
import secrets
from collections.abc import AsyncIterator

import pytest

from mustshare_api.errors import MustShareError
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.chunks import CHUNK_BYTES
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made
from tests.store.replaced import SIZE, named, read, replacement


async def test_stanzas_take_the_place_of_others_and_nothing_else_changes(
    envelopes: EnvelopeStore, database: Database, message: NewEnvelope
) -> None:
    """With the table of their keys, one of which may have been there before."""
    block = b"\x02" + message.stanzas[1:1185] + secrets.token_bytes(1184)
    before = await envelopes.head(message.object_id)

    assert await envelopes.replace_stanzas(replacement(message, block=block)) is (
        Outcome.RECORDED
    )

    after = await envelopes.head(message.object_id)
    assert before is not None
    assert after == dataclasses.replace(before, stanzas=block)
    assert await named(database, message.object_id) == {block[1:17], block[1185:1201]}
    assert await read(envelopes, message.object_id) == (
        message.prefix + block + (message.payload or b"")
    )


async def test_a_retry_finds_that_it_is_so_already(
    envelopes: EnvelopeStore, message: NewEnvelope
) -> None:
    """However often; and what is another change of the same object is told apart."""
    change = replacement(message)

    assert [await envelopes.replace_stanzas(change) for _ in range(3)] == [
        *(Outcome.RECORDED, Outcome.SAME, Outcome.SAME),
    ]
    assert await envelopes.replace_stanzas(replacement(message)) is Outcome.DIFFERENT


async def test_of_simultaneous_changes_one_stands(
    envelopes: EnvelopeStore, database: Database, message: NewEnvelope
) -> None:
    """The others are told that it is not the object they saw; nothing is mixed."""
    changes = [replacement(message) for _ in range(6)]

    outcomes = await asyncio.gather(*(envelopes.replace_stanzas(one) for one in changes))

    (won,) = [c for c, o in zip(changes, outcomes, strict=True) if o is Outcome.RECORDED]
    assert outcomes.count(Outcome.DIFFERENT) == 5
    head = await envelopes.head(message.object_id)
    assert head is not None
    assert head.stanzas == won.stanzas
    assert await named(database, message.object_id) == {won.stanzas[1:17]}


async def test_nothing_is_changed_on_a_tip_that_is_due_or_gone(
    envelopes: EnvelopeStore, tips: TipStore, tip: NewTip, message: NewEnvelope
) -> None:
    """Swept or not, acknowledged or buried, or on another tip."""
    due = dataclasses.replace(replacement(message), today=tip.expires_on)
    elsewhere = dataclasses.replace(replacement(message), tip_id=secrets.token_bytes(16))

    assert await envelopes.replace_stanzas(due) is Outcome.GONE
    assert await envelopes.replace_stanzas(elsewhere) is Outcome.GONE
    await envelopes.acknowledge(tip.tip_id, message.object_id)
    assert await envelopes.replace_stanzas(replacement(message)) is Outcome.GONE
    await tips.withdraw(tip.access_hash, made.TODAY)
    assert await envelopes.replace_stanzas(replacement(message)) is Outcome.GONE


@pytest.mark.parametrize("end", ["withdrawn", "acknowledged", "expired"])
async def test_a_change_and_an_end_at_one_moment_leave_nothing_behind(
    envelopes: EnvelopeStore, tips: TipStore, database: Database, end: str
) -> None:
    """Whichever comes first: changed and deleted, or deleted and refused."""
    for _ in range(5):
        tip = made.tip()
        await tips.record(tip, made.envelope(tip.tip_id))
        reply = made.envelope(tip.tip_id, made.FROM_STAFF)
        await envelopes.record_message(reply, made.addition())
        sealed = made.envelope(tip.tip_id, made.FILE_FROM_STAFF, follow_up_id=reply.object_id)
        await envelopes.record_attachment(sealed, made.pieces(b"x" * SIZE), made.addition())
        change = envelopes.replace_object(replacement(sealed, payload=b"y" * SIZE))
        if end == "withdrawn":
            changed, _ = await asyncio.gather(
                change, tips.withdraw(tip.access_hash, made.TODAY)
            )
        elif end == "acknowledged":
            changed, _ = await asyncio.gather(
                change, envelopes.acknowledge(tip.tip_id, reply.object_id)
            )
        else:
            changed, _ = await asyncio.gather(change, tips.expire(tip.expires_on))
            # Expiry passes over a tip that somebody is busy with, until the next round.
            await tips.expire(tip.expires_on)
        assert changed in (Outcome.RECORDED, Outcome.GONE)

    assert {entry.kind for entry in await envelopes.index(EVERYTHING, None, 100)} <= {made.TIP}
    async with database.connection() as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM envelope_recipients r"
            " WHERE NOT EXISTS (SELECT FROM envelopes e WHERE e.object_id = r.object_id)"
        )
        assert (left, await connection.fetchval("SELECT count(*) FROM envelope_chunks")) == (
            *(0, 0),
        )


async def test_a_message_is_replaced_whole(
    envelopes: EnvelopeStore, message: NewEnvelope
) -> None:
    """Stanzas and payload, in one statement's sight."""
    change = replacement(message, payload=secrets.token_bytes(4304))
    assert change.payload is not None
    octets = b"".join([piece async for piece in change.payload()])

    assert await envelopes.replace_object(change) is Outcome.RECORDED
    assert await envelopes.replace_object(change) is Outcome.SAME

    assert await read(envelopes, message.object_id) == (
        message.prefix + change.stanzas + octets
    )


async def test_a_file_is_replaced_whole(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes]
) -> None:
    """Chunk by chunk in one transaction."""
    file, _ = kept
    octets = secrets.token_bytes(SIZE)
    change = replacement(file, payload=octets)

    assert await envelopes.replace_object(change) is Outcome.RECORDED

    assert await read(envelopes, file.object_id) == file.prefix + change.stanzas + octets


@pytest.mark.parametrize("size", [0, SIZE - 1, SIZE + 1, SIZE + CHUNK_BYTES])
async def test_a_payload_of_another_length_changes_nothing(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes], size: int
) -> None:
    """Its length stands in the index, and readers go by it."""
    file, octets = kept

    with pytest.raises(MustShareError, match="internal"):
        await envelopes.replace_object(replacement(file, payload=b"x" * size))

    assert await read(envelopes, file.object_id) == file.prefix + file.stanzas + octets


async def test_a_payload_that_fails_half_way_changes_nothing(
    envelopes: EnvelopeStore, kept: tuple[NewEnvelope, bytes]
) -> None:
    """And its own error is heard."""
    file, octets = kept

    async def broken() -> AsyncIterator[bytes]:
        yield b"y" * (SIZE - 1)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await envelopes.replace_object(dataclasses.replace(replacement(file), payload=broken))

    assert await read(envelopes, file.object_id) == file.prefix + file.stanzas + octets


async def test_a_change_is_remembered_once_and_a_refused_one_never(
    envelopes: EnvelopeStore, database: Database, message: NewEnvelope
) -> None:
    """With the change, in its transaction: a retry adds none, nor does what comes too late."""
    leaf = NewLeaf(b"wrapped anew\n", made.TODAY)
    first = dataclasses.replace(replacement(message), leaf=leaf)
    other = dataclasses.replace(replacement(message, payload=bytes(4304)), leaf=leaf)
    for change in (first, first, other):
        await envelopes.replace_object(change)
        await envelopes.replace_stanzas(change)

    async with database.connection() as connection:
        kept = await connection.fetch("SELECT event FROM audit_leaves ORDER BY position")
    assert [row["event"] for row in kept].count(leaf.event) == 1


async def test_a_change_that_fails_is_not_remembered(
    envelopes: EnvelopeStore, database: Database, message: NewEnvelope
) -> None:
    """No leaf without its deed."""
    leaf = NewLeaf(b"sealed anew\n", made.TODAY)
    change = dataclasses.replace(replacement(message, payload=b"short"), leaf=leaf)
    with pytest.raises(MustShareError):
        await envelopes.replace_object(change)

    async with database.connection() as connection:
        kept = await connection.fetch("SELECT event FROM audit_leaves")
    assert leaf.event not in [row["event"] for row in kept]

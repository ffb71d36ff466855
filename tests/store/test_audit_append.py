"""The audit log's append: with the write or not at all, one at a time, in one order."""

import asyncio
from collections.abc import Sequence

import pytest

from mustshare_api.crypto.merkle import EMPTY_ROOT, leaf_hash, node_hash, root_of
from mustshare_api.store.audit import NewLeaf, append, split_hashes
from mustshare_api.store.database import Database
from mustshare_api.store.directories import DirectoryStore
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip
from tests.store import made


def deed(number: int = 0) -> NewLeaf:
    return NewLeaf(f"deed {number}\n".encode(), made.TODAY)


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


async def root_and_leaves(database: Database) -> tuple[bytes, list[bytes]]:
    async with database.connection() as connection:
        peaks = await connection.fetchval("SELECT peaks FROM audit_head")
        rows = await connection.fetch("SELECT nonce, event FROM audit_leaves ORDER BY position")
    return root_of(split_hashes(peaks)), [
        leaf_hash(row["nonce"] + row["event"]) for row in rows
    ]


async def deeds(database: Database) -> int:
    """How many leaves there are beyond that of the migration."""
    return len((await root_and_leaves(database))[1]) - 1


async def test_the_root_of_the_head_is_the_root_of_the_events(database: Database) -> None:
    """After any number of appends the peaks fold to the tree hash of RFC 9162."""
    for number in range(11):
        async with database.transaction() as connection:
            await append(connection, deed(number))
        root, leaves = await root_and_leaves(database)
        assert root == naive_root(leaves)


async def test_many_at_once_take_turns(database: Database) -> None:
    """Deeds that end at one moment get one order, and none is lost."""

    async def one(number: int) -> None:
        async with database.transaction() as connection:
            await append(connection, deed(number))

    await asyncio.gather(*(one(number) for number in range(20)))

    root, leaves = await root_and_leaves(database)
    assert len(leaves) == 21
    assert root == naive_root(leaves)


async def test_a_deed_that_fails_leaves_no_leaf(database: Database) -> None:
    """The leaf goes with the transaction that it stands in."""

    async def fail() -> None:
        async with database.transaction() as connection:
            await append(connection, deed())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await deeds(database) == 0


async def test_an_answer_is_remembered_once(
    database: Database, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """A retry of a recorded answer appends nothing."""
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(reply, made.addition(leaf=deed()))
    again = await envelopes.record_message(reply, made.addition(leaf=deed()))

    assert again is Outcome.SAME
    assert await deeds(database) == 1


async def test_a_refused_answer_is_not_remembered(
    database: Database, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """What did not happen is not in the log."""
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    outcome = await envelopes.record_message(reply, made.addition(limit_objects=0, leaf=deed()))

    assert outcome is Outcome.FULL
    assert await deeds(database) == 0


async def test_a_file_from_staff_is_remembered_once(
    database: Database, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """The leaf of a file is there with its last chunk, and no second one after a retry."""
    file: NewEnvelope = made.envelope(tip.tip_id, made.FILE_FROM_STAFF, follow_up_id=b"f" * 16)
    for _ in range(2):
        await envelopes.record_attachment(
            file, made.pieces(b"x" * 70_000), made.addition(leaf=deed())
        )

    assert await deeds(database) == 1


async def test_a_directory_is_remembered_once(database: Database) -> None:
    """The deed of publishing and the directory's own leaf come with it, and not again."""
    store = DirectoryStore(database)
    leaves = (deed(), NewLeaf(b"directory\n", made.TODAY, b"d" * 32))
    for _ in range(2):
        await store.accept(1, b"note", b"d" * 32, made.TODAY, leaves)

    assert await deeds(database) == 2

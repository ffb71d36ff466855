"""The table of keys says what the stanzas say: filled by every way in, gone with the object."""

import secrets
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from mustshare_api.store.database import Database
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.migrations import migrate, shipped
from mustshare_api.store.rows import EVERYTHING, NewEnvelope, Reach
from mustshare_api.store.tips import NewTip, TipStore
from tests.postgres import in_database, run
from tests.store import made


async def pairs(database: Database) -> set[tuple[bytes, bytes]]:
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT object_id, kid FROM envelope_recipients")
    return {(row["object_id"], row["kid"]) for row in rows}


def named(*sealed: NewEnvelope) -> set[tuple[bytes, bytes]]:
    return {(one.object_id, kid) for one in sealed for kid in one.kids}


async def test_every_way_in_fills_the_table(
    tips: TipStore, envelopes: EnvelopeStore, database: Database
) -> None:
    """A tip, a follow-up, an answer, a file with its notice."""
    tip = made.tip()
    first = made.envelope(tip.tip_id)
    later, reply, notice = (
        made.envelope(tip.tip_id, kind)
        for kind in (made.FROM_REPORTER, made.FROM_STAFF, made.FROM_REPORTER)
    )
    file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
    await tips.record(tip, first)
    await envelopes.record_message(later, made.addition(tip.access_hash))
    await envelopes.record_message(reply, made.addition())
    await envelopes.record_attachment(
        file, made.pieces(b"x" * 65_552), made.addition(), notice=(notice, made.addition())
    )

    assert await pairs(database) == named(first, later, reply, notice, file)


async def test_what_is_not_recorded_leaves_no_key_behind(
    tips: TipStore, envelopes: EnvelopeStore, database: Database
) -> None:
    """A retry, a receipt in use, a tip that is gone."""
    tip = made.tip()
    first = made.envelope(tip.tip_id)
    await tips.record(tip, first)
    await tips.record(tip, made.envelope(tip.tip_id))
    await tips.record(made.tip(access_hash=tip.access_hash), made.envelope(tip.tip_id))
    nowhere = made.envelope(secrets.token_bytes(16), made.FROM_STAFF)
    await envelopes.record_message(nowhere, made.addition())

    assert await pairs(database) == named(first)


@pytest.mark.parametrize("end", ["acknowledge", "withdraw", "expire"])
async def test_keys_go_with_their_object(
    tips: TipStore, envelopes: EnvelopeStore, database: Database, end: str
) -> None:
    """Which key something was sealed to is not kept about what is no longer there."""
    tip, other = made.tip(), made.tip(expires_on=made.MUCH_LATER)
    first, others = made.envelope(tip.tip_id), made.envelope(other.tip_id)
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await tips.record(tip, first)
    await tips.record(other, others)
    await envelopes.record_message(reply, made.addition())
    if end == "acknowledge":
        await envelopes.acknowledge(tip.tip_id, reply.object_id)
    elif end == "withdraw":
        await tips.withdraw(tip.access_hash, made.TODAY)
    else:
        await tips.expire(made.LATER)

    left = (others, first) if end == "acknowledge" else (others,)
    assert await pairs(database) == named(*left)


@pytest.fixture
async def spine(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database as it was before there was such a table."""
    name = f"spine_{secrets.token_hex(8)}"
    await run(postgres.dsn, f"CREATE DATABASE {name}")
    dsn = in_database(postgres.dsn, name)
    await migrate(dsn, {k: v for k, v in shipped().items() if k < "0003"})
    yield dsn
    await run(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")


async def test_what_is_there_already_gets_its_keys_when_the_table_is_made(spine: str) -> None:
    """From the octets of the stanzas, whether there is one or sixteen."""
    tip = made.tip()
    sealed = [b"%c" % n + secrets.token_bytes(1184 * n) for n in (1, 5, 16)]
    connection = await asyncpg.connect(spine)
    await connection.execute(
        "INSERT INTO tips VALUES ($1, $2, $3, $4, $5, 'received', $6, $7)",
        *(tip.tip_id, tip.access_hash, tip.bundle, tip.bundle_hash, tip.fingerprint),
        *(made.TODAY, date(2027, 11, 23)),
    )
    for number, stanzas in enumerate(sealed):
        await connection.execute(
            "INSERT INTO envelopes VALUES ($1, $2, 2, $3, $4, $5, $6, 9)",
            *(bytes([number]) * 16, tip.tip_id, made.TODAY, bytes(72), stanzas, bytes(9)),
        )
    await connection.close()
    await migrate(spine)

    database = await Database.connect(spine)
    expected = {
        (bytes([number]) * 16, stanzas[at : at + 16])
        for number, stanzas in enumerate(sealed)
        for at in range(1, len(stanzas), 1184)
    }
    assert await pairs(database) == expected
    await database.close()


async def walked(envelopes: EnvelopeStore, reach: Reach) -> list[bytes]:
    found: list[bytes] = []
    while page := await envelopes.index(reach, found[-1] if found else None, 3):
        found += [entry.object_id for entry in page]
    return found


async def test_pages_lead_through_what_some_keys_hold_and_nothing_else(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """Each once, in the order of ids, also where two of the keys are on one object."""
    kids: list[bytes] = []
    for number in range(12):
        tip = made.tip()
        sealed = made.envelope(tip.tip_id)
        await tips.record(tip, sealed)
        if number % 2:
            kids += sealed.kids
    reach = Reach(frozenset(kids))
    own = [e.object_id for e in await envelopes.index(EVERYTHING, None, 100)]
    held = [o for o in own if reach.holds(await _stanzas(envelopes, o))]

    assert await walked(envelopes, reach) == held
    assert len(held) == 6
    assert await walked(envelopes, Reach(frozenset())) == []
    assert await walked(envelopes, EVERYTHING) == own


async def _stanzas(envelopes: EnvelopeStore, object_id: bytes) -> bytes:
    head = await envelopes.head(object_id)
    assert head is not None
    return head.stanzas


async def test_a_tip_is_listed_to_whoever_holds_anything_on_it(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """And held by whoever holds what its reporter said first."""
    other = made.tip()
    await tips.record(other, made.envelope(other.tip_id))
    later = made.envelope(tip.tip_id, made.FROM_REPORTER)
    await envelopes.record_message(later, made.addition())
    (first,) = [
        e for e in await envelopes.index(EVERYTHING, None, 9)
        if (e.tip_id, e.kind) == (tip.tip_id, made.TIP)
    ]  # fmt: skip
    of_later = Reach(later.kids)
    of_first = Reach(frozenset({(await _stanzas(envelopes, first.object_id))[1:17]}))

    for reach in (of_later, of_first):
        page = await tips.page(reach, None, 9)
        assert [row.tip_id for row in page.rows] == [tip.tip_id]
    assert await envelopes.holds_tip(of_first, tip.tip_id)
    assert not await envelopes.holds_tip(of_later, tip.tip_id)
    assert not await envelopes.holds_tip(of_first, other.tip_id)


async def test_tombstones_are_listed_to_everybody(tips: TipStore, tip: NewTip) -> None:
    """No key is left that could tell whose the tip was."""
    nobody = Reach(frozenset())
    assert (await tips.page(nobody, None, 9)).rows == []
    await tips.withdraw(tip.access_hash, made.TODAY)

    assert [row.state for row in (await tips.page(nobody, None, 9)).rows] == ["withdrawn"]

"""Recording, finding, withdrawing and expiring tips."""

import asyncio
import dataclasses
import secrets
from collections.abc import Sequence
from datetime import timedelta

from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import EVERYTHING
from mustshare_api.store.tips import TipRow, TipStore
from tests.store import made


async def _whole(envelopes: EnvelopeStore, object_id: bytes) -> bytes:
    return b"".join([piece async for piece in envelopes.stream(object_id)])


async def listed(tips: TipStore) -> Sequence[TipRow]:
    return (await tips.page(EVERYTHING, None, 200)).rows


async def test_a_recorded_tip_is_found_by_its_access_hash(tips: TipStore) -> None:
    """Whoever presents the access gets the tip, with what is needed to answer."""
    tip = made.tip()

    assert await tips.record(tip, made.envelope(tip.tip_id)) is Outcome.RECORDED

    found = await tips.find(tip.access_hash, made.TODAY)
    assert found is not None
    assert (found.tip_id, found.bundle, found.bundle_hash) == (
        tip.tip_id,
        tip.bundle,
        tip.bundle_hash,
    )
    assert (found.state, found.answered) == ("received", False)
    assert (found.received_on, found.expires_on) == (tip.received_on, tip.expires_on)


async def test_a_recorded_envelope_is_read_back_octet_for_octet(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """What staff fetch is what was sealed."""
    tip = made.tip()
    sealed = made.envelope(tip.tip_id)

    await tips.record(tip, sealed)

    assert sealed.payload is not None
    assert await _whole(envelopes, sealed.object_id) == (
        sealed.prefix + sealed.stanzas + sealed.payload
    )


async def test_a_retry_with_new_ciphertext_is_the_same_tip(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """A lost answer does not double a tip, though sealing again gives other octets and ids."""
    first = made.tip()
    again = dataclasses.replace(first, tip_id=secrets.token_bytes(16))
    await tips.record(first, made.envelope(first.tip_id))

    assert await tips.record(again, made.envelope(again.tip_id)) is Outcome.SAME

    assert [row.tip_id for row in await listed(tips)] == [first.tip_id]
    assert len(await envelopes.index(EVERYTHING, None, 10)) == 1


async def test_one_receipt_does_not_serve_two_tips(tips: TipStore) -> None:
    """Other content under a receipt in use is refused, and the first tip stays as it was."""
    first = made.tip()
    other = made.tip(access_hash=first.access_hash)
    await tips.record(first, made.envelope(first.tip_id))

    assert await tips.record(other, made.envelope(other.tip_id)) is Outcome.DIFFERENT

    assert await tips.get(other.tip_id) is None


async def test_a_tip_id_in_use_is_refused_without_an_error(tips: TipStore) -> None:
    """A made-up collision of ids takes nothing from the tip that has the id."""
    first = made.tip()
    other = dataclasses.replace(made.tip(), tip_id=first.tip_id)
    await tips.record(first, made.envelope(first.tip_id))

    assert await tips.record(other, made.envelope(other.tip_id)) is Outcome.DIFFERENT

    assert await tips.find(other.access_hash, made.TODAY) is None


async def test_an_object_id_in_use_is_refused_and_leaves_no_tip(tips: TipStore) -> None:
    """The tip and its envelope are recorded together or not at all."""
    first, other = made.tip(), made.tip()
    sealed = made.envelope(first.tip_id)
    await tips.record(first, sealed)
    clash = dataclasses.replace(made.envelope(other.tip_id), object_id=sealed.object_id)

    assert await tips.record(other, clash) is Outcome.DIFFERENT

    assert await tips.get(other.tip_id) is None


async def test_of_64_simultaneous_retries_one_records(
    tips: TipStore, database: Database
) -> None:
    """A double click, or a front end gone mad, makes one tip and is told so every time."""
    tip = made.tip()
    calls = [dataclasses.replace(tip, tip_id=secrets.token_bytes(16)) for _ in range(64)]

    outcomes = await asyncio.gather(
        *(tips.record(call, made.envelope(call.tip_id)) for call in calls)
    )

    assert outcomes.count(Outcome.RECORDED) == 1
    assert outcomes.count(Outcome.SAME) == 63
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM envelopes") == 1


async def test_of_64_simultaneous_copies_of_one_request_one_records(tips: TipStore) -> None:
    """Nor does it matter that the copies share their ids."""
    tip = made.tip()
    sealed = made.envelope(tip.tip_id)

    outcomes = await asyncio.gather(*(tips.record(tip, sealed) for _ in range(64)))

    assert outcomes.count(Outcome.RECORDED) == 1
    assert outcomes.count(Outcome.SAME) == 63


async def test_64_simultaneous_tips_are_all_recorded(tips: TipStore) -> None:
    """Different reporters at one moment do not disturb each other."""
    each = [made.tip() for _ in range(64)]

    outcomes = await asyncio.gather(
        *(tips.record(tip, made.envelope(tip.tip_id)) for tip in each)
    )

    assert set(outcomes) == {Outcome.RECORDED}
    assert {row.tip_id for row in await listed(tips)} == {tip.tip_id for tip in each}


async def test_a_tip_is_not_found_from_its_day_of_expiry_on(tips: TipStore) -> None:
    """Whether or not the sweep has run: the promise is about the day."""
    tip = made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))

    assert await tips.find(tip.access_hash, tip.expires_on - timedelta(days=1)) is not None
    assert await tips.find(tip.access_hash, tip.expires_on) is None


async def test_withdrawing_leaves_a_tombstone_with_nothing_of_the_reporter(
    tips: TipStore, envelopes: EnvelopeStore, database: Database
) -> None:
    """A receipt found later matches nothing, and no ciphertext is left."""
    tip = made.tip()
    file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
    await tips.record(tip, made.envelope(tip.tip_id))
    await envelopes.record_attachment(
        file, made.pieces(b"x" * 70_000), made.addition(tip.access_hash)
    )

    assert await tips.withdraw(tip.access_hash, made.TODAY)

    row = await tips.get(tip.tip_id)
    assert row is not None
    assert (row.state, row.bundle, row.bundle_hash) == ("withdrawn", None, None)
    assert await tips.find(tip.access_hash, made.TODAY) is None
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM envelopes") == 0
        assert await connection.fetchval("SELECT count(*) FROM envelope_chunks") == 0


async def test_withdrawing_what_is_not_there_says_so(tips: TipStore) -> None:
    """Unknown, withdrawn before and expired are one case."""
    gone, late = made.tip(), made.tip()
    for tip in (gone, late):
        await tips.record(tip, made.envelope(tip.tip_id))
    await tips.withdraw(gone.access_hash, made.TODAY)

    assert not await tips.withdraw(secrets.token_bytes(32), made.TODAY)
    assert not await tips.withdraw(gone.access_hash, made.TODAY)
    assert not await tips.withdraw(late.access_hash, late.expires_on)


async def test_of_simultaneous_withdrawals_one_finds_the_tip(tips: TipStore) -> None:
    """The others get what an unknown receipt gets, as they would a moment later."""
    for _ in range(5):
        tip = made.tip()
        await tips.record(tip, made.envelope(tip.tip_id))

        found = await asyncio.gather(
            *(tips.withdraw(tip.access_hash, made.TODAY) for _ in range(8))
        )

        assert found.count(True) == 1


async def test_a_receipt_is_free_again_after_its_tip_was_withdrawn(tips: TipStore) -> None:
    """Nothing is remembered by which a second use could be refused."""
    tip = made.tip()
    again = dataclasses.replace(tip, tip_id=secrets.token_bytes(16))
    await tips.record(tip, made.envelope(tip.tip_id))
    await tips.withdraw(tip.access_hash, made.TODAY)

    assert await tips.record(again, made.envelope(again.tip_id)) is Outcome.RECORDED


async def test_expiry_buries_what_is_due_and_nothing_else(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """More than one batch of them, and a living tip among them stays whole."""
    soon = made.TODAY + timedelta(days=1)
    due = [made.tip(expires_on=soon) for _ in range(130)]
    living = made.tip()
    kept = made.envelope(living.tip_id)
    await asyncio.gather(*(tips.record(tip, made.envelope(tip.tip_id)) for tip in due))
    await tips.record(living, kept)

    assert await tips.expire(made.TODAY) == 0
    assert await tips.expire(soon) == 130
    assert await tips.expire(soon) == 0

    states = {row.tip_id: row.state for row in await listed(tips)}
    assert states == {tip.tip_id: "expired" for tip in due} | {living.tip_id: "received"}
    assert [entry.object_id for entry in await envelopes.index(EVERYTHING, None, 200)] == [
        kept.object_id
    ]


async def test_pages_walk_every_tip_once(tips: TipStore) -> None:
    """In the order of random ids, which tells nothing of arrival."""
    each = {made.tip().tip_id for _ in range(7)}
    for tip_id in each:
        tip = dataclasses.replace(made.tip(), tip_id=tip_id)
        await tips.record(tip, made.envelope(tip_id))

    walked: list[bytes] = []
    place: bytes | None = b""
    while place is not None:
        page = await tips.page(EVERYTHING, place, 3)
        walked += [row.tip_id for row in page.rows]
        place = page.place

    assert walked == sorted(each)

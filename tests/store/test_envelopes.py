"""Follow-ups of both sides, acknowledgement, the staff's index."""

import asyncio
import dataclasses
import secrets

import pytest

from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made


def _octets(sealed: NewEnvelope) -> bytes:
    assert sealed.payload is not None
    return sealed.prefix + sealed.stanzas + sealed.payload


async def test_a_reply_waits_for_its_reporter(envelopes: EnvelopeStore, tip: NewTip) -> None:
    """What staff sealed comes back whole, and only what staff sealed."""
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(
        made.envelope(tip.tip_id, made.FROM_REPORTER), made.addition(tip.access_hash)
    )

    assert await envelopes.record_message(reply, made.addition()) is Outcome.RECORDED

    (waiting,) = await envelopes.waiting(tip.tip_id)
    assert (waiting.object_id, waiting.octets) == (reply.object_id, _octets(reply))


async def test_a_reply_marks_its_tip_answered(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """A reporter's own follow-up does not."""
    mine = made.envelope(tip.tip_id, made.FROM_REPORTER)
    await envelopes.record_message(mine, made.addition(tip.access_hash))
    before = await tips.get(tip.tip_id)
    await envelopes.record_message(made.envelope(tip.tip_id, made.FROM_STAFF), made.addition())
    after = await tips.get(tip.tip_id)

    assert before is not None
    assert after is not None
    assert (before.answered, after.answered) == (False, True)


@pytest.mark.parametrize("kind", [made.FROM_REPORTER, made.FROM_STAFF])
async def test_activity_of_either_side_puts_expiry_off(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip, kind: int
) -> None:
    """Never brings it forward: a shorter retention set later takes nothing from a tip."""
    for day in (made.MUCH_LATER, made.LATER):
        await envelopes.record_message(
            made.envelope(tip.tip_id, kind), made.addition(extends_to=day)
        )

    row = await tips.get(tip.tip_id)
    assert row is not None
    assert row.expires_on == made.MUCH_LATER


async def test_a_retried_follow_up_is_the_same(envelopes: EnvelopeStore, tip: NewTip) -> None:
    """Sealed anew by the server it has other octets, and is known by its fingerprint."""
    first = made.envelope(tip.tip_id, made.FROM_REPORTER)
    again = dataclasses.replace(
        made.envelope(tip.tip_id, made.FROM_REPORTER),
        object_id=first.object_id,
        fingerprint=first.fingerprint,
    )
    await envelopes.record_message(first, made.addition(tip.access_hash))

    assert await envelopes.record_message(again, made.addition(tip.access_hash)) is Outcome.SAME


async def test_a_retry_at_the_limit_is_still_the_same(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """A full tip does not make a lost answer look like a refusal."""
    only = made.envelope(tip.tip_id, made.FROM_STAFF)

    first = await envelopes.record_message(only, made.addition(limit_objects=1))
    again = await envelopes.record_message(only, made.addition(limit_objects=1))

    assert (first, again) == (Outcome.RECORDED, Outcome.SAME)


async def test_without_a_fingerprint_a_retry_is_known_by_its_head(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """The same octets are the same; other octets under the id are not."""
    reply = dataclasses.replace(made.envelope(tip.tip_id, made.FROM_STAFF), fingerprint=None)
    other = dataclasses.replace(reply, stanzas=b"\x01" + secrets.token_bytes(1184))
    await envelopes.record_message(reply, made.addition())

    assert await envelopes.record_message(reply, made.addition()) is Outcome.SAME
    assert await envelopes.record_message(other, made.addition()) is Outcome.DIFFERENT


async def test_an_id_in_use_on_another_tip_is_different(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """Ids are anybody's to choose, so a clash must be harmless and say nothing more."""
    other = made.tip()
    sealed = made.envelope(other.tip_id)
    await tips.record(other, sealed)
    clash = dataclasses.replace(
        made.envelope(tip.tip_id, made.FROM_REPORTER),
        object_id=sealed.object_id,
        fingerprint=sealed.fingerprint,
    )

    outcome = await envelopes.record_message(clash, made.addition(tip.access_hash))

    assert outcome is Outcome.DIFFERENT


async def test_a_clash_at_one_moment_is_different_too(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """Two tips, one object id, at once: one gets it and the other is told, without an error."""
    each = [made.tip() for _ in range(8)]
    object_id = secrets.token_bytes(16)
    for tip in each:
        await tips.record(tip, made.envelope(tip.tip_id))
    sealed = [
        dataclasses.replace(made.envelope(tip.tip_id, made.FROM_STAFF), object_id=object_id)
        for tip in each
    ]

    outcomes = await asyncio.gather(
        *(envelopes.record_message(one, made.addition()) for one in sealed)
    )

    assert outcomes.count(Outcome.RECORDED) == 1
    assert outcomes.count(Outcome.DIFFERENT) == 7


async def test_nothing_is_added_to_a_tip_that_is_gone(
    tips: TipStore, envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """Unknown, withdrawn, expired, or another's: one outcome for both sides."""
    late = made.addition(today=tip.expires_on)
    others = made.addition(secrets.token_bytes(32))
    mine = made.envelope(tip.tip_id, made.FROM_REPORTER)
    nowhere = made.envelope(secrets.token_bytes(16), made.FROM_STAFF)

    assert await envelopes.record_message(mine, late) is Outcome.GONE
    assert await envelopes.record_message(mine, others) is Outcome.GONE
    assert await envelopes.record_message(nowhere, made.addition()) is Outcome.GONE
    await tips.withdraw(tip.access_hash, made.TODAY)
    assert await envelopes.record_message(mine, made.addition(tip.access_hash)) is Outcome.GONE
    assert await envelopes.record_message(mine, made.addition()) is Outcome.GONE


async def test_the_limit_holds_against_simultaneous_follow_ups(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """A count and then a write would let some through between them."""
    within = made.addition(tip.access_hash, limit_objects=5)
    each = [made.envelope(tip.tip_id, made.FROM_REPORTER) for _ in range(20)]

    outcomes = await asyncio.gather(*(envelopes.record_message(one, within) for one in each))

    assert outcomes.count(Outcome.RECORDED) == 5
    assert outcomes.count(Outcome.FULL) == 15


async def test_a_side_fills_only_its_own_bytes(envelopes: EnvelopeStore, tip: NewTip) -> None:
    """Staff can answer a reporter who has used up their share."""
    mine = made.envelope(tip.tip_id, made.FROM_REPORTER)
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)

    full = made.addition(tip.access_hash, limit_bytes=4304 * 2 - 1)
    assert await envelopes.record_message(mine, full) is Outcome.FULL
    staff = made.addition(limit_bytes=4304)
    assert await envelopes.record_message(reply, staff) is Outcome.RECORDED


async def test_a_withdrawal_and_follow_ups_never_leave_an_envelope_behind(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """Whichever comes first: either it was refused, or it was buried with the rest."""
    for _ in range(10):
        tip = made.tip()
        await tips.record(tip, made.envelope(tip.tip_id))
        each = [made.envelope(tip.tip_id, made.FROM_REPORTER) for _ in range(6)]
        adding = [envelopes.record_message(one, made.addition(tip.access_hash)) for one in each]

        await asyncio.gather(
            *adding[:3], tips.withdraw(tip.access_hash, made.TODAY), *adding[3:]
        )

    assert await envelopes.index(EVERYTHING, None, 100) == []


async def test_acknowledging_deletes_the_reply_and_its_attachments_alone(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """And may be repeated. What the reporter wrote, and other replies, stay."""
    reply, other = (made.envelope(tip.tip_id, made.FROM_STAFF) for _ in range(2))
    named, unnamed = (
        made.envelope(tip.tip_id, made.FILE_FROM_STAFF, follow_up_id=one.object_id)
        for one in (reply, other)
    )
    for file in (named, unnamed):
        await envelopes.record_attachment(file, made.pieces(b"f" * 65_552), made.addition())
    for one in (reply, other):
        await envelopes.record_message(one, made.addition())

    await envelopes.acknowledge(tip.tip_id, reply.object_id)
    await envelopes.acknowledge(tip.tip_id, reply.object_id)

    left = {
        entry.object_id
        for entry in await envelopes.index(EVERYTHING, None, 10)
        if entry.kind != made.TIP
    }
    assert left == {other.object_id, unnamed.object_id}
    assert [one.object_id for one in await envelopes.waiting(tip.tip_id)] == [other.object_id]


async def test_acknowledging_cannot_delete_what_a_reporter_sent(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """Nor anything on another tip."""
    mine = made.envelope(tip.tip_id, made.FROM_REPORTER)
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(mine, made.addition(tip.access_hash))
    await envelopes.record_message(reply, made.addition())

    await envelopes.acknowledge(tip.tip_id, mine.object_id)
    await envelopes.acknowledge(secrets.token_bytes(16), reply.object_id)

    assert len(await envelopes.index(EVERYTHING, None, 10)) == 3

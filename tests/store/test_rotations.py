"""Receipts exchanged in the store: one row, one lock, all of it or nothing."""

import asyncio
import secrets
from dataclasses import replace

import pytest

from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rotations import NewRotation, RotationRow, RotationStore
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.store import made

STANZA = 1184
OLD, NEW = b"o" * 16, b"n" * 16


@pytest.fixture
def rotations(database: Database) -> RotationStore:
    return RotationStore(database)


def from_staff(tip: NewTip, kind: int = made.FROM_STAFF) -> NewEnvelope:
    """An object with a stanza for somebody of staff, and one for the reporter."""
    stanzas = b"\2" + secrets.token_bytes(STANZA) + OLD + secrets.token_bytes(STANZA - 16)
    return replace(made.envelope(tip.tip_id, kind), stanzas=stanzas)


def rotation(tip: NewTip, *objects: NewEnvelope, **changed: object) -> NewRotation:
    new = NewRotation(
        tip_id=tip.tip_id,
        number=1,
        left=RotationRow(tip.bundle, secrets.token_bytes(64), secrets.token_bytes(64)),
        old_access_hash=tip.access_hash,
        access_hash=secrets.token_bytes(32),
        bundle=secrets.token_bytes(1248),
        bundle_hash=secrets.token_bytes(32),
        fingerprint=secrets.token_bytes(32),
        kids=(OLD, NEW),
        stanzas={one.object_id: NEW + secrets.token_bytes(STANZA - 16) for one in objects},
    )
    return replace(new, **changed)  # type: ignore[arg-type]


async def answered(envelopes: EnvelopeStore, tip: NewTip) -> NewEnvelope:
    sealed = from_staff(tip)
    assert await envelopes.record_message(sealed, made.addition()) is Outcome.RECORDED
    return sealed


async def test_the_tip_is_found_by_the_new_access_and_by_no_other(
    tips: TipStore, envelopes: EnvelopeStore, rotations: RotationStore, tip: NewTip
) -> None:
    """With the new keys, the old ones kept in their row, and the day of expiry as it was."""
    sealed = await answered(envelopes, tip)
    new = rotation(tip, sealed)

    assert await rotations.rotate(new, made.TODAY) is Outcome.RECORDED
    assert await tips.find(tip.access_hash, made.TODAY) is None
    found = await tips.find(new.access_hash, made.TODAY)
    assert found is not None
    assert (found.bundle, found.bundle_hash, found.rotations) == (
        new.bundle,
        new.bundle_hash,
        1,
    )
    assert found.expires_on == tip.expires_on
    assert await rotations.of_tip(tip.tip_id) == [new.left]


async def test_only_the_reporters_stanza_changes(
    envelopes: EnvelopeStore, rotations: RotationStore, tip: NewTip, database: Database
) -> None:
    """Those of staff, the prefix and the payload stay; the table of keys goes along."""
    sealed = await answered(envelopes, tip)
    new = rotation(tip, sealed)
    await rotations.rotate(new, made.TODAY)
    (held,) = await rotations.held(tip.tip_id)

    before = sealed.prefix + sealed.stanzas
    assert held.octets == before[:-STANZA] + new.stanzas[sealed.object_id]
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT kid FROM envelope_recipients WHERE object_id = $1", sealed.object_id
        )
    assert {row["kid"] for row in rows} == {sealed.stanzas[1:17], NEW}


async def test_other_objects_than_were_rewrapped_stop_it(
    tips: TipStore, envelopes: EnvelopeStore, rotations: RotationStore, tip: NewTip
) -> None:
    """One that came since, and one that was acknowledged since; then nothing has changed."""
    sealed = await answered(envelopes, tip)

    assert await rotations.rotate(rotation(tip), made.TODAY) is Outcome.CHANGED
    new = rotation(tip, sealed, from_staff(tip))
    assert await rotations.rotate(new, made.TODAY) is Outcome.CHANGED
    assert await tips.find(tip.access_hash, made.TODAY) is not None
    assert await rotations.of_tip(tip.tip_id) == []


async def test_a_second_run_after_a_lost_commit_is_the_same(
    rotations: RotationStore, tip: NewTip
) -> None:
    """Known by its fingerprint, and by nothing else."""
    new = rotation(tip)
    await rotations.rotate(new, made.TODAY)

    assert await rotations.rotate(new, made.TODAY) is Outcome.SAME
    other = replace(new, fingerprint=secrets.token_bytes(32))
    assert await rotations.rotate(other, made.TODAY) is Outcome.GONE


async def test_of_many_at_once_one_is_recorded(
    tips: TipStore, rotations: RotationStore, tip: NewTip
) -> None:
    """And the tip is under that one's access."""
    each = [rotation(tip) for _ in range(8)]
    outcomes = await asyncio.gather(*(rotations.rotate(one, made.TODAY) for one in each))

    assert sorted(map(str, outcomes)) == sorted(
        map(str, [Outcome.RECORDED] + [Outcome.GONE] * 7)
    )
    won = each[outcomes.index(Outcome.RECORDED)]
    assert await tips.find(won.access_hash, made.TODAY) is not None


async def test_an_access_in_use_is_not_taken(
    tips: TipStore, rotations: RotationStore, tip: NewTip
) -> None:
    """Another tip's, or a key that an object names already."""
    other = made.tip()
    await tips.record(other, made.envelope(other.tip_id))
    taken = rotation(tip, access_hash=other.access_hash)

    assert await rotations.rotate(taken, made.TODAY) is Outcome.DIFFERENT
    assert await rotations.of_tip(tip.tip_id) == []


@pytest.mark.parametrize("first", ["rotation", "withdrawal", "expiry"])
async def test_a_burial_takes_the_rotations_along(
    tips: TipStore, rotations: RotationStore, tip: NewTip, first: str
) -> None:
    """Before it, after it, or by the calendar."""
    new = rotation(tip)
    if first == "withdrawal":
        assert await tips.withdraw(tip.access_hash, made.TODAY)
        assert await rotations.rotate(new, made.TODAY) is Outcome.GONE
        return
    await rotations.rotate(new, made.TODAY)
    if first == "expiry":
        assert await tips.expire(made.MUCH_LATER) == 1
    else:
        assert not await tips.withdraw(tip.access_hash, made.TODAY)
        assert await tips.withdraw(new.access_hash, made.TODAY)
    assert await rotations.of_tip(tip.tip_id) == []


async def test_staff_add_only_to_the_keys_they_sealed_to(
    envelopes: EnvelopeStore, rotations: RotationStore, tip: NewTip
) -> None:
    """Looked at under the tip's lock; what is there already stays known for the same."""
    adding = replace(made.addition(), bundle_hash=tip.bundle_hash)
    early, late = from_staff(tip), from_staff(tip)
    assert await envelopes.record_message(early, adding) is Outcome.RECORDED
    await rotations.rotate(rotation(tip, early), made.TODAY)

    assert await envelopes.record_message(early, adding) is Outcome.SAME
    assert await envelopes.record_message(late, adding) is Outcome.CHANGED
    file = replace(from_staff(tip, made.FILE_FROM_STAFF), follow_up_id=late.object_id)
    outcome = await envelopes.record_attachment(file, made.pieces(b"x" * 99), adding)
    assert outcome is Outcome.CHANGED
    assert len(await envelopes.index(EVERYTHING, None, 10)) == 2

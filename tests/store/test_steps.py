"""How long a tip is kept, how it ends, and what is left that proves it."""

import asyncio
import dataclasses
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from mustshare_api.crypto.merkle import leaf_hash
from mustshare_api.domain.deadlines import TOMBSTONE_DAYS, Retention
from mustshare_api.domain.lifecycle import LIVING, STEPS, State, Step
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.erasures import ErasureStore, root_over
from mustshare_api.store.rows import EVERYTHING
from mustshare_api.store.seconding import Proposal
from mustshare_api.store.steps import NewStep, StepStore
from mustshare_api.store.tips import NewTip, TipRow, TipStore
from tests.seen import all_seen
from tests.store import made

KEPT = Retention({state: 100 + 100 * n for n, state in enumerate(LIVING)})
FAR = made.TODAY + timedelta(days=20_000)

Move = Callable[..., Awaitable[Any]]


@pytest.fixture
def move(database: Database) -> Move:
    async def moved(tip: NewTip, step: Step, seen: int = 0, today: date = made.TODAY) -> Any:
        """Made by whoever read all of it, and by another where it takes two."""
        told: Any = None
        for officer in ("Nok", "Fon")[: STEPS[step].people]:
            asked = Proposal(
                f"tip.{step}",
                tip.tip_id,
                hashlib.sha256(f"{step} {seen}".encode()).digest(),
                officer,
                today,
                frozenset({"Nok", "Fon"}),
            )
            read = await read_of(database, tip)
            new = NewStep(tip.tip_id, step, seen, read, asked, KEPT.clocks(today), None)
            told = await StepStore(database).make(new)
        return told

    return moved


async def read_of(database: Database, tip: NewTip) -> bytes:
    """What an officer says who has read all of it."""
    return bytes.fromhex(await all_seen(database, tip.tip_id))


@pytest.fixture
def erasures(database: Database) -> ErasureStore:
    return ErasureStore(database)


async def unread(tips: TipStore, count: int = 1) -> list[NewTip]:
    """New tips as flows record them: without a day of their end."""
    found = [dataclasses.replace(made.tip(), expires_on=date.max) for _ in range(count)]
    for tip in found:
        await tips.record(tip, made.envelope(tip.tip_id))
    return found


async def row_of(tips: TipStore, tip: NewTip) -> TipRow:
    row = await tips.get(tip.tip_id)
    assert row is not None
    return row


def leaf(month: date, count: int, root: bytes) -> NewLeaf:
    return NewLeaf(f"{month} {count} {root.hex()}".encode(), made.TODAY)


async def leaves(database: Database) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT event FROM audit_leaves ORDER BY position")
    return [row["event"].decode() for row in rows if row["event"][:2] == b"20"]


async def test_what_nobody_has_read_is_never_deleted(tips: TipStore) -> None:
    """However long it lies there: it is found, and no round takes it."""
    (tip,) = await unread(tips)

    assert await tips.expire(FAR) == 0

    found = await tips.find(tip.access_hash, FAR)
    assert found is not None
    assert found.expires_on is None


async def test_a_step_sets_the_clock_of_the_state_it_leads_to(
    tips: TipStore, move: Move
) -> None:
    """Longer or shorter than before: what was set aside is not kept like what is public."""
    (tip,) = await unread(tips)
    for seen, (step, state) in enumerate(
        [(Step.VERIFY, State.VERIFYING), (Step.SET_ASIDE, State.SET_ASIDE)]
    ):
        told = await move(tip, step, seen)
        kept = (await row_of(tips, tip)).expires_on
        assert kept == told.expires_on
        days = timedelta(days=KEPT.days[state])
        assert kept is not None
        assert days <= kept - made.TODAY < days + timedelta(days=14)


async def test_a_reporters_words_stop_the_clock_and_staffs_start_it(
    tips: TipStore, envelopes: EnvelopeStore, move: Move, database: Database
) -> None:
    """What came last from the reporter waits to be read; what came from staff runs out."""
    (tip,) = await unread(tips)
    await move(tip, Step.VERIFY)
    more = made.envelope(tip.tip_id, made.FROM_REPORTER)
    await envelopes.record_message(more, made.addition(tip.access_hash))
    assert (await row_of(tips, tip)).expires_on is None
    assert await tips.expire(FAR) == 0

    answer = made.envelope(tip.tip_id, made.FROM_STAFF)
    read = await read_of(database, tip)
    adding = made.addition(extends_to=made.MUCH_LATER, read=read)
    await envelopes.record_message(answer, adding)

    assert (await row_of(tips, tip)).expires_on == made.MUCH_LATER
    assert await tips.expire(made.MUCH_LATER) == 1


async def test_staffs_answer_never_brings_the_end_forward(
    tips: TipStore, envelopes: EnvelopeStore
) -> None:
    """It puts it off or leaves it."""
    tip = made.tip(expires_on=made.MUCH_LATER)
    await tips.record(tip, made.envelope(tip.tip_id))

    answer = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(answer, made.addition(extends_to=made.LATER))

    assert (await row_of(tips, tip)).expires_on == made.MUCH_LATER


async def test_a_tip_that_somebody_holds_is_waited_for(
    tips: TipStore, database: Database
) -> None:
    """As the nightly mixing does: it does not lie there until the next round."""
    tip = made.tip(expires_on=made.LATER)
    await tips.record(tip, made.envelope(tip.tip_id))
    async with database.transaction() as connection:
        await connection.execute("SELECT FROM tips FOR UPDATE")
        round_of_expiry = asyncio.create_task(tips.expire(made.LATER))
        await asyncio.sleep(0.1)
        assert not round_of_expiry.done()

    assert await round_of_expiry == 1


async def test_a_tombstone_goes_after_a_season_and_is_counted(
    tips: TipStore, erasures: ErasureStore, move: Move
) -> None:
    """Officers have had time to learn of it; the totals stay as they were."""
    expired, withdrawn, living = await unread(tips, 3)
    await move(expired, Step.ERASE)
    await tips.withdraw(withdrawn.access_hash, made.TODAY)
    before = await erasures.totals()

    season = made.TODAY + timedelta(days=TOMBSTONE_DAYS)
    assert await tips.forget(season - timedelta(days=1)) == 0
    assert await tips.forget(season + timedelta(days=14)) == 2

    page = await tips.page(EVERYTHING, None, 9)
    assert [row.tip_id for row in page.rows] == [living.tip_id]
    assert await erasures.totals() == before
    assert {(one.state, one.tips) for one in before} == {
        *(("expired", 1), ("received", 1), ("withdrawn", 1)),
    }


async def test_the_months_leaf_counts_what_was_erased_and_proves_it(
    tips: TipStore, erasures: ErasureStore, move: Move, database: Database
) -> None:
    """By the clock or by officers; whoever has a tombstone finds theirs among the hashes."""
    each = await unread(tips, 3)
    due = made.tip(expires_on=made.TODAY + timedelta(days=1))
    await tips.record(due, made.envelope(due.tip_id))
    await move(each[0], Step.ERASE)
    await tips.withdraw(each[1].access_hash, made.TODAY)
    assert await tips.expire(made.TODAY + timedelta(days=1)) == 1
    month = made.TODAY.replace(day=1)
    hashes = await erasures.of_month(month)
    gone = [await row_of(tips, tip) for tip in (each[0], due)]
    assert sorted(leaf_hash((row.erasure_nonce or b"") + row.tip_id) for row in gone) == hashes
    assert (await row_of(tips, each[1])).erasure_nonce is None
    assert await erasures.close_months(made.TODAY, leaf) == 0

    assert await erasures.close_months(made.TODAY + timedelta(days=30), leaf) == 1

    assert await leaves(database) == [f"2026-11-01 2 {root_over(hashes).hex()}"]
    assert await erasures.close_months(made.TODAY + timedelta(days=30), leaf) == 0


async def test_a_month_without_erasures_has_its_leaf_as_well(
    erasures: ErasureStore, database: Database
) -> None:
    """That there is one tells nothing; and those of a service that slept are made up for."""
    assert await erasures.close_months(made.TODAY, leaf) == 0

    assert await erasures.close_months(date(2027, 2, 1), leaf) == 3

    nothing = root_over([]).hex()
    assert await leaves(database) == [
        *(f"2026-11-01 0 {nothing}", f"2026-12-01 0 {nothing}", f"2027-01-01 0 {nothing}"),
    ]


async def test_of_many_rounds_at_one_time_one_closes_the_month(
    erasures: ErasureStore, database: Database
) -> None:
    """Every process has its upkeep; the log has one leaf."""
    await erasures.close_months(made.TODAY, leaf)
    later = made.TODAY + timedelta(days=30)

    told = await asyncio.gather(*(erasures.close_months(later, leaf) for _ in range(6)))

    assert sum(told) == len(await leaves(database)) == 1


async def test_what_ends_after_its_month_was_closed_counts_to_the_next(
    tips: TipStore, erasures: ErasureStore, move: Move
) -> None:
    """A process whose clock is a little behind changes no leaf that is made."""
    (tip,) = await unread(tips)
    await erasures.close_months(made.TODAY, leaf)
    await erasures.close_months(made.TODAY + timedelta(days=30), leaf)

    await move(tip, Step.ERASE, today=made.TODAY)

    assert await erasures.of_month(date(2026, 11, 1)) == []
    assert len(await erasures.of_month(date(2026, 12, 1))) == 1


async def test_hashes_are_kept_as_long_as_a_tombstone_can_be_compared(
    tips: TipStore, erasures: ErasureStore, move: Move
) -> None:
    """Then the leaf in the log is all there is."""
    (tip,) = await unread(tips)
    await move(tip, Step.ERASE)
    month = made.TODAY.replace(day=1)

    await erasures.close_months(made.TODAY + timedelta(days=TOMBSTONE_DAYS + 14), leaf)
    assert len(await erasures.of_month(month)) == 1
    await erasures.close_months(made.TODAY + timedelta(days=200), leaf)

    assert await erasures.of_month(month) == []

"""Two people for one act: proposed by one, done by another, within one transaction."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from mustshare_api.errors import WrongMoment
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.database import Database
from mustshare_api.store.rows import EVERYTHING
from mustshare_api.store.seconding import Proposal, Seconded, SecondStore, second
from tests.store import made

OFFICERS = frozenset({"Nok", "Fon", *(f"Officer {n}" for n in range(7))})
FIRST = Proposal("tip.publish", b"t" * 16, b"d" * 32, "Nok", made.TODAY, OFFICERS)
OTHER = dataclasses.replace(FIRST, officer="Fon")

Ask = Callable[[Proposal], Awaitable[Seconded]]


@pytest.fixture
def ask(database: Database) -> Ask:
    async def asked(proposal: Proposal) -> Seconded:
        async with database.transaction() as connection:
            return await second(connection, proposal)

    return asked


async def back(seconds: SecondStore, officer: str) -> bool:
    leaf = NewLeaf(f"deed of {officer}".encode(), made.TODAY)
    return await seconds.take_back(FIRST.act, FIRST.subject, officer, made.TODAY, leaf)


@pytest.fixture
def seconds(database: Database) -> SecondStore:
    return SecondStore(database)


async def test_the_second_officer_confirms_what_the_first_proposed(
    ask: Ask, seconds: SecondStore
) -> None:
    """Once: afterwards there is nothing left to confirm."""
    assert await ask(FIRST) is Seconded.PROPOSED
    (open_one,) = await seconds.open(made.TODAY, EVERYTHING)
    assert (open_one.officer, open_one.digest) == ("Nok", FIRST.digest)

    assert await ask(OTHER) is Seconded.CONFIRMED

    assert await seconds.open(made.TODAY, EVERYTHING) == []
    assert await ask(OTHER) is Seconded.PROPOSED


async def test_nobody_is_their_own_second_person(ask: Ask, seconds: SecondStore) -> None:
    """Asking twice, by whichever key of theirs, confirms nothing and keeps the proposal."""
    await ask(FIRST)

    assert await ask(FIRST) is Seconded.AGAIN

    assert len(await seconds.open(made.TODAY, EVERYTHING)) == 1


async def test_only_the_very_same_is_confirmed(ask: Ask) -> None:
    """What the second officer saw is what the first one proposed, to the octet."""
    await ask(FIRST)

    with pytest.raises(WrongMoment, match=r"second\.other_content"):
        await ask(dataclasses.replace(OTHER, digest=b"x" * 32))

    assert await ask(OTHER) is Seconded.CONFIRMED


async def test_a_new_proposal_of_the_same_officer_takes_the_place_of_the_old(ask: Ask) -> None:
    """The old one can't be confirmed any more."""
    newer = dataclasses.replace(FIRST, digest=b"n" * 32)
    await ask(FIRST)

    assert await ask(newer) is Seconded.PROPOSED

    with pytest.raises(WrongMoment, match=r"second\.other_content"):
        await ask(OTHER)
    assert await ask(dataclasses.replace(OTHER, digest=newer.digest)) is Seconded.CONFIRMED


async def test_acts_and_subjects_do_not_mix(ask: Ask) -> None:
    """To publish is not to erase, and another tip is another."""
    await ask(FIRST)

    assert await ask(dataclasses.replace(OTHER, act="tip.erase")) is Seconded.PROPOSED
    assert await ask(dataclasses.replace(OTHER, subject=b"u" * 16)) is Seconded.PROPOSED


@pytest.mark.parametrize(("days", "seconded"), [(6, "CONFIRMED"), (7, "PROPOSED")])
async def test_a_proposal_is_good_for_a_week(ask: Ask, days: int, seconded: str) -> None:
    """Then it is as if it had never been made, swept or not."""
    await ask(FIRST)
    late = dataclasses.replace(OTHER, today=made.TODAY + timedelta(days=days))

    assert (await ask(late)).name == seconded


async def test_what_somebody_proposed_who_is_no_officer_any_more_counts_no_more(
    ask: Ask,
) -> None:
    """Whoever was put out of the directory leaves nothing behind that one other can do."""
    await ask(FIRST)
    later = dataclasses.replace(OTHER, officers=OFFICERS - {"Nok"})

    assert await ask(later) is Seconded.PROPOSED


async def test_an_act_that_fails_leaves_its_proposal(
    database: Database, ask: Ask, seconds: SecondStore
) -> None:
    """Confirmed and done, or neither: the caller's transaction decides."""
    await ask(FIRST)

    async def confirm_and_fail() -> None:
        async with database.transaction() as connection:
            assert await second(connection, OTHER) is Seconded.CONFIRMED
            raise WrongMoment("tip.changed")

    with pytest.raises(WrongMoment, match=r"tip\.changed"):
        await confirm_and_fail()

    assert len(await seconds.open(made.TODAY, EVERYTHING)) == 1


async def test_each_proposal_is_confirmed_once_at_most(ask: Ask, seconds: SecondStore) -> None:
    """However many officers press at one moment: whoever comes after one proposes anew."""
    await ask(FIRST)
    others = [dataclasses.replace(OTHER, officer=f"Officer {n}") for n in range(7)]

    told = await asyncio.gather(*(ask(one) for one in others))

    assert (told.count(Seconded.CONFIRMED), told.count(Seconded.PROPOSED)) == (4, 3)
    assert await seconds.open(made.TODAY, EVERYTHING) == []


async def test_an_officer_takes_their_own_proposal_back(
    ask: Ask, seconds: SecondStore, database: Database
) -> None:
    """Nobody else's; the same again is told that it is gone, and the log remembers one."""
    await ask(FIRST)

    assert not await back(seconds, "Fon")
    assert await back(seconds, "Nok")
    assert await back(seconds, "Nok")

    async with database.connection() as connection:
        # The other is that this program's schema came into force.
        assert await connection.fetchval("SELECT count(*) FROM audit_leaves") == 2


async def test_what_was_taken_back_once_and_then_done_is_not_said_to_be_taken_back(
    ask: Ask, seconds: SecondStore
) -> None:
    """Whoever proposed it again and was confirmed would believe that nothing was done."""
    await ask(FIRST)
    await back(seconds, "Nok")
    await ask(FIRST)
    assert await ask(OTHER) is Seconded.CONFIRMED

    assert not await back(seconds, "Nok")


async def test_what_is_a_week_old_is_swept(
    ask: Ask, seconds: SecondStore, database: Database
) -> None:
    """Nothing of it stays in the table."""
    await ask(FIRST)

    await seconds.sweep(made.TODAY + timedelta(days=6))
    assert len(await seconds.open(made.TODAY, EVERYTHING)) == 1
    await seconds.sweep(made.TODAY + timedelta(days=7))

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM seconds") == 0

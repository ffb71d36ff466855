"""A tip's steps: made under the lock of its row, by one officer or by two.

    1. lock      the tip, as whoever adds to it or buries it does
    2. compare   its version is the one that the officer saw
    3. table     there is such a step from where it stands
    4. second    where it takes two, another officer has asked for the very same
    5. step      state, version, clock; or, to erase, the burial
    6. leaf      what the audit log remembers of it

All in one transaction. Proposals of other steps of the tip go with it: they were made for a
tip that stood elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mustshare_api.domain.lifecycle import TOMBSTONES, State, Step, after
from mustshare_api.errors import FieldError, NotFound, WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.burying import bury
from mustshare_api.store.database import Connection, Database, Row, retried
from mustshare_api.store.rows import day_or_none
from mustshare_api.store.seconding import Proposal, Seconded, second


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to make.

    Attributes:
        tip_id: the tip.
        step: what is to be done.
        seen: the version that the officer saw.
        proposal: of the officer, where it takes two; else None.
        clocks: when the tip would be gone, by the state that it comes to.
        today: the Bangkok day.
        leaf: what the audit log remembers.
    """

    tip_id: bytes
    step: Step
    seen: int
    proposal: Proposal | None
    clocks: Mapping[State, date]
    today: date
    leaf: NewLeaf | None


@dataclass(frozen=True, slots=True)
class Made:
    """Where the tip stands now. `is_proposed`: it has not moved and waits for another officer.

    `expires_on` is None while its clock stands still.
    """

    state: State
    steps: int
    expires_on: date | None
    is_proposed: bool = False


async def refer_together(connection: Connection, steps: Sequence[NewStep]) -> None:
    """Make the step `refer` of several tips, all of them or none, in a transaction that is on.

    Two officers have agreed on them by then; no leaf is kept of each, as it would name the tip.

    Args:
        connection: in a transaction.
        steps: in the order of the tips' ids, in which everybody locks them.

    Raises:
        WrongMoment: `referral.tip_refused`, with each tip that did not take it and why.
    """
    wrong: list[FieldError] = []
    for place, new in enumerate(steps):
        try:
            row = await _locked(connection, new)
            await _moved(connection, new, after(State(row["state"]), new.step))
        except (NotFound, WrongMoment) as refused:
            wrong.append(FieldError(f"/tips/{place}", refused.code))
    if wrong:
        raise WrongMoment("referral.tip_refused", errors=tuple(wrong))


class StepStore:
    """What staff change in `tips`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Not retried where it may have been done: the second run would find another version.
    @retried(idempotent=False)
    async def make(self, new: NewStep) -> Made:
        """Make a step, or propose it.

        Raises:
            NotFound: the tip has gone.
            WrongMoment: `tip.changed`, `step.wrong_state`, `second.same_person`,
                `second.other_content`.
        """
        async with self._database.transaction() as connection:
            row = await _locked(connection, new)
            ends = after(State(row["state"]), new.step)
            made = await _proposed(connection, new, row) or await _moved(connection, new, ends)
            if new.leaf is not None:
                await append(connection, new.leaf)
        return made


async def _locked(connection: Connection, new: NewStep) -> Row:
    row = await connection.fetchrow(
        """
        SELECT state, steps, expires_on FROM tips
        WHERE tip_id = $1 AND state NOT IN ('withdrawn', 'expired') AND expires_on > $2
        FOR UPDATE
        """,
        *(new.tip_id, new.today),
    )
    if row is None:
        raise NotFound("tip.not_found")
    if row["steps"] != new.seen:
        raise WrongMoment("tip.changed")
    return row


async def _proposed(connection: Connection, new: NewStep, row: Row) -> Made | None:
    """What is told of a step that waits for another officer; None where it does not."""
    if new.proposal is None or await second(connection, new.proposal) is Seconded.CONFIRMED:
        return None
    expires_on = day_or_none(row["expires_on"])
    return Made(State(row["state"]), row["steps"], expires_on, is_proposed=True)


async def _moved(connection: Connection, new: NewStep, ends: State) -> Made:
    if ends in TOMBSTONES:
        await bury(connection, [new.tip_id], ends, new.today)
        return Made(ends, new.seen, None)
    await connection.execute(
        """
        UPDATE tips SET state = $2, steps = steps + 1, expires_on = $3,
                        changed_on = greatest(changed_on, $4)
        WHERE tip_id = $1
        """,
        *(new.tip_id, ends, new.clocks[ends], new.today),
    )
    await connection.execute(
        "DELETE FROM seconds WHERE subject = $1 AND act LIKE 'tip.%'", new.tip_id
    )
    return Made(ends, new.seen + 1, new.clocks[ends])

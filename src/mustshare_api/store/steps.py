"""A tip's steps: made under the lock of its row, by one officer or by two.

    1. lock      the tip, as whoever adds to it or buries it does
    2. again     the same officer had it done already: how the tip stands is all there is to say
    3. compare   its version is the one that the officer saw
    4. table     there is such a step from where it stands
    5. read      the officer has read all that its reporter sent, or it is not erased, and a
                 clock that stands still goes on standing
    6. second    where it takes two, another officer has asked for the very same
    7. step      state, version, clock; or, to erase, the burial
    8. leaf      what the audit log remembers of it

All in one transaction. Proposals of other steps of the tip go with it: they were made for a
tip that stood elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mustshare_api.domain.lifecycle import STEPS, TOMBSTONES, State, Step, after
from mustshare_api.errors import FieldError, NotFound, WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.burying import bury
from mustshare_api.store.database import Connection, Database, Row, retried
from mustshare_api.store.done import keep_done, was_done
from mustshare_api.store.rows import day_or_none
from mustshare_api.store.seconding import Proposal, Seconded, second
from mustshare_api.store.seeing import is_all_seen


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to make.

    Attributes:
        tip_id: the tip.
        step: what is to be done.
        seen: the version that the officer saw.
        read: the hash over what the officer has read of it; None where nothing was said.
        asked: by whom, and for exactly what.
        clocks: when the tip would be gone, by the state that it comes to.
        leaf: what the audit log remembers.
    """

    tip_id: bytes
    step: Step
    seen: int
    read: bytes | None
    asked: Proposal
    clocks: Mapping[State, date]
    leaf: NewLeaf | None

    @property
    def today(self) -> date:
        """The Bangkok day."""
        return self.asked.today


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
        steps: in any order. They are locked in that of the tips' ids, as everybody does.

    Raises:
        WrongMoment: `referral.tip_refused`, with each tip that did not take it and why.
    """
    wrong: dict[int, str] = {}
    for place, new in sorted(enumerate(steps), key=lambda one: one[1].tip_id):
        try:
            row = _checked(await _locked(connection, new), new)
            read_all = await is_all_seen(connection, new.tip_id, new.read)
            ends = after(State(row["state"]), new.step)
            await _moved(connection, new, ends, starts=read_all)
        except (NotFound, WrongMoment) as refused:
            wrong[place] = refused.code
    if wrong:
        errors = tuple(FieldError(f"/tips/{place}", wrong[place]) for place in sorted(wrong))
        raise WrongMoment("referral.tip_refused", errors=errors)


class StepStore:
    """What staff change in `tips`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def made_before(self, new: NewStep) -> Made | None:
        """How the tip stands, if this officer had this very step made already.

        Asked before anything else: of a tip that was erased nobody holds anything any more.
        """
        async with self._database.connection() as connection:
            return await _made_before(connection, new)

    # Not retried where it may have been done: who asks again is told so all the same.
    @retried(idempotent=False)
    async def make(self, new: NewStep) -> Made:
        """Make a step, or propose it; the same again changes nothing.

        Raises:
            NotFound: the tip has gone.
            WrongMoment: `tip.changed`, `step.wrong_state`, `step.unread`,
                `second.other_content`.
        """
        async with self._database.transaction() as connection:
            row = await _locked(connection, new)
            if made := await _made_before(connection, new):
                return made
            found = _checked(row, new)
            ends = after(State(found["state"]), new.step)
            read_all = await is_all_seen(connection, new.tip_id, new.read)
            if ends in TOMBSTONES and not read_all:
                raise WrongMoment("step.unread")
            seconded = await _seconded(connection, new)
            if seconded is Seconded.CONFIRMED:
                made = await _moved(connection, new, ends, starts=read_all)
            else:
                made = replace(_standing(found), is_proposed=True)
            if new.leaf is not None and seconded is not Seconded.AGAIN:
                await append(connection, new.leaf)
        return made


async def _locked(connection: Connection, new: NewStep) -> Row | None:
    return await connection.fetchrow(
        "SELECT state, steps, expires_on FROM tips WHERE tip_id = $1 FOR UPDATE", new.tip_id
    )


async def _made_before(connection: Connection, new: NewStep) -> Made | None:
    if not await was_done(connection, new.asked.mark):
        return None
    row = await connection.fetchrow(
        "SELECT state, steps, expires_on FROM tips WHERE tip_id = $1", new.tip_id
    )
    return _standing(row) if row else None


def _standing(row: Row) -> Made:
    state = State(row["state"])
    expires_on = None if state in TOMBSTONES else day_or_none(row["expires_on"])
    return Made(state, row["steps"], expires_on)


def _checked(row: Row | None, new: NewStep) -> Row:
    """A tip that lives and has not moved."""
    if row is None or row["state"] in TOMBSTONES or row["expires_on"] <= new.today:
        raise NotFound("tip.not_found")
    if row["steps"] != new.seen:
        raise WrongMoment("tip.changed")
    return row


async def _seconded(connection: Connection, new: NewStep) -> Seconded:
    """Whether it is to be done now: it takes one officer, or this is the second."""
    if STEPS[new.step].people > 1:
        return await second(connection, new.asked)
    await keep_done(connection, new.today, new.asked.mark)
    return Seconded.CONFIRMED


async def _moved(connection: Connection, new: NewStep, ends: State, *, starts: bool) -> Made:
    if ends in TOMBSTONES:
        await bury(connection, [new.tip_id], ends, new.today)
        return Made(ends, new.seen, None)
    expires_on: date = await connection.fetchval(
        """
        UPDATE tips SET state = $2, steps = steps + 1, changed_on = greatest(changed_on, $4),
                        -- Words that nobody has read go on waiting, whatever was decided.
                        expires_on = CASE WHEN expires_on = 'infinity' AND NOT $5
                                          THEN expires_on ELSE $3::date END
        WHERE tip_id = $1 RETURNING expires_on
        """,
        *(new.tip_id, ends, new.clocks[ends], new.today, starts),
    )
    await connection.execute(
        "DELETE FROM seconds WHERE subject = $1 AND act LIKE 'tip.%'", new.tip_id
    )
    return Made(ends, new.seen + 1, day_or_none(expires_on))

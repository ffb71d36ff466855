"""What is read of a referral, and how one is held while it is changed.

    held     lock the row; not there is also what another agency's is, and what was never sent
    done     what the same caller has done before is told so, whatever has happened since
    moved    it must have the version that the caller saw, and the step must exist from there

What was said before is known for the same by its own id, between the two as well.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.domain.referral import ENDED, State, Step, after
from mustshare_api.errors import NotFound, WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Row
from mustshare_api.store.done import keep_done, mark_of, was_done
from mustshare_api.store.seconding import Proposal, Seconded, forget_about


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral as it stands."""

    referral_id: bytes
    agency: str
    state: str
    version: int
    octets: int
    sha256: bytes
    sent_on: date | None
    changed_on: date

    def is_shown_to(self, agency: str) -> bool:
        """Whether an agency is told of it: its own, once two officers had agreed."""
        return self.agency == agency and self.sent_on is not None


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes a referral from which version, on which day.

    `agency` is whose referral it has to be; None for officers. `act` is by which a retry is
    known: a digest of who does what.
    """

    referral_id: bytes
    version: int
    agency: str | None
    today: date
    leaf: NewLeaf | None
    act: bytes | None = None


def referral_of(row: Row) -> ReferralRow:
    """A row as it is read."""
    return ReferralRow(**dict(row))


async def held(connection: Connection, change: Change) -> ReferralRow:
    """Lock a referral for whoever changes it.

    Raises:
        NotFound: `referral.not_found`, none of this id for whoever asks.
    """
    row = await connection.fetchrow(
        """
        SELECT referral_id, agency, state, version, octets, sha256, sent_on, changed_on
        FROM referrals WHERE referral_id = $1 FOR UPDATE
        """,
        change.referral_id,
    )
    found = referral_of(row) if row else None
    if found is None or not (change.agency is None or found.is_shown_to(change.agency)):
        raise NotFound("referral.not_found")
    return found


async def done_before(connection: Connection, referral_id: bytes, act: bytes | None) -> bool:
    """Whether the same caller has done the same, and lost the answer."""
    known = await connection.fetchval(
        "SELECT true FROM referral_acts WHERE referral_id = $1 AND digest = $2",
        *(referral_id, act),
    )
    return known is True


async def keep_act(connection: Connection, referral_id: bytes, act: bytes) -> None:
    """Remember an act, so that whoever asks for the same again is told that it is done."""
    await connection.execute(
        "INSERT INTO referral_acts (referral_id, digest) VALUES ($1, $2)", referral_id, act
    )


def led_to(found: ReferralRow, change: Change, step: Step) -> State:
    """Where a step leads from what the caller saw.

    Raises:
        WrongMoment: `referral.changed`, it has another version by now; `referral.wrong_state`.
    """
    if found.version != change.version:
        raise WrongMoment("referral.changed")
    return after(found.state, step)


async def proposed_anew(
    connection: Connection, change: Change, proposal: Proposal, done: Seconded
) -> Seconded:
    """A confirmation that met no proposal is one itself; the file waits another week.

    Raises:
        WrongMoment: `second.same_person`, it is theirs from the first.
    """
    mark = mark_of(proposal.officer, "refer.confirm", proposal.subject, proposal.digest)
    if done is Seconded.AGAIN:
        if not await was_done(connection, mark):
            raise WrongMoment("second.same_person")
        return Seconded.PROPOSED
    await keep_done(connection, change.today, mark)
    await connection.execute(
        "UPDATE referrals SET changed_on = greatest(changed_on, $2) WHERE referral_id = $1",
        *(change.referral_id, change.today),
    )
    if change.leaf is not None:
        await append(connection, change.leaf)
    return done


async def moved(connection: Connection, change: Change, state: State) -> None:
    """Put it into a state, and remember who did it."""
    await connection.execute(
        """
        UPDATE referrals SET state = $2, version = version + 1, changed_on = $3
        WHERE referral_id = $1
        """,
        *(change.referral_id, state.value, change.today),
    )
    if state in ENDED:
        await connection.execute(
            "DELETE FROM referral_chunks WHERE referral_id = $1", change.referral_id
        )
        await forget_about(connection, [change.referral_id])
    if state in {State.LAPSED, State.TAKEN_BACK}:
        await connection.execute(
            "DELETE FROM referral_answers WHERE referral_id = $1", change.referral_id
        )
    if change.act is not None:
        await keep_act(connection, change.referral_id, change.act)
    if change.leaf is not None:
        await append(connection, change.leaf)

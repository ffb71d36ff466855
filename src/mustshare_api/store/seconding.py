"""Two people for one act: the first proposes, another officer of the same mind does it.

    BEGIN
      second(connection, proposal)   PROPOSED    a row is kept; the caller does nothing more
                                     AGAIN       it was kept already, for the same officer
                                     CONFIRMED   the row is gone; the caller does the act here
    COMMIT

In the caller's own transaction, so that an act is done and its proposal gone, or neither. Both
officers' marks stay (`done`): either may have lost the answer, and asks again. Of
what is to be done only a digest is kept: both officers sent the whole of it or signed for it,
and nothing unpublished lies here between them.

People are told apart by their names in the directory: another key of the same officer is no
second person. A proposal is good for a week, while its officer is one, and then as if it had
never been made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from mustshare_api.errors import WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.done import forget_done, keep_done, mark_of, sweep_done, was_done
from mustshare_api.store.rows import Reach

GOOD_FOR: Final = timedelta(days=7)
"""A week has a day on which the other works; what was forgotten is no trap for long."""


class Seconded(Enum):
    """What became of a proposal."""

    PROPOSED = auto()
    """It waits for another officer."""

    AGAIN = auto()
    """The same officer had proposed it: it waits on, and nothing was changed."""

    CONFIRMED = auto()
    """Another officer had proposed the very same: do it now, in this transaction."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer wants done.

    Attributes:
        act: which kind of act, such as `tip.publish`: small letters, digits, `.`, `_`, `-`.
        subject: what it is about; there is one proposal an act and subject.
        digest: SHA-256 of exactly what is to be done.
        officer: the officer's name in the directory.
        today: the Bangkok day.
        officers: all who are officers now; what others proposed counts no more.
    """

    act: str
    subject: bytes
    digest: bytes
    officer: str
    today: date
    officers: frozenset[str]

    @property
    def mark(self) -> bytes:
        """By which the officer who asks for the very same again is known."""
        return mark_of(self.officer, self.act, self.subject, self.digest)


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """A proposal that waits for a second officer, until the day before `expires_on`."""

    act: str
    subject: bytes
    digest: bytes
    officer: str
    proposed_on: date

    @property
    def expires_on(self) -> date:
        """The first day on which it is gone."""
        return self.proposed_on + GOOD_FOR


async def second(connection: Connection, proposal: Proposal) -> Seconded:
    """Propose an act, or find that another officer has; within the transaction that does it.

    Whoever changes their mind proposes anew, and takes their own proposal's place.

    Raises:
        WrongMoment: `second.other_content`, another officer has proposed something else.
    """
    if await _proposed(connection, proposal):
        back = _taken_back(proposal.act, proposal.subject, proposal.officer)
        await forget_done(connection, back)
        return Seconded.PROPOSED
    # The row is locked by now: a conflict locks it even where nothing is updated.
    row = await connection.fetchrow(
        "SELECT digest, officer FROM seconds WHERE act = $1 AND subject = $2",
        *(proposal.act, proposal.subject),
    )
    if row is None or row["digest"] != proposal.digest:
        raise WrongMoment("second.other_content")
    if row["officer"] == proposal.officer:
        return Seconded.AGAIN
    await connection.execute(
        "DELETE FROM seconds WHERE act = $1 AND subject = $2",
        *(proposal.act, proposal.subject),
    )
    first = replace(proposal, officer=row["officer"])
    await keep_done(connection, proposal.today, proposal.mark, first.mark)
    return Seconded.CONFIRMED


async def _proposed(connection: Connection, proposal: Proposal) -> bool:
    """Keep it, where there is none, one that counts no more, or another one of theirs."""
    kept = await connection.fetchval(
        """
        INSERT INTO seconds (act, subject, digest, officer, proposed_on)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (act, subject) DO UPDATE
        SET digest = excluded.digest, officer = excluded.officer,
            proposed_on = excluded.proposed_on
        WHERE seconds.proposed_on <= $6 OR seconds.officer <> ALL ($7::text[])
              OR (seconds.officer = excluded.officer AND seconds.digest <> excluded.digest)
        RETURNING true
        """,
        *(proposal.act, proposal.subject, proposal.digest, proposal.officer, proposal.today),
        *(proposal.today - GOOD_FOR, list(proposal.officers)),
    )
    return kept is not None


def _taken_back(act: str, subject: bytes, officer: str) -> bytes:
    return mark_of(officer, f"take-back {act}", subject)


async def forget_about(connection: Connection, subjects: Sequence[bytes]) -> None:
    """Drop all that was proposed about what is gone or has changed."""
    await connection.execute("DELETE FROM seconds WHERE subject = ANY ($1)", subjects)


class SecondStore:
    """The table `seconds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def open(self, today: date, reach: Reach) -> list[OpenProposal]:
        """What waits for a second officer, in the order of what it is about.

        Of steps of a tip, those of tips within reach.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT act, subject, digest, officer, proposed_on FROM seconds
                -- One look for each: as EXISTS it may be made into a list of all tips held.
                LEFT JOIN LATERAL (
                    SELECT true AS held
                    FROM envelopes JOIN envelope_recipients USING (object_id)
                    WHERE tip_id = subject AND kid = ANY ($3::bytea[]) LIMIT 1
                ) AS own ON NOT $2 AND act LIKE 'tip.%'
                WHERE proposed_on > $1 AND ($2 OR act NOT LIKE 'tip.%' OR held)
                ORDER BY subject, act
                """,
                *(today - GOOD_FOR, reach.everything, list(reach.kids)),
            )
        return [OpenProposal(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def take_back(
        self, act: str, subject: bytes, officer: str, today: date, leaf: NewLeaf | None
    ) -> bool:
        """Drop an officer's own proposal, and remember that; whether there is or was one."""
        mark = _taken_back(act, subject, officer)
        async with self._database.transaction() as connection:
            gone = await connection.fetchval(
                """
                DELETE FROM seconds WHERE act = $1 AND subject = $2 AND officer = $3
                RETURNING true
                """,
                *(act, subject, officer),
            )
            if gone is None:
                return await was_done(connection, mark)
            await keep_done(connection, today, mark)
            if leaf is not None:
                await append(connection, leaf)
        return True

    @retried(idempotent=True)
    async def sweep(self, today: date) -> None:
        """Delete what nobody seconded within a week, and what nobody repeats any more."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM seconds WHERE proposed_on <= $1", today - GOOD_FOR
            )
            await sweep_done(connection, today)

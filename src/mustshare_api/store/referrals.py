"""Referrals: proposed by one officer, sent by another, worked on by one agency.

    referrals        proposed -> sent -> ... (`domain/referral.py`)    version + 1 a change
    referral_chunks  the age file, while an agency may still fetch it

What is said of one is in `agency_words`. Every change locks the referral's row, looks at its
version and its state, and is remembered in the audit log in the same transaction. Of two who
change it at a time, the second is told that it is no longer what they saw. That an agency has
fetched the file is marked without counting as a change: whoever reads must not make what they
read out of date.
"""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mustshare_api.domain.referral import OPEN, Step, after
from mustshare_api.domain.webhooks import REFERRAL_SENT
from mustshare_api.errors import NotFound
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.chunks import SenderFailed, evenly
from mustshare_api.store.database import AlreadyThere, Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.referral_rows import (
    Change,
    ReferralRow,
    done_before,
    held,
    keep_act,
    led_to,
    moved,
    proposed_anew,
    referral_of,
)
from mustshare_api.store.seconding import GOOD_FOR, Proposal, Seconded, second
from mustshare_api.store.steps import NewStep, refer_together
from mustshare_api.store.webhooks import enqueue_for


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What is proposed; the age file comes by itself, in pieces."""

    referral_id: bytes
    agency: str
    sha256: bytes


class ReferralStore:
    """The tables `referrals` and `referral_chunks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def propose(
        self,
        new: NewReferral,
        chunks: AsyncIterable[bytes],
        proposal: Proposal,
        leaf: NewLeaf | None,
    ) -> Outcome:
        """Keep an age file for a second officer to confirm.

        Returns:
            `RECORDED`; `SAME` when this very file of these very tips was proposed already;
            `DIFFERENT` when the id is taken.

        Raises:
            Busy: as many files are being taken in as may be at one time.
        """
        async with self._database.streaming():
            known = await self._known(new, proposal)
            if known is not None:
                return known
            try:
                return await self._take_in(new, chunks, proposal, leaf)
            except AlreadyThere:
                return await self._known(new, proposal) or Outcome.DIFFERENT
            except SenderFailed as failed:
                raise failed.failure from None

    async def _known(self, new: NewReferral, proposal: Proposal) -> Outcome | None:
        if await self.get(new.referral_id) is None:
            return None
        # Whatever has become of it since. The digest is over agency, file and tips: of the
        # same file of other tips nobody may be told that it is what waits here.
        same = await self.was_done(new.referral_id, proposal.digest)
        return Outcome.SAME if same else Outcome.DIFFERENT

    async def _take_in(
        self,
        new: NewReferral,
        chunks: AsyncIterable[bytes],
        proposal: Proposal,
        leaf: NewLeaf | None,
    ) -> Outcome:
        async with self._database.transaction() as connection:
            octets = await _written(connection, new.referral_id, chunks)
            await connection.execute(
                """
                INSERT INTO referrals (referral_id, agency, state, version, octets, sha256,
                                       changed_on)
                VALUES ($1, $2, 'proposed', 1, $3, $4, $5)
                """,
                *(new.referral_id, new.agency, octets, new.sha256, proposal.today),
            )
            await keep_act(connection, new.referral_id, proposal.digest)
            await second(connection, proposal)
            if leaf is not None:
                await append(connection, leaf)
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def get(self, referral_id: bytes) -> ReferralRow | None:
        """One referral, whoever asks."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT referral_id, agency, state, version, octets, sha256, sent_on, changed_on
                FROM referrals WHERE referral_id = $1
                """,
                referral_id,
            )
        return referral_of(row) if row else None

    @retried(idempotent=True)
    async def page(
        self, agency: str | None, after_id: bytes | None, limit: int
    ) -> list[ReferralRow]:
        """Up to `limit` referrals in the order of their random ids, beyond `after_id`.

        An agency is shown its own, once they were sent; without one, all are.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT referral_id, agency, state, version, octets, sha256, sent_on, changed_on
                FROM referrals WHERE referral_id > $1 ORDER BY referral_id LIMIT $2
                """
                if agency is None
                else """
                SELECT referral_id, agency, state, version, octets, sha256, sent_on, changed_on
                FROM referrals
                WHERE agency = $3 AND referral_id > $1 AND sent_on IS NOT NULL
                ORDER BY referral_id LIMIT $2
                """,
                *(after_id or b"", limit),
                *(() if agency is None else (agency,)),
            )
        return [referral_of(row) for row in rows]

    @retried(idempotent=True)
    async def confirm(
        self, change: Change, proposal: Proposal, steps: Sequence[NewStep]
    ) -> Seconded:
        """Send what another officer proposed, and make the step of each of its tips.

        Raises:
            NotFound, WrongMoment: as `move`; as `second`; as `refer_together`.
        """
        async with self._database.transaction() as connection:
            found = await held(connection, change)
            if await done_before(connection, change.referral_id, change.act):
                return Seconded.CONFIRMED
            state = led_to(found, change, Step.CONFIRM)
            done = await second(connection, proposal)
            if done is not Seconded.CONFIRMED:
                return await proposed_anew(connection, change, proposal, done)
            await refer_together(connection, steps)
            about = change.referral_id.hex()
            await enqueue_for(connection, REFERRAL_SENT, about, change.today, found.agency)
            await _sent(connection, change)
            await moved(connection, change, state)
        return done

    @retried(idempotent=True)
    async def was_done(self, referral_id: bytes, act: bytes) -> bool:
        """Whether an act is done; whatever it asked for may have gone since."""
        async with self._database.connection() as connection:
            return await done_before(connection, referral_id, act)

    @retried(idempotent=True)
    async def move(self, change: Change, step: Step) -> None:
        """Make a step; one that the same caller has made is left at that.

        Raises:
            NotFound: `referral.not_found`, none of this id for whoever asks.
            WrongMoment: `referral.changed`, it has another version by now;
                `referral.wrong_state`.
        """
        async with self._database.transaction() as connection:
            found = await held(connection, change)
            if not await done_before(connection, change.referral_id, change.act):
                await moved(connection, change, led_to(found, change, step))

    @retried(idempotent=True)
    async def mark_fetched(self, referral_id: bytes, today: date) -> None:
        """Remember that the agency has fetched the file; the version stays."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                UPDATE referrals SET state = 'fetched', changed_on = $2
                WHERE referral_id = $1 AND state = 'sent'
                """,
                *(referral_id, today),
            )

    async def pieces(self, referral_id: bytes) -> AsyncIterator[bytes]:
        """The age file. No connection is held between two pieces.

        Raises:
            NotFound: it was concluded or taken back meanwhile.
        """
        row, number, left = await self.get(referral_id), 0, 0
        left = row.octets if row else 0
        while left > 0:
            octets = await self._chunk(referral_id, number)
            if octets is None:
                raise NotFound("referral.not_found")
            yield octets
            left, number = left - len(octets), number + 1

    @retried(idempotent=True)
    async def _chunk(self, referral_id: bytes, number: int) -> bytes | None:
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM referral_chunks WHERE referral_id = $1 AND number = $2",
                *(referral_id, number),
            )
        return octets

    @retried(idempotent=True)
    async def due(self, sent_by: date) -> list[ReferralRow]:
        """What was sent by a day, and is still open."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT referral_id, agency, state, version, octets, sha256, sent_on, changed_on
                FROM referrals WHERE sent_on <= $1 AND state = ANY ($2::text[])
                ORDER BY referral_id
                """,
                *(sent_by, list(OPEN)),
            )
        return [referral_of(row) for row in rows]

    @retried(idempotent=True)
    async def lapse(self, change: Change) -> None:
        """Erase the file of a referral that nobody concluded, if nobody has by now."""
        async with self._database.transaction() as connection:
            found = await held(connection, change)
            if found.state in OPEN:
                await moved(connection, change, after(found.state, Step.LAPSE))

    @retried(idempotent=True)
    async def sweep(self, today: date, keep: timedelta) -> None:
        """Delete what nobody seconded within a week, and what ended `keep` ago."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                DELETE FROM referrals
                WHERE (state = 'proposed' AND changed_on <= $1)
                   OR (state IN ('lapsed', 'concluded', 'taken_back') AND changed_on <= $2)
                """,
                *(today - GOOD_FOR, today - keep),
            )


async def _sent(connection: Connection, change: Change) -> None:
    """Note the day, and count it by the year alone: that number outlives the referral."""
    await connection.execute(
        "UPDATE referrals SET sent_on = $2 WHERE referral_id = $1",
        *(change.referral_id, change.today),
    )
    await connection.execute(
        "INSERT INTO referral_totals (year, sent) VALUES ($1, 1) "
        "ON CONFLICT (year) DO UPDATE SET sent = referral_totals.sent + 1",
        change.today.year,
    )


async def _written(
    connection: Connection, referral_id: bytes, chunks: AsyncIterable[bytes]
) -> int:
    number = taken_bytes = 0
    async for octets in evenly(_wrapped(chunks)):
        await connection.execute(
            "INSERT INTO referral_chunks (referral_id, number, octets) VALUES ($1, $2, $3)",
            *(referral_id, number, octets),
        )
        number, taken_bytes = number + 1, taken_bytes + len(octets)
    return taken_bytes


async def _wrapped(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    try:
        async for piece in chunks:
            yield piece
    except Exception as error:
        raise SenderFailed(error) from error

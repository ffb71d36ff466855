"""Sealed objects: follow-ups and attachments of both sides, and how they are read back.

A message (kinds 1-3) is one row. An attachment (4, 5) is a row and its chunks:

    envelopes        prefix 72 | stanzas                 payload NULL, payload_bytes = their sum
    envelope_chunks  0: 256 KiB | 1: 256 KiB | … | n: rest

Whatever is added to a tip is added under the lock of the tip's row, so that a withdrawal comes
wholly before it (and it is refused) or wholly after (and it is buried too). An attachment is
written first and takes that lock only at its end: a slow sender holds up nobody.

Reading is in `reading`, putting other stanzas or another payload in place in `replacing`, and
the reporter's stanzas of a receipt that is exchanged in `rotations`.
"""

from collections.abc import AsyncIterable
from typing import Final

from mustshare_api.crypto.seen import KINDS
from mustshare_api.store.audit import append
from mustshare_api.store.chunks import SenderFailed, written
from mustshare_api.store.database import AlreadyThere, Connection, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.reading import EnvelopeReader
from mustshare_api.store.replacing import EnvelopeReplacer
from mustshare_api.store.rows import Addition, Beside, NewEnvelope, WaitingFollowUp
from mustshare_api.store.seeing import is_all_seen

_REPLY: Final = 3
_FROM_REPORTER: Final = KINDS
_FROM_STAFF: Final = (3, 5)


class _NotRecorded(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__()


class EnvelopeStore(EnvelopeReader, EnvelopeReplacer):
    """The tables `envelopes`, `envelope_recipients` and `envelope_chunks`."""

    @retried(idempotent=True)
    async def record_message(self, envelope: NewEnvelope, addition: Addition) -> Outcome:
        """Record a follow-up of either side; one from staff marks the tip answered."""
        payload_bytes = len(envelope.payload or b"")
        try:
            async with self._database.transaction() as connection:
                return await _add(connection, envelope, payload_bytes, addition)
        except AlreadyThere:
            # Recorded on another tip at this very moment.
            return Outcome.DIFFERENT

    async def record_attachment(
        self,
        envelope: NewEnvelope,
        payload: AsyncIterable[bytes],
        addition: Addition,
        *,
        beside: Beside | None = None,
        notice: tuple[NewEnvelope, Addition] | None = None,
    ) -> Outcome:
        """Record an attachment while it comes in, what comes with it, or none of it.

        Memory stays flat whatever its length. Where the outcome is known before (`SAME`,
        `GONE`, …) the payload is not read. What reading it raises is raised here.

        Raises:
            Busy: as many attachments are being recorded as may be at one time.
        """
        async with self._database.streaming():
            known = await self.foreseen(envelope, addition)
            if known is not Outcome.RECORDED:
                return known
            try:
                return await self._take_in(Beside(envelope, payload), beside, addition, notice)
            except AlreadyThere:
                # The same id came in twice at a time; the other one won. Where it is not this
                # one that is there, an id of what comes with it is another object's.
                known = await self.foreseen(envelope, addition)
                return Outcome.DIFFERENT if known is Outcome.RECORDED else known
            except SenderFailed as failed:
                raise failed.failure from None

    @retried(idempotent=True)
    async def foreseen(self, envelope: NewEnvelope, addition: Addition) -> Outcome:
        """What recording it would come to, as far as can be said without its payload."""
        async with self._database.connection() as connection:
            return await _foreseen(connection, envelope, addition)

    async def _take_in(
        self,
        first: Beside,
        second: Beside | None,
        addition: Addition,
        notice: tuple[NewEnvelope, Addition] | None,
    ) -> Outcome:
        try:
            async with self._database.transaction() as connection:
                for each in (first, second) if second else (first,):
                    object_id = each.envelope.object_id
                    octets = await written(connection, object_id, each.payload)
                    await _add_or_leave(connection, each.envelope, octets, addition)
                if notice is not None:
                    message, its = notice
                    await _add_or_leave(connection, message, len(message.payload or b""), its)
        except _NotRecorded as reason:
            # A notice that is there already belongs to another attachment: this one is not.
            return Outcome.DIFFERENT if reason.outcome is Outcome.SAME else reason.outcome
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def waiting(self, tip_id: bytes) -> list[WaitingFollowUp]:
        """The whole objects of the follow-ups from staff that lie on a tip."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, received_on, prefix || stanzas || payload AS octets
                FROM envelopes WHERE tip_id = $1 AND kind = 3 ORDER BY received_on, object_id
                """,
                tip_id,
            )
        return [WaitingFollowUp(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def count_waiting(self, tip_id: bytes) -> int:
        """How many follow-ups from staff lie on a tip."""
        async with self._database.connection() as connection:
            count: int = await connection.fetchval(
                "SELECT count(*) FROM envelopes WHERE tip_id = $1 AND kind = 3", tip_id
            )
        return count

    @retried(idempotent=True)
    async def acknowledge(self, tip_id: bytes, object_id: bytes) -> None:
        """Delete a follow-up from staff and the attachments it names. Safe to repeat."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                DELETE FROM envelopes WHERE tip_id = $1
                AND ((kind = 3 AND object_id = $2) OR (kind = 5 AND follow_up_id = $2))
                """,
                tip_id,
                object_id,
            )


async def _add_or_leave(
    connection: Connection, envelope: NewEnvelope, payload_bytes: int, addition: Addition
) -> None:
    outcome = await _add(connection, envelope, payload_bytes, addition)
    if outcome is not Outcome.RECORDED:
        raise _NotRecorded(outcome)


async def _add(
    connection: Connection, envelope: NewEnvelope, payload_bytes: int, addition: Addition
) -> Outcome:
    """Lock the tip, look at what it holds, add to it, remember it: in one transaction."""
    await connection.fetchval(
        "SELECT true FROM tips WHERE tip_id = $1 FOR UPDATE", envelope.tip_id
    )
    outcome = await _foreseen(connection, envelope, addition, payload_bytes)
    if outcome is Outcome.RECORDED:
        # A file goes ahead of the words that name it: only those answer anything.
        answers = envelope.kind == _REPLY
        starts = answers and await is_all_seen(connection, envelope.tip_id, addition.read)
        await connection.execute(
            """
            WITH extended AS (
                UPDATE tips SET answered = answered OR $13,
                                changed_on = greatest(changed_on, $4), expires_on = (
                    SELECT CASE
                        WHEN max(day) IS NULL THEN 'infinity'
                        WHEN tips.expires_on = 'infinity' AND $16 THEN max(day)
                        ELSE greatest(tips.expires_on, max(day)) END
                    FROM unnest($11::text[], $12::date[]) AS clock (state, day)
                    WHERE clock.state = tips.state)
                WHERE tip_id = $2
            ), unread AS (
                -- Whoever would erase it has not read this: both are to look again.
                DELETE FROM seconds WHERE $15 AND subject = $2 AND act = 'tip.erase'
            ), envelope AS (
                INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                       payload, payload_bytes, fingerprint, follow_up_id,
                                       changed_on)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $4)
            )
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT unnest($14::bytea[]), $1, $4
            """,
            *(envelope.object_id, envelope.tip_id, envelope.kind, envelope.received_on),
            *(envelope.prefix, envelope.stanzas, envelope.payload, payload_bytes),
            *(envelope.fingerprint, envelope.follow_up_id),
            *(list(addition.clocks), list(addition.clocks.values())),
            *(answers, list(envelope.kids), envelope.kind in _FROM_REPORTER, starts),
        )
        if addition.leaf is not None:
            await append(connection, addition.leaf)
    return outcome


async def _foreseen(
    connection: Connection, envelope: NewEnvelope, addition: Addition, payload_bytes: int = 0
) -> Outcome:
    """What adding this would come to, as far as is committed now."""
    row = await connection.fetchrow(
        """
        SELECT EXISTS (
                   SELECT FROM tips
                   WHERE tip_id = $1 AND state NOT IN ('withdrawn', 'expired')
                   AND expires_on > $2 AND ($3::bytea IS NULL OR access_hash = $3)
               ) AS alive,
               EXISTS (
                   SELECT FROM tips WHERE tip_id = $1 AND bundle_hash <> $10::bytea
               ) AS rotated,
               (SELECT tip_id = $1 AND kind = $5 AND CASE
                    WHEN $6::bytea IS NULL AND fingerprint IS NULL
                    THEN prefix = $7 AND stanzas = $8
                    ELSE fingerprint IS NOT DISTINCT FROM $6 END
                FROM envelopes WHERE object_id = $4) AS same,
               (SELECT count(*) FROM envelopes WHERE tip_id = $1 AND kind = $5) AS objects,
               (SELECT coalesce(sum(payload_bytes), 0)::bigint FROM envelopes
                WHERE tip_id = $1 AND kind = ANY ($9::smallint[])) AS octets
        """,
        *(envelope.tip_id, addition.today, addition.access_hash, envelope.object_id),
        *(envelope.kind, envelope.fingerprint, envelope.prefix, envelope.stanzas),
        _FROM_STAFF if envelope.kind in _FROM_STAFF else _FROM_REPORTER,
        addition.bundle_hash,
    )
    if row is None or not row["alive"]:
        return Outcome.GONE
    if row["same"] is not None:
        return Outcome.SAME if row["same"] else Outcome.DIFFERENT
    if row["rotated"]:
        return Outcome.CHANGED
    full = row["objects"] >= addition.limit_objects
    if full or row["octets"] + payload_bytes > addition.limit_bytes:
        return Outcome.FULL
    return Outcome.RECORDED

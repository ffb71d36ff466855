"""Dockets: one a tip, and a new one takes the place of the last in one transaction.

1. lock      the tip, as whoever adds to it or buries it does
2. same?     a retry after a lost answer is known by its head
3. compare   the last docket must be the one that its writer saw, and the bundle in force
             the one that it is sealed to
4. exchange  the old row goes with its stanzas, the new one comes
5. leaf      what the audit log remembers of it
"""

from dataclasses import dataclass

from mustshare_api.store.audit import append
from mustshare_api.store.database import AlreadyThere, Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Addition, NewEnvelope


@dataclass(frozen=True, slots=True)
class KeptDocket:
    """The docket that lies on a tip: the whole object."""

    object_id: bytes
    octets: bytes


class DocketStore:
    """What is done with envelopes of kind 7."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def of_tip(self, tip_id: bytes) -> KeptDocket | None:
        """The docket of a tip, where there is one."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT object_id, prefix || stanzas || payload AS octets
                FROM envelopes WHERE tip_id = $1 AND kind = 7
                """,
                tip_id,
            )
        return KeptDocket(**dict(row)) if row else None

    @retried(idempotent=True)
    async def put(self, new: NewEnvelope, addition: Addition, was: bytes | None) -> Outcome:
        """Put a docket in the place of the last one.

        Args:
            new: the docket.
            addition: who adds, and by which bundle.
            was: the digest of the last one's prefix and stanzas; None where there was none.

        Returns:
            `RECORDED`; `SAME` when it lies there already; `DIFFERENT` when the id is another
            object's; `OLDER` when the last one is not the one that was seen; `CHANGED` when the
            receipt was rotated since; `GONE`.
        """
        try:
            async with self._database.transaction() as connection:
                return await _put(connection, new, addition, was)
        except AlreadyThere:
            return Outcome.DIFFERENT


async def _put(
    connection: Connection, new: NewEnvelope, addition: Addition, was: bytes | None
) -> Outcome:
    tip = await connection.fetchrow(
        """
        SELECT bundle_hash FROM tips
        WHERE tip_id = $1 AND state NOT IN ('withdrawn', 'expired') AND expires_on > $2
        FOR UPDATE
        """,
        *(new.tip_id, addition.today),
    )
    if tip is None:
        return Outcome.GONE
    last = await connection.fetchrow(
        """
        SELECT object_id, digest, prefix = $2 AND stanzas = $3 AS same
        FROM envelopes WHERE tip_id = $1 AND kind = 7 FOR UPDATE
        """,
        *(new.tip_id, new.prefix, new.stanzas),
    )
    if last is not None and last["same"]:
        return Outcome.SAME
    if (last["digest"] if last is not None else None) != was:
        return Outcome.OLDER
    if tip["bundle_hash"] != addition.bundle_hash:
        return Outcome.CHANGED
    await _exchange(connection, new, addition)
    return Outcome.RECORDED


async def _exchange(connection: Connection, new: NewEnvelope, addition: Addition) -> None:
    await connection.execute("DELETE FROM envelopes WHERE tip_id = $1 AND kind = 7", new.tip_id)
    await connection.execute(
        """
        WITH extended AS (
            UPDATE tips SET changed_on = greatest(changed_on, $3), expires_on = (
                -- What waits for staff goes on waiting: a docket answers nothing.
                SELECT greatest(tips.expires_on, max(day))
                FROM unnest($9::text[], $10::date[]) AS clock (state, day)
                WHERE clock.state = tips.state)
            WHERE tip_id = $2
        ), envelope AS (
            INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                   payload, payload_bytes, fingerprint, changed_on)
            VALUES ($1, $2, 7, $3, $4, $5, $6::bytea, octet_length($6), $7, $3)
        )
        INSERT INTO envelope_recipients (kid, object_id, changed_on)
        SELECT unnest($8::bytea[]), $1, $3
        """,
        *(new.object_id, new.tip_id, new.received_on, new.prefix, new.stanzas),
        *(new.payload, new.fingerprint, list(new.kids)),
        *(list(addition.clocks), list(addition.clocks.values())),
    )
    if addition.leaf is not None:
        await append(connection, addition.leaf)

"""Tips: recorded, found by access hash, withdrawn, expired.

A tip that is withdrawn or expired becomes a tombstone (`burying`): id, state and days stay so
that staff learn it is gone, for 90 days. Nothing in a tombstone can be matched with a receipt
that turns up later.

Locking: whoever adds to a tip or buries it locks its row first, and looks at its envelopes in
a *later statement*, which sees what the previous holder of the lock committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mustshare_api.domain.about import About
from mustshare_api.domain.lifecycle import State
from mustshare_api.store.burying import bury, forget_tombstones
from mustshare_api.store.database import AlreadyThere, Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope, Reach, day_or_none
from mustshare_api.store.walking import Found, Walked, Way, short_of

_BATCH_TIPS: Final = 100
"""Tips expired in one transaction: few enough that nobody waits long for their locks."""


@dataclass(frozen=True, slots=True)
class NewTip:
    """What is recorded of a tip beside its envelope.

    `about` only where the front end asked that it be noted in clear.
    """

    tip_id: bytes
    access_hash: bytes
    bundle: bytes
    bundle_hash: bytes
    fingerprint: bytes
    received_on: date
    expires_on: date = date.max
    """Nobody has read it, so no clock runs."""
    about: About | None = None


@dataclass(frozen=True, slots=True)
class TipRow:
    """A tip as it stands. A tombstone has neither bundle nor bundle hash.

    `rotations` is how often its receipt was exchanged for another, `steps` how many steps staff
    have made with it, which is its version. `expires_on` is None while no clock runs.
    """

    tip_id: bytes
    bundle: bytes | None
    bundle_hash: bytes | None
    state: State
    received_on: date
    expires_on: date | None
    answered: bool
    rotations: int
    steps: int = 0
    erasure_nonce: bytes | None = None
    about_kind: str | None = None
    about_slug: str | None = None
    """The public page that it answers, only where its front end asked for that in clear."""

    @property
    def acknowledged(self) -> bool:
        """Whether staff have let the reporter see that they took note of it."""
        return self.answered or self.steps > 0


class TipStore:
    """The table `tips`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def record(self, tip: NewTip, envelope: NewEnvelope) -> Outcome:
        """Record a tip with its first envelope in one statement: both, durably, or neither.

        Returns:
            `RECORDED`; `SAME` when this access hash has a tip with this fingerprint already;
            `DIFFERENT` when it has another one, or when an id is taken.
        """
        try:
            async with self._database.connection() as connection:
                if await _recorded(connection, tip, envelope):
                    return Outcome.RECORDED
                return await _compared(connection, tip)
        except AlreadyThere:
            # The object's id is another object's. The tip went back with it.
            return Outcome.DIFFERENT

    @retried(idempotent=True)
    async def find(self, access_hash: bytes, today: date) -> TipRow | None:
        """The living tip of an access hash. Expired ones are not found, swept or not."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT tip_id, bundle, bundle_hash, state, received_on, expires_on, answered,
                       steps, (SELECT count(*) FROM rotations r WHERE r.tip_id = tips.tip_id)
                       AS rotations
                FROM tips
                WHERE access_hash = $1 AND state NOT IN ('withdrawn', 'expired')
                      AND expires_on > $2
                """,
                access_hash,
                today,
            )
        return tip_of(dict(row)) if row else None

    @retried(idempotent=True)
    async def recorded_on(
        self, access_hash: bytes, fingerprint: bytes, today: date
    ) -> date | None:
        """The day on which this very tip was recorded, if it was and lives.

        Of a receipt that was rotated the fingerprint is that of the last rotation.
        """
        async with self._database.connection() as connection:
            day: date | None = await connection.fetchval(
                """
                SELECT received_on FROM tips WHERE access_hash = $1 AND fingerprint = $2
                AND state NOT IN ('withdrawn', 'expired') AND expires_on > $3
                """,
                access_hash,
                fingerprint,
                today,
            )
        return day

    @retried(idempotent=True)
    async def get(self, tip_id: bytes) -> TipRow | None:
        """A tip by its id, dead or alive: for staff."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT tip_id, bundle, bundle_hash, state, received_on, expires_on, answered,
                       steps, erasure_nonce, about_kind, about_slug,
                       (SELECT count(*) FROM rotations r WHERE r.tip_id = tips.tip_id)
                       AS rotations
                FROM tips WHERE tip_id = $1
                """,
                tip_id,
            )
        return tip_of(dict(row)) if row else None

    async def page(
        self, reach: Reach, after: bytes | None, limit: int
    ) -> Walked[TipRow, bytes]:
        """Up to `limit` tips in the order of their random ids, beyond `after`: for staff.

        A living tip is within reach where any object on it is. Tombstones always are: whoever
        once held the tip has to learn that it is gone, and the keys went with it.
        """

        async def look(place: bytes, most: int) -> list[Found]:
            return await self._look(reach, place, most)

        walked = await Way(look, _id_of, short_of).walked(after or b"", limit)
        return Walked([_shown(row) for row in walked.rows], walked.place)

    @retried(idempotent=True)
    async def _look(self, reach: Reach, after: bytes, most: int) -> list[Found]:
        """The next tips; `shown` says which of them are within reach."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT tip_id, bundle, bundle_hash, state, received_on, expires_on, answered,
                       steps, erasure_nonce, about_kind, about_slug,
                       (SELECT count(*) FROM rotations r WHERE r.tip_id = tips.tip_id)
                       AS rotations,
                       $4 OR state IN ('withdrawn', 'expired') OR coalesce(held, false) AS shown
                FROM tips
                LEFT JOIN LATERAL (
                    SELECT true AS held
                    FROM envelopes JOIN envelope_recipients USING (object_id)
                    WHERE envelopes.tip_id = tips.tip_id AND kid = ANY ($3::bytea[]) LIMIT 1
                ) AS own ON NOT $4 AND state NOT IN ('withdrawn', 'expired')
                WHERE tip_id > $1 ORDER BY tip_id LIMIT $2
                """,
                *(after, most, list(reach.kids), reach.everything),
            )
        return [dict(row) for row in rows]

    # Not retried where it may have been done: the second run would find nothing and say no.
    @retried(idempotent=False)
    async def withdraw(self, access_hash: bytes, today: date) -> bool:
        """Bury the tip of an access hash; false when there is none."""
        async with self._database.transaction() as connection:
            tip_id = await connection.fetchval(
                """
                SELECT tip_id FROM tips
                WHERE access_hash = $1 AND state NOT IN ('withdrawn', 'expired')
                      AND expires_on > $2 FOR UPDATE
                """,
                access_hash,
                today,
            )
            if tip_id is None:
                return False
            await bury(connection, [tip_id], State.WITHDRAWN, today)
        return True

    async def expire(self, today: date) -> int:
        """Bury every tip whose day has come; returns how many."""
        expired = 0
        while buried := await self._expire_batch(today):
            expired += buried
        return expired

    async def forget(self, today: date) -> int:
        """Delete every tombstone whose day has come; returns how many."""
        forgotten = 0
        while gone := await self._forget_batch(today):
            forgotten += gone
        return forgotten

    @retried(idempotent=True)
    async def _forget_batch(self, today: date) -> int:
        async with self._database.transaction() as connection:
            return await forget_tombstones(connection, today, _BATCH_TIPS)

    @retried(idempotent=True)
    async def _expire_batch(self, today: date) -> int:
        # Whoever holds one of them, as the nightly mixing does, is waited for: it would lie
        # there for one more round. In the order of ids, as they take their locks, too.
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                """
                SELECT tip_id FROM tips
                WHERE state NOT IN ('withdrawn', 'expired') AND expires_on <= $1
                ORDER BY tip_id LIMIT $2 FOR UPDATE
                """,
                today,
                _BATCH_TIPS,
            )
            if rows:
                await bury(connection, [row["tip_id"] for row in rows], State.EXPIRED, today)
        return len(rows)


async def _recorded(connection: Connection, tip: NewTip, envelope: NewEnvelope) -> bool:
    recorded: bool = await connection.fetchval(
        """
        WITH tip AS (
            INSERT INTO tips (tip_id, access_hash, bundle, bundle_hash, fingerprint, state,
                              received_on, expires_on, changed_on, about_kind, about_slug)
            VALUES ($1, $2, $3, $4, $5, 'received', $6, $7, $6, $15, $16)
            ON CONFLICT DO NOTHING
            RETURNING tip_id
        ), envelope AS (
            INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                   payload, payload_bytes, fingerprint, changed_on)
            SELECT $8, tip_id, $9, $6, $10, $11, $12::bytea, octet_length($12), $13, $6
            FROM tip
        ), recipients AS (
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT unnest($14::bytea[]), $8, $6 FROM tip
        )
        SELECT EXISTS (SELECT FROM tip)
        """,
        *(tip.tip_id, tip.access_hash, tip.bundle, tip.bundle_hash, tip.fingerprint),
        *(tip.received_on, tip.expires_on),
        *(envelope.object_id, envelope.kind, envelope.prefix, envelope.stanzas),
        *(envelope.payload, envelope.fingerprint, list(envelope.kids)),
        *((tip.about.kind, tip.about.slug) if tip.about else (None, None)),
    )
    return recorded


async def _compared(connection: Connection, tip: NewTip) -> Outcome:
    # A statement of its own: the one that met the conflict was begun before the other tip was
    # committed, and would not see it.
    known = await connection.fetchval(
        "SELECT fingerprint FROM tips WHERE access_hash = $1", tip.access_hash
    )
    return Outcome.SAME if known == tip.fingerprint else Outcome.DIFFERENT


def _id_of(row: Found) -> bytes:
    tip_id: bytes = row["tip_id"]
    return tip_id


def _shown(row: Found) -> TipRow:
    del row["shown"]
    return tip_of(row)


def tip_of(row: Mapping[str, Any]) -> TipRow:
    """A tip of a row that has nothing but what a tip has."""
    read: dict[str, Any] = {
        "state": State(row["state"]),
        "expires_on": day_or_none(row["expires_on"]),
    }
    return TipRow(**{**row, **read})

"""The outbox: writes an event beside what it tells of, and hands deliveries to the sender.

    enqueue    in the transaction of the act itself: no event without its act, no act without
               its event, whatever crashes when
    due        the endpoints that have something to be sent
    claim      one delivery, counted as an attempt and put off by a lease first: a sender that
               dies half-way leaves it to the next one, under the same `webhook-id`
    finish     taken; put off as the schedule says; or given up, and the endpoint with it

Sending happens in another process (`mustshare deliver`), between `claim` and `finish`, and
holds no transaction meanwhile.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from mustshare_api.clock import BANGKOK, bangkok_day
from mustshare_api.domain.webhooks import KEPT_DAYS
from mustshare_api.errors import Misconfigured
from mustshare_api.store.database import Connection, Database, retried

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to be made. `shared` are the endpoint's secrets, the one in force first."""

    event_id: bytes
    endpoint_id: bytes
    kind: str
    about: str
    happened_on: date
    url: str
    shared: tuple[bytes, ...]
    attempts: int


async def enqueue(
    connection: Connection, kind: str, about: str, today: date, partner: str | None = None
) -> None:
    """Writes an event and whom to tell, in the transaction of what it tells of.

    Args:
        connection: in a transaction.
        kind: of `domain.webhooks.TYPES`.
        about: the slug of what is public, or the id of a referral.
        today: the Bangkok day.
        partner: whom alone it is for; with `referral.*` always, else never.
    """
    event_id = secrets.token_bytes(ID_BYTES)
    await connection.execute(
        """
        WITH event AS (
            INSERT INTO webhook_events (event_id, type, about, partner, happened_on)
            VALUES ($1, $2, $3, $4, $5) RETURNING event_id
        ), told AS (
            -- Held: one that is being removed meanwhile is waited for, and passed over.
            SELECT endpoint_id FROM webhook_endpoints
            WHERE $2 = ANY (types) AND disabled_on IS NULL AND proven
                  AND ($4::text IS NULL OR partner = $4)
            ORDER BY endpoint_id FOR KEY SHARE
        )
        INSERT INTO webhook_deliveries (event_id, endpoint_id, due_at)
        SELECT event.event_id, endpoint_id, $6 FROM event, told
        """,
        *(event_id, kind, about, partner, today, midnight(today)),
    )


async def enqueue_for(
    connection: Connection, kind: str, about: str, today: date, agency: str
) -> None:
    """Writes an event for an agency, where a partner goes by its name; else nothing."""
    # Held until the act is done: a partner that is being removed is waited for, and not there.
    if await connection.fetchval(
        "SELECT true FROM partners WHERE name = $1 FOR KEY SHARE", agency
    ):
        await enqueue(connection, kind, about, today, agency)


def midnight(day: date) -> datetime:
    """When a Bangkok day began: "at once", without saying when that was."""
    return datetime.combine(day, time(), BANGKOK)


_PUT_OFF_AT_MOST: Final = timedelta(days=3)
"""More than the longest pause, from the beginning of a day."""


class Outbox:
    """The tables `webhook_*` as the sending process uses them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check_there(self) -> None:
        """That the service has set this database up; the sending process never does.

        Raises:
            Misconfigured: it has not.
        """
        async with self._database.connection() as connection:
            if await connection.fetchval("SELECT to_regclass('webhook_deliveries') IS NULL"):
                raise Misconfigured(
                    "the database has no webhooks: start the service or run `mustshare migrate`"
                )

    @retried(idempotent=True)
    async def key(self, new_seed: bytes, new_key: bytes) -> bytes:
        """The seed of the service's key: `new_seed` the first time, whoever asks."""
        async with self._database.connection() as connection:
            await _keep_key(connection, new_seed, new_key)
            seed: bytes = await connection.fetchval("SELECT seed FROM webhook_key")
        return seed

    @retried(idempotent=True)
    async def public_key(self, new_seed: bytes, new_key: bytes) -> bytes:
        """Its public half, without a look at the other one."""
        async with self._database.connection() as connection:
            await _keep_key(connection, new_seed, new_key)
            key: bytes = await connection.fetchval("SELECT public_key FROM webhook_key")
        return key

    @retried(idempotent=True)
    async def due(self, now: datetime) -> set[bytes]:
        """The endpoints that have something to be sent, but for partners that are stopped."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT DISTINCT endpoint_id FROM webhook_deliveries"
                " JOIN webhook_endpoints USING (endpoint_id)"
                " JOIN partners ON name = partner"
                " WHERE due_at <= $1 AND disabled_on IS NULL AND NOT stopped",
                now,
            )
        return {row["endpoint_id"] for row in rows}

    @retried(idempotent=False)
    async def claim(self, endpoint_id: bytes, now: datetime, lease_s: int) -> Delivery | None:
        """The next attempt to be made at an endpoint; None when there is none."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                WITH next AS (
                    SELECT event_id FROM webhook_deliveries
                    JOIN webhook_endpoints USING (endpoint_id)
                    JOIN partners ON name = partner
                    WHERE endpoint_id = $1 AND due_at <= $2 AND disabled_on IS NULL
                          AND NOT stopped
                    ORDER BY due_at LIMIT 1 FOR UPDATE OF webhook_deliveries SKIP LOCKED
                )
                UPDATE webhook_deliveries AS d
                SET attempts = least(d.attempts + 1, 10), due_at = $3
                FROM next, webhook_events AS e, webhook_endpoints AS p
                WHERE d.event_id = next.event_id AND d.endpoint_id = $1
                  AND e.event_id = d.event_id AND p.endpoint_id = d.endpoint_id
                RETURNING d.event_id, d.endpoint_id, e.type, e.about, e.happened_on, p.url,
                          p.secret, p.previous_secret, p.previous_until, d.attempts
                """,
                *(endpoint_id, now, now + timedelta(seconds=lease_s)),
            )
        if row is None:
            return None
        secret: bytes = row["secret"]
        before: bytes | None = row["previous_secret"]
        shared: tuple[bytes, ...] = (secret,)
        if before is not None and row["previous_until"] >= bangkok_day(now):
            shared = (secret, before)
        return Delivery(
            event_id=row["event_id"],
            endpoint_id=row["endpoint_id"],
            kind=row["type"],
            about=row["about"],
            happened_on=row["happened_on"],
            url=row["url"],
            shared=shared,
            attempts=row["attempts"],
        )

    @retried(idempotent=True)
    async def delivered(self, delivery: Delivery) -> None:
        """It was taken."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE webhook_deliveries SET due_at = NULL, outcome = 'delivered'"
                " WHERE event_id = $1 AND endpoint_id = $2",
                *(delivery.event_id, delivery.endpoint_id),
            )

    @retried(idempotent=True)
    async def tested(
        self, delivery: Delivery, today: date, status: int | None, why: str, *, taken: bool
    ) -> None:
        """A test was tried, once. An endpoint that took one is told of events from here on.

        Args:
            delivery: the test.
            today: the Bangkok day.
            status: what was answered, if anything was.
            why: a code for what was not answered; empty where something was.
            taken: whether it was.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE webhook_endpoints SET tested_on = $2, test_status = $3, test_why = $4,"
                " proven = proven OR $5 WHERE endpoint_id = $1",
                *(delivery.endpoint_id, today, status, why or None, taken),
            )
            await connection.execute(
                "UPDATE webhook_deliveries SET due_at = NULL, outcome = $3"
                " WHERE event_id = $1 AND endpoint_id = $2 AND outcome IS NULL",
                *(delivery.event_id, delivery.endpoint_id, "delivered" if taken else "failed"),
            )

    @retried(idempotent=True)
    async def put_off(self, delivery: Delivery, until: datetime) -> None:
        """It failed, and is tried again."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE webhook_deliveries SET due_at = $3"
                " WHERE event_id = $1 AND endpoint_id = $2 AND outcome IS NULL",
                *(delivery.event_id, delivery.endpoint_id, until),
            )

    @retried(idempotent=True)
    async def give_up(self, delivery: Delivery, reason: str, today: date) -> None:
        """Nothing more goes to this endpoint until an operator starts it again.

        Args:
            delivery: the last attempt.
            reason: `gone` or `exhausted`.
            today: the Bangkok day.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE webhook_endpoints SET disabled_on = $2, disabled_for = $3"
                " WHERE endpoint_id = $1 AND disabled_on IS NULL",
                *(delivery.endpoint_id, today, reason),
            )
            await connection.execute(
                "UPDATE webhook_deliveries SET due_at = NULL, outcome = 'failed'"
                " WHERE endpoint_id = $1 AND outcome IS NULL",
                delivery.endpoint_id,
            )

    @retried(idempotent=True)
    async def sweep(self, today: date) -> None:
        """Forgets old events with their deliveries, and secrets that were replaced.

        What waits for longer than any schedule has it is due again.

        Not in one transaction: a replay holds its endpoint and then asks for events.
        """
        async with self._database.connection() as connection:
            await connection.execute(
                "DELETE FROM webhook_events WHERE happened_on < $1",
                today - timedelta(days=KEPT_DAYS),
            )
            await connection.execute(
                "UPDATE webhook_endpoints SET previous_secret = NULL, previous_until = NULL"
                " WHERE previous_until < $1",
                today,
            )
            # No pause is as long: what was put off under a clock that was ahead is due today.
            await connection.execute(
                "UPDATE webhook_deliveries AS d SET due_at = $1 FROM webhook_endpoints AS p"
                " WHERE d.endpoint_id = p.endpoint_id AND d.due_at > $2",
                *(midnight(today), midnight(today) + _PUT_OFF_AT_MOST),
            )

    @retried(idempotent=True)
    async def disabled(self) -> int:
        """How many endpoints nothing is sent to, for an operator's gauge."""
        async with self._database.connection() as connection:
            found: int = await connection.fetchval(
                "SELECT count(*) FROM webhook_endpoints WHERE disabled_on IS NOT NULL"
            )
        return found


async def _keep_key(connection: Connection, seed: bytes, public_key: bytes) -> None:
    await connection.execute(
        "INSERT INTO webhook_key (seed, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        *(seed, public_key),
    )

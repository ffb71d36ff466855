"""A partner's own webhooks, as the partner keeps them with its key.

    name     an id that the partner makes up; whose it is stands in every WHERE
    prove    an address that nobody looked over is sent nothing but a test, until it takes one
    bound    ENDPOINTS of a partner, CHANGES_A_DAY that count; a repetition is none of them

Everything that changes something takes the partner's own row first. So two calls of one partner
wait for one another, and a partner that is being removed meanwhile is found gone.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.domain.webhooks import TEST
from mustshare_api.errors import Busy, NotFound, NotPermitted, WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import AlreadyThere, Connection, Database, Row, retried
from mustshare_api.store.webhook_endpoints import OVERLAP, once_more
from mustshare_api.store.webhooks import ID_BYTES, midnight

ENDPOINTS: Final = 10
"""Of one partner: a server, one to try things on, and room to move."""

CHANGES_A_DAY: Final = 100
"""Each is an event in the audit log, or a request that we make. Nobody sets up that fast."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a partner asks for. `secret_id` is its own name for the secret."""

    endpoint_id: bytes
    url: str
    types: tuple[str, ...]
    secret_id: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """The secret in force, where it goes by the id that was asked with; whether it is new."""

    secret: bytes | None
    new: bool


class OwnWebhookStore:
    """The rows of `webhook_endpoints` that are one partner's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def put(
        self, partner: str, wanted: Wanted, secret: bytes, today: date, leaf: NewLeaf
    ) -> Shown:
        """Keeps an endpoint, with a test that is sent to it; the same again is the same.

        Raises:
            WrongMoment: `id.in_use`, `webhook.url_in_use`, `webhook.too_many`.
            Busy: `webhook.changed_too_often`.
            NotPermitted: the partner is gone.
        """
        try:
            return await self._put(partner, wanted, secret, today, leaf)
        except AlreadyThere:
            # An operator, or another partner, was there first: what is there now says to whom.
            return await self._put(partner, wanted, secret, today, leaf)

    async def _put(
        self, partner: str, wanted: Wanted, secret: bytes, today: date, leaf: NewLeaf
    ) -> Shown:
        async with self._database.transaction() as connection:
            await _hold(connection, partner)
            there = await connection.fetchrow(
                "SELECT * FROM webhook_endpoints WHERE endpoint_id = $1", wanted.endpoint_id
            )
            if there is not None:
                return _again(there, partner, wanted)
            await _check_room(connection, partner, wanted.url)
            await _count(connection, partner, today)
            await connection.execute(
                "INSERT INTO webhook_endpoints"
                " (endpoint_id, partner, url, types, secret, secret_id, added_on, proven)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, false)",
                *(wanted.endpoint_id, partner, wanted.url, list(wanted.types)),
                *(secret, wanted.secret_id, today),
            )
            await _enqueue_test(connection, partner, wanted.endpoint_id, today)
            await append(connection, leaf)
        return Shown(secret, new=True)

    @retried(idempotent=True)
    async def rotate(
        self,
        partner: str,
        endpoint_id: bytes,
        new: tuple[bytes, bytes],
        today: date,
        leaf: NewLeaf,
    ) -> Shown:
        """Puts a new secret in force; the one before signs beside it for two days.

        Args:
            partner: whose endpoint.
            endpoint_id: which one.
            new: the partner's id for the secret, and the secret that is taken if it is new.
            today: the Bangkok day.
            leaf: the deed.

        Raises:
            NotFound: the partner has no such endpoint.
            WrongMoment: `webhook.secret_replaced`, the id is of the secret before.
            Busy: `webhook.changed_too_often`.
        """
        secret_id, secret = new
        async with self._database.transaction() as connection:
            row = await _held(connection, partner, endpoint_id)
            if row["secret_id"] == secret_id:
                return Shown(row["secret"], new=False)
            if row["previous_id"] == secret_id:
                raise WrongMoment("webhook.secret_replaced")
            await _count(connection, partner, today)
            await connection.execute(
                "UPDATE webhook_endpoints SET previous_secret = secret, previous_until = $4,"
                " previous_id = secret_id, secret = $2, secret_id = $3 WHERE endpoint_id = $1",
                *(endpoint_id, secret, secret_id, today + OVERLAP),
            )
            await append(connection, leaf)
        return Shown(secret, new=True)

    @retried(idempotent=True)
    async def test(self, partner: str, endpoint_id: bytes, today: date) -> bytes:
        """Has a test sent; the id of its event. One that waits already is the same.

        Raises:
            NotFound: the partner has no such endpoint.
            WrongMoment: `webhook.given_up`.
            Busy: `webhook.changed_too_often`.
        """
        async with self._database.transaction() as connection:
            row = await _held(connection, partner, endpoint_id)
            _check_going(row)
            waits: bytes | None = await connection.fetchval(
                "SELECT event_id FROM webhook_deliveries JOIN webhook_events USING (event_id)"
                " WHERE endpoint_id = $1 AND type = $2 AND outcome IS NULL",
                *(endpoint_id, TEST),
            )
            if waits is not None:
                return waits
            await _count(connection, partner, today)
            return await _enqueue_test(connection, partner, endpoint_id, today)

    @retried(idempotent=True)
    async def start(self, partner: str, endpoint_id: bytes, today: date, leaf: NewLeaf) -> None:
        """Sends to an endpoint again that was given up; of another, nothing.

        Raises:
            NotFound: the partner has no such endpoint.
            Busy: `webhook.changed_too_often`.
        """
        async with self._database.transaction() as connection:
            row = await _held(connection, partner, endpoint_id)
            if row["disabled_on"] is None:
                return
            await _count(connection, partner, today)
            await connection.execute(
                "UPDATE webhook_endpoints SET disabled_on = NULL, disabled_for = NULL"
                " WHERE endpoint_id = $1",
                endpoint_id,
            )
            await append(connection, leaf)

    @retried(idempotent=True)
    async def replay(
        self,
        partner: str,
        endpoint_id: bytes,
        today: date,
        since: date | None = None,
        event_id: bytes | None = None,
    ) -> int:
        """Has events told once more, under the ids that they had; how many.

        Raises:
            NotFound: the partner has no such endpoint.
            WrongMoment: `webhook.given_up`, `webhook.unproven`.
            Busy: `webhook.changed_too_often`.
        """
        async with self._database.transaction() as connection:
            row = await _held(connection, partner, endpoint_id)
            _check_going(row)
            if not row["proven"]:
                raise WrongMoment("webhook.unproven")
            await _count(connection, partner, today)
            return await once_more(connection, endpoint_id, today, since, event_id)

    @retried(idempotent=True)
    async def remove(self, partner: str, endpoint_id: bytes, leaf: NewLeaf) -> None:
        """Forgets an endpoint and what waits for it; where there is none, that is so already.

        Never one change too many: what was set up was counted.
        """
        async with self._database.transaction() as connection:
            await _hold(connection, partner)
            done = await connection.fetchval(
                "DELETE FROM webhook_endpoints WHERE partner = $1 AND endpoint_id = $2"
                " RETURNING true",
                *(partner, endpoint_id),
            )
            if done:
                await append(connection, leaf)


async def _hold(connection: Connection, partner: str) -> None:
    found = await connection.fetchval(
        "SELECT true FROM partners WHERE name = $1 FOR NO KEY UPDATE", partner
    )
    if not found:
        raise NotPermitted("partner.unknown")


async def _held(connection: Connection, partner: str, endpoint_id: bytes) -> Row:
    await _hold(connection, partner)
    row = await connection.fetchrow(
        "SELECT * FROM webhook_endpoints WHERE partner = $1 AND endpoint_id = $2"
        # Its id stays: an event that is being written for it need not wait.
        " FOR NO KEY UPDATE",
        *(partner, endpoint_id),
    )
    if row is None:
        raise NotFound
    return row


async def _count(connection: Connection, partner: str, today: date) -> None:
    """Counts a change; the transaction ends where it is one too many."""
    changes = await connection.fetchval(
        """
        UPDATE partners SET webhooks_changed_on = $2,
            webhook_changes = CASE WHEN webhooks_changed_on = $2 THEN webhook_changes + 1
                                   ELSE 1 END
        WHERE name = $1 RETURNING webhook_changes
        """,
        *(partner, today),
    )
    if changes > CHANGES_A_DAY:
        raise Busy("webhook.changed_too_often", retry_after_s=3600)


async def _check_room(connection: Connection, partner: str, url: str) -> None:
    rows: Sequence[Row] = await connection.fetch(
        "SELECT url FROM webhook_endpoints WHERE partner = $1", partner
    )
    if url in {row["url"] for row in rows}:
        raise WrongMoment("webhook.url_in_use")
    if len(rows) >= ENDPOINTS:
        raise WrongMoment("webhook.too_many")


def _again(there: Row, partner: str, wanted: Wanted) -> Shown:
    same = (there["partner"], there["url"], tuple(there["types"]))
    if same != (partner, wanted.url, wanted.types):
        raise WrongMoment("id.in_use")
    own = there["secret_id"] == wanted.secret_id
    return Shown(there["secret"] if own else None, new=False)


def _check_going(row: Row) -> None:
    if row["disabled_on"] is not None:
        raise WrongMoment("webhook.given_up")


async def _enqueue_test(
    connection: Connection, partner: str, endpoint_id: bytes, today: date
) -> bytes:
    event_id = secrets.token_bytes(ID_BYTES)
    await connection.execute(
        """
        WITH event AS (
            INSERT INTO webhook_events (event_id, type, about, partner, happened_on)
            VALUES ($1, $2, 'test', $3, $4) RETURNING event_id
        )
        INSERT INTO webhook_deliveries (event_id, endpoint_id, due_at)
        SELECT event_id, $5, $6 FROM event
        """,
        *(event_id, TEST, partner, today, endpoint_id, midnight(today)),
    )
    return event_id

"""Where partners are told things, as an operator keeps it: `mustshare partner webhook`.

Each change is a deed and stands in the audit log, by the partner's name and never the secret.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from mustshare_api.errors import NotFound, WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import AlreadyThere, Connection, Database, Row, retried
from mustshare_api.store.webhooks import midnight

OVERLAP: Final = timedelta(days=2)
"""For so long both secrets sign: a partner changes its own on a working day of its choice."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint; `waiting` are deliveries under way.

    `proven` is one that an operator looked over or that took a test. The last three tell of the
    last test that its partner asked for.
    """

    partner: str
    url: str
    types: tuple[str, ...]
    disabled_on: date | None = None
    disabled_for: Literal["gone", "exhausted"] | None = None
    waiting: int = 0
    endpoint_id: bytes = b""
    proven: bool = True
    tested_on: date | None = None
    test_status: int | None = None
    test_why: str | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """What a webhook to an endpoint is signed with, the secret in force first."""

    url: str
    shared: tuple[bytes, ...]


class EndpointStore:
    """The table `webhook_endpoints`. An endpoint is named by its partner and its address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=False)
    async def add(
        self, endpoint: Endpoint, ids: tuple[bytes, bytes], today: date, leaf: NewLeaf
    ) -> bool:
        """Keeps a new endpoint; False where the partner has one at this address.

        Args:
            endpoint: what is agreed.
            ids: the endpoint's own id and its secret.
            today: the Bangkok day.
            leaf: the deed.

        Raises:
            NotFound: no such partner.
        """
        try:
            async with self._database.transaction() as connection:
                await _required_partner(connection, endpoint.partner)
                await connection.execute(
                    "INSERT INTO webhook_endpoints"
                    " (endpoint_id, partner, url, types, secret, added_on)"
                    " VALUES ($1, $2, $3, $4, $5, $6)",
                    *(ids[0], endpoint.partner, endpoint.url, list(endpoint.types)),
                    *(ids[1], today),
                )
                await append(connection, leaf)
        except AlreadyThere:
            return False
        return True

    @retried(idempotent=True)
    async def all(self, partner: str | None = None) -> list[Endpoint]:
        """Every endpoint, or those of one partner, by partner and address."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT p.*, (SELECT count(*) FROM webhook_deliveries AS d
                             WHERE d.endpoint_id = p.endpoint_id AND outcome IS NULL) AS waiting
                FROM webhook_endpoints AS p
                WHERE $1::text IS NULL OR partner = $1 ORDER BY partner, url
                """,
                partner,
            )
        return [_endpoint(row) for row in rows]

    @retried(idempotent=False)
    async def remove(self, partner: str, url: str, leaf: NewLeaf) -> bool:
        """Forgets an endpoint and what waits for it; False where there is none."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                "DELETE FROM webhook_endpoints WHERE partner = $1 AND url = $2 RETURNING true",
                *(partner, url),
            )
            if done:
                await append(connection, leaf)
        return done is True

    @retried(idempotent=False)
    async def rotate(
        self, partner: str, url: str, new_secret: bytes, today: date, leaf: NewLeaf
    ) -> bool:
        """Puts a new secret in force; the one before signs beside it for two days."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                "UPDATE webhook_endpoints SET previous_secret = secret, previous_until = $4,"
                # The partner's name for the one before is not this one's.
                " previous_id = secret_id, secret_id = NULL, secret = $3"
                " WHERE partner = $1 AND url = $2 RETURNING true",
                *(partner, url, new_secret, today + OVERLAP),
            )
            if done:
                await append(connection, leaf)
        return done is True

    @retried(idempotent=True)
    async def start(self, partner: str, url: str, leaf: NewLeaf) -> bool:
        """Sends to an endpoint again; False where there is none."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                "UPDATE webhook_endpoints SET disabled_on = NULL, disabled_for = NULL"
                " WHERE partner = $1 AND url = $2 RETURNING true",
                *(partner, url),
            )
            if done:
                await append(connection, leaf)
        return done is True

    @retried(idempotent=True)
    async def signing(self, partner: str, url: str, today: date) -> Signing | None:
        """With what a test to an endpoint is signed; None where there is none."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT url, secret, previous_secret, previous_until FROM webhook_endpoints"
                " WHERE partner = $1 AND url = $2",
                *(partner, url),
            )
        if row is None:
            return None
        both = row["previous_until"] is not None and row["previous_until"] >= today
        shared = (row["secret"], row["previous_secret"]) if both else (row["secret"],)
        return Signing(row["url"], shared)

    @retried(idempotent=True)
    async def replay(
        self,
        partner: str,
        url: str,
        today: date,
        since: date | None = None,
        event_id: bytes | None = None,
    ) -> int:
        """Has events told once more to an endpoint, under the ids that they had; how many.

        Args:
            partner: whose endpoint.
            url: which one.
            today: the Bangkok day.
            since: the first Bangkok day whose events are told; None for any.
            event_id: the one event; None for all.

        Raises:
            NotFound: no such endpoint.
            WrongMoment: `webhook.given_up`; what was told again would wait for good.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "SELECT endpoint_id, disabled_on FROM webhook_endpoints"
                " WHERE partner = $1 AND url = $2 FOR KEY SHARE",
                *(partner, url),
            )
            if row is None:
                raise NotFound
            if row["disabled_on"] is not None:
                raise WrongMoment("webhook.given_up")
            return await once_more(connection, row["endpoint_id"], today, since, event_id)


async def once_more(
    connection: Connection,
    endpoint_id: bytes,
    today: date,
    since: date | None,
    event_id: bytes | None,
) -> int:
    """Has events told again to an endpoint that the transaction holds; how many.

    Events that are being forgotten meanwhile are passed over.
    """
    told = await connection.fetch(
        """
        WITH kept AS (
            SELECT e.event_id FROM webhook_events AS e, webhook_endpoints AS p
            WHERE p.endpoint_id = $1 AND e.type = ANY (p.types)
              AND (e.partner IS NULL OR e.partner = p.partner)
              AND ($3::date IS NULL OR e.happened_on >= $3)
              AND ($4::bytea IS NULL OR e.event_id = $4)
            FOR KEY SHARE OF e
        )
        INSERT INTO webhook_deliveries (event_id, endpoint_id, due_at)
        SELECT event_id, $1, $2 FROM kept
        ON CONFLICT (event_id, endpoint_id)
            DO UPDATE SET attempts = 0, due_at = $2, outcome = NULL
        RETURNING true
        """,
        *(endpoint_id, midnight(today), since, event_id),
    )
    return len(told)


async def _required_partner(connection: Connection, name: str) -> None:
    if not await connection.fetchval("SELECT true FROM partners WHERE name = $1", name):
        raise NotFound


def _endpoint(row: Row) -> Endpoint:
    return Endpoint(
        partner=row["partner"],
        url=row["url"],
        types=tuple(row["types"]),
        disabled_on=row["disabled_on"],
        disabled_for=row["disabled_for"],
        waiting=row["waiting"],
        endpoint_id=row["endpoint_id"],
        proven=row["proven"],
        tested_on=row["tested_on"],
        test_status=row["test_status"],
        test_why=row["test_why"],
    )

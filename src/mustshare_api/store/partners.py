"""Partners, and how much of their quota is used.

A call is counted and allowed in one statement: whoever reads first and writes afterwards lets
more through than there is, as soon as two do so at one time. Calls of one partner therefore
wait for one another on its row, for some tenths of a millisecond each.
"""

from dataclasses import dataclass
from datetime import date, datetime

from mustshare_api.clock import BANGKOK, bangkok_day
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import AlreadyThere, Database, Row, retried

OVER = -1
"""In the column `minute`: what was counted is over."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as it is kept."""

    name: str
    origins: tuple[str, ...]
    quota_per_day: int
    quota_per_minute: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """A partner, what is left to it today and in this minute, and whether this call counted."""

    partner: Partner
    left_today: int
    left_in_minute: int
    charged: bool = False

    @property
    def is_left(self) -> bool:
        """Whether there is quota for one more call."""
        return self.left_today > 0 and self.left_in_minute > 0


class PartnerStore:
    """The tables `partners` and `partner_usage`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def find(self, key_hash: bytes, now: datetime) -> Usage | None:
        """Whose key it is, and what is left; None for nobody's."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT partners.*, u.used_on, u.used, u.minute, u.used_in_minute
                FROM partners LEFT JOIN partner_usage AS u USING (name)
                WHERE key_hash = $1
                """,
                key_hash,
            )
        return None if row is None else _usage(row, now)

    # A call that is counted twice errs against the partner, by one: better than not at all.
    @retried(idempotent=True)
    async def charge(self, key_hash: bytes, now: datetime) -> Usage | None:
        """Counts a call, if there is quota for it; None where the partner may not call."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                WITH partner AS (
                    SELECT * FROM partners WHERE key_hash = $1 AND NOT stopped
                ), charged AS (
                    INSERT INTO partner_usage AS u
                        (name, used_on, used, minute, used_in_minute)
                    SELECT name, $2, 1, $3, 1 FROM partner
                    ON CONFLICT (name) DO UPDATE SET
                        used_on = $2,
                        used = CASE WHEN u.used_on = $2 THEN u.used + 1 ELSE 1 END,
                        minute = $3,
                        used_in_minute =
                            CASE WHEN u.minute = $3 THEN u.used_in_minute + 1 ELSE 1 END
                    WHERE (u.used_on <> $2 OR u.used < (SELECT quota_per_day FROM partner))
                      AND (u.minute <> $3
                           OR u.used_in_minute < (SELECT quota_per_minute FROM partner))
                    RETURNING used_on, used, minute, used_in_minute
                )
                SELECT partner.*, charged.*, charged.used IS NOT NULL AS charged
                FROM partner LEFT JOIN charged ON true
                """,
                key_hash,
                bangkok_day(now),
                now.astimezone(BANGKOK).minute,
            )
        if row is None:
            return None
        if not row["charged"]:
            return await self.find(key_hash, now)
        return _usage(row, now, charged=True)

    @retried(idempotent=True)
    async def origins(self) -> frozenset[str]:
        """Origins of all partners that are not stopped."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT DISTINCT unnest(origins) AS origin FROM partners WHERE NOT stopped"
            )
        return frozenset(row["origin"] for row in rows)

    @retried(idempotent=False)
    async def add(self, partner: Partner, key_hash: bytes, today: date, leaf: NewLeaf) -> bool:
        """Keeps a new partner; False when there is one of that name. `leaf` is the deed."""
        try:
            async with self._database.transaction() as connection:
                await connection.execute(
                    "INSERT INTO partners (name, key_hash, origins, quota_per_day,"
                    " quota_per_minute, added_on) VALUES ($1, $2, $3, $4, $5, $6)",
                    partner.name,
                    key_hash,
                    list(partner.origins),
                    partner.quota_per_day,
                    partner.quota_per_minute,
                    today,
                )
                await append(connection, leaf)
        except AlreadyThere:
            return False
        return True

    @retried(idempotent=True)
    async def all(self, now: datetime) -> list[Usage]:
        """Every partner, by name, with what is left."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT partners.*, u.used_on, u.used, u.minute, u.used_in_minute
                FROM partners LEFT JOIN partner_usage AS u USING (name) ORDER BY name
                """
            )
        return [_usage(row, now) for row in rows]

    @retried(idempotent=True)
    async def stop(self, name: str, leaf: NewLeaf, *, stopped: bool) -> bool:
        """Stops a partner or starts it again; False where there is none of that name."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                "UPDATE partners SET stopped = $2 WHERE name = $1 RETURNING true",
                name,
                stopped,
            )
            if done:
                await append(connection, leaf)
        return done is True

    @retried(idempotent=False)
    async def remove(self, name: str, leaf: NewLeaf) -> bool:
        """Forgets a partner and its key; False where there is none of that name."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                "DELETE FROM partners WHERE name = $1 RETURNING true", name
            )
            if done:
                await append(connection, leaf)
        return done is True

    @retried(idempotent=True)
    async def sweep(self, now: datetime) -> None:
        """Forgets which minute was counted, once it is over."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE partner_usage SET minute = $2, used_in_minute = 0"
                " WHERE minute NOT IN ($1, $2)",
                now.astimezone(BANGKOK).minute,
                OVER,
            )


def _usage(row: Row, now: datetime, *, charged: bool = False) -> Usage:
    partner = Partner(
        name=row["name"],
        origins=tuple(row["origins"]),
        quota_per_day=row["quota_per_day"],
        quota_per_minute=row["quota_per_minute"],
        stopped=row["stopped"],
    )
    of_today = row["used_on"] == bangkok_day(now)
    of_minute = of_today and row["minute"] == now.astimezone(BANGKOK).minute
    return Usage(
        partner,
        max(0, partner.quota_per_day - (row["used"] if of_today else 0)),
        max(0, partner.quota_per_minute - (row["used_in_minute"] if of_minute else 0)),
        charged,
    )

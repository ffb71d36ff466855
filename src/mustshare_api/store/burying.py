"""How a tip ends: what is left of it, for how long, and what proves that it was erased.

    bury      access hash, keys, fingerprint and every envelope go; a tombstone stays
    erasures  of a tip that expired, by the clock or by two officers, a hash stays:
              SHA-256(0 | nonce | tip id), the nonce on the tombstone, so that staff can check
              that theirs is among those that the month's leaf in the audit log counts
    forget    90 days later, blurred, the tombstone goes too, and with it the nonce; a tally by
              the month of arrival keeps the totals true

What a reporter took back has no hash and no leaf: it is no deed of the service's.
"""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final

from mustshare_api.crypto.merkle import leaf_hash
from mustshare_api.domain.deadlines import month_of, tombstone_expiry
from mustshare_api.domain.lifecycle import State
from mustshare_api.store.database import Connection
from mustshare_api.store.seconding import forget_about

NONCE_BYTES: Final = 32
"""As long as the hash that it hides the id behind."""


async def bury(
    connection: Connection, tip_ids: Sequence[bytes], state: State, today: date
) -> None:
    """Make tombstones of tips whose rows are locked."""
    nonces = [
        secrets.token_bytes(NONCE_BYTES) if state is State.EXPIRED else None for _ in tip_ids
    ]
    await connection.execute(
        """
        UPDATE tips SET state = $2, access_hash = NULL, bundle = NULL, bundle_hash = NULL,
                        fingerprint = NULL, about_kind = NULL, about_slug = NULL,
                        expires_on = buried.ends_on,
                        erasure_nonce = buried.nonce,
                        changed_on = greatest(tips.changed_on, $5)
        FROM unnest($1::bytea[], $3::date[], $4::bytea[]) AS buried (tip_id, ends_on, nonce)
        WHERE tips.tip_id = buried.tip_id
        """,
        *(tip_ids, state, [tombstone_expiry(today) for _ in tip_ids], nonces, today),
    )
    await connection.execute("DELETE FROM envelopes WHERE tip_id = ANY ($1)", tip_ids)
    await connection.execute("DELETE FROM uploads WHERE tip_id = ANY ($1)", tip_ids)
    await connection.execute("DELETE FROM rotations WHERE tip_id = ANY ($1)", tip_ids)
    await forget_about(connection, tip_ids)
    hashes = [
        leaf_hash(nonce + tip_id)
        for nonce, tip_id in zip(nonces, tip_ids, strict=True)
        if nonce is not None
    ]
    if hashes:
        await _count(connection, sorted(hashes), today)


async def _count(connection: Connection, hashes: Sequence[bytes], today: date) -> None:
    """Put hashes among those of the month that has no leaf yet: this one, or a later one."""
    await begin_month(connection, today)
    await connection.execute(
        """
        INSERT INTO erasures (month, hash)
        SELECT greatest(held.month, $2), hash
        FROM (SELECT month FROM erasure_months FOR SHARE) AS held,
             unnest($1::bytea[]) AS buried (hash)
        """,
        *(hashes, month_of(today)),
    )


async def begin_month(connection: Connection, today: date) -> None:
    """Have months counted from this one on, where none ever was."""
    await connection.execute(
        "INSERT INTO erasure_months (month) VALUES ($1) ON CONFLICT DO NOTHING",
        month_of(today),
    )


async def forget_tombstones(connection: Connection, today: date, most: int) -> int:
    """Delete tombstones whose day has come, and keep how many there were; say that, too."""
    count: int = await connection.fetchval(
        """
        WITH due AS (
            SELECT tip_id FROM tips
            WHERE state IN ('withdrawn', 'expired') AND expires_on <= $1
            ORDER BY tip_id LIMIT $2 FOR UPDATE
        ), gone AS (
            DELETE FROM tips USING due WHERE tips.tip_id = due.tip_id
            RETURNING state, date_trunc('month', received_on::timestamp)::date AS month
        ), counted AS (
            INSERT INTO tallies (month, state, tips)
            SELECT month, state, count(*) FROM gone GROUP BY month, state ORDER BY month, state
            ON CONFLICT (month, state) DO UPDATE SET tips = tallies.tips + excluded.tips
        )
        SELECT count(*) FROM gone
        """,
        *(today, most),
    )
    return count

"""Makes rows for the store's tests: the right lengths, random octets."""

import secrets
from collections.abc import AsyncIterator
from datetime import date

from mustshare_api.domain.lifecycle import LIVING
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.database import Database
from mustshare_api.store.rows import Addition, NewEnvelope
from mustshare_api.store.tips import NewTip

TODAY = date(2026, 11, 23)
LATER = date(2027, 11, 23)
MUCH_LATER = date(2028, 11, 23)

TIP, FROM_REPORTER, FROM_STAFF, FILE_FROM_REPORTER, FILE_FROM_STAFF = 1, 2, 3, 4, 5


def tip(*, expires_on: date = LATER, access_hash: bytes | None = None) -> NewTip:
    return NewTip(
        tip_id=secrets.token_bytes(16),
        access_hash=access_hash or secrets.token_bytes(32),
        bundle=secrets.token_bytes(1248),
        bundle_hash=secrets.token_bytes(32),
        fingerprint=secrets.token_bytes(32),
        received_on=TODAY,
        expires_on=expires_on,
    )


def envelope(
    tip_id: bytes, kind: int = TIP, *, follow_up_id: bytes | None = None
) -> NewEnvelope:
    return NewEnvelope(
        object_id=secrets.token_bytes(16),
        tip_id=tip_id,
        kind=kind,
        received_on=TODAY,
        prefix=secrets.token_bytes(72),
        stanzas=b"\x02" + secrets.token_bytes(2 * 1184),
        payload=None
        if kind in (FILE_FROM_REPORTER, FILE_FROM_STAFF)
        else secrets.token_bytes(4304),
        fingerprint=secrets.token_bytes(32),
        follow_up_id=follow_up_id,
    )


def addition(
    access_hash: bytes | None = None,
    *,
    today: date = TODAY,
    extends_to: date = LATER,
    limit_objects: int = 100,
    limit_bytes: int = 1 << 30,
    leaf: NewLeaf | None = None,
    read: bytes | None = None,
) -> Addition:
    clocks = {state: extends_to for state in LIVING if access_hash is None}
    return Addition(access_hash, today, clocks, limit_objects, limit_bytes, leaf, read=read)


async def pieces(*octets: bytes) -> AsyncIterator[bytes]:
    for piece in octets:
        yield piece


async def attachment_rows(database: Database) -> tuple[int, int]:
    async with database.connection() as connection:
        return (
            await connection.fetchval("SELECT count(*) FROM envelopes WHERE kind IN (4, 5)"),
            await connection.fetchval("SELECT count(*) FROM envelope_chunks"),
        )

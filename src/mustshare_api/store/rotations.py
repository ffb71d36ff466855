"""Rotations: a receipt exchanged for a new one, wholly or not at all.

    under the lock of the tip's row, in one transaction
    tips        access_hash, bundle, bundle_hash, fingerprint   the new receipt's
    envelopes   the reporter's stanza of each object from staff that waits   old key -> new key
    rotations   the old bundle and both signatures, one more row

Whatever was killed in between, one of the two receipts works: never both, never neither. An
object from staff that came or went since the stanzas were made stops it (`CHANGED`), as nobody
could open that object any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mustshare_api.crypto.envelope import STANZA_BYTES
from mustshare_api.crypto.suite import KID_BYTES
from mustshare_api.store.database import AlreadyThere, Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Reach


@dataclass(frozen=True, slots=True)
class RotationRow:
    """One rotation of a tip, in the order of their numbers."""

    bundle: bytes
    notice: bytes
    acceptance: bytes


@dataclass(frozen=True, slots=True)
class HeldHead:
    """An object from staff that waits: prefix and stanzas as they stand."""

    object_id: bytes
    octets: bytes


@dataclass(frozen=True, slots=True)
class NewRotation:
    """What takes the place of what.

    Attributes:
        tip_id: the tip.
        number: which rotation of it, from 1.
        left: the bundle in force until now, and both signatures.
        old_access_hash: by which the tip is found until now.
        access_hash: by which it is found from now on.
        bundle: the new one.
        bundle_hash: of that.
        fingerprint: by which a retry of this rotation is known.
        kids: of the old reply key and of the new one.
        stanzas: a new one for each object that has one for the old reply key.
    """

    tip_id: bytes
    number: int
    left: RotationRow
    old_access_hash: bytes
    access_hash: bytes
    bundle: bytes
    bundle_hash: bytes
    fingerprint: bytes
    kids: tuple[bytes, bytes]
    stanzas: Mapping[bytes, bytes]


class RotationStore:
    """The table `rotations`, and what changes with it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def of_tip(self, tip_id: bytes) -> list[RotationRow]:
        """The rotations of a tip, the first one first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT bundle, notice, acceptance FROM rotations
                WHERE tip_id = $1 ORDER BY number
                """,
                tip_id,
            )
        return [RotationRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def reached(self, reach: Reach, tip_id: bytes) -> bool:
        """Whether any object on a tip is within reach, as for the list of tips."""
        async with self._database.connection() as connection:
            found: bool = await connection.fetchval(
                """
                SELECT $3 OR EXISTS (
                    SELECT FROM envelopes JOIN envelope_recipients USING (object_id)
                    WHERE tip_id = $1 AND kid = ANY ($2::bytea[]))
                """,
                *(tip_id, list(reach.kids), reach.everything),
            )
        return found

    @retried(idempotent=True)
    async def held(self, tip_id: bytes) -> list[HeldHead]:
        """The heads of all objects from staff that lie on a tip."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, prefix || stanzas AS octets
                FROM envelopes WHERE tip_id = $1 AND kind IN (3, 5, 7) ORDER BY object_id
                """,
                tip_id,
            )
        return [HeldHead(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def rotate(self, rotation: NewRotation, today: date) -> Outcome:
        """Exchange one receipt for another.

        Returns:
            `RECORDED`, `SAME` (it was done before), `CHANGED` (other objects wait than have
            new stanzas), `DIFFERENT` (the new keys are in use), `GONE`.
        """
        try:
            async with self._database.transaction() as connection:
                if not await _locked(connection, rotation, today):
                    return await _done_before(connection, rotation, today)
                outcome = await _rewrap(connection, rotation)
                if outcome is Outcome.RECORDED:
                    await _exchange(connection, rotation)
                return outcome
        except AlreadyThere:
            return Outcome.DIFFERENT


async def _locked(connection: Connection, rotation: NewRotation, today: date) -> bool:
    """Lock the tip, if it lives and the old receipt is still its receipt."""
    alive = await connection.fetchval(
        """
        SELECT true FROM tips WHERE tip_id = $1 AND access_hash = $2
        AND state NOT IN ('withdrawn', 'expired') AND expires_on > $3 FOR UPDATE
        """,
        *(rotation.tip_id, rotation.old_access_hash, today),
    )
    return alive is not None


async def _done_before(connection: Connection, rotation: NewRotation, today: date) -> Outcome:
    # The second run of a transaction whose COMMIT lost its answer comes by here.
    done = await connection.fetchval(
        """
        SELECT true FROM tips WHERE access_hash = $1 AND fingerprint = $2
        AND state NOT IN ('withdrawn', 'expired') AND expires_on > $3
        """,
        *(rotation.access_hash, rotation.fingerprint, today),
    )
    return Outcome.SAME if done else Outcome.GONE


async def _rewrap(connection: Connection, rotation: NewRotation) -> Outcome:
    """Put the new stanzas in the places of the old ones, if they are exactly those."""
    rows = await connection.fetch(
        """
        SELECT object_id, stanzas FROM envelopes
        WHERE tip_id = $1 AND kind IN (3, 5, 7) ORDER BY object_id FOR UPDATE
        """,
        rotation.tip_id,
    )
    old_kid, new_kid = rotation.kids
    held = {row["object_id"]: row["stanzas"] for row in rows}
    if any(new_kid in places(stanzas) for stanzas in held.values()):
        return Outcome.DIFFERENT
    named = {i: stanzas for i, stanzas in held.items() if old_kid in places(stanzas)}
    if named.keys() != rotation.stanzas.keys():
        return Outcome.CHANGED
    for object_id, stanzas in named.items():
        at = places(stanzas)[old_kid]
        exchanged = stanzas[:at] + rotation.stanzas[object_id] + stanzas[at + STANZA_BYTES :]
        await connection.execute(
            """
            WITH stanzas AS (UPDATE envelopes SET stanzas = $2 WHERE object_id = $1)
            UPDATE envelope_recipients SET kid = $4 WHERE object_id = $1 AND kid = $3
            """,
            *(object_id, exchanged, old_kid, new_kid),
        )
    return Outcome.RECORDED


async def _exchange(connection: Connection, rotation: NewRotation) -> None:
    await connection.execute(
        """
        INSERT INTO rotations (tip_id, number, bundle, notice, acceptance)
        VALUES ($1, $2, $3, $4, $5)
        """,
        *(rotation.tip_id, rotation.number, rotation.left.bundle),
        *(rotation.left.notice, rotation.left.acceptance),
    )
    await connection.execute(
        """
        UPDATE tips SET access_hash = $2, bundle = $3, bundle_hash = $4, fingerprint = $5
        WHERE tip_id = $1
        """,
        *(rotation.tip_id, rotation.access_hash, rotation.bundle, rotation.bundle_hash),
        rotation.fingerprint,
    )


def places(stanzas: bytes) -> dict[bytes, int]:
    """Where each stanza begins, by the kid of its recipient."""
    starts = range(1, len(stanzas), STANZA_BYTES)
    return {stanzas[at : at + KID_BYTES]: at for at in starts}

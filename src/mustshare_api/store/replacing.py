"""Puts other stanzas on an object, or other stanzas and another payload: all or nothing.

    1. lock     the tip, as whoever adds to it or buries it does; one that is due is gone
    2. compare  the head must still have the digest that the caller saw, or have become what
                the caller wants already: a retry after a lost answer
    3. stanzas  with the table of their keys
    4. payload  a message whole, an attachment chunk by chunk, each in the place of the old one
    5. leaf     what the audit log remembers of it

All in one transaction, so a reader finds the old object or the new one (see `reading` for one
who is in the middle of it). Two officers who change the same object take turns, and the second
is told that it is not the object they saw. The octets come from memory and not from a network,
so the lock is held for as long as the database writes: about a second for 30 MB.
"""

from collections.abc import AsyncIterable

from mustshare_api.errors import MustShareError
from mustshare_api.store.audit import append
from mustshare_api.store.chunks import SenderFailed, written
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Replacement, kids_of


class EnvelopeReplacer:
    """What is changed in `envelopes` and what belongs to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def replace_stanzas(self, replacement: Replacement) -> Outcome:
        """Put other stanzas on an object.

        Returns:
            `RECORDED`; `SAME` when they are there already; `DIFFERENT` when the object is no
            longer the one that was seen; `GONE` with its tip, or acknowledged.
        """
        async with self._database.transaction() as connection:
            outcome = await _replaced(connection, replacement)
            await _remember(connection, replacement, outcome)
        return outcome

    @retried(idempotent=True)
    async def replace_object(self, replacement: Replacement) -> Outcome:
        """The same with a payload, which must be as long as the one before.

        Raises:
            Busy: as many attachments are being written as may be at one time.
        """
        async with self._database.streaming():
            try:
                return await self._put_object(replacement)
            except SenderFailed as failed:
                raise failed.failure from None

    async def _put_object(self, replacement: Replacement) -> Outcome:
        async with self._database.transaction() as connection:
            outcome = await _replaced(connection, replacement)
            if outcome is Outcome.RECORDED and replacement.payload is not None:
                await _rewrite(connection, replacement.object_id, replacement.payload())
            await _remember(connection, replacement, outcome)
        return outcome


async def _remember(connection: Connection, replacement: Replacement, outcome: Outcome) -> None:
    """The leaf of what was done; what was so already was remembered when it was done."""
    if outcome is Outcome.RECORDED and replacement.leaf is not None:
        await append(connection, replacement.leaf)


async def _replaced(connection: Connection, replacement: Replacement) -> Outcome:
    alive = await connection.fetchval(
        """
        SELECT true FROM tips
        WHERE tip_id = $1 AND state NOT IN ('withdrawn', 'expired') AND expires_on > $2
        FOR UPDATE
        """,
        *(replacement.tip_id, replacement.today),
    )
    if alive is None:
        return Outcome.GONE
    # Acknowledging deletes without the tip's lock, hence the lock on the object's own row.
    digest = await connection.fetchval(
        """
        SELECT digest FROM envelopes
        WHERE object_id = $1 AND tip_id = $2 FOR UPDATE
        """,
        *(replacement.object_id, replacement.tip_id),
    )
    if digest is None:
        return Outcome.GONE
    if digest == replacement.becomes:
        return Outcome.SAME
    if digest != replacement.was:
        return Outcome.DIFFERENT
    await _put_stanzas(connection, replacement)
    return Outcome.RECORDED


async def _put_stanzas(connection: Connection, replacement: Replacement) -> None:
    stanzas = replacement.stanzas
    await connection.execute(
        """
        WITH stanzas AS (
            UPDATE envelopes SET stanzas = $2, changed_on = greatest(changed_on, $4)
            WHERE object_id = $1
        ), dropped AS (
            DELETE FROM envelope_recipients WHERE object_id = $1 AND kid <> ALL ($3::bytea[])
        )
        INSERT INTO envelope_recipients (kid, object_id, changed_on)
        SELECT unnest($3::bytea[]), object_id, greatest(changed_on, $4)
        FROM envelopes WHERE object_id = $1
        ON CONFLICT (kid, object_id) DO UPDATE SET changed_on = excluded.changed_on
        """,
        *(replacement.object_id, stanzas, list(kids_of(stanzas)), replacement.today),
    )
    # An officer who is let in has never heard of the tip.
    await connection.execute(
        "UPDATE tips SET changed_on = $2 WHERE tip_id = $1 AND changed_on < $2",
        *(replacement.tip_id, replacement.today),
    )


async def _rewrite(
    connection: Connection, object_id: bytes, payload: AsyncIterable[bytes]
) -> None:
    row = await connection.fetchrow(
        "SELECT payload IS NULL AS in_chunks, payload_bytes FROM envelopes"
        " WHERE object_id = $1",
        object_id,
    )
    if row is not None and row["in_chunks"]:
        await connection.execute("DELETE FROM envelope_chunks WHERE object_id = $1", object_id)
        if await written(connection, object_id, payload) != row["payload_bytes"]:
            # Checked before by whoever calls; here it undoes the transaction.
            raise MustShareError
        return
    octets = b"".join([piece async for piece in payload])
    await connection.execute(
        "UPDATE envelopes SET payload = $2 WHERE object_id = $1", object_id, octets
    )

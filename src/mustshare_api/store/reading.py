"""How sealed objects are read back: the index, heads, octets in pieces.

    index     who holds what: each key's next objects by id, merged, one page of them
    octets    an object as it was at one moment, or an error; never half of one and half of
              what was put in its place

No connection is held between the pieces of an object, however slowly they are taken. So it may
be buried meanwhile, or sealed anew. Stanzas that change do no harm: the head was read before,
and the payload behind it is the one it was made for. A payload that changes does: the chunks of
one payload are written in one transaction, and all of them carry its number (`xmin`, which
PostgreSQL keeps anyway). A chunk with another number belongs to another payload, and reading
ends with `WrongMoment`: whoever begins anew gets the other object whole. After a burial it ends
with `NotFound`. One exception: rows that were mixed (`mixing`) have another number, too, and
are read on, for the head shows that the payload is still the one.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from mustshare_api.errors import NotFound, WrongMoment
from mustshare_api.store.chunks import CHUNK_BYTES
from mustshare_api.store.database import Database, Row, retried
from mustshare_api.store.rows import EnvelopeHead, IndexEntry, Reach, StoredObject

_HEAD = ("object_id", "tip_id", "kind", "received_on", "prefix", "stanzas", "payload_bytes",
         "follow_up_id")  # fmt: skip


class EnvelopeReader:
    """What is read of `envelopes` and `envelope_chunks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def head(self, object_id: bytes) -> EnvelopeHead | None:
        """Everything about an object but its payload."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT object_id, tip_id, kind, received_on, prefix, stanzas, payload_bytes,
                       follow_up_id
                FROM envelopes WHERE object_id = $1
                """,
                object_id,
            )
        return _head(row) if row else None

    @retried(idempotent=True)
    async def index(self, reach: Reach, after: bytes | None, limit: int) -> list[IndexEntry]:
        """Up to `limit` objects in the order of their random ids, beyond `after`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, tip_id, kind, received_on,
                       72 + octet_length(stanzas) + payload_bytes AS total_bytes,
                       digest
                FROM envelopes WHERE object_id > $1 ORDER BY object_id LIMIT $2
                """
                if reach.everything
                # At most `limit` steps in the index of each key: what the keys do not hold is
                # never walked over, however little they hold.
                else """
                SELECT object_id, tip_id, kind, received_on,
                       72 + octet_length(stanzas) + payload_bytes AS total_bytes,
                       digest
                FROM (
                    SELECT DISTINCT held.object_id
                    FROM unnest($3::bytea[]) AS own (kid)
                    CROSS JOIN LATERAL (
                        SELECT object_id FROM envelope_recipients
                        WHERE kid = own.kid AND object_id > $1 ORDER BY object_id LIMIT $2
                    ) AS held
                    ORDER BY object_id LIMIT $2
                ) AS page
                CROSS JOIN LATERAL (
                    SELECT tip_id, kind, received_on, stanzas, payload_bytes, digest
                    FROM envelopes WHERE envelopes.object_id = page.object_id OFFSET 0
                ) AS envelope
                ORDER BY object_id
                """,
                *(after or b"", limit),
                *(() if reach.everything else (list(reach.kids),)),
            )
        return [IndexEntry(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def messages(
        self, reach: Reach, object_ids: Sequence[bytes], limit_bytes: int
    ) -> list[bytes]:
        """Whole messages within reach, in the order given: at least one, else what fits."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                WITH there AS (
                    SELECT object_id, place, sum(size) OVER (ORDER BY place) AS so_far
                    FROM unnest($1::bytea[]) WITH ORDINALITY AS wanted (object_id, place)
                    CROSS JOIN LATERAL (
                        SELECT 72 + octet_length(stanzas) + payload_bytes AS size
                        FROM envelopes
                        WHERE envelopes.object_id = wanted.object_id AND payload IS NOT NULL
                        OFFSET 0
                    ) AS message
                    LEFT JOIN LATERAL (
                        SELECT true AS held FROM envelope_recipients AS stanza
                        WHERE stanza.object_id = wanted.object_id
                              AND kid = ANY ($3::bytea[]) LIMIT 1
                    ) AS own ON NOT $2
                    WHERE $2 OR held
                )
                SELECT octets FROM there CROSS JOIN LATERAL (
                    SELECT prefix || stanzas || payload AS octets
                    FROM envelopes WHERE envelopes.object_id = there.object_id OFFSET 0
                ) AS whole
                WHERE so_far <= $4 OR place = (SELECT min(place) FROM there)
                ORDER BY place
                """,
                *(object_ids, reach.everything, list(reach.kids), limit_bytes),
            )
        return [row["octets"] for row in rows]

    @retried(idempotent=True)
    async def holds_tip(self, reach: Reach, tip_id: bytes) -> bool:
        """Whether the first object of a tip, what its reporter said first, is within reach."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT stanzas FROM envelopes WHERE tip_id = $1 AND kind = 1", tip_id
            )
        return any(reach.holds(row["stanzas"]) for row in rows)

    async def stored(self, object_id: bytes) -> StoredObject | None:
        """An object: its head, and its octets in pieces of at most 256 KiB or one whole.

        Taking the pieces raises `NotFound` where it was deleted before its end was reached, and
        `WrongMoment` where it was sealed anew.
        """
        row = await self._opening(object_id)
        return StoredObject(_head(row), partial(self._pieces, row)) if row else None

    async def stream(self, object_id: bytes) -> AsyncIterator[bytes]:
        """The pieces alone.

        Raises:
            NotFound: there is none, or it was deleted before its end was reached.
            WrongMoment: it was sealed anew meanwhile.
        """
        found = await self.stored(object_id)
        if found is None:
            raise NotFound("object.not_found")
        async for piece in found.pieces:
            yield piece

    async def _pieces(self, row: Row, start: int, stop: int) -> AsyncIterator[bytes]:
        """The octets from `start` up to `stop`; chunks before and behind are not read."""
        head: bytes = row["prefix"] + row["stanzas"]
        if start < len(head):
            yield head[start:stop]
        start, stop = max(start - len(head), 0), stop - len(head)
        if row["payload"] is not None:
            if start < stop:
                yield row["payload"][start:stop]
            return
        while start < stop:
            # Cut evenly when they were written (`chunks`), so a place tells its chunk.
            number, within = divmod(start, CHUNK_BYTES)
            octets = await self._chunk(row, number)
            yield octets[within : within + stop - start]
            start += len(octets) - within

    @retried(idempotent=True)
    async def _opening(self, object_id: bytes) -> Row | None:
        async with self._database.connection() as connection:
            row: Row | None = await connection.fetchrow(
                """
                SELECT object_id, tip_id, kind, received_on, prefix, stanzas, payload_bytes,
                       follow_up_id, payload,
                       (SELECT xmin FROM envelope_chunks
                        WHERE object_id = $1 AND number = 0) AS written_in
                FROM envelopes WHERE object_id = $1
                """,
                object_id,
            )
        return row

    @retried(idempotent=True)
    async def _chunk(self, row: Row, number: int) -> bytes:
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                """
                SELECT octets FROM envelope_chunks
                WHERE object_id = $1 AND number = $2 AND xmin = $3
                """,
                *(row["object_id"], number, row["written_in"]),
            )
            if octets is None:
                # Mixed (see `mixing`): the same octets, if the head is still what it was.
                octets = await connection.fetchval(
                    """
                    SELECT octets FROM envelope_chunks JOIN envelopes USING (object_id)
                    WHERE object_id = $1 AND number = $2
                          AND prefix = $3 AND stanzas = $4
                    """,
                    *(row["object_id"], number, row["prefix"], row["stanzas"]),
                )
        if octets is None:
            raise await self._why_not(row["object_id"])
        return octets

    async def _why_not(self, object_id: bytes) -> NotFound | WrongMoment:
        """Whether an object whose next chunk is not there was deleted, or sealed anew."""
        if await self.head(object_id) is None:
            return NotFound("object.not_found")
        return WrongMoment("object.changed")


def _head(row: Row) -> EnvelopeHead:
    return EnvelopeHead(*(row[column] for column in _HEAD))

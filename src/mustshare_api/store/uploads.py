"""Uploads on their way in: rows and chunks of ciphertext, appended one after another.

    uploads         progress (sealed) | chunks: 3 | parked_bytes       answer once it is whole
    upload_chunks   0 | 1 | 2                                          gone once it is whole

Whoever appends says how many chunks it has seen; where another was faster, nothing is written.
So any number of requests at a time end in one row of chunks without a gap. Each addition locks
the tip's row first, as additions to `envelopes` do: a withdrawal comes wholly before or after.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.errors import Busy
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.outcome import Outcome

RETRY_AFTER_S = 600
"""What is parked here goes by the day, not by the second."""


@dataclass(frozen=True, slots=True)
class Room:
    """What may be parked.

    Attributes:
        today: the Bangkok day.
        limit_uploads: unfinished ones on a tip.
        limit_kept: finished and unfinished ones on a tip.
        limit_bytes: parked on a tip.
        limit_all_bytes: parked in all. Senders of one moment may exceed it by a chunk each.
    """

    today: date
    limit_uploads: int
    limit_kept: int
    limit_bytes: int
    limit_all_bytes: int


@dataclass(frozen=True, slots=True)
class UploadRow:
    """An upload as it stands."""

    progress: bytes
    chunks: int
    answer: bytes | None
    expires_on: date


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk to append: its number is how many its sender has seen parked."""

    upload_id: bytes
    tip_id: bytes
    number: int
    octets: bytes
    progress: bytes


class UploadStore:
    """The tables `uploads` and `upload_chunks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def begin(
        self, upload_id: bytes, tip_id: bytes, progress: bytes, expires_on: date, room: Room
    ) -> Outcome:
        """Record an upload of which nothing has come yet.

        Returns:
            `RECORDED`, `SAME` (it is there, whatever it is), `DIFFERENT` (another tip's),
            `FULL`, `GONE`.
        """
        async with self._database.transaction() as connection:
            if not await _locked(connection, tip_id, room.today):
                return Outcome.GONE
            await connection.execute(
                "DELETE FROM uploads WHERE upload_id = $1 AND expires_on <= $2",
                upload_id,
                room.today,
            )
            owner = await connection.fetchval(
                "SELECT tip_id FROM uploads WHERE upload_id = $1", upload_id
            )
            if owner is not None:
                return Outcome.SAME if owner == tip_id else Outcome.DIFFERENT
            if await _is_full(connection, tip_id, room):
                return Outcome.FULL
            inserted = await connection.fetchval(
                """
                INSERT INTO uploads (upload_id, tip_id, expires_on, progress)
                VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true
                """,
                *(upload_id, tip_id, expires_on, progress),
            )
        return Outcome.RECORDED if inserted else Outcome.DIFFERENT

    @retried(idempotent=True)
    async def has_room(self, upload_id: bytes, tip_id: bytes, room: Room) -> bool:
        """Whether `begin` is worth trying: there is room on the tip, or this one has its place.

        A look that locks nothing, for a fifth of what `begin` costs: who asks for a hundredth
        upload again and again is refused by it.
        """
        async with self._database.connection() as connection:
            found = await connection.fetchval(
                """
                SELECT coalesce(bool_or(upload_id = $1), false)
                       OR count(*) < $4 AND count(*) FILTER (WHERE answer IS NULL) < $5
                FROM uploads WHERE upload_id = $1 OR (tip_id = $2 AND expires_on > $3)
                """,
                *(upload_id, tip_id, room.today, room.limit_kept, room.limit_uploads),
            )
        return bool(found)

    @retried(idempotent=True)
    async def find(self, upload_id: bytes, tip_id: bytes, today: date) -> UploadRow | None:
        """An upload for this tip. Expired ones are not found, swept or not."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT progress, chunks, answer, expires_on FROM uploads
                WHERE upload_id = $1 AND tip_id = $2 AND expires_on > $3
                """,
                *(upload_id, tip_id, today),
            )
        return UploadRow(**dict(row)) if row else None

    # Not retried where it may have been done: the second run would find its own chunk there.
    @retried(idempotent=False)
    async def append(self, chunk: NewChunk, room: Room) -> Outcome:
        """Park the next chunk.

        Returns:
            `RECORDED`, `DIFFERENT` (another was faster, or it is finished or gone), `FULL`,
            `GONE` (the tip).

        Raises:
            Busy: as much is parked on all tips as may be.
        """
        async with self._database.transaction() as connection:
            if not await _locked(connection, chunk.tip_id, room.today):
                return Outcome.GONE
            if await _over_bytes(connection, chunk, room):
                return Outcome.FULL
            moved = await connection.fetchval(
                """
                UPDATE uploads
                SET progress = $4, chunks = chunks + 1, parked_bytes = parked_bytes + $5
                WHERE upload_id = $1 AND tip_id = $2 AND chunks = $3 AND answer IS NULL
                      AND expires_on > $6
                RETURNING true
                """,
                *(chunk.upload_id, chunk.tip_id, chunk.number, chunk.progress),
                *(len(chunk.octets), room.today),
            )
            if not moved:
                return Outcome.DIFFERENT
            await connection.execute(
                "INSERT INTO upload_chunks (upload_id, number, octets) VALUES ($1, $2, $3)",
                *(chunk.upload_id, chunk.number, chunk.octets),
            )
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def chunk(self, upload_id: bytes, number: int) -> bytes | None:
        """A parked chunk; None when it is there no longer."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM upload_chunks WHERE upload_id = $1 AND number = $2",
                *(upload_id, number),
            )
        return octets

    @retried(idempotent=True)
    async def finish(
        self, upload_id: bytes, chunks: int, progress: bytes, answer: bytes
    ) -> None:
        """Put the answer in the place of the chunks; the first answer stays.

        `chunks` is what `progress` is sealed to: others may have appended since it was read.
        """
        async with self._database.transaction() as connection:
            finished = await connection.fetchval(
                """
                UPDATE uploads SET chunks = $2, progress = $3, answer = $4, parked_bytes = 0
                WHERE upload_id = $1 AND answer IS NULL RETURNING true
                """,
                *(upload_id, chunks, progress, answer),
            )
            if finished:
                # A statement of its own: it sees chunks that were mixed while this one waited.
                await connection.execute(
                    "DELETE FROM upload_chunks WHERE upload_id = $1", upload_id
                )

    @retried(idempotent=True)
    async def drop(self, upload_id: bytes, tip_id: bytes, *, finished: bool) -> None:
        """Delete an upload for this tip; one that is finished only where that is said."""
        async with self._database.connection() as connection:
            await connection.execute(
                """
                DELETE FROM uploads
                WHERE upload_id = $1 AND tip_id = $2 AND ($3 OR answer IS NULL)
                """,
                *(upload_id, tip_id, finished),
            )

    @retried(idempotent=True)
    async def sweep(self, today: date) -> None:
        """Delete every upload whose day has come."""
        async with self._database.connection() as connection:
            await connection.execute("DELETE FROM uploads WHERE expires_on <= $1", today)


async def _locked(connection: Connection, tip_id: bytes, today: date) -> bool:
    """Lock a living tip."""
    alive = await connection.fetchval(
        """
        SELECT true FROM tips
        WHERE tip_id = $1 AND state NOT IN ('withdrawn', 'expired') AND expires_on > $2
        FOR UPDATE
        """,
        *(tip_id, today),
    )
    return alive is not None


async def _is_full(connection: Connection, tip_id: bytes, room: Room) -> bool:
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE answer IS NULL) AS unfinished, count(*) AS kept
        FROM uploads WHERE tip_id = $1 AND expires_on > $2
        """,
        *(tip_id, room.today),
    )
    if row is None:
        return False
    return bool(row["unfinished"] >= room.limit_uploads or row["kept"] >= room.limit_kept)


async def _over_bytes(connection: Connection, chunk: NewChunk, room: Room) -> bool:
    row = await connection.fetchrow(
        """
        SELECT coalesce(sum(parked_bytes), 0)::bigint AS everywhere,
               coalesce(sum(parked_bytes) FILTER (WHERE tip_id = $1), 0)::bigint AS here
        FROM uploads
        """,
        chunk.tip_id,
    )
    everywhere, here = (row["everywhere"], row["here"]) if row else (0, 0)
    if everywhere + len(chunk.octets) > room.limit_all_bytes:
        raise Busy("upload.busy", retry_after_s=RETRY_AFTER_S)
    return bool(here + len(chunk.octets) > room.limit_bytes)

"""Drafts of pages, sealed to officers: kept, replaced, listed and dropped.

Whoever replaces one says which version it saw. `head` stands apart from `octets`, so that a
list asks whose a draft is without reading megabytes of ciphertext.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Database, retried
from mustshare_api.store.done import keep_done, was_done
from mustshare_api.store.outcome import Outcome

LIMIT = 1000
"""Drafts kept at one time. An organisation with more of them open has forgotten most."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to keep; `seen` is the version that it replaces, 0 for a new one.

    `mark` is by which the same officer asking for the same again is known (`done`).
    """

    mark: bytes
    draft_id: bytes
    seen: int
    today: date
    digest: bytes
    head: bytes
    octets: bytes


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft without its octets."""

    draft_id: bytes
    version: int
    changed_on: date
    digest: bytes
    head: bytes
    size_bytes: int


class DraftStore:
    """The table `drafts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def keep(self, new: NewDraft, leaf: NewLeaf | None) -> Outcome:
        """Keep a draft in the place of the one that was seen.

        Returns:
            `RECORDED`, `SAME` (a retry), `CHANGED` (another version is there), `FULL`.
        """
        async with self._database.transaction() as connection:
            await connection.execute("LOCK TABLE drafts IN SHARE ROW EXCLUSIVE MODE")
            row = await connection.fetchrow(
                "SELECT version, digest FROM drafts WHERE draft_id = $1", new.draft_id
            )
            if row is not None and row["digest"] == new.digest:
                return Outcome.SAME
            if await was_done(connection, new.mark):
                return Outcome.SAME
            if (row["version"] if row else 0) != new.seen:
                return Outcome.CHANGED
            count: int = await connection.fetchval("SELECT count(*) FROM drafts")
            if row is None and count >= LIMIT:
                return Outcome.FULL
            await connection.execute(
                """
                INSERT INTO drafts (draft_id, version, changed_on, digest, head, octets)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (draft_id) DO UPDATE SET
                    version = $2, changed_on = $3, digest = $4, head = $5, octets = $6
                """,
                *(new.draft_id, new.seen + 1, new.today, new.digest, new.head, new.octets),
            )
            await keep_done(connection, new.today, new.mark)
            if leaf is not None:
                await append(connection, leaf)
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def find(self, draft_id: bytes) -> DraftRow | None:
        """A draft without its octets."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT draft_id, version, changed_on, digest, head,
                       octet_length(octets) AS size_bytes
                FROM drafts WHERE draft_id = $1
                """,
                draft_id,
            )
        return DraftRow(**dict(row)) if row else None

    @retried(idempotent=True)
    async def octets(self, draft_id: bytes) -> tuple[int, bytes] | None:
        """The version and the whole envelope, of one moment."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT version, octets FROM drafts WHERE draft_id = $1", draft_id
            )
        return (row["version"], row["octets"]) if row else None

    @retried(idempotent=True)
    async def page(self, after: bytes, limit: int) -> list[DraftRow]:
        """Drafts in the order of their random ids."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT draft_id, version, changed_on, digest, head,
                       octet_length(octets) AS size_bytes
                FROM drafts WHERE draft_id > $1 ORDER BY draft_id LIMIT $2
                """,
                *(after, limit),
            )
        return [DraftRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def drop(
        self, draft_id: bytes, seen: int, mark: bytes, today: date, leaf: NewLeaf | None
    ) -> Outcome:
        """Delete a draft.

        Returns:
            `RECORDED`, `SAME` (a retry), `GONE`, `CHANGED` (another version is there).
        """
        async with self._database.transaction() as connection:
            version = await connection.fetchval(
                "SELECT version FROM drafts WHERE draft_id = $1 FOR UPDATE", draft_id
            )
            if version != seen:
                # Looked for only now: one that is begun anew after it was dropped counts
                # from 1 again, and what lies there as the officer saw it is to go.
                if await was_done(connection, mark):
                    return Outcome.SAME
                return Outcome.GONE if version is None else Outcome.CHANGED
            await connection.execute("DELETE FROM drafts WHERE draft_id = $1", draft_id)
            await keep_done(connection, today, mark)
            if leaf is not None:
                await append(connection, leaf)
        return Outcome.RECORDED

"""Desk entries: what officers note on tips, recorded a batch at a time.

    1. lock      the tips, in the order of their ids, as whoever adds to one does
    2. look      what lies under the entries' ids, and how many entries each tip has
    3. record    those that are new, in one statement, with the table of their keys
    4. leaf      one, if anything was recorded: a request is one deed

All in one transaction, and as many statements for a hundred entries as for one. What cannot be
recorded is told apart and holds nothing else up. An entry moves neither a tip's day of expiry
nor whether it was answered: both are shown to its reporter, who has no part in the desk.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Database, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope, Reach

_ENTRY: Final = 6


@dataclass(frozen=True, slots=True)
class DeskTip:
    """A living tip within reach: the hashes of its bundle and of those it was rotated from."""

    bundle_hashes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class NewEntries:
    """A batch to record.

    Attributes:
        rows: the entries, in the order in which they were sent; of living tips, as far as
            anybody knew a moment ago.
        only_again: ids of those that are known if they are there, and else not taken.
        today: the Bangkok day.
        limit_entries: how many a tip may hold.
        leaf: what the audit log remembers, if anything is recorded.
    """

    rows: Sequence[NewEnvelope]
    only_again: frozenset[bytes]
    today: date
    limit_entries: int
    leaf: NewLeaf | None


@dataclass(slots=True)
class _Seen:
    """What there is under the lock, and what this batch adds to it."""

    living: frozenset[bytes]
    stored: dict[bytes, tuple[bytes, bytes | None]]
    held: Counter[bytes] = field(default_factory=Counter[bytes])

    def outcome(self, row: NewEnvelope, entries: NewEntries) -> Outcome:
        """What becomes of an entry; one that is recorded is seen from then on."""
        if row.tip_id not in self.living:
            return Outcome.GONE
        if row.object_id in self.stored:
            same = self.stored[row.object_id] == (row.tip_id, row.fingerprint)
            return Outcome.SAME if same else Outcome.DIFFERENT
        if row.object_id in entries.only_again:
            return Outcome.CHANGED
        if self.held[row.tip_id] >= entries.limit_entries:
            return Outcome.FULL
        self.stored[row.object_id] = (row.tip_id, row.fingerprint)
        self.held[row.tip_id] += 1
        return Outcome.RECORDED


class DeskStore:
    """Kind 6 of `envelopes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def tips(
        self, reach: Reach, tip_ids: Sequence[bytes], today: date
    ) -> Mapping[bytes, DeskTip]:
        """Those of the tips that live, and whose first object is within reach."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT tips.tip_id, bundle_hash,
                       ARRAY(SELECT sha256(earlier.bundle) FROM rotations AS earlier
                             WHERE earlier.tip_id = tips.tip_id) AS earlier
                FROM tips JOIN envelopes ON envelopes.tip_id = tips.tip_id AND kind = 1
                LEFT JOIN LATERAL (
                    SELECT true AS held FROM envelope_recipients AS stanza
                    WHERE stanza.object_id = envelopes.object_id
                          AND kid = ANY ($4::bytea[]) LIMIT 1
                ) AS own ON NOT $3
                WHERE tips.tip_id = ANY ($1) AND bundle IS NOT NULL AND expires_on > $2
                      AND ($3 OR held)
                """,
                *(tip_ids, today, reach.everything, list(reach.kids)),
            )
        return {
            row["tip_id"]: DeskTip(frozenset([row["bundle_hash"], *row["earlier"]]))
            for row in rows
        }

    @retried(idempotent=True)
    async def record(self, entries: NewEntries) -> list[Outcome]:
        """Record what is new.

        Returns:
            For each: `RECORDED`; `SAME` when it was there already; `DIFFERENT` when something
            else has its id; `CHANGED` when it is new and may only be known again; `FULL` when
            its tip holds as many as it may; `GONE` with its tip.
        """
        async with self._database.transaction() as connection:
            seen = await _seen(connection, entries)
            told = [seen.outcome(row, entries) for row in entries.rows]
            new = _recorded(entries.rows, told)
            done = await _insert(connection, new, entries.today)
            # An id that another tip took at this very moment.
            told = [
                Outcome.DIFFERENT
                if one is Outcome.RECORDED and row.object_id not in done
                else one
                for one, row in zip(told, entries.rows, strict=True)
            ]
            if done and entries.leaf is not None:
                await append(connection, entries.leaf)
        return told


def _recorded(rows: Sequence[NewEnvelope], told: Sequence[Outcome]) -> list[NewEnvelope]:
    return [row for row, one in zip(rows, told, strict=True) if one is Outcome.RECORDED]


async def _seen(connection: Connection, entries: NewEntries) -> _Seen:
    tip_ids = sorted({row.tip_id for row in entries.rows})
    living = await connection.fetch(
        """
        SELECT tip_id FROM tips
        WHERE tip_id = ANY ($1) AND bundle IS NOT NULL AND expires_on > $2
        ORDER BY tip_id FOR UPDATE
        """,
        *(tip_ids, entries.today),
    )
    stored = await connection.fetch(
        """
        SELECT object_id, tip_id, fingerprint FROM envelopes
        WHERE object_id = ANY ($1)
        """,
        [row.object_id for row in entries.rows],
    )
    held = await connection.fetch(
        """
        SELECT tip_id, count(*) AS entries FROM envelopes
        WHERE tip_id = ANY ($1) AND kind = $2 GROUP BY tip_id
        """,
        *(tip_ids, _ENTRY),
    )
    return _Seen(
        frozenset(row["tip_id"] for row in living),
        {row["object_id"]: (row["tip_id"], row["fingerprint"]) for row in stored},
        Counter({row["tip_id"]: row["entries"] for row in held}),
    )


async def _insert(
    connection: Connection, rows: Sequence[NewEnvelope], today: date
) -> frozenset[bytes]:
    """Record entries; the ids of those whose id was still free."""
    if not rows:
        return frozenset()
    keys = [(kid, row.object_id) for row in rows for kid in row.kids]
    done = await connection.fetch(
        """
        WITH entry AS (
            INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                   payload, payload_bytes, fingerprint, changed_on)
            SELECT object_id, tip_id, $7, $8, prefix, stanzas, payload, octet_length(payload),
                   fingerprint, $8
            FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[],
                        $6::bytea[])
                 AS new (object_id, tip_id, prefix, stanzas, payload, fingerprint)
            ON CONFLICT DO NOTHING RETURNING object_id, tip_id
        ), recipients AS (
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT kid, object_id, $8
            FROM unnest($9::bytea[], $10::bytea[]) AS new (kid, object_id)
            JOIN entry USING (object_id)
        ), tip AS (
            UPDATE tips SET changed_on = greatest(changed_on, $8)
            WHERE tip_id IN (SELECT tip_id FROM entry)
        )
        SELECT object_id FROM entry
        """,
        *([row.object_id for row in rows], [row.tip_id for row in rows]),
        *([row.prefix for row in rows], [row.stanzas for row in rows]),
        *([row.payload for row in rows], [row.fingerprint for row in rows]),
        *(_ENTRY, today, [kid for kid, _ in keys], [object_id for _, object_id in keys]),
    )
    return frozenset(row["object_id"] for row in done)

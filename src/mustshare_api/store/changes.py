"""What changed for staff since a day: tips and sealed objects, walked in the order of days.

    walk      from a place, a day and a random id, on through an index that has that very order
    reach     each key's own next objects, merged; of tips, those walked over of which an object
              is held, and all that are gone

A page costs what its rows cost, whatever lies in the tables; only somebody who holds few of the
tips has more of them walked over. The place that a page leaves off at is one of its own rows: a
cursor with the id of a tip that was passed over would tell of it. Nothing can slip past
somebody who walks: what changes meanwhile moves on to the running day, which is walked again by
whoever asks for that day the next time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from mustshare_api.store.database import Database, retried
from mustshare_api.store.rows import IndexEntry, Reach
from mustshare_api.store.tips import TipRow, tip_of

_R = TypeVar("_R")

_WALK_MOST: Final = 2000
"""Tips that one statement looks at where it has found none that is held: some 50 ms."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands: behind this id of this day. Without an id, before all of the day."""

    day: date
    row_id: bytes = b""


@dataclass(frozen=True, slots=True)
class Walked(Generic[_R]):
    """A page of rows, and where to go on; None at the end."""

    rows: Sequence[_R]
    place: Place | None


class ChangeStore:
    """The days in `tips`, `envelopes` and `envelope_recipients`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tips(self, reach: Reach, after: Place, limit: int) -> Walked[TipRow]:
        """Up to `limit` of the next tips within reach that changed; none only at the end."""
        most = limit
        while True:
            rows = await self._walked(reach, after, most)
            held = [row for row in rows if row["shown"]]
            is_end = len(rows) < most and len(held) <= limit
            if held or is_end:
                shown = held[:limit]
                place = None if is_end else _place(shown[-1])
                return Walked([_tip(row) for row in shown], place)
            after, most = _place(rows[-1]), max(limit, min(most * 4, _WALK_MOST))

    @retried(idempotent=True)
    async def _walked(self, reach: Reach, after: Place, most: int) -> list[dict[str, Any]]:
        """The next tips that changed; `shown` says which of them are within reach."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT tip_id, bundle, bundle_hash, state, received_on, expires_on, answered,
                       steps, erasure_nonce, about_kind, about_slug,
                       (SELECT count(*) FROM rotations r WHERE r.tip_id = walked.tip_id)
                       AS rotations, changed_on,
                       $4 OR state IN ('withdrawn', 'expired') OR coalesce(held, false) AS shown
                FROM (
                    SELECT changed_on, tip_id FROM tips WHERE (changed_on, tip_id) > ($1, $2)
                    ORDER BY changed_on, tip_id LIMIT $3
                ) AS walked
                CROSS JOIN LATERAL (
                    SELECT bundle, bundle_hash, state, received_on, expires_on, answered, steps,
                           erasure_nonce, about_kind, about_slug
                    FROM tips WHERE tips.tip_id = walked.tip_id OFFSET 0
                ) AS tip
                LEFT JOIN LATERAL (
                    SELECT true AS held
                    FROM envelopes JOIN envelope_recipients USING (object_id)
                    WHERE envelopes.tip_id = walked.tip_id AND kid = ANY ($5::bytea[]) LIMIT 1
                ) AS own ON NOT $4 AND state NOT IN ('withdrawn', 'expired')
                ORDER BY changed_on, tip_id
                """,
                *(after.day, after.row_id, most, reach.everything, list(reach.kids)),
            )
        return [dict(row) for row in rows]

    @retried(idempotent=True)
    async def objects(self, reach: Reach, after: Place, limit: int) -> Walked[IndexEntry]:
        """The next `limit` objects within reach that came or were changed."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, tip_id, kind, received_on,
                       72 + octet_length(stanzas) + payload_bytes AS total_bytes,
                       sha256(prefix || stanzas) AS digest,
                       page.changed_on
                FROM (
                    SELECT changed_on, object_id FROM envelopes
                    WHERE (changed_on, object_id) > ($1, $2)
                    ORDER BY changed_on, object_id LIMIT $3
                ) AS page
                CROSS JOIN LATERAL (
                    SELECT tip_id, kind, received_on, stanzas, payload_bytes, prefix
                    FROM envelopes WHERE envelopes.object_id = page.object_id OFFSET 0
                ) AS envelope
                ORDER BY page.changed_on, object_id
                """
                if reach.everything
                # As the index does: at most `limit` steps in the index of each key. Rows are
                # then looked up one by one, also where reading all would be cheaper today.
                else """
                SELECT object_id, tip_id, kind, received_on,
                       72 + octet_length(stanzas) + payload_bytes AS total_bytes,
                       sha256(prefix || stanzas) AS digest, page.changed_on
                FROM (
                    SELECT DISTINCT held.changed_on, held.object_id
                    FROM unnest($4::bytea[]) AS own (kid)
                    CROSS JOIN LATERAL (
                        SELECT changed_on, object_id FROM envelope_recipients
                        WHERE kid = own.kid AND (changed_on, object_id) > ($1, $2)
                        ORDER BY changed_on, object_id LIMIT $3
                    ) AS held
                    ORDER BY changed_on, object_id LIMIT $3
                ) AS page
                CROSS JOIN LATERAL (
                    SELECT tip_id, kind, received_on, stanzas, payload_bytes, prefix
                    FROM envelopes WHERE envelopes.object_id = page.object_id OFFSET 0
                ) AS envelope
                ORDER BY page.changed_on, object_id
                """,
                *(after.day, after.row_id, limit),
                *(() if reach.everything else (list(reach.kids),)),
            )
        last = rows[-1] if len(rows) == limit else None
        place = Place(last["changed_on"], last["object_id"]) if last else None
        return Walked([_entry(dict(row)) for row in rows], place)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["changed_on"], row["tip_id"])


def _tip(row: dict[str, object]) -> TipRow:
    del row["changed_on"], row["shown"]
    return tip_of(row)


def _entry(row: dict[str, object]) -> IndexEntry:
    del row["changed_on"]
    return IndexEntry(**row)  # type: ignore[arg-type]

"""What changed for staff since a day: tips and sealed objects, walked in the order of days.

    walk      from a place, a day and a random id, on through an index that has that very order
    reach     each key's own next objects, merged; of tips, those walked over of which an object
              is held, and all that are gone

A page costs what its rows cost, whatever lies in the tables; only somebody who holds few of the
tips has more of them walked over, and then page by page (`walking`). No place that a page
leaves off at names a tip that was passed over. Nothing can slip past somebody who walks: what
changes meanwhile moves on to the running day, which is walked again by whoever asks for that
day the next time.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.store.database import Database, retried
from mustshare_api.store.rows import IndexEntry, Reach
from mustshare_api.store.tips import TipRow, tip_of
from mustshare_api.store.walking import Found, Walked, Way, short_of


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a walk stands: behind this id of this day. Without an id, before all of the day."""

    day: date
    row_id: bytes = b""


class ChangeStore:
    """The days in `tips`, `envelopes` and `envelope_recipients`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tips(self, reach: Reach, after: Place, limit: int) -> Walked[TipRow, Place]:
        """Up to `limit` of the next tips within reach that changed; the end has no place."""

        async def look(place: Place, most: int) -> list[Found]:
            return await self._look(reach, place, most)

        walked = await Way(look, _place, _short_of).walked(after, limit)
        return Walked([_tip(row) for row in walked.rows], walked.place)

    @retried(idempotent=True)
    async def _look(self, reach: Reach, after: Place, most: int) -> list[Found]:
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
    async def objects(
        self, reach: Reach, after: Place, limit: int
    ) -> Walked[IndexEntry, Place]:
        """The next `limit` objects within reach that came or were changed."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT object_id, tip_id, kind, received_on,
                       72 + octet_length(stanzas) + payload_bytes AS total_bytes,
                       digest, page.changed_on
                FROM (
                    SELECT changed_on, object_id FROM envelopes
                    WHERE (changed_on, object_id) > ($1, $2)
                    ORDER BY changed_on, object_id LIMIT $3
                ) AS page
                CROSS JOIN LATERAL (
                    SELECT tip_id, kind, received_on, stanzas, payload_bytes, digest
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
                       digest, page.changed_on
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
                    SELECT tip_id, kind, received_on, stanzas, payload_bytes, digest
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


def _place(row: Found) -> Place:
    return Place(row["changed_on"], row["tip_id"])


def _short_of(after: Place, place: Place) -> Place:
    behind = after.row_id if after.day == place.day else b""
    return Place(place.day, short_of(behind, place.row_id))


def _tip(row: Found) -> TipRow:
    del row["changed_on"], row["shown"]
    return tip_of(row)


def _entry(row: dict[str, object]) -> IndexEntry:
    del row["changed_on"]
    return IndexEntry(**row)  # type: ignore[arg-type]

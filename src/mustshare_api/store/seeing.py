"""Whether an officer has read all that a tip's reporter sent: what starts a clock, and erases.

Asked under the lock of the tip's row, as whatever is added to it is added: nothing comes in
between the answer and what is done on the strength of it. What was read is compared and not
kept: who has read what is nobody's business here.
"""

from mustshare_api.crypto.seen import KINDS, LABEL
from mustshare_api.store.database import Connection


async def is_all_seen(connection: Connection, tip_id: bytes, seen: bytes | None) -> bool:
    """Whether `seen` is the hash over every object of the reporter's on a tip."""
    if seen is None:
        return False
    there: bytes = await connection.fetchval(
        """
        SELECT sha256($2 || coalesce(string_agg(object_id, ''::bytea ORDER BY object_id), ''))
        FROM envelopes WHERE tip_id = $1 AND kind = ANY ($3::smallint[])
        """,
        *(tip_id, LABEL, list(KINDS)),
    )
    return there == seen

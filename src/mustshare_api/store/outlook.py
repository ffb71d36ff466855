"""How the sending of webhooks stands, for an operator who looks the installation over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.store.database import Database
from mustshare_api.store.webhooks import midnight

LATE: Final = timedelta(hours=1)
"""An attempt that is due is made within seconds; one of an hour ago has nobody to make it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many endpoints there are and were given up, and what nobody tried to deliver."""

    endpoints: int
    given_up: int
    left_lying: int


async def outlook(database: Database, now: datetime) -> Outlook:
    """How sending stands now.

    What was never tried is due since its midnight, so it is late on the day after.
    """
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT count(*) AS endpoints,
                   count(*) FILTER (WHERE disabled_on IS NOT NULL) AS given_up,
                   (SELECT count(*) FROM webhook_deliveries
                    JOIN webhook_endpoints USING (endpoint_id)
                    JOIN partners ON name = partner
                    WHERE due_at < CASE attempts WHEN 0 THEN $1::timestamptz
                                            ELSE $2::timestamptz END
                      AND disabled_on IS NULL AND NOT stopped) AS left_lying
            FROM webhook_endpoints
            """,
            *(midnight(bangkok_day(now)), now - LATE),
        )
    assert row is not None
    return Outlook(row["endpoints"], row["given_up"], row["left_lying"])

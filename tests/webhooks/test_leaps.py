"""What a clock that was ahead, for a round or a day, does to the outbox: nothing that lasts."""

from datetime import timedelta

from mustshare_api.store.database import Database
from mustshare_api.store.webhooks import Outbox, midnight
from tests.webhooks.conftest import TODAY, Keep, Tell

NOON = midnight(TODAY) + timedelta(hours=12)
URL = "https://hooks.example.org/a"


async def test_a_clock_that_leaps_forgets_no_event(
    database: Database, keep: Keep, tell: Tell, outbox: Outbox
) -> None:
    """The sending process looks for itself how far the service has lived."""
    await keep(URL)
    await tell()
    async with database.connection() as connection:
        await connection.execute("INSERT INTO upkeep (last_on) VALUES ($1)", TODAY)
    await outbox.sweep(TODAY + timedelta(days=3650))

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM webhook_events") == 1


async def test_what_was_put_off_by_a_clock_that_was_ahead_is_due_again(
    keep: Keep, tell: Tell, outbox: Outbox
) -> None:
    """Else it would wait until then; what the schedule has put off waits as long as that."""
    await keep(URL)
    await tell()
    (endpoint_id,) = await outbox.due(NOON)
    for until in (NOON + timedelta(days=3650), NOON + timedelta(days=1)):
        delivery = await outbox.claim(endpoint_id, NOON + timedelta(days=3650), 120)
        assert delivery is not None
        await outbox.put_off(delivery, until)
        await outbox.sweep(TODAY)
        found = await outbox.due(NOON)
        assert found == ({endpoint_id} if until.year > NOON.year else set())

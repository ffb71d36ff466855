"""What a clock that was ahead, for a round or a day, does to the outbox: nothing that lasts."""

from datetime import timedelta

from mustshare_api.store.webhooks import Outbox, midnight
from tests.webhooks.conftest import TODAY, Keep, Tell

NOON = midnight(TODAY) + timedelta(hours=12)
URL = "https://hooks.example.org/a"


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

"""A service that ran on every day up to now, for tests that jump over months."""

from datetime import timedelta

from mustshare_api.clock import bangkok_day
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.upkeep import LEAP_DAYS


async def live_until_now(bench: Workbench) -> None:
    """Live through the days since upkeep last ran, as a service that was never off."""
    today, store = bangkok_day(bench.clock.now()), bench.calendar.store
    while (last_on := await store.lived(today)) < today:
        await store.lived(min(today, last_on + timedelta(days=LEAP_DAYS)))

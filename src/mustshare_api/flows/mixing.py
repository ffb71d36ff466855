"""Has past days' rows mixed, once a night, beside everything else.

By itself and not a step of upkeep, which has to come round every minute: on a busy day's rows
this works for minutes, and after an upgrade of a large database for hours. `store/mixing.py`
says what it does and what it is good for.
"""

import asyncio

from mustshare_api.clock import bangkok_day
from mustshare_api.flows.workbench import Workbench
from mustshare_api.logs import log

EVERY_S = 60


async def keep_mixing(bench: Workbench) -> None:
    """Runs until cancelled; what fails is logged by its kind and taken up again."""
    while True:
        try:
            if await bench.mixer.mix(bangkok_day(bench.clock.now())):
                log("rows_mixed")
        except Exception as error:  # noqa: BLE001 - it must outlive any one failure
            log("upkeep_failed", kind=type(error).__name__)
        await asyncio.sleep(EVERY_S)

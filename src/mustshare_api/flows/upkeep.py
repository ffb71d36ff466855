"""What has to happen without anyone asking: done at start, then every few minutes.

    1. directory  take up what another process accepted; say when it runs out
    2. expire     erase what is past its day, and tombstones past theirs
    3. erasures   the audit log's leaf of the month that is over
    4. uploads    delete those that nobody finished in time
    5. seconds    forget what nobody seconded in a week
    6. nonces     forget those too old to be replayed
    7. flood      forget solutions that have run out, and in which minute partners called
    8. pages      erase those whose own day has come
    9. figures    when a month is over, write what the public is told of it
    10. points    let out what a campaign's map may show from this Monday on
    11. referrals delete what nobody seconded, and what ended long ago
    12. outbox    forget what partners were told a month ago, whether or not anybody sends it

A failure is logged by its kind and tried again the next time. It keeps none of the others from
being done: a directory that somebody spoilt must not stop tips from being erased on their day.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

from mustshare_api.clock import bangkok_day
from mustshare_api.flows import deeds, pages, points, referrals
from mustshare_api.flows.directory import WARN_DAYS
from mustshare_api.flows.figures import tell_figures
from mustshare_api.flows.workbench import Workbench
from mustshare_api.logs import log

EVERY_S = 60


async def keep_up(bench: Workbench) -> None:
    """Runs until cancelled."""
    warned_on = None
    while True:
        try:
            await once(bench)
            today = bangkok_day(bench.clock.now())
            if bench.directory.days_left() <= WARN_DAYS and warned_on != today:
                log("directory_running_out", days_left=bench.directory.days_left())
                warned_on = today
        except Exception as error:  # noqa: BLE001 - upkeep must outlive any one failure
            log("upkeep_failed", kind=type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def once(bench: Workbench) -> None:
    """One round of upkeep: everything is tried.

    Raises:
        Exception: the first failure, once the others had their turn.
    """
    now = bench.clock.now()
    today = bangkok_day(now)
    jobs: tuple[Callable[[], Awaitable[object]], ...] = (
        bench.directory.load,
        partial(_expire, bench, today),
        partial(bench.tips.forget, today),
        partial(bench.erasures.close_months, today, partial(deeds.of_erasures, today)),
        partial(bench.uploads.sweep, today),
        partial(bench.seconds.sweep, today),
        partial(referrals.sweep, bench),
        partial(bench.outbox.sweep, today),
        partial(bench.nonces.sweep, now),
        partial(points.release, bench),
        partial(bench.gate.spent.sweep, int(now.timestamp())),
        partial(bench.gate.partners.sweep, now),
        partial(pages.erase_due, bench, today),
        partial(tell_figures, bench),
    )
    failures: list[Exception] = []
    for job in jobs:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - the next job has nothing to do with it
            failures.append(error)
    if failures:
        raise failures[0]


async def _expire(bench: Workbench, today: date) -> None:
    if count := await bench.tips.expire(today):
        log("tips_expired", count=count)

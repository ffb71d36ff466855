"""What has to happen without anyone asking: done at start, then every few minutes.

    1. directory  take up what another process accepted; say when it runs out
    2. flood      forget solutions that have run out, in which minute partners called, and which
                  networks had turns, also when nobody comes any more

By the day, and so only under a clock that is believed (`calendar`):

    3. expire     erase what is past its day, and tombstones past theirs
    4. erasures   the audit log's leaf of the month that is over
    5. uploads    delete those that nobody finished in time
    6. seconds    forget what nobody seconded in a week
    7. referrals  delete what nobody seconded, and what ended long ago
    8. outbox     forget what partners were told a month ago, whether or not anybody sends it
    9. nonces     forget those too old to be replayed
    10. points    let out what a campaign's map may show from this Monday on
    11. pages     erase those whose own day has come
    12. figures   when a month is over, write what the public is told of it

A failure is logged by its kind and tried again the next time. It keeps none of the others from
being done: a directory that somebody spoilt must not stop tips from being erased on their day.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
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
    warning = _Warning()
    while True:
        try:
            await _each(partial(once, bench), partial(warning.look, bench))
        except Exception as error:  # noqa: BLE001 - upkeep must outlive any one failure
            log("upkeep_failed", kind=type(error).__name__)
        await asyncio.sleep(EVERY_S)


@dataclass(slots=True)
class _Warning:
    """Says once a day that the directory runs out, whatever else of a round has failed."""

    _said_on: date | None = None

    async def look(self, bench: Workbench) -> None:
        today, left = bangkok_day(bench.clock.now()), bench.directory.days_left()
        if left <= WARN_DAYS and self._said_on != today:
            log("directory_running_out", days_left=left)
            self._said_on = today


async def once(bench: Workbench) -> None:
    """One round of upkeep: everything is tried.

    Raises:
        Exception: the first failure, once the others had their turn.
    """
    now = bench.clock.now()
    if bench.gate.buckets is not None:
        bench.gate.buckets.forget()
    await _each(
        bench.directory.load,
        partial(bench.gate.spent.sweep, int(now.timestamp())),
        partial(bench.gate.partners.sweep, now),
        partial(_by_the_day, bench, now),
    )


async def _by_the_day(bench: Workbench, now: datetime) -> None:
    """What cannot be undone once the clock turns out to be wrong."""
    today = bangkok_day(now)
    # Before the first directory there is nothing to erase, and nobody has noticed yet that the
    # clock of a new machine is ahead: with the right one that day would lie years to come.
    if bench.directory.newest is None:
        return
    if not await bench.calendar.believes(today):
        return
    # A clock that leaps from here on is not asked again before the next round.
    bench = replace(bench, clock=_Stopped(now))
    await _each(
        partial(_expire, bench, today),
        partial(bench.tips.forget, today),
        partial(bench.erasures.close_months, today, partial(deeds.of_erasures, today)),
        partial(bench.uploads.sweep, today),
        partial(bench.seconds.sweep, today),
        partial(referrals.sweep, bench),
        partial(bench.outbox.sweep, today),
        partial(bench.nonces.sweep, now),
        partial(points.release, bench),
        partial(pages.erase_due, bench, today),
        partial(tell_figures, bench),
    )


@dataclass(frozen=True, slots=True)
class _Stopped:
    """The instant of a round, for all of its jobs."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


async def _each(*jobs: Callable[[], Awaitable[object]]) -> None:
    """Every job in turn; the first failure is raised once all had theirs."""
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

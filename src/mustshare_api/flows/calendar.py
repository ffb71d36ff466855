"""Whether the clock is believed: what is done by the day cannot be undone.

A clock that leaps ahead, by a bad time server or a dead battery, would have every tip that was
read erased in one round, every page, and every figure told of months that are not over. So a
day is believed only where it comes soon after the last one that was lived through. Until an
operator says that it is right (`mustshare clock`), or it is set right, nothing is done by it.

A clock that is behind takes nothing from anybody: what is due waits.

Nor is a receipt called unknown under a clock that leapt: a front end would throw it away.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.errors import Unavailable
from mustshare_api.logs import log
from mustshare_api.store.upkeep import LEAP_DAYS, UpkeepStore


def leap_of(last_on: date | None, today: date) -> int:
    """How many days a clock has leapt, 0 where it is believed."""
    days = 0 if last_on is None else (today - last_on).days
    return days if days > LEAP_DAYS else 0


@dataclass(slots=True)
class Calendar:
    """The days of one process."""

    store: UpkeepStore
    _last_on: date | None = None
    _said_on: date | None = None

    async def believes(self, today: date) -> bool:
        """Live through a day; false where the clock has leapt, which is said once a day."""
        self._last_on = await self.store.lived(today)
        leapt = self.leapt(today)
        if leapt and self._said_on != today:
            log("clock_leapt", days=leapt)
            self._said_on = today
        return not leapt

    async def check(self, today: date) -> None:
        """As `believes`, for whoever has to erase before they can go on.

        Raises:
            Unavailable: the clock has leapt.
        """
        if not await self.believes(today):
            raise Unavailable

    def leapt(self, today: date) -> int:
        """How many days the clock has leapt since this process last looked; 0 if it did not."""
        return leap_of(self._last_on, today)

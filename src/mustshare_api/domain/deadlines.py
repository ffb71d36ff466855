"""What a reporter may expect by when, and how long a tip is kept, in Bangkok days.

Acknowledged within 7 days, answered within 3 months: Directive (EU) 2019/1937, article 9,
which no Thai law asks for and which costs an honest page nothing to promise.

    the reporter writes             the clock stands still: nothing unread is deleted
    staff answer, note, or step     it runs, for as long as the state that the tip is in has
    staff write once more           it is put off, and never brought forward
    staff make a step               it is set anew to what the new state has

So the day on which a tip goes follows from what staff did, and not from when it came in. There
is no upper bound to the standing still: whoever could let tips lapse by not looking at them
would not have to look. Two officers can erase a tip at once.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mustshare_api.domain.lifecycle import LIVING, State

ACKNOWLEDGE_WITHIN = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=90)

UPLOAD_DAYS = timedelta(days=2)
"""The day on which an upload began and the whole next one: a night without a network."""

REFERRAL_DAYS: Final = 400
"""A budget year, and a month for whoever takes the file up after it."""

JITTER_DAYS = 14
"""Two weeks blur the day of arrival that an exact expiry would repeat to the day."""

SOON = timedelta(days=30)
"""A month's warning: whoever looks once a month is warned once."""

TOMBSTONE_DAYS: Final = 90
"""As long as an officer may be away and still learn, at the next sync, what to drop."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days by which staff acknowledge and answer a tip."""

    acknowledge_by: date
    answer_by: date


def deadlines(received_on: date) -> Deadlines:
    """The deadlines of a tip that came in on a day."""
    return Deadlines(received_on + ACKNOWLEDGE_WITHIN, received_on + ANSWER_WITHIN)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days staff's last act keeps a tip, by the state that it is in.

    `referral_days`: for how many an agency that never concludes may fetch what it was handed.
    """

    days: Mapping[State, int]
    referral_days: int = REFERRAL_DAYS

    def clocks(self, active_on: date) -> dict[State, date]:
        """The day on which a tip would be gone that staff saw to on a day, by its state."""
        blur = timedelta(days=secrets.randbelow(JITTER_DAYS))
        return {state: active_on + timedelta(self.days[state]) + blur for state in LIVING}


def is_soon(expires_on: date | None, today: date) -> bool:
    """Whether a reporter is warned that a tip will be gone."""
    return expires_on is not None and expires_on - today <= SOON


def tombstone_expiry(buried_on: date) -> date:
    """The first day on which what is left of a tip is gone as well, blurred upwards."""
    return buried_on + timedelta(TOMBSTONE_DAYS + secrets.randbelow(JITTER_DAYS))


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def upload_expiry(begun_on: date) -> date:
    """The first day on which what is left of an upload is gone."""
    return begun_on + UPLOAD_DAYS

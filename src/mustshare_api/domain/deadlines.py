"""What a reporter may expect by when, in Bangkok days.

Acknowledged within 7 days, answered within 3 months: Directive (EU) 2019/1937, article 9,
which no Thai law asks for and which costs an honest page nothing to promise.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

ACKNOWLEDGE_WITHIN = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=90)

UPLOAD_DAYS = timedelta(days=2)
"""The day on which an upload began and the whole next one: a night without a network."""

JITTER_DAYS = 14
"""Two weeks blur the day of arrival that an exact expiry would repeat to the day."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days by which staff acknowledge and answer a tip."""

    acknowledge_by: date
    answer_by: date


def deadlines(received_on: date) -> Deadlines:
    """The deadlines of a tip that came in on a day."""
    return Deadlines(received_on + ACKNOWLEDGE_WITHIN, received_on + ANSWER_WITHIN)


def expiry(active_on: date, retention_days: int) -> date:
    """The day after which a tip last active on a day is gone, blurred upwards."""
    return active_on + timedelta(days=retention_days + secrets.randbelow(JITTER_DAYS))


def upload_expiry(begun_on: date) -> date:
    """The first day on which what is left of an upload is gone."""
    return begun_on + UPLOAD_DAYS

"""What a reporter may expect by when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.deadlines import (
    JITTER_DAYS,
    Retention,
    deadlines,
    is_soon,
    tombstone_expiry,
)
from mustshare_api.domain.lifecycle import LIVING, State

days = st.dates(date(2020, 1, 1), date(2100, 1, 1))


def test_the_promised_days() -> None:
    """Seven days to acknowledge, ninety to answer, counted over the end of a year."""
    due = deadlines(date(2026, 11, 23))

    assert due.acknowledge_by == date(2026, 11, 30)
    assert due.answer_by == date(2027, 2, 21)


KEPT = Retention({state: 90 + 10 * n for n, state in enumerate(LIVING)})


@given(days)
def test_a_tip_lives_at_least_as_long_as_was_said(active_on: date) -> None:
    """In each state for as long as that state has; the blur only ever adds."""
    for state, ends in KEPT.clocks(active_on).items():
        said = timedelta(days=KEPT.days[state])

        assert said <= ends - active_on < said + timedelta(days=JITTER_DAYS)


def test_the_day_of_expiry_does_not_tell_the_day_of_the_last_act() -> None:
    """Two tips of one day end on different days, soon enough."""
    ends = {KEPT.clocks(date(2026, 11, 23))[State.RECEIVED] for _ in range(200)}

    assert len(ends) > 5


@pytest.mark.parametrize(("days_left", "soon"), [(31, False), (30, True), (1, True)])
def test_a_reporter_is_warned_a_month_ahead(days_left: int, soon: bool) -> None:
    """Not before, and then until the end."""
    today = date(2026, 11, 23)

    assert is_soon(today + timedelta(days=days_left), today) is soon


def test_of_a_clock_that_stands_still_nobody_is_warned() -> None:
    """Nothing unread is deleted, so there is nothing to warn of."""
    assert not is_soon(None, date(2026, 11, 23))


def test_a_tombstone_stays_for_a_season() -> None:
    """At least as long as an officer may be away, and blurred."""
    ends = {tombstone_expiry(date(2026, 11, 23)) for _ in range(200)}

    assert len(ends) > 5
    assert min(ends) >= date(2026, 11, 23) + timedelta(days=90)
    assert max(ends) < date(2026, 11, 23) + timedelta(days=104)

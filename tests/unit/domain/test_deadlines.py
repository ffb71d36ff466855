"""What a reporter may expect by when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.deadlines import JITTER_DAYS, deadlines, expiry

days = st.dates(date(2020, 1, 1), date(2100, 1, 1))


def test_the_promised_days() -> None:
    """Seven days to acknowledge, ninety to answer, counted over the end of a year."""
    due = deadlines(date(2026, 11, 23))

    assert due.acknowledge_by == date(2026, 11, 30)
    assert due.answer_by == date(2027, 2, 21)


@given(days, st.integers(90, 3650))
def test_a_tip_lives_at_least_as_long_as_was_said(active_on: date, retention: int) -> None:
    """The blur only ever adds."""
    late = expiry(active_on, retention) - active_on

    assert timedelta(days=retention) <= late < timedelta(days=retention + JITTER_DAYS)


def test_the_day_of_expiry_does_not_tell_the_day_of_arrival() -> None:
    """Two tips of one day end on different days, soon enough."""
    assert len({expiry(date(2026, 11, 23), 365) for _ in range(200)}) > 5

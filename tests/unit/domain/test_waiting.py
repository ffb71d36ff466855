"""For how long somebody asks to be left alone."""

from datetime import UTC, datetime

import pytest

from mustshare_api.domain.waiting import asked_s

NOW = datetime(2026, 11, 23, 2, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "3600",
        "Mon, 23 Nov 2026 03:00:00 GMT",
        "Monday, 23-Nov-26 03:00:00 GMT",
        "Mon Nov 23 03:00:00 2026",
        "Mon, 23 Nov 2026 10:00:00 +0700",
    ],
)
def test_it_is_read_in_every_form_that_http_has(value: str) -> None:
    """And in that of those who name their own zone."""
    assert asked_s(value, NOW) == 3600


@pytest.mark.parametrize(
    "value",
    [
        *("", "-1", "1.5", "9" * 10, "1\u00b2", "\u0e51", "tomorrow", ",", "Mon, GMT"),
        "Mon, 23 Nov 2026 01:59:59 GMT",
        "Mon, 23 Nov 2569 25:00:00 GMT",
        "Mon, 23 Nov 0000 03:00:00 GMT",
        "Mon, 23 Nov 2026 03:00:00 +99999999999999999999",
        "Mon, 23 Nov 99999999999999999999 03:00:00 GMT",
        "x" * 65,
    ],
)
def test_what_is_neither_asks_for_nothing(value: str) -> None:
    """Nor does a moment that has passed; and nothing of it is an error."""
    assert asked_s(value, NOW) == 0

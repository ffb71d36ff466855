"""What a webhook says, and when it is said again."""

import json
from datetime import date

import pytest

from mustshare_api.domain.webhooks import (
    ATTEMPTS,
    PAUSES_S,
    TYPES,
    events_of,
    pause_s,
    payload,
)


def test_a_webhook_is_thin_and_has_a_day() -> None:
    """Type, day in the standard's form, and the name of the thing: nothing else."""
    said = json.loads(payload("case.published", "sao-fai-kinnari", date(2026, 11, 23)))

    assert said == {
        "type": "case.published",
        "timestamp": "2026-11-23T00:00:00+07:00",
        "data": {"id": "sao-fai-kinnari"},
    }


def test_no_type_is_about_a_tip() -> None:
    assert [
        kind for kind in TYPES if kind.split(".")[0] in ("tip", "reporter", "receipt")
    ] == []


def test_it_is_tried_ten_times_on_the_schedule_of_the_standard() -> None:
    """At once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
    assert PAUSES_S == (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    assert ATTEMPTS == 10
    assert [pause_s(attempt, 0.0) for attempt in range(1, 10)] == list(PAUSES_S)
    assert pause_s(10, 0.5) is None


def test_a_pause_is_longer_by_a_tenth_at_most() -> None:
    """So that what failed together is not tried together."""
    assert pause_s(2, 1.0) == 330
    assert pause_s(2, 0.5) == 315


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (("case", "open", "open", True), ("case.published",)),
        (("case", "open", "concluded", True), ("case.published", "outcome.published")),
        (("case", "open", "concluded", False), ("case.corrected", "outcome.published")),
        (("case", "concluded", "concluded", False), ("case.corrected",)),
        (("campaign", "open", "open", True), ("campaign.published",)),
        (("campaign", "open", "open", False), ()),
        (("article", "open", "open", True), ()),
    ],
)
def test_each_page_tells_what_there_is_to_tell(
    page: tuple[str, str, str, bool], told: tuple[str, ...]
) -> None:
    """An outcome once, when a case comes to be concluded."""
    kind, before, state, first = page

    assert events_of(kind, before, state, first=first) == told

"""Thai or English, whichever is liked better; Thai when it does not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.api.languages import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "th"),
        ("", "th"),
        ("*", "th"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("th", "th"),
        ("th-TH,en;q=0.9", "th"),
        ("en,th", "th"),
        ("en;q=0.9,th;q=0.8", "en"),
        ("fr, en;q=0.5", "en"),
        ("th;q=0, en;q=0.1", "en"),
        ("en;q=0", "th"),
        ("en;q=x", "th"),
        ("en;level=1", "en"),
        ("english", "th"),
        ("en;q=nan", "th"),
        ("en;q=inf,th", "th"),
    ],
)
def test_the_better_liked_language_is_chosen(header: str | None, language: str) -> None:
    """By weight, then Thai; what cannot be read counts for nothing."""
    assert preferred(header) == language


@given(st.text(max_size=2000))
def test_any_header_gives_one_of_the_two(header: str) -> None:
    """Whatever a sender writes there."""
    assert preferred(header) in ("th", "en")

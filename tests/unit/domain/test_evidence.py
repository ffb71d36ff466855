"""A reporter's choice: what it says, and what is no choice."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.evidence import (
    KEEP_NOTHING,
    Choice,
    Closeness,
    Part,
    choose,
    parse_choice,
)
from mustshare_api.domain.message import AttachmentName, AttachmentNotice, decode_message
from mustshare_api.errors import Malformed

CHOICES = st.builds(
    Choice, st.none() | st.sampled_from(Closeness), st.booleans(), st.booleans(), st.booleans()
)


def test_no_choice_keeps_nothing() -> None:
    """Silence is the safest choice."""
    assert choose([], None, first_frame=False) == KEEP_NOTHING
    assert Choice(location=None, time=False, original=False) == KEEP_NOTHING


def test_a_position_is_coarse_unless_exactness_was_asked_for() -> None:
    """The wider circle is the default."""
    chosen = choose([Part.LOCATION], None, first_frame=False)

    assert chosen.location is Closeness.COARSE


@given(CHOICES)
def test_a_choice_comes_back_from_its_octets(choice: Choice) -> None:
    """What is parked with an upload is what was chosen."""
    assert parse_choice(choice.encode()) == choice


@given(st.binary(max_size=6))
def test_octets_that_are_no_choice_are_refused(octets: bytes) -> None:
    """A choice has one form of octets."""
    try:
        parsed = parse_choice(octets)
    except Malformed:
        return
    assert parsed.encode() == octets


@pytest.mark.parametrize(
    ("parts", "closeness"),
    [([Part.TIME, Part.TIME], None), ([], Closeness.EXACT), ([Part.TIME], Closeness.COARSE)],
)
def test_a_choice_that_contradicts_itself_is_refused(
    parts: list[Part], closeness: Closeness | None
) -> None:
    """Nothing is guessed."""
    with pytest.raises(Malformed):
        choose(parts, closeness, first_frame=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 13.7},
        {"latitude": 13.7, "longitude": 100.5},
        {"latitude": 90.1, "longitude": 100.5, "location_precision_m": 10},
        {"latitude": 13.7, "longitude": -180.1, "location_precision_m": 10},
        {"latitude": 13.7, "longitude": 100.5, "location_precision_m": 0},
        {"taken_at": "2026-13-01T00:00:00"},
        {"taken_at": "2026-11-23"},
        {"taken_at": "2026-11-23T05:48:22", "utc_offset": "+15:00"},
        {"utc_offset": "+07:00"},
    ],
)
def test_facts_that_no_picture_can_have_are_refused(fields: dict[str, Any]) -> None:
    """Staff read a whole position and a real time, or none."""
    name = {"id": "ab" * 16, "sha256": "cd" * 32, "media_type": "image/jpeg", "size_bytes": 9}
    plain = {"type": "attachment", "sent_at": "2026-11-23T05:48:21Z", "attachments": [name]}
    assert isinstance(decode_message(msgspec.json.encode(plain)), AttachmentNotice)

    with pytest.raises(Malformed):
        decode_message(msgspec.json.encode({**plain, "attachments": [name | fields]}))


def test_a_file_is_no_original_unless_it_is_flagged() -> None:
    """The flag is never guessed."""
    name = AttachmentName(id="ab" * 16, sha256="cd" * 32, media_type="image/png", size_bytes=1)

    assert not name.original

"""A door that is busy and says for how long: the tool passes that on, in seconds."""

import json
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest

from tests.keytool.conftest import Tool
from tests.keytool.fake_door import FakeDoor


@pytest.mark.parametrize("status", [429, 503])
def test_the_tool_says_for_how_long_a_busy_door_asks_it_to_wait(
    tool: Tool, door: FakeDoor, status: int
) -> None:
    """Whether it says so in seconds or by a date; in the one line that there is."""
    at = (tool.clock.now() + timedelta(seconds=40)).astimezone(UTC)
    door.refuse["GET", "/v1/directory"] = (status, b'{"code": "busy"}')
    for said, seconds in (("7", 7), (format_datetime(at, usegmt=True), 40)):
        door.asks_to_wait = said
        ended = tool.unlocked("sync", "--lang", "en")

        assert ended.code == 1
        assert ended.err.count("\n") == 1
        assert ended.err.endswith(f" It asks for {seconds} s.\n")


@pytest.mark.parametrize("said", ["", "0", "soon", "-5", "999999999"])
def test_a_door_that_says_no_time_is_busy_and_no_more(
    tool: Tool, door: FakeDoor, said: str
) -> None:
    """Nor is one believed that says more than a day."""
    door.refuse["GET", "/v1/directory"] = (503, b'{"code": "busy"}')
    door.asks_to_wait = said
    told = json.loads(tool.unlocked("sync", "--json", "--lang", "en").err)

    assert told == {"code": "busy", "message": "The service is busy. Try again shortly."}

"""A clock that is off is told as such: which way, and how far."""

import json

import pytest

from tests.keytool.conftest import MovedClock, Tool
from tests.keytool.fake_door import FakeDoor


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (90, "90 seconds behind"),
        (240, "4 minutes behind"),
        (7 * 3600, "7 hours behind"),
        (86_400 * 3, "3 days behind"),
        (-61, "61 seconds ahead of"),
        (-240, "4 minutes ahead of"),
        (-7 * 3600, "7 hours ahead of"),
        (-86_400 * 3, "3 days ahead of"),
    ],
)
def test_the_tool_says_how_far_its_clock_is_off(
    tool: Tool, door: FakeDoor, seconds: int, says: str
) -> None:
    """Compared with the door's, in words that say what to do."""
    door.clock = MovedClock(tool.clock.now())
    door.clock.advance(seconds=seconds)

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err == f"This machine's clock is {says} the door's. Set it.\n"


@pytest.mark.parametrize("skew", [b"", b', "skew_s": 0', b', "skew_s": null'])
def test_an_older_door_that_does_not_say_is_understood(
    tool: Tool, door: FakeDoor, skew: bytes
) -> None:
    """More than a minute is all that is known then."""
    door.refuse["GET", "/v1/directory"] = (401, b'{"code": "signature.skewed"' + skew + b"}")

    ended = tool.unlocked("sync", "--json")
    assert json.loads(ended.err)["code"] == "signature.skewed"

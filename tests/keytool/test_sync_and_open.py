"""From the staff door to a tip on the screen."""

import pytest

from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor


def test_a_tip_is_fetched_listed_and_opened(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The officer's day, on a tip in Thai with a photo."""
    photo = reporter.attach(b"\xff\xd8 a picture" * 9000)
    reporter.send_text("น้ำท่วมถนนที่เพิ่งสร้าง", photo, category="road")

    synced = tool.unlocked("sync")
    listed = tool.offline("list")
    opened = tool.unlocked("open", reporter.tip[:8])

    assert (synced.code, listed.code, opened.code) == (0, 0, 0), synced.err + opened.err
    assert "1 tips; 2 new objects" in synced.out
    assert "1 new" in listed.out
    assert "  │ น้ำท่วมถนนที่เพิ่งสร้าง" in opened.out
    written = tool.home / "opened" / reporter.tip / f"{photo.id}.jpg"
    assert written.read_bytes() == b"\xff\xd8 a picture" * 9000
    assert "opened" in tool.offline("list").out

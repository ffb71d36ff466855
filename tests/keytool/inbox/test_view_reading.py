"""The view's mark for what was not read."""

from tests.keytool.conftest import Reporter, Tool
from tests.keytool.inbox.test_view import deeds_of, on_tip, running


async def test_enter_says_that_a_tip_was_read(tool: Tool, reporter: Reporter) -> None:
    """Moving over it does not, and what was read is no longer among the unread."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    async with running(deeds_of(tool)) as pilot:
        await on_tip(pilot, reporter.tip)
    (before,) = tool.unlocked("inbox", "--json").data
    async with running(deeds_of(tool)) as pilot:
        await on_tip(pilot, reporter.tip)
        await pilot.press("enter")
        await pilot.pause()
    (after,) = tool.unlocked("inbox", "--json").data

    assert (before["unread"], after["unread"]) == (1, 0)

"""The view's mark for what was not read, and when the folder is read again for it."""

import pytest

from mustshare_api.keytool.inbox import filling
from mustshare_api.keytool.inbox.view import deeds as view_deeds
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


def test_the_folder_is_read_again_where_another_command_changed_it(
    tool: Tool, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only then: a deed does not wait for all tips, and misses nothing of others."""
    reporter.send_text("ถนนพัง")
    tool.unlocked("sync")
    opened: list[object] = []
    really = filling.open_desk

    def counted(*given: object) -> object:
        opened.append(given)
        return really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(view_deeds, "open_desk", counted)
    deeds = deeds_of(tool)
    tip = deeds.desk.tips[reporter.tip]
    for word in ("+one", "+two", "+three"):
        deeds.label(tip, word)
    assert len(opened) == 1

    tool.unlocked("label", reporter.tip, "+others", "--offline")
    deeds.label(tip, "+four")
    labels = deeds.desk.state_of(reporter.tip).labels
    assert (len(opened), labels) == (2, {"one", "two", "three", "four", "others"})
    deeds.close()

"""The view's mark for what was not read, and when the folder is read again for it."""

import pytest

from mustshare_api.crypto.receipts import keys_of
from mustshare_api.keytool.inbox import filling
from mustshare_api.keytool.inbox.view import deeds as view_deeds
from mustshare_api.keytool.inbox.view.tips_list import TipsList
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.inbox.test_view import answered, deeds_of, line, on_tip, running


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


async def test_a_deed_that_is_refused_leaves_a_list_that_can_still_be_looked_through(
    tool: Tool, reporter: Reporter
) -> None:
    """The desk was opened anew for it; the lines must come from that one."""
    reporter.send_text("ถนนพัง")
    another = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    another.send_text("ทางเท้าพัง")
    assert tool.unlocked("sync").code == 0
    async with running(deeds_of(tool)) as pilot:
        await answered(pilot, "a", "nobody-of-ours")
        assert "No officer" in line(pilot)
        await pilot.press("j", "k", "j")
        await pilot.pause()
        shown = {pilot.app.query_one(TipsList).render_line(y).text.split()[1] for y in (0, 1)}

    assert shown == {reporter.tip[:8], another.tip[:8]}

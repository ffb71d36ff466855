"""The digest: always the same lines and the same size, whatever it says."""

from datetime import date, timedelta
from typing import Any

import pytest

from mustshare_api.domain.lifecycle import State
from mustshare_api.keytool.desk.compared import is_long_ago
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.steps.counting import Digest, counted
from tests.keytool.conftest import Reporter, Tool

TODAY = date(2026, 11, 23)


def tip(days_ago: int, **more: Any) -> TipEntry:
    came_on = TODAY - timedelta(days=days_ago)
    fields: dict[str, Any] = {"expires_on": None, "bundle": b"x", "answered": False} | more
    return TipEntry("ab" * 16, fields.pop("state", "received"), came_on, **fields)


def count(*tips: TipEntry) -> Digest:
    return counted(tips, [], TODAY, TODAY, TODAY)


@pytest.mark.parametrize(
    ("one", "late"),
    [
        (tip(7), (0, 0)),
        (tip(8), (1, 0)),
        (tip(8, steps=1, state="verifying"), (0, 0)),
        (tip(8, answered=True), (0, 0)),
        (tip(90, steps=1, state="verifying"), (0, 0)),
        (tip(91, steps=1, state="referred"), (0, 1)),
        (tip(91, answered=True), (0, 0)),
        (tip(91, steps=1, state="set_aside"), (0, 0)),
        (tip(91), (1, 1)),
        (tip(91, state="withdrawn", bundle=None), (0, 0)),
    ],
)
def test_what_is_late_is_counted(one: TipEntry, late: tuple[int, int]) -> None:
    """From the day after the one that its reporter was told."""
    found = count(one)

    assert (found.to_acknowledge, found.to_answer) == late


def test_what_waits_and_what_goes_is_counted() -> None:
    """Whose clock stands still, and whose has thirty days left or fewer."""
    ends = [TODAY + timedelta(days=30), TODAY + timedelta(days=31)]
    found = count(tip(1), *(tip(1, expires_on=day) for day in ends))

    assert (found.to_read, found.expiring) == (1, 1)


def test_every_state_has_its_line_also_where_there_is_none() -> None:
    """Zero is said."""
    assert count().states == dict.fromkeys(State, 0)


def test_a_digest_is_written_in_one_size_whatever_it_says(
    tool: Tool, reporter: Reporter
) -> None:
    """Of nothing at all, of a tip, in either language; and its folder needs no passphrase."""
    out = tool.folder / "digest.txt"
    sizes: list[int] = []
    for lang in ("th", "en"):
        assert tool.offline("digest", "--out", str(out), lang=lang).code == 0
        sizes.append(out.stat().st_size)
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    ended = tool.offline("digest", "--out", str(out))
    sizes.append(out.stat().st_size)

    assert set(sizes) == {4096}
    assert out.stat().st_mode & 0o777 == 0o600
    assert "1  received" in ended.out
    assert len(ended.out.splitlines()) == 16


def test_a_digest_that_cannot_be_written_says_so(tool: Tool) -> None:
    """One line, and nothing is overwritten."""
    ended = tool.offline("digest", "--out", str(tool.folder))

    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert tool.run("digest", "--home", tool.path("nowhere")).code == 1


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (7, False), (8, True), (-1, True)])
def test_it_is_said_since_when_news_may_be_hidden(days: int, *, is_old: bool) -> None:
    """A door that always answers "nothing changed" is believed for a week."""
    assert is_long_ago(TODAY - timedelta(days=days), TODAY) is is_old


def test_a_list_of_a_folder_long_uncompared_warns(tool: Tool, reporter: Reporter) -> None:
    """In the digest, whose line is always there, and beside every list."""
    reporter.send_text("ถนนพัง")
    assert "last compared" not in tool.unlocked("sync").out
    assert "over a week" not in tool.offline("digest").out + tool.offline("list").err
    tool.clock.advance(days=2)
    assert "last compared on 2026-11-23" in tool.unlocked("sync").out
    tool.clock.advance(days=6)

    assert "over a week" in tool.offline("digest").out
    assert "over a week" in tool.offline("list").err
    assert "over a week" in tool.unlocked("inbox").err

"""The full-screen view, driven by its keys: what it shows, writes, and leaves behind."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from mustshare_api.crypto.receipts import keys_of
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.view.app import DeskApp
from mustshare_api.keytool.inbox.view.deeds import Deeds
from mustshare_api.keytool.inbox.view.tips_list import TipsList
from mustshare_api.keytool.words.wording import Language
from tests.keytool.conftest import CHEAP_KIB, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

KINNARI = "เสาไฟกินรีที่ ต.น้ำดี ต้นละแสน"
COPY_OUT = "import shutil, sys; shutil.copy(sys.argv[2], sys.argv[1])"


@pytest.fixture
def other(reporter: Reporter) -> Reporter:
    """Somebody else's tip at the same door."""
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    other.send_text("Road broken [bold]again[/bold]")
    return other


@pytest.fixture
def desk(tool: Tool, reporter: Reporter, other: Reporter) -> Tool:
    """Two tips, one in Thai, fetched."""
    reporter.send_text(KINNARI, category="building")
    assert tool.unlocked("sync").code == 0
    return tool


def deeds_of(tool: Tool, pictures: Path | None = None, language: Language = "en") -> Deeds:
    home = Home(tool.home)
    session = Session(Console(language, False, sys.stdout, sys.stderr), tool.clock, CHEAP_KIB)
    return Deeds(open_desk(home, tool.officer(), session.today), session, pictures)


@asynccontextmanager
async def running(deeds: Deeds) -> AsyncIterator[Pilot[int]]:
    app = DeskApp(deeds)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        yield pilot
    deeds.close()


def right(pilot: Pilot[int]) -> str:
    return str(pilot.app.query_one("#tip", Static).render())


def line(pilot: Pilot[int]) -> str:
    return str(pilot.app.query_one("#line", Static).render())


async def on_tip(pilot: Pilot[int], tip: str) -> None:
    """Moves to a tip by the keys."""
    await pilot.press("k", "k")
    await pilot.pause()
    if tip not in right(pilot):
        await pilot.press("j")
        await pilot.pause()
    assert tip in right(pilot)


async def answered(pilot: Pilot[int], key: str, typed: str) -> None:
    """Presses a key and answers what it asks."""
    await pilot.press(key)
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = typed
    await pilot.press("enter")
    await pilot.pause()


async def test_both_panes_are_drawn_and_columns_stand_though_thai_takes_fewer_cells(
    desk: Tool, reporter: Reporter
) -> None:
    """Every line is as wide as the next, and each column begins in one cell."""
    async with running(deeds_of(desk, language="th")) as pilot:
        table = pilot.app.query_one(TipsList)
        lines = [table.render_line(y).text for y in range(2)]
        assert any("เสาไฟกินรี" in each for each in lines)
        assert len({cell_len(each) for each in lines}) == 1
        starts = [cell_len(each[: each.index("23/11")]) for each in lines]
        states = [cell_len(each[: each.index("รับแล้ว")]) for each in lines]
        owners = [cell_len(each[: each.index(" - ")]) for each in lines]
        assert [len(set(each)) for each in (starts, states, owners)] == [1, 1, 1]
        await on_tip(pilot, reporter.tip)
        assert KINNARI in right(pilot)


async def test_markup_in_a_tip_is_shown_and_not_obeyed(desk: Tool, other: Reporter) -> None:
    """A reporter cannot draw on an officer's terminal."""
    async with running(deeds_of(desk)) as pilot:
        await on_tip(pilot, other.tip)
        assert "[bold]again[/bold]" in right(pilot)


async def test_the_keys_write_on_the_desk(
    desk: Tool, reporter: Reporter, other: Reporter
) -> None:
    """Each as its command does; all of it waits in the outbox."""
    deeds = deeds_of(desk)
    async with running(deeds) as pilot:
        await on_tip(pilot, reporter.tip)
        await answered(pilot, "a", "me")
        await answered(pilot, "l", "+ด่วน เสาไฟ")
        await answered(pilot, "c", "price-compared")
        await answered(pilot, "m", f"{other.tip[:8]} copycat")
        await pilot.press("n")
        await pilot.pause()
        pilot.app.screen.query_one(TextArea).text = "สองบรรทัด\nของบันทึก"
        await pilot.press("ctrl+s")
        await pilot.pause()
        shown = right(pilot)
        assert "5 wait" in line(pilot)
    for each in (
        "officer: somsri", "labels: ด่วน, เสาไฟ", "[x] price-compared", "ของบันทึก",
        f"the same pattern as {other.tip[:8]}",
    ):  # fmt: skip
        assert each in shown, each
    assert len(list((desk.home / "entries").iterdir())) == 5


async def test_what_is_refused_is_said_in_one_line_and_nothing_is_written(
    desk: Tool, reporter: Reporter
) -> None:
    """And what was taken back asks for nothing."""
    async with running(deeds_of(desk)) as pilot:
        await on_tip(pilot, reporter.tip)
        for key, typed, told in (
            ("a", "stranger", "No officer of that name"),
            ("l", "+!", "A label is a word"),
            ("c", "No Slug", "malformed"),
            ("m", reporter.tip, "into itself"),
            ("m", "-", "not merged"),
            ("f", "colour=red", "not understood"),
            ("o", "1", ""),
        ):
            if key == "o":
                await pilot.press("o")
                await pilot.pause()
                assert "no such file" in line(pilot)
                continue
            await answered(pilot, key, typed)
            assert told in line(pilot), (key, line(pilot))
        await pilot.press("a", "escape")
        await pilot.pause()
    assert not list((desk.home / "entries").glob("*"))


@pytest.mark.parametrize("key", ["a", "m"])
async def test_enter_alone_takes_nothing_back(desk: Tool, reporter: Reporter, key: str) -> None:
    """Nobody's and parted is what `-` says; a slip of the finger says nothing."""
    desk.unlocked("assign", reporter.tip, "me", "--offline")
    async with running(deeds_of(desk)) as pilot:
        await on_tip(pilot, reporter.tip)
        await answered(pilot, key, " ")
        assert "nothing was written" in line(pilot)
    assert len(list((desk.home / "entries").glob("*"))) == 1


async def test_a_fault_of_the_view_ends_in_one_line_without_what_was_opened(
    desk: Tool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Textual's own traceback quotes every local: the officer's seeds, and passages."""

    def failing(self: Deeds, _: object) -> str:
        officer = self.desk.officer
        raise OverflowError(officer.name)

    deeds = deeds_of(desk)
    monkeypatch.setattr(Deeds, "text_of", failing)
    with pytest.raises(OverflowError):
        async with DeskApp(deeds).run_test() as pilot:
            await pilot.pause()
    deeds.close()

    said = capsys.readouterr()
    assert "signing_seed" not in said.out + said.err
    assert "Traceback" not in said.out + said.err


async def test_filters_and_search_narrow_the_list_down(
    desk: Tool, reporter: Reporter, other: Reporter
) -> None:
    """And nothing typed opens it again."""
    async with running(deeds_of(desk)) as pilot:
        table = pilot.app.query_one(TipsList)
        await answered(pilot, "f", "category=building unread officer=none")
        assert table.row_count == 1
        assert reporter.tip in right(pilot)
        await answered(pilot, "f", "state=closed")
        assert (table.row_count, right(pilot)) == (0, "No tips.")
        await answered(pilot, "f", "")
        await answered(pilot, "slash", "road")
        assert table.row_count == 1
        assert other.tip in right(pilot)
        await answered(pilot, "slash", "")
        assert table.row_count == 2


async def test_help_is_shown_and_any_key_closes_it(desk: Tool) -> None:
    """In the console's language."""
    async with running(deeds_of(desk, language="th")) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("x")
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 1


async def test_what_waits_is_sent_by_a_key(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Beside the drawing, so that a slow door does not stop the view."""
    before = len(door.objects)
    async with running(deeds_of(desk)) as pilot:
        await on_tip(pilot, reporter.tip)
        await answered(pilot, "a", "me")
        await pilot.press("y")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "All was sent" in line(pilot)
        await pilot.press("q")
    assert len(door.objects) == before + 1
    assert pilot.app.return_value == 0


async def test_another_command_can_run_beside_the_view(desk: Tool, reporter: Reporter) -> None:
    """The folder is locked for each deed alone; `r` shows what came meanwhile."""
    async with running(deeds_of(desk)) as pilot:
        assert desk.unlocked("label", reporter.tip, "+ข้างนอก").code == 0
        await pilot.press("r")
        await on_tip(pilot, reporter.tip)
        assert "ข้างนอก" in right(pilot)


async def test_a_picture_goes_to_the_viewer_from_the_folder_in_memory(
    desk: Tool, reporter: Reporter, tmp_path: Path, until: Callable[..., None]
) -> None:
    """Whole, under its id, and nowhere else."""
    photo = reporter.attach(b"\xff\xd8 a picture" * 99)
    reporter.send_text("มีรูป", photo)
    desk.unlocked("sync")
    memory, copied = tmp_path / "memory", tmp_path / "copied"
    memory.mkdir()
    deeds = deeds_of(desk, memory)
    deeds.viewer = (sys.executable, "-c", COPY_OUT, str(copied))
    async with running(deeds) as pilot:
        await on_tip(pilot, reporter.tip)
        await pilot.press("o")
        await pilot.pause()
        until(copied.exists)
    assert (memory / f"{photo.id}.jpg").read_bytes() == b"\xff\xd8 a picture" * 99
    assert not list(desk.home.rglob("*.jpg"))


async def test_without_a_folder_in_memory_no_picture_is_opened(
    desk: Tool, reporter: Reporter
) -> None:
    """A file in clear on a disk outlives its removal."""
    reporter.send_text("มีรูป", reporter.attach(b"\xff\xd8 a picture"))
    desk.unlocked("sync")
    async with running(deeds_of(desk)) as pilot:
        await on_tip(pilot, reporter.tip)
        await pilot.press("o")
        await pilot.pause()
        assert "No folder in memory" in line(pilot)


def test_without_textual_the_tool_says_what_to_install(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And asks for no passphrase first."""
    monkeypatch.setitem(sys.modules, "textual", None)
    ended = tool.unlocked("desk")

    assert ended.code == 1
    assert "pip install 'mustshare-api[desk]'" in ended.err

"""The overview: lists are the same with it and without, and it is never of another folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mustshare_api.crypto.receipts import keys_of
from mustshare_api.domain.desk import AssignEntry, NoteEntry
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.inbox import filling, glance
from mustshare_api.keytool.inbox.overview import file_of
from mustshare_api.keytool.inbox.register import Register, load_register
from tests.keytool.colleagues import colleague, revoke
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.inbox.test_view import deeds_of

AT = "2026-11-23T03:00:00Z"


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """Two tips, the later one merged into the first, with all that officers write."""
    reporter.send_text("เสาไฟกินรีต้นละแสน", place="500701", campaign="lamp-posts")
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    other.send_text("เสาไฟหงส์", language="th")
    tool.unlocked("sync")
    for said in (
        ("assign", reporter.tip, "me"),
        ("label", reporter.tip, "+ด่วน"),
        ("note", reporter.tip, "--text", "โทรแล้ว"),
        ("check", reporter.tip, "price-compared", "--text", "ราคากลาง"),
        ("merge", other.tip, "--into", reporter.tip, "--as", "duplicate"),
    ):
        assert tool.unlocked(*said, "--offline").code == 0
    tool.unlocked("sync")
    return tool


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often a list had to open the whole desk."""
    opened: list[object] = []
    really = filling.open_desk

    def counted(*given: object) -> object:
        opened.append(given)
        return really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(glance, "open_desk", counted)
    return opened


def shown(tool: Tool, tip: str) -> list[object]:
    ends: list[Ended] = [
        tool.unlocked("inbox", "--json"),
        tool.unlocked("inbox", lang="th"),
        tool.unlocked("show", tip, "--json"),
        tool.unlocked("show", tip, lang="th"),
    ]
    return [(each.code, each.out, each.err) for each in ends]


def test_a_list_and_a_tip_are_the_same_with_an_overview_and_without(
    desk: Tool, reporter: Reporter, whole: list[object]
) -> None:
    """Word for word, as people and as machines are shown it; and no list opens a register."""
    desk.unlocked("show", reporter.tip)
    at_a_glance = shown(desk, reporter.tip)
    assert whole == []

    without: list[object] = []
    for number in range(4):
        file_of(Home(desk.home)).unlink()
        without.append(shown(desk, reporter.tip)[number])
    assert (without, len(whole)) == (at_a_glance, 4)


def test_what_is_written_at_a_glance_stands_as_at_a_desk_that_is_opened_whole(
    desk: Tool, reporter: Reporter, whole: list[object]
) -> None:
    """Offline or sent, words and steps; lists go on at a glance, and search finds it."""
    other = next(t for t in desk.unlocked("inbox", "--json").data if t["merged_into"])["tip_id"]
    for said in (
        ("label", reporter.tip, "+ถนน", "-ด่วน", "--offline"),
        ("note", reporter.tip, "--text", "ยังไม่ส่ง", "--offline"),
        ("verify", reporter.tip),
        ("check", reporter.tip, "price-compared", "--undo"),
        ("assign", reporter.tip, "--nobody"),
        ("merge", other, "--undo"),
        ("set-aside", other, "--text", "คนละเรื่อง", "--offline"),
    ):
        assert desk.unlocked(*said).code == 0
    desk.unlocked("show", reporter.tip)
    told = shown(desk, reporter.tip)
    assert whole == []
    file_of(Home(desk.home)).unlink()

    assert shown(desk, reporter.tip) == told
    assert len(desk.unlocked("search", "ยังไม่ส่ง", "--json").data) == 1
    rows = {row["tip_id"]: row for row in desk.unlocked("inbox", "--json").data}
    assert (rows[reporter.tip]["state"], rows[reporter.tip]["labels"]) == ("verifying", ["ถนน"])
    assert (rows[other]["merged_into"], rows[reporter.tip]["officer"]) == (None, None)


def test_the_view_leaves_an_overview_of_what_was_done_in_it(
    desk: Tool, reporter: Reporter, whole: list[object]
) -> None:
    """And none where another command changed the folder beside it."""
    deeds = deeds_of(desk)
    deeds.label(deeds.desk.tips[reporter.tip], "+ในจอ")
    deeds.leave()
    labels = {one["tip_id"]: one["labels"] for one in desk.unlocked("inbox", "--json").data}
    assert (labels[reporter.tip], whole) == (["ด่วน", "ในจอ"], [])

    desk.unlocked("label", reporter.tip, "+ข้างนอก", "--offline")
    deeds.leave()
    deeds.close()
    labels = {one["tip_id"]: one["labels"] for one in desk.unlocked("inbox", "--json").data}
    assert sorted(labels[reporter.tip]) == ["ข้างนอก", "ด่วน", "ในจอ"]


def _steps(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    tool.unlocked("verify", reporter.tip)


def _news(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    reporter.follow_up("รูปเพิ่ม")
    tool.unlocked("sync")


def _lost(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    min((tool.home / "objects").iterdir()).unlink()


@pytest.mark.parametrize("change", [_steps, _news, _lost])
def test_an_overview_of_another_folder_is_none(
    desk: Tool,
    door: FakeDoor,
    reporter: Reporter,
    change: Callable[[Tool, FakeDoor, Reporter], None],
) -> None:
    """Whatever moved since, a list says what it would have said without one."""
    desk.unlocked("inbox")
    change(desk, door, reporter)
    told = desk.unlocked("inbox", "--json").out
    file_of(Home(desk.home)).unlink()

    assert told == desk.unlocked("inbox", "--json").out


@pytest.mark.parametrize(
    ("sent_at", "opened"), [("2026-11-22T03:00:00Z", 0), ("2026-11-25T09:00:00Z", 1)]
)
def test_another_day_opens_a_desk_only_where_an_entry_waited_for_it(
    desk: Tool,
    reporter: Reporter,
    writes: Callable[..., str],
    whole: list[object],
    sent_at: str,
    opened: int,
) -> None:
    """What was dated ahead counts from its day on; nothing else does not by a day's passing."""
    somsri = desk.officer()
    kid = somsri.signing_kid.hex()
    writes(somsri, AssignEntry(sent_at=sent_at, signed_by=kid, officer="arthit"))
    desk.unlocked("sync")
    before = {one["tip_id"]: one["officer"] for one in desk.unlocked("inbox", "--json").data}
    desk.clock.advance(days=1)
    after = {one["tip_id"]: one["officer"] for one in desk.unlocked("inbox", "--json").data}

    assert before[reporter.tip] == "somsri"
    assert (after[reporter.tip], len(whole)) == (("arthit" if opened else "somsri"), opened)


@pytest.mark.parametrize("spoilt", [b"", b"register"])
def test_an_overview_that_does_not_open_is_made_again(desk: Tool, spoilt: bytes) -> None:
    """Also one that is a register under another name."""
    before = desk.unlocked("inbox", "--json").data
    file = file_of(Home(desk.home))
    file.write_bytes(Path(desk.home / "register.sealed").read_bytes() if spoilt else spoilt)

    assert desk.unlocked("inbox", "--json").data == before
    assert len(file.read_bytes()) > len(spoilt)


def test_no_word_of_a_tip_lies_in_the_overview_in_clear(desk: Tool, reporter: Reporter) -> None:
    """Nor its id: it is sealed as the register is, and private."""
    octets = file_of(Home(desk.home)).read_bytes()

    assert not any(word.encode() in octets for word in ("กินรี", "ด่วน", reporter.tip))
    assert file_of(Home(desk.home)).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("listed", ["at a glance", "whole"])
def test_what_was_read_before_its_key_was_revoked_counts_for_nothing(
    desk: Tool,
    door: FakeDoor,
    reporter: Reporter,
    writes: Callable[..., str],
    listed: str,
) -> None:
    """On a machine that opened it in time as on one that comes later; and it is told."""
    arthit = colleague(desk, door)
    kid = arthit.signing_kid.hex()
    writes(arthit, AssignEntry(sent_at="2026-11-23T09:00:00Z", signed_by=kid, officer="arthit"))
    writes(arthit, NoteEntry(sent_at=AT, signed_by=kid, text="ไม่ต้องตรวจ"))
    desk.unlocked("sync")
    before = desk.unlocked("show", reporter.tip, "--json").data["desk"]
    revoke(desk, door, "arthit")
    desk.unlocked("sync")
    if listed == "whole":
        file_of(Home(desk.home)).unlink()
    after = desk.unlocked("show", reporter.tip, "--json")

    assert (before["officer"], len(before["notes"])) == ("arthit", 2)
    assert (after.code, after.data["desk"]["officer"]) == (4, "somsri")
    assert [note["text"] for note in after.data["desk"]["notes"]] == ["โทรแล้ว"]
    assert set(after.data["tip"]["refused"].values()) == {"open.unknown_signer"}


def test_a_sync_takes_away_the_words_that_one_before_it_left(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """One that was cut off between the tip and the register; though nothing is new by now."""
    door.add_tip(reporter.tip_id, None)
    for object_id in desk_objects(desk, reporter):
        del door.objects[object_id]
    other = Reporter(door, reporter.recipients, reporter.clock)
    other.attach(b"\xff\xd8 a picture" * 3_000)
    other.send_text("อีกเรื่อง")
    door.cut_objects_after = 2000
    assert desk.unlocked("sync").code == 3
    other_objects = [*door.objects]
    door.cut_objects_after = None
    register: Register = load_register(Home(desk.home), desk.officer())
    assert register.find(["กินรี"]) != []
    register.close()

    desk.unlocked("sync")
    register = load_register(Home(desk.home), desk.officer())
    assert (register.find(["กินรี"]), len(other_objects)) == ([], len(door.objects))
    register.close()


def desk_objects(tool: Tool, reporter: Reporter) -> list[str]:
    with Listed.opened(Home(tool.home)) as listed:
        return [entry.object_id for entry in listed.objects_of(reporter.tip)]

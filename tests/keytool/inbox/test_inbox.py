"""The inbox: what is listed, by which filter, and what an officer writes beside it."""

import pytest
from rich.cells import cell_len

from mustshare_api.crypto.receipts import keys_of
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

KINNARI = "เสาไฟกินรีต้นละแสน ตั้งในป่า"


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """A tip about a lamp post, fetched."""
    reporter.send_text(
        KINNARI, category="building", campaign="lamp-posts", place="100101", language="th"
    )
    assert tool.unlocked("sync").code == 0
    return tool


def another(reporter: Reporter, text: str, **fields: str) -> Reporter:
    """Somebody else's tip at the same door."""
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    other.send_text(text, **fields)
    return other


def listed(tool: Tool, *filters: str) -> list[str]:
    ended = tool.unlocked("inbox", "--json", *filters)
    assert ended.code == 0, ended.err
    return [row["tip_id"] for row in ended.data]


def test_the_inbox_says_what_was_sealed_and_what_was_not(
    desk: Tool, reporter: Reporter
) -> None:
    """State and days are the door's; everything else was opened here."""
    (row,) = desk.unlocked("inbox", "--json").data

    assert row["tip_id"] == reporter.tip
    assert (row["state"], row["received_on"], row["unread"]) == ("received", "2026-11-23", 1)
    assert (row["acknowledge_by"], row["answer_by"]) == ("2026-11-30", "2027-02-21")
    assert (row["category"], row["campaign"], row["place"]) == (
        "building", "lamp-posts", "100101",
    )  # fmt: skip
    assert row["headline"] == KINNARI


FILTERS = [
    (["--state", "received"], ["--state", "closed"]),
    (["--campaign", "lamp-posts"], ["--campaign", "roads"]),
    (["--category", "building"], ["--category", "road"]),
    (["--province", "10"], ["--province", "50"]),
    (["--province", "กรุงเทพฯ"], ["--province", "chiang mai"]),
    (["--place", "เขตพระนคร"], ["--place", "ดุสิต"]),
    (["--from", "2026-11-23", "--to", "2026-11-23"], ["--from", "2026-11-24"]),
    (["--to", "2026-11-23"], ["--to", "2026-11-22"]),
    (["--to", "๒๐๒๖-๑๑-๒๓"], ["--to", "๒๐๒๖-๑๑-๒๒"]),
    (["--officer", "none"], ["--officer", "me"]),
    (["--unread"], ["--label", "ถนน"]),
]


def test_each_filter_lets_through_what_it_names_and_nothing_else(
    desk: Tool, reporter: Reporter
) -> None:
    """One that lets everything through is no filter."""
    for wanted, unwanted in FILTERS:
        assert listed(desk, *wanted) == [reporter.tip], wanted
        assert listed(desk, *unwanted) == [], unwanted


def test_two_filters_are_both_to_hold(desk: Tool, reporter: Reporter) -> None:
    """Each narrows down what the other let through."""
    other = another(reporter, "ถนนพัง", category="building", place="500101")
    desk.unlocked("sync")

    assert sorted(listed(desk, "--category", "building")) == sorted([reporter.tip, other.tip])
    assert listed(desk, "--category", "building", "--province", "50") == [other.tip]


@pytest.mark.parametrize(
    "argv",
    [
        ["--from", "23/11/2569"],
        ["--from", "2569-11-23"],
        ["--category", "ถนน"],
        ["--label", "a b!"],
    ],
)
def test_a_filter_that_is_none_is_a_fault_of_the_command_line(
    tool: Tool, argv: list[str]
) -> None:
    """It is told before the passphrase is asked for."""
    assert tool.run("inbox", *argv).code == 2


def test_a_tip_past_its_day_is_overdue_until_it_is_answered(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The day is the one that the reporter was told."""
    desk.clock.advance(days=7)
    assert listed(desk, "--overdue") == []

    desk.clock.advance(days=1)
    assert listed(desk, "--overdue") == [reporter.tip]

    door.tips[reporter.tip]["answered"] = True
    desk.clock.advance(days=-3)
    desk.unlocked("sync")
    desk.clock.advance(days=3)
    assert listed(desk, "--overdue") == []


def test_what_was_shown_is_unread_no_more(desk: Tool, reporter: Reporter) -> None:
    """Until its reporter writes again."""
    assert desk.unlocked("show", reporter.tip).code == 0
    assert listed(desk, "--unread") == []

    reporter.follow_up("มีรูปเพิ่ม")
    desk.unlocked("sync")
    assert listed(desk, "--unread") == [reporter.tip]


def test_rows_stand_in_columns_though_thai_takes_fewer_cells(
    desk: Tool, reporter: Reporter
) -> None:
    """A vowel above its consonant takes no cell of a terminal."""
    another(reporter, "x" * 200)
    desk.unlocked("label", reporter.tip, "+น้ำท่วม", "+ที่ดิน")
    desk.unlocked("sync")
    out = desk.unlocked("inbox", lang="th").out.splitlines()
    thai = next(line for line in out if "กินรี" in line)
    latin = next(line for line in out if "xxx" in line)

    assert cell_len(thai.split("เสาไฟ")[0]) == cell_len(latin.split("xxx")[0])


def test_a_withdrawn_tip_leaves_the_inbox_and_the_register(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """At the next sync, words and all."""
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    desk.unlocked("sync")

    assert listed(desk) == []
    assert desk.unlocked("search", "กินรี", "--json").data == []
    assert desk.unlocked("show", reporter.tip).code == 1


def test_a_tip_is_shown_whole(desk: Tool, reporter: Reporter) -> None:
    """Message, files, desk, checklist, days and what it was merged with."""
    other = another(reporter, "เสาไฟกินรีอีกอำเภอ", category="building")
    photo = reporter.attach(b"\xff\xd8 a picture" * 9)
    reporter.follow_up("ดูรูป")
    desk.unlocked("sync")
    desk.unlocked("note", reporter.tip, "--text", "โทรถาม อบต. แล้ว")
    desk.unlocked("check", reporter.tip, "price-compared", "--text", "ตลาดต้นละสองหมื่น")
    desk.unlocked("assign", reporter.tip, "me")
    desk.unlocked("label", reporter.tip, "+เสาไฟ")
    desk.unlocked("merge", other.tip, "--into", reporter.tip, "--as", "copycat")

    out = desk.unlocked("show", reporter.tip).out
    for shown in (
        f"  │ {KINNARI}", "officer: somsri", "labels: เสาไฟ", "acknowledge by 2026-11-30",
        "  │ โทรถาม อบต. แล้ว", "[x] price-compared", "  │ ตลาดต้นละสองหมื่น",
        "[ ] procurement-found", f"merged with {other.tip[:8]}  เสาไฟกินรีอีกอำเภอ",
    ):  # fmt: skip
        assert shown in out, shown
    assert photo.id in "".join(door_files(reporter.door))
    assert f"the same pattern as {reporter.tip[:8]}" in desk.unlocked("show", other.tip).out


def door_files(door: FakeDoor) -> list[str]:
    return sorted(door.objects)


def test_showing_a_tip_writes_none_of_it_in_clear(desk: Tool, reporter: Reporter) -> None:
    """Nor do the inbox and a search: what was opened lies on this disk sealed."""
    desk.unlocked("note", reporter.tip, "--text", "ความลับของโต๊ะ")
    desk.unlocked("inbox")
    desk.unlocked("show", reporter.tip)
    desk.unlocked("search", "กินรี")

    octets = b"".join(f.read_bytes() for f in desk.home.rglob("*") if f.is_file())
    for word in ("กินรี", "ความลับ", "lamp-posts"):
        assert word.encode() not in octets
        assert word.encode("utf-16-le") not in octets

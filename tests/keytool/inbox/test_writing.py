"""What officers write on a desk: sealed, sent or kept, and refused in one line."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from mustshare_api.clock import bangkok_day, week_of
from mustshare_api.crypto import xwing
from mustshare_api.crypto.envelope import HEAD_LIMIT, Kind, parse_head
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.crypto.suite import kid_of
from mustshare_api.keytool.desk.home import Home
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

UNREACHABLE = "https://127.0.0.1:9"


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """One tip, fetched."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return tool


def row(tool: Tool, tip: str) -> dict[str, object]:
    rows = tool.unlocked("inbox", "--json").data
    found: dict[str, object] = next(each for each in rows if each["tip_id"] == tip)
    return found


def entries_at(door: FakeDoor) -> list[bytes]:
    kinds = {i: parse_head(o[:HEAD_LIMIT]).prefix.kind for i, o in door.objects.items()}
    return [door.objects[i] for i, kind in kinds.items() if kind is Kind.DESK_ENTRY]


def written(ended: Ended) -> dict[str, object]:
    assert ended.code == 0, ended.err
    data: dict[str, object] = ended.data
    return data


def test_a_tip_is_assigned_labelled_and_taken_back(desk: Tool, reporter: Reporter) -> None:
    """Each command says what the desk holds from then on."""
    tip = reporter.tip
    assert written(desk.unlocked("assign", tip, "me", "--json"))["officer"] == "somsri"
    labels = written(desk.unlocked("label", tip, "+ถนน", "+ด่วน", "--json"))["labels"]
    assert labels == ["ด่วน", "ถนน"]

    assert written(desk.unlocked("assign", tip, "--nobody", "--json"))["officer"] is None
    labels = written(desk.unlocked("label", tip, "-ด่วน", "+road", "--json"))["labels"]
    assert labels == ["road", "ถนน"]
    assert row(desk, tip)["labels"] == ["road", "ถนน"]


def test_what_is_written_goes_to_the_door_sealed_to_staff_alone(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """At once, where the door is reached; the reporter's own key is not among the stanzas."""
    data = written(desk.unlocked("note", reporter.tip, "--text", "โทรแล้ว", "--json"))

    (octets,) = entries_at(door)
    head = parse_head(octets[:HEAD_LIMIT])
    assert data["waiting"] == 0
    assert head.prefix.tip_id == reporter.tip_id
    assert head.kids <= set(desk.officer().seeds())


def test_an_entry_waits_for_a_network_and_goes_with_the_next_sync(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It counts on this desk from the moment it is written."""
    server = Home(desk.home).server
    there = server.read_bytes()
    server.write_bytes(there.replace(door.url.encode(), UNREACHABLE.encode()))
    ended = desk.unlocked("label", reporter.tip, "+ด่วน")

    assert (ended.code, entries_at(door)) == (0, [])
    assert "1 desk entries wait" in ended.out
    assert row(desk, reporter.tip)["labels"] == ["ด่วน"]

    server.write_bytes(there)
    synced = desk.unlocked("sync", "--json")
    assert len(synced.data["entries"]["sent"]) == len(entries_at(door)) == 1
    assert row(desk, reporter.tip)["labels"] == ["ด่วน"]


def test_offline_leaves_an_entry_where_it_is(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """An officer on a stranger's network says so."""
    seen = len(door.requests_seen)
    ended = desk.unlocked("assign", reporter.tip, "me", "--offline", "--json")

    assert written(ended)["waiting"] == 1
    assert len(door.requests_seen) == seen


def test_a_lost_answer_does_no_harm(desk: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """The same octets go again, and the door knows them."""
    door.lose_answers_to = ["POST", "POST"]
    desk.unlocked("note", reporter.tip, "--text", "ครั้งเดียว")
    assert len(entries_at(door)) == 1

    assert desk.unlocked("sync").code == 0
    assert row(desk, reporter.tip)["notes"] == 1
    assert len(entries_at(door)) == 1
    assert not list((desk.home / "entries").iterdir())


def test_what_the_door_lost_again_is_sent_anew(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A backup was restored; the sync that misses the entry puts it back."""
    desk.unlocked("note", reporter.tip, "--text", "จดไว้")
    (object_id,) = [i for i, o in door.objects.items() if o in entries_at(door)]
    del door.objects[object_id]

    desk.unlocked("sync")
    assert object_id in door.objects


def test_an_entry_that_is_listed_and_not_given_back_stays_here(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that says it has an entry has not shown it."""
    desk.unlocked("note", reporter.tip, "--text", "จดไว้")
    (object_id,) = [i for i, o in door.objects.items() if o in entries_at(door)]
    other = {"digest": "0" * 64}
    door.index_overrides[object_id] = other
    desk.unlocked("sync")
    assert [file.stem for file in (desk.home / "entries").iterdir()] == [object_id]

    del door.index_overrides[object_id]
    assert desk.unlocked("sync").code == 0
    assert not list((desk.home / "entries").iterdir())


def test_an_entry_that_waited_into_another_week_is_sealed_again(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """To that week's keys, once the door says that it takes it under no others."""
    desk.unlocked("note", reporter.tip, "--text", "สัปดาห์ก่อน", "--offline")
    desk.clock.advance(days=7)
    door.accepted_kids = frozenset([sorted_week_kid(desk)])
    assert desk.unlocked("sync").code == 0

    (octets,) = entries_at(door)
    assert parse_head(octets[:HEAD_LIMIT]).kids == door.accepted_kids
    assert row(desk, reporter.tip)["notes"] == 1


def sorted_week_kid(tool: Tool) -> bytes:
    """The kid of the officer's key of the week in which the clock stands now."""
    seed = tool.officer().epochs[week_of(bangkok_day(tool.clock.now()))]
    return kid_of(xwing.public_key_of(seed))


def test_a_refused_entry_is_kept_and_told_until_somebody_drops_it(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """One refusal holds up no other entry."""
    desk.unlocked("note", reporter.tip, "--text", "หนึ่ง", "--offline")
    (waiting,) = (desk.home / "entries").iterdir()
    door.refuse_entries[waiting.name] = (409, "id.in_use")
    desk.unlocked("note", reporter.tip, "--text", "สอง", "--offline")

    synced = desk.unlocked("sync")
    assert (synced.code, len(entries_at(door))) == (1, 1)
    assert waiting.name in synced.err
    assert desk.unlocked("sync").code == 1
    assert row(desk, reporter.tip)["notes"] == 2

    assert desk.unlocked("resend", "--drop-refused").code == 0
    assert desk.unlocked("sync").code == 0
    assert row(desk, reporter.tip)["notes"] == 1


def test_a_full_tip_keeps_its_entry_waiting_and_it_is_told_why(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """429 is no refusal for good: whoever runs the service may let a tip hold more."""
    desk.unlocked("note", reporter.tip, "--text", "หนึ่ง", "--offline")
    (waiting,) = (desk.home / "entries").iterdir()
    door.refuse_entries[waiting.name] = (429, "tip.full")

    told = desk.unlocked("sync")
    assert (told.code, "takes no more messages" in told.err) == (0, True)
    assert desk.unlocked("sync", "--json").data["entries"]["waiting"] == 1


def test_a_code_that_the_door_made_up_reaches_no_terminal(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A code may be anything; only one that has a sentence is shown."""
    desk.unlocked("note", reporter.tip, "--text", "หนึ่ง", "--offline")
    (waiting,) = (desk.home / "entries").iterdir()
    door.refuse_entries[waiting.name] = (409, "\x1b[2J evil")

    assert "evil" not in desk.unlocked("sync").err


def test_a_note_comes_from_standard_input(
    desk: Tool, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no other user of the machine sees it."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO("จากไพป์\n".encode())))
    data = written(desk.unlocked("note", reporter.tip, "--json"))

    assert [note["text"] for note in data["notes"]] == ["จากไพป์"]  # type: ignore[attr-defined]


def test_a_note_is_read_as_an_editor_on_windows_saves_it_and_is_never_blank(
    desk: Tool, reporter: Reporter
) -> None:
    """Its marks are no part of the text; and a note of spaces is none."""
    file = desk.folder / "note.txt"
    file.write_bytes("\ufeffน้ำท่วม\r\nสองวัน\r\n".encode())
    data = written(desk.unlocked("note", reporter.tip, "--file", str(file), "--json"))

    assert [note["text"] for note in data["notes"]] == ["น้ำท่วม\nสองวัน"]  # type: ignore[attr-defined]
    assert desk.unlocked("note", reporter.tip, "--text", " \n ").code == 1


def test_a_line_of_the_checklist_is_ticked_and_opened_again(
    desk: Tool, reporter: Reporter
) -> None:
    """One of the built-in lines, or one of the page's own."""
    desk.unlocked("check", reporter.tip, "price-compared", "--text", "ราคากลาง 20,000")
    data = written(desk.unlocked("check", reporter.tip, "asked-the-mayor", "--json"))
    done = {item: each["done"] for item, each in data["checklist"].items()}  # type: ignore[attr-defined]
    assert done == {"price-compared": True, "asked-the-mayor": True}

    data = written(desk.unlocked("check", reporter.tip, "price-compared", "--undo", "--json"))
    assert data["checklist"]["price-compared"]["done"] is False  # type: ignore[index]


def test_tips_are_merged_and_parted_again(desk: Tool, reporter: Reporter) -> None:
    """Duplicates and copycats across tips, offline."""
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    other.send_text("ถนนพังเหมือนกัน")
    desk.unlocked("sync")

    data = written(
        desk.unlocked("merge", other.tip, "--into", reporter.tip, "--as", "duplicate", "--json")
    )
    assert (data["merged_into"], data["relation"]) == (reporter.tip, "duplicate")
    assert data["merged_with"] == [reporter.tip]
    circle = desk.unlocked("merge", reporter.tip, "--into", other.tip, "--as", "copycat")
    assert (circle.code, circle.err) == (1, "That tip is merged into this one already.\n")

    data = written(desk.unlocked("merge", other.tip, "--undo", "--json"))
    assert (data["merged_into"], data["merged_with"]) == (None, [])


REFUSED = [
    (["assign", "{tip}", "nobody-of-ours"], 1, "No officer of that name"),
    (["assign", "{tip}", "--nobody"], 1, "It is so already"),
    (["label", "{tip}"], 1, "It is so already"),
    (["label", "{tip}", "-ด่วน"], 1, "It is so already"),
    (["label", "{tip}", "+a", "-a"], 1, "both put on and taken off"),
    (["label", "{tip}", "+a\x1bb"], 2, ""),
    (["note", "{tip}", "--text", ""], 1, "malformed"),
    (["note", "{tip}", "--text", "ก" * 20_000], 1, "malformed"),
    (["note", "ffffffff", "--text", "x"], 1, "No such tip"),
    (["check", "{tip}", "No Slug"], 2, ""),
    (["check", "{tip}", "a", "--text", "ก" * 1_001], 1, "malformed"),
    (["merge", "{tip}", "--into", "{tip}", "--as", "copycat"], 1, "into itself"),
    (["merge", "{tip}", "--undo"], 1, "not merged"),
    (["merge", "{tip}"], 2, ""),
    (["show", "ffff"], 1, "No such tip"),
    (["search"], 1, "which words"),
]


def test_a_command_that_cannot_be_done_says_why_in_one_line(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """And writes nothing."""
    for argv, code, told in REFUSED:
        ended = desk.unlocked(*(each.format(tip=reporter.tip) for each in argv))

        assert (ended.code, told in ended.err) == (code, True), (argv, ended.err)
        assert code == 2 or ended.err.count("\n") == 1, argv
    assert entries_at(door) == []
    assert not list((desk.home / "entries").glob("*"))

"""Two officers at one desk: what each reads of the other, and whose word counts."""

import secrets
from collections.abc import Callable

import pytest

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.sealing import seal_message
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.desk import AssignEntry, LabelEntry, NoteEntry
from mustshare_api.domain.message import ReplyBody, encode_message
from tests.keytool.colleagues import colleague, publish, revoke
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

AT = "2026-11-23T03:00:00Z"
EARLIER = "2026-11-22T03:00:00Z"


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """One tip, fetched."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return tool


def kid(officer: Officer) -> str:
    return officer.signing_kid.hex()


def row(tool: Tool) -> dict[str, object]:
    (found,) = tool.unlocked("inbox", "--json").data
    return dict(found)


def test_a_colleagues_note_is_read_under_their_name(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """By the directory, and found by search."""
    arthit = colleague(desk, door)
    writes(arthit, NoteEntry(sent_at=AT, signed_by=kid(arthit), text="โทรถาม สตง. แล้ว"))
    desk.unlocked("sync")

    (note,) = desk.unlocked("show", reporter.tip, "--json").data["desk"]["notes"]
    assert (note["author"], note["text"]) == ("arthit", "โทรถาม สตง. แล้ว")
    (found,) = desk.unlocked("search", "สตง", "--json").data
    assert (found["author"], found["note"]) == ("arthit", True)


def test_the_later_word_counts_whoever_syncs_first(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """An entry that was written earlier and comes later changes nothing of it."""
    arthit = colleague(desk, door)
    desk.unlocked("sync")
    desk.unlocked("assign", reporter.tip, "me")
    writes(arthit, AssignEntry(sent_at=EARLIER, signed_by=kid(arthit), officer="arthit"))
    writes(arthit, LabelEntry(sent_at=EARLIER, signed_by=kid(arthit), add=["ด่วน"]))
    desk.unlocked("sync")

    assert (row(desk)["officer"], row(desk)["labels"]) == ("somsri", ["ด่วน"])


def test_an_answer_to_a_clock_that_runs_ahead_still_comes_after_it(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """Whoever has read a desk can change it."""
    arthit = colleague(desk, door)
    ahead = "2026-11-24T23:00:00Z"
    writes(arthit, AssignEntry(sent_at=ahead, signed_by=kid(arthit), officer="arthit"))
    desk.unlocked("sync")
    assert row(desk)["officer"] == "arthit"

    desk.unlocked("assign", reporter.tip, "me")
    assert row(desk)["officer"] == "somsri"


def test_nobody_keeps_the_last_word_by_dating_an_entry_at_the_end_of_the_calendar(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """It counts for nothing before its day, which is told, and others' words go on counting."""
    arthit = colleague(desk, door)
    last = "9999-12-31T23:59:59Z"
    writes(arthit, AssignEntry(sent_at=last, signed_by=kid(arthit), officer="arthit"))
    desk.unlocked("sync")
    told = desk.unlocked("show", reporter.tip, "--json")
    assert (told.code, told.data["desk"]["officer"]) == (4, None)
    assert set(told.data["tip"]["refused"].values()) == {"desk.ahead"}

    for named in ("arthit", "somsri"):
        assert desk.unlocked("assign", reporter.tip, named).code == 0
        shown = desk.unlocked("show", reporter.tip, "--json").data["desk"]
        assert shown["officer"] == named


def test_an_answer_to_the_latest_that_is_read_is_read_itself(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """It is dated no later than anybody reads."""
    arthit = colleague(desk, door)
    latest = "2026-11-24T23:59:59Z"
    writes(arthit, LabelEntry(sent_at=latest, signed_by=kid(arthit), add=["ด่วน"]))
    desk.unlocked("sync")
    desk.unlocked("note", reporter.tip, "--text", "เห็นแล้ว")

    (note,) = desk.unlocked("show", reporter.tip, "--json").data["desk"]["notes"]
    assert (note["text"], note["sent_at"]) == ("เห็นแล้ว", latest)


@pytest.mark.parametrize("whose", ["stranger", "another's name"])
def test_an_entry_that_nobody_listed_signed_counts_for_nothing(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str], whose: str
) -> None:
    """Anyone can seal to the officers' keys, which are public; only a signature counts."""
    arthit = colleague(desk, door)
    stranger = Officer("mallory", secrets.token_bytes(32), arthit.case_seeds, arthit.epochs)
    named = stranger if whose == "stranger" else arthit
    entry = AssignEntry(sent_at=AT, signed_by=kid(named), officer="mallory")
    writes(arthit, entry, signed_by=stranger)
    desk.unlocked("sync")

    ended = desk.unlocked("inbox", "--json")
    assert (ended.code, ended.data[0]["officer"]) == (4, None)


def test_what_an_officer_wrote_who_has_left_since_is_still_read(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """A directory believed here once listed them."""
    arthit = colleague(desk, door)
    desk.unlocked("sync")
    publish(desk, door, 9)
    writes(arthit, NoteEntry(sent_at=AT, signed_by=kid(arthit), text="ก่อนลาออก"))
    desk.unlocked("sync")

    (note,) = desk.unlocked("show", reporter.tip, "--json").data["desk"]["notes"]
    assert note["author"] == "arthit"


def test_an_entry_cannot_be_carried_to_another_tip(
    desk: Tool, door: FakeDoor, reporter: Reporter, writes: Callable[..., str]
) -> None:
    """Whoever holds the store may put any object in any place; the prefix is signed over."""
    object_id = writes(
        desk.officer(), NoteEntry(sent_at=AT, signed_by=kid(desk.officer()), text="ของเรื่องนี้")
    )
    other = Reporter(door, reporter.recipients, reporter.clock)
    other.send_text("อีกเรื่อง")
    octets = door.objects[object_id]
    door.objects[object_id] = octets[:8] + other.tip_id + octets[24:]
    synced = desk.unlocked("sync")

    assert synced.code == 1
    assert all(not each["notes"] for each in desk.unlocked("inbox", "--json").data)


@pytest.mark.parametrize(("gone", "is_read"), [("left", True), ("revoked", False)])
def test_an_answer_is_read_after_its_officer_left_and_not_once_their_key_is_revoked(
    desk: Tool, door: FakeDoor, reporter: Reporter, gone: str, is_read: bool
) -> None:
    """By `open` as by `show`, and by a machine that had not opened it before."""
    arthit = colleague(desk, door)
    said = ReplyBody(AT, "เราไปดูแล้ว", kid(arthit))
    prefix = reporter.prefix(Kind.FOLLOW_UP_FROM_STAFF, secrets.token_bytes(16))
    octets = seal_message(
        prefix, reporter.recipients, encode_message(said), signer(arthit.signing_seed)
    )
    door.objects[prefix.object_id.hex()] = octets
    desk.unlocked("sync")
    before = desk.unlocked("show", reporter.tip, "--json").data["tip"]["messages"]
    if gone == "left":
        publish(desk, door, 9)
    else:
        revoke(desk, door, "arthit")
    desk.unlocked("sync")
    shown = [desk.unlocked(how, reporter.tip, "--json") for how in ("show", "open")]
    desk.unlocked("search", "--rebuild")
    shown.append(desk.unlocked("show", reporter.tip, "--json"))
    told = [each.data.get("tip", each.data)["messages"] for each in shown]

    assert [one["author"] for one in before] == [None, "arthit"]
    assert [len(messages) for messages in told] == [1 + is_read] * 3
    assert [each.code for each in shown] == [0 if is_read else 4] * 3

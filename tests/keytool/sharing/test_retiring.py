"""Destroying old keys: what is open goes to the case key first, and only then do they go."""

from datetime import timedelta

import pytest

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import kid_of
from tests.keytool.colleagues import (
    STRANGER,
    case_kid,
    colleague,
    head_of,
    intake_key,
    kids,
    opens_for,
    publish,
    texts,
)
from tests.keytool.conftest import START, Ended, MovedClock, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

MONDAY = START.date()
PICTURE = b"\xff\xd8 a picture" * 20_000


def retire(tool: Tool, *more: str) -> Ended:
    """Two weeks later the keys of the first week may go."""
    tool.clock.advance(days=14)
    return again(tool, *more)


def again(tool: Tool, *more: str) -> Ended:
    return tool.unlocked("epochs", "retire", "--before", "2026-11-30", *more)


def test_what_is_open_goes_to_the_case_key_and_the_weeks_key_is_destroyed(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Words and files alike; the officer reads on, and nothing opens by the old key."""
    photo = reporter.attach(PICTURE)
    message = reporter.send_text("one", photo)
    before = tool.officer()

    ended = retire(tool, "--json")

    assert ended.code == 0, ended.err
    assert ended.data == {"rewrapped": 2, "unreadable": [], "destroyed": 1}
    after = tool.officer()
    assert MONDAY not in after.epochs
    assert {*before.epochs} - {*after.epochs} == {MONDAY}
    for object_id in (photo.id, message):
        assert kids(door.objects[object_id]) == [case_kid(before)]
        assert (tool.home / "objects" / object_id).read_bytes() == door.objects[object_id]
    old = Officer(before.name, before.signing_seed, (bytes(32),), before.epochs)
    assert not opens_for(old, door.objects[message], reporter)
    shown = tool.unlocked("open", reporter.tip, "--json").data
    assert texts(shown) == ["one"]
    assert shown["messages"][0]["files"][0]["outcome"] == "written"


def test_other_recipients_keep_their_stanzas_to_the_byte(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A colleague's own keys are the colleague's to retire."""
    reporter.recipients.append(STRANGER)
    object_id = reporter.send_text("one")
    theirs = head_of(door.objects[object_id]).stanzas[1]

    assert retire(tool).code == 0
    assert head_of(door.objects[object_id]).stanzas[0] == theirs


def test_what_each_key_could_open_is_shown_before_and_after(
    tool: Tool, reporter: Reporter
) -> None:
    """After retirement the week's key opens nothing, and is shown as destroyed."""
    reporter.send_text("one")
    tool.unlocked("sync")
    before = tool.unlocked("epochs", "show")
    assert before.code == 0
    assert "week 2026-11-23: opens 1 objects here" in before.out
    assert "opens 0 of 1 objects here" in before.out

    retire(tool)

    after = tool.unlocked("epochs", "show")
    assert "week 2026-11-23: gone, opens 0 objects" in after.out
    assert "opens 1 of 1 objects here" in after.out


def test_a_second_run_has_nothing_to_do(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """And asks the door nothing."""
    reporter.send_text("one")
    retire(tool)
    door.requests_seen.clear()

    ended = again(tool)

    assert (ended.code, ended.out) == (0, "No key is due to be destroyed.\n")
    assert door.requests_seen == []


def test_unless_told_otherwise_a_key_is_kept_for_ninety_days(
    tool: Tool, door: FakeDoor, reporter: Reporter, clock: MovedClock
) -> None:
    """Counted from the end of its week, to the day."""
    reporter.send_text("one")
    clock.advance(days=7 + 89)
    tool.unlocked("epochs", "extend")
    publish(tool, door, 8)

    assert tool.unlocked("epochs", "retire", "--json").data["destroyed"] == 0
    clock.advance(days=1)
    assert tool.unlocked("epochs", "retire", "--json").data["destroyed"] == 1
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


@pytest.mark.parametrize(
    ("before", "code"),
    [("2026-12-01", "takes a Monday"), ("2026-12-07", "takes 2026-11-30 at most")],
)
def test_keys_that_are_still_sealed_to_are_not_retired(
    tool: Tool, before: str, code: str
) -> None:
    """This week's, and last week's for whatever is under way."""
    tool.clock.advance(days=14)

    ended = tool.unlocked("epochs", "retire", "--before", before)
    assert ended.code == 1
    assert code in ended.err
    assert MONDAY in tool.officer().epochs


def test_without_a_listed_case_key_nothing_is_retired(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The door would take no stanza for it, and a colleague could not name it."""
    object_id = reporter.send_text("one")
    before = door.objects[object_id]
    tool.clock.advance(days=14)
    stranger = Officer.new("somsri", tool.clock.now().date())
    kept = (tool.home / "somsri.card").read_bytes()
    (tool.home / "somsri.card").write_bytes(stranger.card())
    publish(tool, door, 8)
    (tool.home / "somsri.card").write_bytes(kept)

    ended = again(tool)

    assert ended.code == 1
    assert "does not list your newest case key" in ended.err
    assert MONDAY in tool.officer().epochs
    assert door.objects[object_id] == before


def test_a_new_case_key_takes_over_once_it_is_listed(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Made, listed by the next directory, and only then the old one goes."""
    object_id = reporter.send_text("one")
    retire(tool)
    old = tool.officer()

    made = tool.unlocked("case-key", "renew")
    assert made.code == 0
    assert "run this again" in made.out
    assert tool.officer().case_seeds[1:] == old.case_seeds

    early = tool.unlocked("case-key", "renew")
    assert early.code == 1
    assert "does not list your newest case key" in early.err
    assert kids(door.objects[object_id]) == [case_kid(old)]

    publish(tool, door, 8)
    done = tool.unlocked("case-key", "renew", "--json")
    assert done.data == {"rewrapped": 1, "unreadable": [], "destroyed": 1}
    new = tool.officer()
    assert new.case_seeds[1:] == ()
    assert kids(door.objects[object_id]) == [case_kid(new)]
    assert opens_for(new, door.objects[object_id], reporter)
    assert not opens_for(old, door.objects[object_id], reporter)


def test_weeks_are_brought_over_to_the_listed_case_key(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A newer one that no directory lists yet takes nothing over."""
    object_id = reporter.send_text("one")
    listed = case_kid(tool.officer())
    tool.unlocked("case-key", "renew")

    assert retire(tool).code == 0
    assert kids(door.objects[object_id]) == [listed]


def test_retiring_needs_a_directory_that_is_in_force(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """An expired one says nothing about whose key is good."""
    reporter.send_text("one")
    tool.clock.advance(days=7 + 90)

    ended = tool.unlocked("epochs", "retire")
    assert ended.code == 1
    assert "expired" in ended.err
    assert MONDAY in tool.officer().epochs
    assert door.objects


def test_a_colleagues_keys_are_none_of_these(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """An heir is listed under the officer's own name."""
    arthit = colleague(tool, door)
    reporter.recipients.append(intake_key(arthit, MONDAY))
    object_id = reporter.send_text("one")

    assert retire(tool).code == 0
    assert kids(door.objects[object_id]) == [
        kid_of(intake_key(arthit, MONDAY)),
        case_kid(tool.officer()),
    ]
    assert tool.clock.now() - START == timedelta(days=14)

"""Destroying old keys: what is open goes to the case key first, and only then do they go."""

from datetime import timedelta

import pytest

from mustshare_api.crypto import xwing
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
    rewrapped_by,
    spoilt,
    texts,
    with_head,
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


def test_one_object_that_is_refused_keeps_the_keys_and_holds_up_no_other(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """One line says which and why; the next run goes on from there."""
    mine, other = sorted([reporter.send_text("one"), reporter.follow_up("two")])
    refused = ("PUT", f"/v1/objects/{mine}/recipients")
    door.refuse[refused] = (409, b'{"code": "object.wrong_recipients"}')

    ended = retire(tool)

    assert ended.code == 1
    assert ended.err.splitlines()[0].startswith(f"Object {mine}: The service does not take")
    assert "1 objects still need the old keys" in ended.err
    assert MONDAY in tool.officer().epochs
    assert kids(door.objects[other]) == [case_kid(tool.officer())]

    door.refuse.clear()
    ended = again(tool, "--json")
    assert ended.data == {"rewrapped": 1, "unreadable": [], "destroyed": 1}


def test_somebody_who_is_quicker_is_not_undone(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The head is fetched again and the change made from that."""
    object_id = reporter.send_text("one")
    officer = tool.officer()

    def interfere(changed: str) -> None:
        door.before_replacing = None
        door.objects[changed] = rewrapped_by(officer, door.objects[changed], add=(STRANGER,))

    door.before_replacing = interfere
    ended = retire(tool)

    assert ended.code == 0, ended.err
    assert kids(door.objects[object_id]) == [kid_of(STRANGER), case_kid(officer)]


def test_somebody_who_is_always_quicker_is_given_up_on(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """After a few tries it is said, and the keys stay."""
    reporter.send_text("one")
    officer = tool.officer()

    def interfere(changed: str) -> None:
        door.objects[changed] = rewrapped_by(officer, door.objects[changed], add=(STRANGER,))

    door.before_replacing = interfere
    ended = retire(tool)

    assert ended.code == 1
    assert "Somebody else keeps changing this object" in ended.err
    assert MONDAY in tool.officer().epochs


def test_a_door_that_says_done_and_does_nothing_costs_no_key(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A fresh pass over what it lists finds the old stanza still there."""
    reporter.send_text("one")
    door.says_done_and_does_nothing = True

    ended = retire(tool)

    assert ended.code == 1
    assert "1 objects still need the old keys" in ended.err
    assert MONDAY in tool.officer().epochs
    door.says_done_and_does_nothing = False
    assert again(tool).code == 0
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def test_a_door_that_spoils_the_heirs_stanza_costs_no_key(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It took the change, and then made the one stanza that was left useless."""
    object_id = reporter.send_text("one")
    other = reporter.follow_up("two")
    first, last = sorted([object_id, other])

    def spoil(changed: str) -> None:
        if changed == last:
            door.objects[first] = spoilt(door.objects[first], 0)

    door.before_replacing = spoil
    ended = retire(tool)

    assert ended.code == 1
    assert first in ended.err
    assert "no key was destroyed" in ended.err
    assert MONDAY in tool.officer().epochs


def test_a_stanza_of_the_heir_that_does_not_open_is_made_afresh(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Anyone who knows the public key could have put it there; its name proves nothing."""
    object_id = reporter.send_text("one")
    officer = tool.officer()
    own_case = xwing.public_key_of(officer.case_seed)
    octets = rewrapped_by(officer, door.objects[object_id], add=(own_case,))
    door.objects[object_id] = spoilt(octets, 1)

    assert retire(tool).code == 0
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def test_swapped_heads_and_foreign_objects_cost_no_key(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What is not what the index says is named, and nothing is destroyed while it is so."""
    mine = reporter.send_text("one")
    theirs = Reporter(door, reporter.recipients, tool.clock).send_text("two")
    genuine = door.objects[mine]
    door.objects[mine] = with_head(genuine, head_of(door.objects[theirs]))
    door.index_overrides[mine] = {"object_id": mine, "tip_id": reporter.tip}

    ended = retire(tool)

    assert ended.code == 1
    assert mine in ended.err
    assert MONDAY in tool.officer().epochs
    door.objects[mine] = genuine
    assert again(tool).code == 0


def test_an_object_that_no_key_opens_is_said_and_holds_nothing_up(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A key that does not open it loses nothing by going."""
    whole = reporter.send_text("one")
    object_id = reporter.follow_up("spoilt from the beginning")
    door.objects[object_id] = spoilt(door.objects[object_id], 0)

    ended = retire(tool)

    assert ended.code == 0
    assert f"Object {object_id} opened by none of your keys even before" in ended.err
    assert MONDAY not in tool.officer().epochs
    assert kids(door.objects[whole]) == [case_kid(tool.officer())]


def test_a_copy_that_this_disk_has_damaged_is_fetched_and_brought_over(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It opens at the door, so the key is not without use yet."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    octets = file.read_bytes()
    start = head_of(octets).length
    file.write_bytes(octets[:start] + bytes(56) + octets[start + 56 :])

    ended = retire(tool, "--json")

    assert ended.data == {"rewrapped": 1, "unreadable": [], "destroyed": 1}
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def test_an_object_that_goes_meanwhile_holds_nothing_up(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Withdrawn between the index and the change."""
    object_id = reporter.send_text("one")

    def withdraw(_: str) -> None:
        door.objects.clear()

    door.before_replacing = withdraw
    ended = retire(tool)

    assert ended.code == 0, ended.err
    assert not (tool.home / "objects" / object_id).exists()


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

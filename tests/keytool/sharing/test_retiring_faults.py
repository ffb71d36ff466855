"""Retiring keys where the door lies, others interfere, or a disk forgets: no key is lost."""

from mustshare_api.crypto import xwing
from mustshare_api.crypto.suite import kid_of
from tests.keytool.colleagues import (
    STRANGER,
    case_kid,
    head_of,
    kids,
    rewrapped_by,
    spoilt,
    texts,
    with_head,
)
from tests.keytool.conftest import START, Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

MONDAY = START.date()
PICTURE = b"\xff\xd8 a picture" * 20_000


def retire(tool: Tool, *more: str) -> Ended:
    """Two weeks later the keys of the first week may go."""
    tool.clock.advance(days=14)
    return again(tool, *more)


def again(tool: Tool, *more: str) -> Ended:
    return tool.unlocked("epochs", "retire", "--before", "2026-11-30", *more)


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

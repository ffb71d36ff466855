"""Letting a colleague into a tip and out of it, and seeing who can open what."""

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
    rewrapped_by,
    spoilt,
    texts,
)
from tests.keytool.conftest import START, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

MONDAY = START.date()
PICTURE = b"\xff\xd8 a picture" * 20_000


@pytest.fixture
def arthit(tool: Tool, door: FakeDoor) -> Officer:
    """A colleague whom the directory lists, and to whom nothing is sealed yet."""
    return colleague(tool, door)


def answered(tool: Tool, door: FakeDoor, reporter: Reporter) -> str:
    """A tip that was answered, and the answer's object as the door holds it from then on."""
    tool.unlocked("sync")
    ended = tool.unlocked("answer", reporter.tip, "--text", "thank you")
    assert ended.code == 0, ended.err
    (octets,) = door.follow_ups[reporter.tip]
    object_id = head_of(octets).prefix.object_id.hex()
    door.objects[object_id] = octets
    return object_id


def test_a_colleague_is_let_into_everything_of_a_tip(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """Words, files and what staff answered; by the case key that the directory lists."""
    photo = reporter.attach(PICTURE)
    message = reporter.send_text("one", photo)
    answer = answered(tool, door, reporter)

    ended = tool.unlocked("grant", reporter.tip, "arthit")

    assert ended.code == 0, ended.err
    assert "arthit: let into 3 objects" in ended.out
    for object_id in (photo.id, message, answer):
        assert kids(door.objects[object_id])[-1] == case_kid(arthit)
        assert (tool.home / "objects" / object_id).read_bytes() == door.objects[object_id]
    assert opens_for(arthit, door.objects[message], reporter)


def test_letting_in_twice_changes_nothing(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """The second time nothing is sent."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    tool.unlocked("grant", reporter.tip, "arthit")
    before = door.objects[object_id]
    door.requests_seen.clear()

    ended = tool.unlocked("grant", reporter.tip, "arthit", "--json")

    assert ended.data == {"done": 0, "already": 1, "gone": 0, "refused": 0}
    assert door.objects[object_id] == before
    assert all(method == "GET" for method, _ in door.requests_seen)
    assert case_kid(arthit) in kids(before)


def test_a_new_officer_is_let_into_chosen_tips_or_all(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """Several ids, or every tip that is here."""
    others = [Reporter(door, reporter.recipients, tool.clock) for _ in range(3)]
    objects = [each.send_text("one of many") for each in others]
    tool.unlocked("sync")

    chosen = [each.tip for each in others[:2]]
    assert tool.unlocked("grant", *chosen, "arthit", "--json").data["done"] == 2
    assert case_kid(arthit) not in kids(door.objects[objects[2]])
    assert tool.unlocked("grant", "--all", "arthit", "--json").data["done"] == 1
    assert case_kid(arthit) in kids(door.objects[objects[2]])


def test_a_colleague_who_is_dropped_is_a_recipient_no_more(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """By their weekly key and their case key; what they may have copied is said."""
    reporter.recipients.append(intake_key(arthit, MONDAY))
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    tool.unlocked("grant", reporter.tip, "arthit")
    mine = head_of(door.objects[object_id]).stanzas[0]

    ended = tool.unlocked("drop", reporter.tip, "arthit")

    assert ended.code == 0, ended.err
    assert head_of(door.objects[object_id]).stanzas == (mine,)
    assert "arthit may have fetched and opened 1 of them before" in ended.out
    assert "--re-encrypt" in ended.out
    again = tool.unlocked("drop", reporter.tip, "arthit")
    assert "dropped from 0 objects" in again.out
    assert "nobody can tell" in again.out


def test_sealing_anew_takes_the_content_key_back(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """Everyone else stays, the reporter of an answer too; the words are as they were."""
    reporter.recipients.append(intake_key(arthit, MONDAY))
    photo = reporter.attach(PICTURE)
    message = reporter.send_text("one", photo)
    answer = answered(tool, door, reporter)
    before = dict(door.objects)

    ended = tool.unlocked("drop", "--re-encrypt", reporter.tip, "arthit")

    assert ended.code == 0, ended.err
    assert "3 objects sealed under a new content key" in ended.out
    assert "may have fetched and opened 3 of them" in ended.out
    assert "--re-encrypt" not in ended.out
    theirs = set(arthit.seeds())
    for object_id in (photo.id, message, answer):
        old, new = before[object_id], door.objects[object_id]
        assert [kid for kid in kids(old) if kid not in theirs] == kids(new)
        assert old[head_of(old).length :] != new[head_of(new).length :]
        assert len(old) - head_of(old).length == len(new) - head_of(new).length
    assert kids(door.objects[answer])[0] == kid_of(reporter.keys.bundle[: xwing.PUBLIC_BYTES])
    shown = tool.unlocked("open", reporter.tip, "--json").data
    assert sorted(texts(shown)) == ["one", "thank you"]
    assert shown["messages"][0]["files"][0]["outcome"] == "written"
    assert tool.unlocked("sync", "--json").data["kept"] == 3


def test_sealing_anew_goes_by_what_somebody_quicker_made(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """A recipient who was let in meanwhile stays in."""
    reporter.recipients.append(intake_key(arthit, MONDAY))
    object_id = reporter.send_text("one")
    officer = tool.officer()
    tool.unlocked("sync")
    own_case = xwing.public_key_of(officer.case_seed)

    def interfere(changed: str) -> None:
        door.before_replacing = None
        octets = rewrapped_by(officer, door.objects[changed], add=(own_case,))
        door.objects[changed] = octets

    door.before_replacing = interfere
    ended = tool.unlocked("drop", "--re-encrypt", reporter.tip, "arthit")

    assert ended.code == 0, ended.err
    assert kids(door.objects[object_id]) == [
        kid_of(intake_key(officer, MONDAY)),
        case_kid(officer),
    ]


def test_a_key_that_nobody_lists_is_not_sealed_to(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """Its public half is not known; whoever holds it is shut out only if that was asked for."""
    reporter.recipients.extend([intake_key(arthit, MONDAY), STRANGER])
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    before = door.objects[object_id]

    refused = tool.unlocked("drop", "--re-encrypt", reporter.tip, "arthit")
    assert refused.code == 1
    assert refused.err.startswith(f"Object {object_id}: No directory here lists one")
    assert door.objects[object_id] == before

    done = tool.unlocked("drop", "--re-encrypt", "--leave-out-unknown", reporter.tip, "arthit")
    assert done.code == 0
    assert kids(door.objects[object_id]) == [kid_of(intake_key(tool.officer(), MONDAY))]


def test_damaged_octets_are_not_sealed_anew(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """That would make somebody's damage look whole. Nothing is left lying about."""
    reporter.recipients.append(intake_key(arthit, MONDAY))
    object_id = reporter.send_text("one")
    octets = door.objects[object_id]
    door.objects[object_id] = octets[:-1] + bytes([octets[-1] ^ 1])
    tool.unlocked("sync")

    ended = tool.unlocked("drop", "--re-encrypt", reporter.tip, "arthit")

    assert ended.code == 1
    assert ended.err.startswith(f"Object {object_id}: The envelope was changed.")
    assert list((tool.home / "resealed").iterdir()) == []


@pytest.mark.parametrize(
    ("command", "name", "why"),
    [
        ("grant", "nobody", "No officer of that name"),
        ("drop", "nobody", "No officer of that name"),
        ("drop", "somsri", "You cannot drop yourself"),
    ],
)
def test_names_that_cannot_be_meant_are_refused(
    tool: Tool, door: FakeDoor, reporter: Reporter, command: str, name: str, why: str
) -> None:
    """In one line, and nothing is changed."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    before = door.objects[object_id]

    ended = tool.unlocked(command, reporter.tip, name)

    assert ended.code == 1
    assert why in ended.err
    assert door.objects[object_id] == before


def test_a_drop_that_would_lock_the_officer_out_is_refused(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """An object always keeps a stanza that opens for the officer's own seeds."""
    reporter.recipients.append(intake_key(arthit, MONDAY))
    object_id = reporter.send_text("one")
    door.objects[object_id] = spoilt(door.objects[object_id], 0)
    before = door.objects[object_id]
    tool.unlocked("sync")

    ended = tool.unlocked("drop", reporter.tip, "arthit")

    assert ended.code == 1
    assert "None of your keys is for this envelope" in ended.err
    assert door.objects[object_id] == before


def test_a_seventeenth_recipient_is_one_line(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """The envelope has room for sixteen; the others of the tip are still changed."""
    full = list(reporter.recipients)
    full.extend(xwing.public_key_of(bytes([n]) * 32) for n in range(15))
    room = reporter.send_text("one")
    reporter.recipients = full
    object_id = reporter.follow_up("two")
    tool.unlocked("sync")

    ended = tool.unlocked("grant", reporter.tip, "arthit")

    assert ended.code == 1
    assert ended.err == (
        f"Object {object_id}: The envelope has all sixteen recipients. Drop one first.\n"
    )
    assert case_kid(arthit) in kids(door.objects[room])


@pytest.mark.parametrize("argv", [("grant", "arthit"), ("drop", "--all", "3f9a", "arthit")])
def test_tips_are_named_or_all_are_meant(tool: Tool, door: FakeDoor, argv: tuple[str]) -> None:
    """Nobody is let into everything by a word that was forgotten."""
    ended = tool.unlocked(*argv)

    assert (ended.code, ended.err) == (1, "Name the tips, or say --all.\n")
    assert door.requests_seen == []


def test_a_tip_that_is_gone_is_refused(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """There is nothing to be let into."""
    reporter.send_text("one")
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    tool.unlocked("sync")

    ended = tool.unlocked("grant", reporter.tip, arthit.name)
    assert (ended.code, ended.err) == (1, "This tip was withdrawn or has expired.\n")

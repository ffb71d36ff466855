"""Answers that did not go: kept, sent again as the same octets, dropped when told to."""

import pytest

from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PDF = b"%PDF-1.7 " + bytes(range(256)) * 2000


@pytest.fixture
def synced(tool: Tool, reporter: Reporter) -> Reporter:
    """A reporter whose tip is on the officer's machine."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return reporter


def test_a_lost_answer_is_sent_again_as_the_same_octets(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The door had it all along, and holds it once."""
    door.lose_answers_to.append("POST")
    ended = tool.unlocked("answer", synced.tip, "--text", "hello")

    assert ended.code == 3
    assert "mustshare-key resend" in ended.err
    assert len(list((tool.home / "outbox").iterdir())) == 1

    again = tool.unlocked("resend")
    assert again.code == 0, again.err
    assert len(door.follow_ups[synced.tip]) == 1
    assert list((tool.home / "outbox").iterdir()) == []
    assert "No answer waits" in tool.unlocked("resend").out


def test_a_broken_connection_is_tried_once_more(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """A connection that was good for the files may not be for the words."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    door.lose_answers_to.append("POST")
    ended = tool.unlocked(
        "answer", synced.tip, "--text", "a", "--attach", str(file), "--unsafe-original"
    )

    assert ended.code == 0, ended.err
    assert len(door.follow_ups[synced.tip]) == 1
    assert [method for method, _ in door.requests_seen[-3:]] == ["PUT", "POST", "POST"]


def test_a_connection_that_breaks_twice_is_given_up(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The answer waits in the outbox, and the command ends with three."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    door.lose_answers_to.extend(["POST", "POST"])

    ended = tool.unlocked(
        "answer", synced.tip, "--text", "a", "--attach", str(file), "--unsafe-original"
    )
    assert ended.code == 3
    assert len(list((tool.home / "outbox").iterdir())) == 1


def test_a_refused_answer_is_kept_to_be_sent_later(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """A busy door costs nothing but a second command; its files are not doubled."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    door.refuse["POST", f"/v1/tips/{synced.tip}/follow-ups"] = (503, b'{"code": "busy"}')
    first = tool.unlocked(
        "answer", synced.tip, "--text", "a", "--attach", str(file), "--unsafe-original"
    )
    door.refuse.clear()
    second = tool.unlocked("resend", "--json")

    assert first.code == 1
    assert second.code == 0
    assert len(second.data["sent"]) == 1
    assert len(door.attachments) == 1


def test_an_answer_refused_for_good_holds_up_no_other_and_can_be_dropped(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Sealed to last week's keys, for instance."""
    other = Reporter(door, synced.recipients, tool.clock)
    other.send_text("another tip")
    tool.unlocked("sync")
    path = f"/v1/tips/{synced.tip}/follow-ups"
    door.refuse["POST", path] = (409, b'{"code": "envelope.wrong_recipients"}')
    assert tool.unlocked("answer", synced.tip, "--text", "stale").code == 1
    door.lose_answers_to.append("POST")
    assert tool.unlocked("answer", other.tip, "--text", "fresh").code == 3

    again = tool.unlocked("resend")
    assert again.code == 1
    assert "no longer current" in again.err
    assert len(door.follow_ups[other.tip]) == 1
    assert len(list((tool.home / "outbox").iterdir())) == 1

    dropped = tool.unlocked("resend", "--drop-refused", "--json")
    assert dropped.code == 1
    assert list((tool.home / "outbox").iterdir()) == []


def test_a_busy_door_drops_nothing(tool: Tool, door: FakeDoor, synced: Reporter) -> None:
    """Whatever was asked for."""
    path = f"/v1/tips/{synced.tip}/follow-ups"
    door.refuse["POST", path] = (503, b'{"code": "busy"}')
    tool.unlocked("answer", synced.tip, "--text", "hello")

    assert tool.unlocked("resend", "--drop-refused").code == 1
    assert len(list((tool.home / "outbox").iterdir())) == 1


def test_an_answer_waits_for_no_tip_that_is_gone(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """A withdrawal empties its outbox too."""
    door.lose_answers_to.append("POST")
    tool.unlocked("answer", synced.tip, "--text", "hello")
    door.add_tip(synced.tip_id, None)

    assert tool.unlocked("sync").code == 0
    assert list((tool.home / "outbox").iterdir()) == []
    assert tool.unlocked("answer", synced.tip, "--text", "hello").code == 1


@pytest.mark.usefixtures("synced")
def test_an_answer_that_was_never_finished_is_cleared_away(tool: Tool) -> None:
    """A kill while sealing leaves nothing that would be sent."""
    (tool.home / "outbox" / ".part-00").mkdir(parents=True)

    assert tool.unlocked("resend").code == 0
    assert list((tool.home / "outbox").iterdir()) == []


@pytest.mark.usefixtures("synced")
def test_a_damaged_outbox_ends_in_one_line(tool: Tool) -> None:
    """Nothing of it is sent."""
    (tool.home / "outbox" / ("0" * 32)).mkdir(parents=True)

    ended = tool.unlocked("resend")
    assert ended.code == 1
    assert ended.err.count("\n") == 1

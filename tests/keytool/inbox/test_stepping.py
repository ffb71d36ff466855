"""`verify` and `set-aside`: a step at the door, decided offline, of the tip that was seen."""

import pytest

from mustshare_api.keytool.desk.home import Home
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """One tip, fetched."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return tool


def test_verify_moves_the_tip_and_makes_it_the_officers(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """At once, where the door is reached; the list says so without a sync."""
    ended = desk.unlocked("verify", reporter.tip, "--json")

    assert (ended.code, door.tips[reporter.tip]["state"]) == (0, "verifying")
    assert ended.data["officer"] == "somsri"
    (row,) = desk.unlocked("inbox", "--state", "verifying", "--json").data
    assert row["officer"] == "somsri"


def test_a_tip_of_another_officers_stays_theirs(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Whoever has it may be asked to look on."""
    desk.unlocked("assign", reporter.tip, "me")
    before = len(door.objects)

    assert desk.unlocked("verify", reporter.tip).code == 0
    assert len(door.objects) == before


def test_a_tip_is_set_aside_with_a_reason(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The reason is a note, sealed; the door learns the state alone."""
    ended = desk.unlocked("set-aside", reporter.tip, "--text", "ซ้ำกับข่าวเก่า", "--json")

    assert door.tips[reporter.tip]["state"] == "set_aside"
    assert [note["text"] for note in ended.data["notes"]] == ["ซ้ำกับข่าวเก่า"]


def test_a_step_waits_for_a_network_and_the_last_one_counts(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It is shown as waiting until then."""
    desk.unlocked("verify", reporter.tip, "--offline")
    desk.unlocked("set-aside", reporter.tip, "--offline")
    assert "waits to be sent: the step set_aside" in desk.unlocked("show", reporter.tip).out
    assert door.tips[reporter.tip]["state"] == "received"

    synced = desk.unlocked("sync", "--json")
    assert synced.data["entries"]["moved"] == [reporter.tip]
    assert door.tips[reporter.tip]["state"] == "set_aside"
    assert "waits to be sent" not in desk.unlocked("show", reporter.tip).out


def test_a_step_that_there_is_not_is_refused_before_anything_is_written(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """By the one table of states and steps."""
    desk.unlocked("verify", reporter.tip)
    before = len(door.objects)
    ended = desk.unlocked("verify", reporter.tip)

    assert ended.code == 1
    assert ended.err.startswith("There is no such step from where the tip stands")
    assert len(door.objects) == before


def test_a_reason_too_long_keeps_the_step_from_being_made(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Both or neither."""
    assert desk.unlocked("set-aside", reporter.tip, "--text", "ก" * 20_000).code == 1
    assert door.tips[reporter.tip]["state"] == "received"
    assert not list((desk.home / "steps").glob("*"))


def test_a_step_of_a_tip_that_another_officer_moved_is_told_and_forgotten(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What it means now is for a person to say."""
    desk.unlocked("set-aside", reporter.tip, "--offline")
    door.tips[reporter.tip] |= {"state": "verifying", "steps": 1}
    synced = desk.unlocked("sync")

    assert (synced.code, door.tips[reporter.tip]["state"]) == (1, "verifying")
    assert "did not make the step, which is forgotten" in synced.err
    assert desk.unlocked("sync").code == 0


def test_a_step_whose_answer_was_lost_is_not_made_twice(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The version after the one that was seen tells."""
    desk.unlocked("assign", reporter.tip, "me")
    door.lose_answers_to = ["POST", "POST"]
    desk.unlocked("verify", reporter.tip)
    assert door.tips[reporter.tip]["steps"] == 1

    assert desk.unlocked("sync").code == 0
    assert (door.tips[reporter.tip]["steps"], door.tips[reporter.tip]["state"]) == (
        1, "verifying",
    )  # fmt: skip


def test_a_step_of_a_withdrawn_tip_is_told_and_forgotten(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """And asks the door for nothing."""
    desk.unlocked("verify", reporter.tip, "--offline")
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()

    synced = desk.unlocked("sync", "--json")
    assert synced.data["entries"]["unmoved"] == {reporter.tip: "tip.not_found"}
    assert not list(Home(desk.home).path.joinpath("steps").iterdir())

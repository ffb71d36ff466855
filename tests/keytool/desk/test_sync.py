"""What a sync keeps, what it leaves out, and how it goes on after a cut."""

import json
import os
import signal
import subprocess
import sys

import pytest

from mustshare_api.crypto import frames
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.domain.answers import Answer
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tip
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PICTURE = b"\xff\xd8 a picture" * 30_000


KILLED = """
import os, signal, sys
from pathlib import Path
from mustshare_api.keytool.desk import home

def die(part, file):
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = die
home.write_bytes(Path(sys.argv[1]), b"half")
"""


def test_a_second_sync_fetches_only_what_is_new(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What is here already is not asked for again."""
    reporter.send_text("one")
    tool.unlocked("sync")
    reporter.follow_up("two")
    door.requests_seen.clear()

    data = tool.unlocked("sync", "--json").data

    assert (data["fetched"], data["kept"]) == (1, 1)
    assert sum(path.startswith("/v1/objects/") for _, path in door.requests_seen) == 1


def test_pages_are_followed_to_the_end(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """More tips and objects than one page holds."""
    others = [Reporter(door, reporter.recipients, tool.clock) for _ in range(5)]
    for other in others:
        other.send_text("one of many")

    data = tool.unlocked("sync", "--json").data
    assert (data["tips"], data["fetched"]) == (5, 5)
    assert len(tool.offline("list", "--json").data) == 5


def test_a_sync_that_was_cut_off_goes_on_where_it_was(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Half an object leaves nothing under its name."""
    reporter.send_text("one")
    door.cut_objects_after = 2000

    cut = tool.unlocked("sync")
    assert cut.code == 3
    assert not any((tool.home / "objects").glob("*"))

    door.cut_objects_after = None
    assert tool.unlocked("sync").code == 0
    assert tool.unlocked("open", reporter.tip).code == 0


def test_a_kill_between_writing_and_renaming_leaves_the_old_file(
    tool: Tool, reporter: Reporter
) -> None:
    """And what it left behind is cleared away by the next sync."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    before = file.read_bytes()

    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", KILLED, file], env=env, check=False)
    parts = list(file.parent.glob(".part-*"))

    assert killed.returncode == -signal.SIGKILL
    assert len(parts) == 1
    assert file.read_bytes() == before
    assert tool.unlocked("sync", "--full").code == 0
    assert not parts[0].exists()


@pytest.mark.parametrize(
    "override",
    [{"digest": "00" * 32}, {"kind": 2}, {"octets": 5000}, {"octets": 9_000_000}],
    ids=["digest", "kind", "fewer-octets", "more-octets"],
)
def test_an_object_that_is_not_what_the_index_says_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter, override: dict[str, object]
) -> None:
    """Said so, and tried again next time."""
    object_id = reporter.send_text("one")
    door.index_overrides[object_id] = override

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert object_id in ended.err
    assert not (tool.home / "objects" / object_id).exists()

    door.index_overrides.clear()
    assert tool.unlocked("sync").code == 0


def test_a_message_longer_than_doors_take_is_in_the_way_of_no_other(
    tool: Tool, reporter: Reporter
) -> None:
    """Doors once took forty long answers of a form; all of a batch was refused for it."""
    answers: dict[str, Answer] = {f"a{n}": "ก" * 4000 for n in range(40)}
    reporter.send_text("ก" * 13_000, campaign="roads", answers=answers)

    data = tool.unlocked("sync", "--json").data
    assert (data["fetched"], data["refused"]) == (1, [])
    assert tool.unlocked("open", reporter.tip).code == 0


def test_an_object_of_another_tip_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that serves one tip's object under another's id."""
    mine = reporter.send_text("one")
    other = Reporter(door, reporter.recipients, tool.clock)
    theirs = other.send_text("two")
    door.index_overrides[mine] = {"tip_id": other.tip}
    door.index_overrides[theirs] = {"tip_id": reporter.tip}

    data = tool.unlocked("sync", "--json").data
    assert sorted(data["refused"]) == sorted([mine, theirs])


def test_a_withdrawn_tip_is_deleted_here_too(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Sealed octets and opened copies, and it is said."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("one", photo)
    tool.unlocked("sync")
    tool.unlocked("open", reporter.tip)
    door.add_tip(reporter.tip_id, None)
    door.tips[reporter.tip]["state"] = "withdrawn"
    door.objects.clear()

    ended = tool.unlocked("sync")

    assert ended.code == 0
    assert reporter.tip in ended.out
    assert "2 local objects deleted" in ended.out
    assert list((tool.home / "objects").iterdir()) == []
    assert not (tool.home / "opened" / reporter.tip).exists()
    assert tool.unlocked("open", reporter.tip).code == 1


def test_another_reporters_key_for_a_known_tip_is_not_taken(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that could swap the key would read the answer."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, keys_of(b"x" * 32).bundle)

    ended = tool.unlocked("sync")

    assert ended.code == 1
    assert "another reporter's key" in ended.err
    assert tool.unlocked("open", reporter.tip).code == 0


def test_an_object_that_went_meanwhile_is_no_failure(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Withdrawn between the index and the fetching."""
    object_id = reporter.send_text("one")
    door.refuse["POST", "/v1/objects/batch"] = (200, b"")
    door.refuse["GET", f"/v1/objects/{object_id}"] = (404, b'{"code": "object.not_found"}')

    ended = tool.unlocked("sync", "--json")
    assert ended.code == 0
    assert ended.data["fetched"] == 0
    assert tool.unlocked("open", reporter.tip).code == 1


def test_a_batch_whose_answer_was_lost_on_its_way_costs_no_message(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """An answer of nothing says of nothing that it is gone: each is asked for by itself."""
    reporter.send_text("one")
    reporter.follow_up("more")
    door.refuse["POST", "/v1/objects/batch"] = (200, b"")

    assert tool.unlocked("sync", "--json").data["fetched"] == 2


def test_a_reporters_key_of_no_known_length_is_nonsense(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Nothing is deleted on the strength of it."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, b"short")

    assert tool.unlocked("sync").code == 1
    assert tool.unlocked("open", reporter.tip).code == 0


def test_an_object_under_another_reporters_key_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A body grafted onto somebody else's tip, to read the answer."""
    reporter.send_text("one")
    tool.unlocked("sync")
    reporter.keys = keys_of(b"g" * 32)
    grafted = reporter.follow_up("grafted")
    kept = load_tip(Home(tool.home), reporter.tip)
    assert kept is not None
    assert kept.bundle is not None
    door.add_tip(reporter.tip_id, kept.bundle)

    assert tool.unlocked("sync", "--json").data["refused"] == [grafted]


@pytest.mark.parametrize("octets", [b"no envelope" * 1000, b"MSO1" + bytes(9000)])
def test_octets_that_are_no_object_are_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter, octets: bytes
) -> None:
    """Whatever the index says of them."""
    object_id = reporter.send_text("one")
    listed = door.index()[0] | {"octets": len(octets)}
    page = json.dumps({"objects": [listed], "next": None}).encode()
    door.refuse["GET", "/v1/index"] = (200, page)
    door.refuse["GET", f"/v1/objects/{object_id}"] = (200, octets)
    door.refuse["POST", "/v1/objects/batch"] = (200, frames.joined([octets]))

    assert tool.unlocked("sync", "--json").data["refused"] == [object_id]


def test_a_damaged_local_object_is_fetched_again(tool: Tool, reporter: Reporter) -> None:
    """A disk that forgot; the same length, and no head."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    file.write_bytes(bytes(file.stat().st_size))

    assert tool.unlocked("sync", "--full", "--json").data["fetched"] == 1


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_nonsense(
    tool: Tool, door: FakeDoor, reporter: Reporter, day: str
) -> None:
    """Kept, it would end every list and every view: no deadline can be reckoned from it."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    door.tips[reporter.tip]["received_on"] = day
    ended = tool.unlocked("sync", "--full", "--json")

    assert (ended.code, json.loads(ended.err)["code"]) == (1, "door.nonsense")
    assert tool.unlocked("inbox").code == 0

"""A sync that asks for what changed: how little it asks, and what it still notices."""

import json
import secrets

import pytest

from mustshare_api.crypto.events import of_server
from mustshare_api.crypto.receipts import keys_of
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.fake_log import DAY

PICTURE = b"\xff\xd8 a picture" * 3_000


def paths(door: FakeDoor) -> list[str]:
    return [path for _, path in door.requests_seen]


def test_with_nothing_new_a_sync_is_one_question(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """However many tips there are; its answer has no body the second time."""
    door.page = 1000
    for _ in range(350):
        door.add_tip(secrets.token_bytes(16), reporter.keys.bundle)
    reporter.send_text("one")
    tool.unlocked("sync")
    for _ in range(2):
        door.requests_seen.clear()
        data = tool.unlocked("sync", "--json").data
        assert paths(door) == ["/v1/changes"]
        assert (data["tips"], data["fetched"], data["kept"]) == (351, 0, 1)


def test_messages_come_together(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """One request for all that is new, whoever wrote it."""
    tool.unlocked("sync")
    others = [Reporter(door, reporter.recipients, tool.clock) for _ in range(5)]
    for other in others:
        other.send_text("one of many")
    door.page = 100
    door.requests_seen.clear()

    assert tool.unlocked("sync", "--json").data["fetched"] == 5
    assert paths(door) == ["/v1/changes", "/v1/objects/batch"]
    assert tool.unlocked("open", *(one.tip for one in others)).code == 0


def test_changes_are_followed_page_by_page(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """And every page is known again the next time."""
    tool.unlocked("sync")
    for _ in range(5):
        Reporter(door, reporter.recipients, tool.clock).send_text("one of many")

    assert tool.unlocked("sync", "--json").data["fetched"] == 5
    door.requests_seen.clear()
    assert tool.unlocked("sync", "--json").data["kept"] == 5
    assert paths(door) == ["/v1/changes"] * 3


def test_a_withdrawal_is_heard_of_without_comparing(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What is here of the tip goes at the next sync."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    door.requests_seen.clear()

    assert tool.unlocked("sync", "--json").data["deleted"] == {reporter.tip: 1}
    assert "/v1/index" not in paths(door)
    assert list((tool.home / "objects").iterdir()) == []


def test_what_no_change_tells_of_is_noticed_within_a_week(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A reporter's acknowledgement is no news; the comparison that is due finds it."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    del door.objects[object_id]
    tool.clock.advance(days=6)
    tool.unlocked("sync")
    assert (tool.home / "objects" / object_id).exists()
    tool.clock.advance(days=1)

    assert tool.unlocked("sync", "--json").data["unlisted"] == {reporter.tip: 1}
    assert not (tool.home / "objects" / object_id).exists()


def test_a_clock_that_was_set_back_compares(tool: Tool, door: FakeDoor) -> None:
    """A comparison of tomorrow is none to rely on."""
    tool.unlocked("sync")
    tool.clock.advance(days=-1)
    door.requests_seen.clear()
    tool.unlocked("sync")

    assert "/v1/index" in paths(door)


def test_the_day_before_is_asked_for_again(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What began before midnight may have ended after the last sync."""
    tool.unlocked("sync")
    tool.clock.advance(days=1)
    tool.unlocked("sync")
    late = reporter.send_text("late")
    door.changed_on = {late: "2026-11-23", reporter.tip: "2026-11-23"}
    tool.clock.advance(minutes=1)

    assert tool.unlocked("sync", "--json").data["fetched"] == 1


def test_a_sync_that_was_cut_off_fetches_the_rest_the_next_time(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Though nothing changed since."""
    tool.unlocked("sync")
    reporter.attach(PICTURE)
    reporter.send_text("one")
    door.cut_objects_after = 2000
    assert tool.unlocked("sync").code == 3
    door.cut_objects_after = None

    assert tool.unlocked("sync", "--json").data["fetched"] == 2


def test_an_object_that_is_not_as_listed_is_tried_again_though_nothing_changed(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It is said each time, until it is right."""
    tool.unlocked("sync")
    object_id = reporter.send_text("one")
    door.index_overrides[object_id] = {"digest": "00" * 32}

    for _ in range(2):
        assert tool.unlocked("sync", "--json").data["refused"] == [object_id]


def test_another_reporters_key_is_said_each_time(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Also when the page that named it is known."""
    reporter.send_text("one")
    tool.unlocked("sync")
    own = reporter.keys.bundle
    door.add_tip(reporter.tip_id, keys_of(b"x" * 32).bundle)
    for _ in range(3):
        ended = tool.unlocked("sync", "--json")
        assert (ended.code, ended.data["changed"]) == (1, [reporter.tip])
    door.add_tip(reporter.tip_id, own)

    assert tool.unlocked("sync").code == 0


def test_a_log_that_moved_is_looked_at_before_anything_is_believed(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A server that lost its past deletes nothing here."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.log.leaves.clear()
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    assert tool.unlocked("sync").code == 5
    assert tool.unlocked("open", reporter.tip).code == 0


def test_a_log_that_grew_is_proved(tool: Tool, door: FakeDoor) -> None:
    """And asked no more once it is."""
    tool.unlocked("sync")
    door.log.append(of_server(DAY, "operator-more").encode())
    tool.unlocked("sync")
    assert "/v1/audit/consistency" in paths(door)
    door.requests_seen.clear()
    tool.unlocked("sync")

    assert paths(door) == ["/v1/changes"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b'{"on": "2026-11-23", "tips": [], "objects": [], "next": "\\u0000"}',
        b'{"on": "now", "tips": [], "objects": [], "log": {"size": 0, "root": ""}}',
    ],
)
def test_a_page_that_is_none_changes_nothing(
    tool: Tool, door: FakeDoor, reporter: Reporter, answer: bytes
) -> None:
    """One line, and what is here stays."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.refuse["GET", "/v1/changes"] = (200, answer)

    assert tool.unlocked("sync").code == 1
    assert tool.unlocked("open", reporter.tip).code == 0


def test_a_page_that_points_back_is_refused(tool: Tool, door: FakeDoor) -> None:
    """A door cannot make the tool go round."""
    tool.unlocked("sync")
    page = {
        "on": "2026-11-23",
        "tips": [],
        "objects": [],
        "log": {"size": len(door.log.leaves), "root": door.log.root().hex()},
        "directory": "00" * 32,
        "next": "round",
    }
    door.refuse["GET", "/v1/changes"] = (200, json.dumps(page).encode())

    assert tool.unlocked("sync").code == 1
    assert paths(door).count("/v1/changes") <= 3


def test_not_modified_to_what_was_never_asked_is_refused(tool: Tool, door: FakeDoor) -> None:
    """Nothing is believed to be known that is not."""
    tool.unlocked("sync")
    door.refuse["GET", "/v1/changes"] = (304, b"")

    assert tool.unlocked("sync").code == 1


def test_octets_that_are_no_frames_are_refused(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """And asked for again the next time."""
    reporter.send_text("one")
    door.refuse["POST", "/v1/objects/batch"] = (200, b"\0\0\0\x09x")
    assert tool.unlocked("sync").code == 1
    door.refuse.clear()

    assert tool.unlocked("sync", "--json").data["fetched"] == 1

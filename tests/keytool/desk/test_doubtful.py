"""A payload that is not the one that was sealed: kept, said, and not believed for good."""

import json

import pytest

from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PHOTO = b"\xff\xd8" + bytes(5000)


@pytest.fixture
def spoilt(tool: Tool, door: FakeDoor, reporter: Reporter) -> dict[str, bytes]:
    """A letter and a photo as they were sealed, which the door hands over otherwise."""
    photo = reporter.attach(PHOTO)
    letter = reporter.send_text("มีภาพ", photo)
    sealed = {one: door.objects[one] for one in (letter, photo.id)}
    for one, octets in sealed.items():
        door.objects[one] = octets[:-1] + bytes([octets[-1] ^ 1])
    return sealed


def test_what_does_not_open_is_kept_and_fetched_anew_until_it_does(
    tool: Tool, door: FakeDoor, reporter: Reporter, spoilt: dict[str, bytes]
) -> None:
    """Its head alone would have it believed, and the right one never asked for."""
    first = tool.unlocked("sync", "--json")
    assert (first.code, json.loads(first.err)["code"]) == (0, "sync.doubtful")
    assert sorted(first.data["doubtful"]) == sorted(spoilt)
    assert tool.unlocked("open", reporter.tip).code == 4
    still = tool.unlocked("sync", "--full", "--json")
    assert (still.code, still.data["fetched"]) == (0, 0)

    door.objects.update(spoilt)
    assert tool.unlocked("sync", "--json").data["fetched"] == 0
    mended = tool.unlocked("sync", "--full", "--json")
    assert (mended.code, mended.data["fetched"], mended.err) == (0, 2, "")
    assert tool.unlocked("open", reporter.tip).code == 0
    door.requests_seen.clear()
    tool.unlocked("sync", "--full")
    assert [path for _, path in door.requests_seen if "/objects" in path] == []


def test_a_doubt_goes_with_what_it_was_about(
    tool: Tool, door: FakeDoor, reporter: Reporter, spoilt: dict[str, bytes]
) -> None:
    """Once an object is not listed any more, nothing here names it."""
    tool.unlocked("sync")
    for one in spoilt:
        del door.objects[one]
    tool.unlocked("sync", "--full")
    reporter.send_text("สอง")
    tool.unlocked("sync", "--full")

    assert json.loads((tool.home / "doubtful.json").read_bytes()) == []


def test_what_went_before_it_was_fetched_anew_is_no_failure(
    tool: Tool, door: FakeDoor, spoilt: dict[str, bytes]
) -> None:
    """Listed a moment ago, acknowledged since."""
    tool.unlocked("sync")
    for one in spoilt:
        door.refuse["GET", f"/v1/objects/{one}"] = (404, b'{"code": "object.not_found"}')
    ended = tool.unlocked("sync", "--full", "--json")

    assert (ended.code, ended.data["fetched"], ended.data["refused"]) == (0, 0, [])

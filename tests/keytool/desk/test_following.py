"""How the copies on an officer's machine follow what others made of the objects."""

import pytest

from mustshare_api.crypto.envelope import Kind
from tests.keytool.colleagues import (
    STRANGER,
    case_kid,
    colleague,
    head_of,
    intake_key,
    kids,
    publish,
    resealed_by,
    rewrapped_by,
    spoilt,
    texts,
    with_head,
)
from tests.keytool.conftest import START, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PICTURE = b"\xff\xd8 a picture" * 30_000
MONDAY = START.date()


def whole_fetches(door: FakeDoor) -> int:
    paths = [path for method, path in door.requests_seen if method == "GET"]
    return sum(path.startswith("/v1/objects/") and not path.endswith("/head") for path in paths)


def test_of_an_object_with_other_recipients_only_the_head_is_fetched(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The payload is here already, and commits to the key that the new head opens."""
    photo = reporter.attach(PICTURE)
    tool.unlocked("sync")
    changed = rewrapped_by(tool.officer(), door.objects[photo.id], add=(STRANGER,))
    door.objects[photo.id] = changed
    door.requests_seen.clear()

    data = tool.unlocked("sync", "--json").data

    assert (data["rewrapped"], data["fetched"], data["kept"]) == (1, 0, 0)
    assert whole_fetches(door) == 0
    assert (tool.home / "objects" / photo.id).read_bytes() == changed


def test_an_object_that_was_sealed_anew_is_fetched_whole(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Its payload is another one, and says the same."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    officer = tool.officer()
    own = intake_key(officer, MONDAY)
    door.objects[object_id] = resealed_by(officer, door.objects[object_id], own)

    assert tool.unlocked("sync", "--json").data["fetched"] == 1
    assert (tool.home / "objects" / object_id).read_bytes() == door.objects[object_id]
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def locked_out(octets: bytes, tool: Tool) -> bytes:
    return rewrapped_by(tool.officer(), octets, add=(STRANGER,), drop=tuple(kids(octets)))


def other_words(octets: bytes, tool: Tool) -> bytes:
    """Another message of the same prefix, sealed by somebody who knows the public key."""
    from mustshare_api.crypto.sealing import seal_message  # noqa: PLC0415 - this fault's own

    own = intake_key(tool.officer(), MONDAY)
    prefix = head_of(octets).prefix
    return seal_message(prefix, [own], b"other words", lambda _: bytes(64))


def cut_short(octets: bytes, tool: Tool) -> bytes:
    own = intake_key(tool.officer(), MONDAY)
    changed = resealed_by(tool.officer(), octets, own)
    return changed[:-1] + bytes([changed[-1] ^ 1])


@pytest.mark.parametrize(
    "fault",
    [lambda octets, _: spoilt(octets, 0), locked_out, other_words, cut_short],
    ids=["spoilt-stanza", "locked-out", "other-words", "damaged-payload"],
)
def test_a_copy_that_opens_is_never_replaced_by_one_that_says_less(
    tool: Tool, door: FakeDoor, reporter: Reporter, fault: object
) -> None:
    """A door that could talk the tool out of its copy could destroy what it cannot read."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    door.objects[object_id] = fault(door.objects[object_id], tool)  # type: ignore[operator]

    ended = tool.unlocked("sync")

    assert ended.code == 1
    assert object_id in ended.err
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def test_the_head_of_another_object_is_not_taken(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that swaps two heads, each with the digest that its index names."""
    mine, other = reporter.send_text("one"), reporter.follow_up("two")
    tool.unlocked("sync")
    for each in (mine, other):
        door.objects[each] = rewrapped_by(tool.officer(), door.objects[each], add=(STRANGER,))
    swapped = with_head(door.objects[mine], head_of(door.objects[other]))
    door.refuse["GET", f"/v1/objects/{mine}/head"] = (200, door.head(other))
    door.refuse["GET", f"/v1/objects/{mine}"] = (200, swapped)

    data = tool.unlocked("sync", "--json").data

    assert (data["refused"], data["rewrapped"]) == ([mine], 1)
    assert sorted(texts(tool.unlocked("open", reporter.tip, "--json").data)) == ["one", "two"]


@pytest.mark.parametrize("octets", [b"", b"no head", b"MSO1" + bytes(5000)])
def test_what_is_no_head_is_not_taken(
    tool: Tool, door: FakeDoor, reporter: Reporter, octets: bytes
) -> None:
    """Nor anything after one."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    changed = rewrapped_by(tool.officer(), door.objects[object_id], add=(STRANGER,))
    door.objects[object_id] = changed
    door.refuse["GET", f"/v1/objects/{object_id}/head"] = (200, octets)

    assert tool.unlocked("sync", "--json").data["refused"] == [object_id]

    door.refuse["GET", f"/v1/objects/{object_id}/head"] = (200, changed)
    assert tool.unlocked("sync", "--json").data["refused"] == [object_id]
    assert tool.unlocked("open", reporter.tip).code == 0


def test_a_damaged_copy_gives_way_to_a_whole_one(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A copy that does not open to its end has nothing to lose."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    octets = file.read_bytes()
    file.write_bytes(octets[:-1] + bytes([octets[-1] ^ 1]))
    own = intake_key(tool.officer(), MONDAY)
    door.objects[object_id] = resealed_by(tool.officer(), door.objects[object_id], own)

    assert tool.unlocked("sync", "--json").data["fetched"] == 1
    assert tool.unlocked("open", reporter.tip).code == 0


def test_what_is_sealed_to_others_alone_is_fetched_as_it_is(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Nothing here opens it, so nothing here can tell a new payload from an old one."""
    stranger = Reporter(door, [STRANGER], tool.clock)
    object_id = stranger.send_text("not for us")
    tool.unlocked("sync")
    again = Reporter(door, [STRANGER], tool.clock, stranger.keys, stranger.tip_id)
    other = again.send_text("sealed otherwise")
    prefix = bytes.fromhex(object_id)
    octets = door.objects.pop(other)
    door.objects[object_id] = octets[:24] + prefix + octets[40:]

    assert tool.unlocked("sync", "--json").data["fetched"] == 1
    assert tool.unlocked("open", stranger.tip).code == 4


def test_an_object_that_is_listed_no_longer_is_deleted_and_said(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The officer was dropped, or the reporter has acknowledged it. Opened copies go too."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("one", photo)
    tool.unlocked("sync")
    tool.unlocked("open", reporter.tip)
    del door.objects[photo.id]

    ended = tool.unlocked("sync", "--full")

    assert ended.code == 0
    assert f"Tip {reporter.tip}: 1 objects are yours no longer" in ended.out
    assert not (tool.home / "objects" / photo.id).exists()
    assert list((tool.home / "opened" / reporter.tip).iterdir()) == []
    assert texts(tool.unlocked("open", reporter.tip, "--json").data) == ["one"]


def test_an_index_that_was_cut_off_deletes_nothing(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What is not listed counts only once the whole list has come."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.refuse["GET", "/v1/index"] = (503, b'{"code": "busy"}')

    assert tool.unlocked("sync", "--full").code == 1
    assert tool.unlocked("open", reporter.tip).code == 0


def test_every_directory_that_was_believed_is_kept(tool: Tool, door: FakeDoor) -> None:
    """Whose a key of last quarter was is asked of them."""
    tool.unlocked("sync")
    arthit = colleague(tool, door)
    tool.unlocked("sync")
    publish(tool, door, 9)
    tool.unlocked("sync")

    kept = sorted(file.name for file in (tool.home / "directories").iterdir())
    assert kept == ["7.note", "8.note", "9.note"]
    assert case_kid(arthit).hex() in (tool.home / "directories" / "8.note").read_text()


def test_an_attachment_is_followed_like_words(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Streamed: neither its old nor its new payload is ever in memory whole."""
    photo = reporter.attach(PICTURE, Kind.ATTACHMENT_FROM_REPORTER)
    reporter.send_text("one", photo)
    tool.unlocked("sync")
    officer = tool.officer()
    own = intake_key(officer, MONDAY)
    door.objects[photo.id] = resealed_by(officer, door.objects[photo.id], own)

    assert tool.unlocked("sync", "--json").data["fetched"] == 1
    shown = tool.unlocked("open", reporter.tip, "--json").data
    assert shown["messages"][0]["files"][0]["outcome"] == "written"

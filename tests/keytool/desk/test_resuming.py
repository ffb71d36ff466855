"""A long object that is cut off: gone on with from there, and not believed whole too soon."""

import secrets
import stat
from pathlib import Path

import pytest

from mustshare_api.crypto.envelope import HEAD_LIMIT, parse_head
from mustshare_api.crypto.sealing import AttachmentSealer
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

FILM = b"\xff\xd8" + bytes(range(256)) * 1_500
CUT = 300_000


@pytest.fixture
def film(tool: Tool, door: FakeDoor, reporter: Reporter) -> str:
    """A film on a tip, of which the first sync got a part; its id."""
    name = reporter.attach(FILM)
    reporter.send_text("มีวิดีโอ", name)
    door.cut_objects_after = CUT
    assert tool.unlocked("sync").code == 3
    door.cut_objects_after = None
    door.ranges.asked.clear()
    return name.id


def halves(tool: Tool) -> list[Path]:
    return list((tool.home / "fetching").glob("*"))


def arrived(tool: Tool, door: FakeDoor, object_id: str) -> Ended:
    """Syncs to the end; the object is here whole, and nothing half is left."""
    ended = tool.unlocked("sync")
    assert ended.code == 0, ended.err
    assert (tool.home / "objects" / object_id).read_bytes() == door.objects[object_id]
    assert halves(tool) == []
    return ended


def opens(tool: Tool, tip: str) -> bool:
    """Whether the film itself comes out of it, to the octet."""
    out = tool.folder / "out"
    ended = tool.unlocked("open", tip, "--attachments", str(out))
    return ended.code == 0 and [file.read_bytes() for file in out.rglob("*.jpg")] == [FILM]


def test_a_film_that_was_cut_off_is_fetched_on_from_there(
    tool: Tool, door: FakeDoor, reporter: Reporter, film: str
) -> None:
    """Only what is lacking is asked for, and the film is the one that was sent."""
    (half,) = halves(tool)
    assert half.read_bytes() == door.objects[film][:CUT]
    assert stat.S_IMODE(half.stat().st_mode) == 0o600
    assert not (tool.home / "objects" / film).exists()
    arrived(tool, door, film)

    assert door.ranges.asked == [f"bytes={CUT}-"]
    assert opens(tool, reporter.tip)


def test_each_cut_goes_on_where_the_last_one_was(tool: Tool, door: FakeDoor, film: str) -> None:
    """However often: a bad line gets there in the end."""
    door.cut_objects_after = 50_000
    assert tool.unlocked("sync").code == 3
    door.cut_objects_after = None
    arrived(tool, door, film)

    assert door.ranges.asked == [f"bytes={CUT}-", f"bytes={CUT + 50_000}-"]


def test_what_is_half_is_sealed_and_never_opened(
    tool: Tool, reporter: Reporter, film: str
) -> None:
    """To every command the file is one that is not on this machine."""
    out = tool.folder / "out"
    ended = tool.unlocked("open", reporter.tip, "--attachments", str(out))

    assert not list(out.rglob("*.jpg"))
    assert f"{film}: not on this machine" in ended.out or ended.code != 0
    assert FILM[:1000] not in halves(tool)[0].read_bytes()


def test_an_object_that_was_sealed_anew_is_begun_anew(
    tool: Tool, door: FakeDoor, reporter: Reporter, film: str
) -> None:
    """Halves of two are never joined: the old half is gone before the new one comes."""
    prefix = parse_head(door.objects[film][:HEAD_LIMIT]).prefix
    sealer = AttachmentSealer(prefix, reporter.recipients, len(FILM))
    door.objects[film] = sealer.head + sealer.update(FILM) + sealer.finalize()
    arrived(tool, door, film)

    assert door.ranges.asked == [None]
    assert opens(tool, reporter.tip)


def test_one_that_changes_after_it_was_listed_comes_whole(
    tool: Tool, door: FakeDoor, film: str
) -> None:
    """If-Range has it so; what is not as listed is said, and tried again with a new list."""
    listed = {each["object_id"]: each["digest"] for each in door.index()}
    octets = door.objects[film]
    head = parse_head(octets[:HEAD_LIMIT])
    door.objects[film] = (
        octets[: head.length - 1]
        + bytes([octets[head.length - 1] ^ 1])
        + (octets[head.length :])
    )
    door.index_overrides[film] = {"digest": listed[film]}
    ended = tool.unlocked("sync")

    assert (ended.code, film in ended.err) == (1, True)
    assert halves(tool) == []
    door.objects[film] = octets
    arrived(tool, door, film)


@pytest.mark.parametrize(
    ("gives", "says"),
    [(False, ""), (True, "bytes 0-9/10"), (True, "bytes */5")],
    ids=["no-ranges", "another-range", "no-range-at-all"],
)
def test_a_door_that_gives_no_such_part_is_asked_for_the_whole(
    tool: Tool, door: FakeDoor, reporter: Reporter, film: str, gives: bool, says: str
) -> None:
    """What it says of a part has to be what was asked for, in every word."""
    door.ranges.are_given, door.ranges.said = gives, says
    arrived(tool, door, film)

    assert opens(tool, reporter.tip)


def test_a_range_that_is_refused_is_begun_anew(tool: Tool, door: FakeDoor, film: str) -> None:
    """416 once does not keep a film away for ever."""
    (half,) = halves(tool)
    half.write_bytes(half.read_bytes() + secrets.token_bytes(len(door.objects[film])))
    arrived(tool, door, film)

    assert door.ranges.asked == [None]


@pytest.mark.parametrize("spoilt_at", [10, CUT - 1], ids=["in-its-head", "in-its-payload"])
def test_a_half_that_was_spoilt_on_the_disk_is_fetched_again(
    tool: Tool, door: FakeDoor, reporter: Reporter, film: str, spoilt_at: int
) -> None:
    """By a power cut or by hand: the joint is looked at, and in the same sync all is well."""
    (half,) = halves(tool)
    octets = bytearray(half.read_bytes())
    octets[spoilt_at] ^= 1
    half.write_bytes(octets)
    arrived(tool, door, film)

    assert door.ranges.asked == [f"bytes={CUT}-", None]
    assert opens(tool, reporter.tip)


def test_what_came_whole_and_was_not_yet_named_is_not_fetched_again(
    tool: Tool, door: FakeDoor, film: str
) -> None:
    """The tool was killed between the last octet and the name."""
    (half,) = halves(tool)
    half.write_bytes(door.objects[film])
    arrived(tool, door, film)

    assert door.ranges.asked == []


def test_a_half_goes_with_its_tip(
    tool: Tool, door: FakeDoor, reporter: Reporter, film: str
) -> None:
    """Withdrawn is withdrawn, also of what was never here whole."""
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()

    assert tool.unlocked("sync").code == 0
    assert halves(tool) == []
    assert not list((tool.home / "objects").glob("*"))

"""The attachments of an opened tip: written once they are the named ones, or not at all."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from mustshare_api.crypto.envelope import Kind
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PICTURE = b"\xff\xd8 a picture" * 30_000


def test_a_file_that_no_signed_message_names_is_not_written(
    tool: Tool, reporter: Reporter
) -> None:
    """It carries no signature of its own, so anybody could have put it there."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("no photo")
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert f"attachment {photo.id}: named by no signed message" in ended.out
    assert not (tool.home / "opened").exists()


@pytest.mark.parametrize("field", ["sha256", "size_bytes"])
def test_a_file_that_is_not_the_named_one_is_not_written(
    tool: Tool, reporter: Reporter, field: str
) -> None:
    """The hash in the signed message decides, and the length with it."""
    photo = reporter.attach(PICTURE)
    other = {"sha256": "00" * 32, "size_bytes": 5}[field]
    reporter.send_text("a photo", msgspec.structs.replace(photo, **{field: other}))
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert "not what the signed message names" in ended.out
    assert list((tool.home / "opened" / reporter.tip).iterdir()) == []


def test_a_tampered_file_leaves_nothing_behind(tool: Tool, reporter: Reporter) -> None:
    """Chunks before the change verify, and are still not kept."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")
    file = tool.home / "objects" / photo.id
    octets = bytearray(file.read_bytes())
    octets[-5] ^= 1
    file.write_bytes(octets)

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert f"attachment {photo.id}: not written." in ended.out
    assert list((tool.home / "opened" / reporter.tip).iterdir()) == []


def test_a_file_that_was_not_fetched_is_said_to_be_missing(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It may still be on its way; that is no failure."""
    photo = reporter.attach(PICTURE)
    del door.objects[photo.id]
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 0
    assert "not on this machine" in ended.out


def test_files_go_where_they_are_told_and_are_written_once(
    tool: Tool, reporter: Reporter, tmp_path: Path
) -> None:
    """A second opening finds the very file there."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")
    folder = tmp_path / "out"
    where = ("--attachments", str(folder))

    first = tool.unlocked("open", reporter.tip, *where, "--json").data
    written = Path(first["messages"][0]["files"][0]["path"])
    inode = written.stat().st_ino
    tool.unlocked("open", reporter.tip, *where)

    assert written.parent == folder
    assert hashlib.sha256(written.read_bytes()).hexdigest() == photo.sha256
    assert written.stat().st_ino == inode


def test_a_file_of_the_other_direction_is_not_the_named_one(
    tool: Tool, reporter: Reporter
) -> None:
    """A reporter cannot name what staff sent, nor staff what the reporter did."""
    photo = reporter.attach(PICTURE, Kind.ATTACHMENT_FROM_STAFF)
    reporter.send_text("my photo", photo)
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    assert "named by no signed message" in ended.out

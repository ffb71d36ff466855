"""The serial that a machine remembers beside its database."""

import secrets
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from mustshare_api.store.serial_floor import SerialFloor

DEPLOYMENT = secrets.token_bytes(16)


def test_what_was_served_is_remembered_by_the_next_start(tmp_path: Path) -> None:
    """By another object over the same file, in a folder that is made for it."""
    file = tmp_path / "var" / "directory.serial"
    SerialFloor(file).write(DEPLOYMENT, 7)

    assert SerialFloor(file).read(DEPLOYMENT) == 7
    assert [each.name for each in file.parent.iterdir()] == ["directory.serial"]


def test_another_deployment_begins_at_nothing(tmp_path: Path) -> None:
    """A folder that served something else before refuses no first directory."""
    floor = SerialFloor(tmp_path / "directory.serial")
    floor.write(DEPLOYMENT, 7)

    assert floor.read(secrets.token_bytes(16)) == 0


@pytest.mark.parametrize(
    "octets", [b"", b"\xff\xfe", b"x 7", DEPLOYMENT.hex().encode() + b" x"]
)
def test_a_spoilt_file_counts_as_none(tmp_path: Path, octets: bytes) -> None:
    """It can make a start believe the database, and no worse."""
    file = tmp_path / "directory.serial"
    file.write_bytes(octets)

    assert SerialFloor(file).read(DEPLOYMENT) == 0


def test_a_disk_that_takes_nothing_is_told_and_survived(tmp_path: Path) -> None:
    """The service goes on; the log says what it could not keep."""
    (tmp_path / "var").write_text("a file in the folder's place")
    floor = SerialFloor(tmp_path / "var" / "directory.serial")
    with capture_logs() as logged:
        floor.write(DEPLOYMENT, 7)

    assert floor.read(DEPLOYMENT) == 0
    assert [line["event"] for line in logged] == ["serial_floor_not_kept"]

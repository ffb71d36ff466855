"""The folder in memory: private, and gone whatever way its maker went."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mustshare_api.keytool.inbox import memory_folder as module
from mustshare_api.keytool.inbox.memory_folder import is_in_memory, memory_folder
from mustshare_api.keytool.refusal import Refusal

HOLDER = """
import sys, time
from pathlib import Path
from mustshare_api.keytool.inbox import memory_folder as module
module.is_in_memory = lambda place: True
with module.memory_folder([Path(sys.argv[1])]) as folder:
    (folder / "photo.jpg").write_bytes(b"in clear")
    Path(sys.argv[2]).touch()
    time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that passes for memory."""
    monkeypatch.setattr(module, "is_in_memory", lambda place: True)
    place = tmp_path / "memory"
    place.mkdir()
    return place


@pytest.fixture
def holder(place: Path, tmp_path: Path, until: Callable[..., None]) -> subprocess.Popen[bytes]:
    """Another process that has a folder there with a picture in it."""
    told = tmp_path / "told"
    env = {"PYTHONPATH": ":".join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(place), str(told)], env=env)
    until(told.exists)
    return process


def test_the_folder_is_private_and_gone_with_its_block(place: Path) -> None:
    """Files, folders that a viewer made, and all."""
    with memory_folder([place]) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "cache" / "thumbnails").mkdir(parents=True)
        (folder / "cache" / "thumbnails" / "a.png").write_bytes(b"thumb")
    assert list(place.iterdir()) == []


def test_a_file_is_overwritten_before_it_is_removed(place: Path) -> None:
    """Whoever holds it open reads zeros."""
    with memory_folder([place]) as folder:
        (folder / "photo.jpg").write_bytes(b"in clear" * 20_000)
        held = (folder / "photo.jpg").open("rb")
    with held:
        assert held.read() == bytes(160_000)


def test_a_hundred_years_of_symlinks_lead_nowhere(place: Path, tmp_path: Path) -> None:
    """What a link points to is not overwritten."""
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    with memory_folder([place]) as folder:
        (folder / "link").symlink_to(mine)
    assert mine.read_bytes() == b"mine"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_desk_ends_the_folder(
    place: Path, holder: "subprocess.Popen[bytes]", number: signal.Signals
) -> None:
    """A closed terminal, a shut-down machine."""
    holder.send_signal(number)

    assert holder.wait(20) == 128 + number
    assert list(place.iterdir()) == []


def test_what_a_kill_left_is_cleared_away_at_the_next_start_and_a_living_desk_is_not(
    place: Path, holder: "subprocess.Popen[bytes]"
) -> None:
    """The lock tells the dead from the living."""
    with memory_folder([place]) as mine:
        (theirs,) = [each for each in place.iterdir() if each != mine]
        assert (theirs / "photo.jpg").exists()
    holder.kill()
    holder.wait(20)
    assert list(place.iterdir()) == [theirs]

    with memory_folder([place]):
        assert not theirs.exists()


def test_without_memory_to_be_had_it_is_refused(tmp_path: Path) -> None:
    """A folder on a disk is none, nor is one that is not there."""
    with (
        pytest.raises(Refusal, match=r"picture\.no_memory"),
        memory_folder([tmp_path / "none", Path("/proc")]),
    ):
        pytest.fail("it was given a folder")


def test_memory_is_told_from_disk_by_the_systems_own_word() -> None:
    """`/proc` is neither; what holds this file is no memory unless its mount says so."""
    lines = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    in_memory = [fields[1] for fields in lines if fields[2] == "tmpfs"]

    assert not is_in_memory(Path("/proc"))
    assert all(is_in_memory(Path(each)) for each in in_memory if os.access(each, os.X_OK))

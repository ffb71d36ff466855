"""A folder for files in clear that is in memory alone, and gone when whoever made it is.

    <tmpfs>/mustshare-desk-<uid>-<random>/    0700
        .lock      held as long as its maker lives, by a lock that no kill leaves behind
        <id>.jpg   0600; overwritten with zeros and removed at the end

It ends with the block, at a hang-up or SIGTERM; after a kill -9 or a crash, at the next start:
a folder whose lock nobody holds is a dead one's. Refuses where no file system in memory is to
be had: a file in clear on a disk outlives its removal.

Promised: nothing is written to a disk by this tool. Not promised: what the system writes to its
swap, and what the viewer itself remembers, such as a list of recent files or a thumbnail. A
machine with swap has it sealed, or has none.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Generator, Iterable
from pathlib import Path
from types import FrameType
from typing import Final

from mustshare_api.keytool.refusal import Refusal

_MOUNTS: Final = Path("/proc/self/mounts")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_PLACES: Final = ("/dev/shm", "/run/user/{uid}")  # noqa: S108 - asked for by what it is
_LOCK: Final = ".lock"
_ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)
_ZEROS: Final = bytes(1 << 16)


@contextlib.contextmanager
def memory_folder(places: Iterable[Path] | None = None) -> Generator[Path]:
    """A private folder in memory, until the block ends. Clears away those of the dead first.

    Raises:
        Refusal: `picture.no_memory`.
    """
    place = _place(places)
    prefix = f"mustshare-desk-{os.getuid()}-"
    for folder in place.glob(f"{prefix}*"):
        _clear_if_dead(folder)
    name = secrets.token_hex(8)
    made = place / f".{prefix}{name}"
    made.mkdir(mode=0o700)
    lock = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Under its own name it is locked from the first moment, and never taken for a dead one's.
    folder = made.rename(place / f"{prefix}{name}")
    with _ending_well():
        try:
            yield folder
        finally:
            clear(folder)
            os.close(lock)


def clear(folder: Path) -> None:
    """Overwrites and removes all that is in a folder, and the folder."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with contextlib.suppress(OSError):
                _overwrite(file)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(file: Path) -> None:
    left = file.stat().st_size
    with file.open("r+b") as stream:
        while left > 0:
            left -= stream.write(_ZEROS[: min(left, len(_ZEROS))])


def _clear_if_dead(folder: Path) -> None:
    """Clears a folder of this user's away whose maker is gone, or that a viewer made again."""
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        clear(folder)
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        clear(folder)
    except OSError:
        return  # its maker lives
    finally:
        os.close(lock)


def _place(places: Iterable[Path] | None) -> Path:
    """A folder that lies in memory and can be written to."""
    if places is None:
        places = [Path(each.format(uid=os.getuid())) for each in _PLACES]
    for place in places:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK) and is_in_memory(place):
            return place
    raise Refusal("picture.no_memory")


def is_in_memory(place: Path) -> bool:
    """Whether a folder is in a file system that has no disk, by the system's own word."""
    if sys.platform != "linux":
        return False
    try:
        lines = _MOUNTS.read_text().splitlines()
    except OSError:
        return False
    kinds = {fields[1]: fields[2] for line in lines if len(fields := line.split()) > 2}  # noqa: PLR2004
    real = place.resolve()
    mounted = next((str(p) for p in (real, *real.parents) if str(p) in kinds), "")
    return kinds.get(mounted) in _IN_MEMORY


@contextlib.contextmanager
def _ending_well() -> Generator[None]:
    """Turns the signals by which a session ends into an exit, which runs what is to be run."""

    def end(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    try:
        before = {each: signal.signal(each, end) for each in _ENDINGS}
    except ValueError:  # not the main thread, which alone is told of signals
        yield
        return
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

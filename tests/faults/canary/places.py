"""Where a leak could lie, read from outside.

files     everything below the service's folder, and whatever else is new in the
          machine's places for temporary files
unlinked  open files that have no name any more, of every process of the service
memory    what its processes hold: heaps, stacks, shared memory (once), no program text
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import Alive

PIECE_BYTES = 16 << 20
LARGEST_FILE_BYTES = 256 << 20
TEMPORARY = (Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm"))

_MEMORY = "memory of"

Search = Callable[[bytes], list[str]]


@dataclass(frozen=True)
class Looked:
    """What was found, and how much was looked at: a search of nothing finds nothing."""

    hits: list[str]
    places: int
    octets: int
    of_processes: frozenset[str]
    """The pids of those in whose memory there was something to look at."""


def look(places: Iterable[tuple[str, Iterator[bytes]]], search: Search) -> Looked:
    """Searches places, each in pieces that overlap."""
    hits: list[str] = []
    count = total = 0
    processes: set[str] = set()
    for name, pieces in places:
        count += 1
        for piece in pieces:
            total += len(piece)
            if name.startswith(_MEMORY):
                processes.add(name.split()[2])
            hits += [f"{name}: {hit}" for hit in search(piece)]
    return Looked(hits, count, total, frozenset(processes))


def files(folder: Path, overlap: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every file below a folder, as far as it is still there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path), _of_file(path, overlap)


def new_temporary_files(
    since: float, but_not: Path, overlap: int
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Files that were written to since an instant, wherever programs put temporary ones."""
    for place in TEMPORARY:
        for folder, _, names in os.walk(place, onerror=None):
            if Path(folder).is_relative_to(but_not):
                continue
            for name in names:
                path = Path(folder, name)
                if _is_new(path, since):
                    yield str(path), _of_file(path, overlap)


def _is_new(path: Path, since: float) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    regular = path.is_file() and not path.is_symlink()
    return regular and facts.st_mtime >= since and facts.st_size < LARGEST_FILE_BYTES


def unlinked(processes: list[Alive], overlap: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Open files without a name, memory files among them."""
    for process in processes:
        for link in sorted(Path(f"/proc/{process.pid}/fd").glob("*")):
            try:
                name = str(link.readlink())
            except OSError:
                continue
            if name.endswith(" (deleted)"):
                yield f"{process.what} {link} {name}", _of_file(link, overlap)


def memory(processes: list[Alive], overlap: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """What processes could have written to themselves; what they share, once."""
    seen: set[tuple[str, str, str]] = set()
    for process in processes:
        for line in _maps(process.pid):
            span, rights, offset, device, inode, *name = line.split(maxsplit=5)
            what = name[0] if name else "anonymous"
            shared = (device, inode, offset)
            if "w" not in rights or what in ("[vvar]", "[vsyscall]"):
                continue
            if rights.endswith("s"):
                if shared in seen:
                    continue
                seen.add(shared)
            start, end = (int(number, 16) for number in span.split("-"))
            place = f"{_MEMORY} {process.pid} {process.what}: {span} {what}"
            yield place, _of_memory(process.pid, start, end, overlap)


def _of_file(path: Path, overlap: int) -> Iterator[bytes]:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        size = os.fstat(handle).st_size
        yield from _pieces(handle, 0, size, overlap)
    finally:
        os.close(handle)


def _maps(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/maps").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has ended since it was listed
        return []


def _of_memory(pid: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    try:
        handle = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        yield from _pieces(handle, start, end, overlap)
    finally:
        os.close(handle)


def _pieces(handle: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    at = start
    while at < end:
        try:
            piece = os.pread(handle, min(PIECE_BYTES, end - at), at)
        except OSError:
            return
        if not piece:
            return
        yield piece
        if at + len(piece) >= end:
            return
        at += max(len(piece) - overlap, 1)

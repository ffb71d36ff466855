"""A disk that keeps of unsynced writes what it likes, once the power is cut.

    write, truncate   pending for its file, sector by sector, until an fsync that began after it
    create, rename,   pending in one journal, in order, until any fsync that began after it, as
    unlink, mkdir     ext4 and XFS have it
    a power cut       of each pending sector: kept, or not; of the journal: a beginning

Nothing else is promised by a disk, and nothing else may be needed: what a client was told is
durable has to be there whichever sectors are lost.
"""

import random
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.power.trace import Call, octets_of

_FD: Final = re.compile(r"^([0-9]+)<([^>]*)>")
_STRINGS: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HEX: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
SECTORS: Final = (512, 4096)
KEPT: Final = (0.0, 0.0, 0.5, 0.9)
"""How likely a pending sector is kept; most often none is, which is the worst honest disk."""


@dataclass(frozen=True)
class Change:
    """A pending write, or a new length where `octets` is None."""

    ended: float
    at: int
    octets: bytes | None


@dataclass(eq=False)
class File:
    """What surely is there, and what may be."""

    durable: bytearray
    pending: list[Change] = field(default_factory=list)

    def synced(self, began: float) -> None:
        """An fsync that began then has ended."""
        for change in self.pending:
            if change.ended <= began:
                put(self.durable, change.at, change.octets)
        self.pending = [change for change in self.pending if change.ended > began]

    def after_cut(self, dice: random.Random, kept: float, sector: int) -> bytes:
        """What is found when the power is back."""
        found = bytearray(self.durable)
        for change in self.pending:
            if change.octets is None:
                if dice.random() < kept:
                    put(found, change.at, None)
                continue
            for at, piece in sectors(change.at, change.octets, sector):
                if dice.random() < kept:
                    put(found, at, piece)
        return bytes(found)


@dataclass(frozen=True)
class Entry:
    """A pending line of the journal: where a file is from now on, or is no more."""

    ended: float
    path: str
    file: File | None


class Disk:
    """A folder as a database changes it; `base` is as it was before, all of it synced."""

    def __init__(self, root: Path, base: Path) -> None:
        self._root = str(root)
        self._base = base
        self._names: dict[str, File | None] = {}
        self._durable: dict[str, File | None] = {}
        self._journal: list[Entry] = []
        self._offsets: dict[tuple[int, int], int] = {}

    def play(self, calls: Iterable[Call], until: float) -> None:
        """Everything that had begun by then."""
        for call in calls:
            if call.began > until:
                return
            self._play(call, until)

    def restore(self, folder: Path, dice: random.Random) -> None:
        """Writes what is found after a cut."""
        shutil.copytree(self._base, folder)
        kept, sector = dice.choice(KEPT), dice.choice(SECTORS)
        names = dict(self._durable)
        lines = round(len(self._journal) * dice.choice((0.0, dice.random(), kept)))
        names |= {entry.path: entry.file for entry in self._journal[:lines]}
        for path, file in names.items():
            place = folder / path
            if file is None:
                place.unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.after_cut(dice, kept, sector))

    def _play(self, call: Call, until: float) -> None:
        match call.name:
            case "openat" | "open" | "creat":
                self._opened(call)
            case "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2":
                self._written(call)
            case "lseek":
                self._offsets[call.pid, descriptor(call)[0]] = call.result
            case "fsync" | "fdatasync":
                self._synced(call, until)
            case "ftruncate" | "fallocate":
                self._resized(call)
            case "rename" | "renameat" | "renameat2" | "link" | "linkat":
                self._renamed(call)
            case "unlink" | "unlinkat":
                self._note(call, self._inside(strings(call)[-1]), None)
            case _:
                pass

    def _opened(self, call: Call) -> None:
        self._offsets[call.pid, call.result] = 0
        path = self._inside(call.made)
        if path is None:
            return
        file = self._file(path)
        if file is None and "O_CREAT" in call.arguments:
            self._note(call, path, File(bytearray()))
        elif file is not None and "O_TRUNC" in call.arguments:
            file.pending.append(Change(call.ended, 0, None))

    def _written(self, call: Call) -> None:
        number, path = descriptor(call)
        file = self._file(path) if path else None
        octets = b"".join(octets_of(found[1]) for found in _HEX.finditer(call.arguments))
        place = (call.pid, number)
        if call.name.startswith("p"):
            at = int(call.arguments.rsplit(", ", 1 + (call.name == "pwritev2"))[1])
        else:
            at = self._offsets.get(place, 0)
            self._offsets[place] = at + call.result
        if file is not None:
            assert len(octets) >= call.result, "strace left something out"
            file.pending.append(Change(call.ended, at, octets[: call.result]))

    def _resized(self, call: Call) -> None:
        _, path = descriptor(call)
        file = self._file(path) if path else None
        if file is None:
            return
        numbers = [int(word) for word in re.findall(r", (-?[0-9]+)(?=,|$)", call.arguments)]
        if call.name == "ftruncate":
            file.pending.append(Change(call.ended, numbers[-1], None))
        else:
            file.pending.append(Change(call.ended, numbers[-2], bytes(numbers[-1])))

    def _synced(self, call: Call, until: float) -> None:
        if call.ended > until:
            return
        _, path = descriptor(call)
        file = self._file(path) if path else None
        if file is not None:
            file.synced(call.began)
        self._durable |= {
            entry.path: entry.file for entry in self._journal if entry.ended <= call.began
        }
        self._journal = [entry for entry in self._journal if entry.ended > call.began]

    def _renamed(self, call: Call) -> None:
        old, new = (self._inside(path) for path in strings(call)[-2:])
        file = self._file(old) if old else None
        self._note(call, new, file)
        if call.name.startswith("rename"):
            self._note(call, old, None)

    def _note(self, call: Call, path: str | None, file: File | None) -> None:
        if path is not None:
            self._names[path] = file
            self._journal.append(Entry(call.ended, path, file))

    def _inside(self, path: str) -> str | None:
        """A path within the folder; a database names its own files from there."""
        whole = path if path.startswith("/") else f"{self._root}/{path}"
        return whole.removeprefix(f"{self._root}/") if whole.startswith(self._root) else None

    def _file(self, path: str) -> File | None:
        inside = self._inside(path)
        if inside is None:
            return None
        if inside not in self._names:
            before = self._base / inside
            known = File(bytearray(before.read_bytes())) if before.is_file() else None
            self._names[inside] = known
            if known is not None:
                self._durable[inside] = known
        return self._names[inside]


def put(found: bytearray, at: int, octets: bytes | None) -> None:
    """Writes, or sets the length."""
    if octets is None:
        del found[at:]
        found.extend(bytes(at - len(found)))
        return
    found.extend(bytes(max(0, at - len(found))))
    found[at : at + len(octets)] = octets


def sectors(at: int, octets: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    """A write in pieces that a disk keeps or loses."""
    end = at + len(octets)
    while at < end:
        until = min(end, at - at % size + size)
        yield at, octets[len(octets) - (end - at) : len(octets) - (end - until)]
        at = until


def descriptor(call: Call) -> tuple[int, str]:
    """The descriptor that a call is about, and its path; empty for a socket."""
    found = _FD.match(call.arguments)
    return (int(found[1]), octets_of(found[2]).decode()) if found else (-1, "")


def strings(call: Call) -> list[str]:
    """The paths that a call names."""
    return [octets_of(found[1]).decode() for found in _STRINGS.finditer(call.arguments)]

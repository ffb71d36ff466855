"""The manifest of a hand-over: what is in it, what is not, and whose word that is.

    mustshare/v1 manifest
    ... five lines (hand_over.py)
    file <SHA-256> <bytes> report.txt      by name
    withheld message 2                     what the agency did not get, by kind and number
    — somsri ...

It names nothing by which a tip could be found again: no id, no time. A certificate, where there
is one, is a file like the others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import hand_over
from mustshare_api.crypto.hand_over import HEAD_LINES, Voucher
from mustshare_api.crypto.notes import Note
from mustshare_api.errors import Malformed

LIMIT_BYTES: Final = 1 << 18
WITHHELD: Final = ("message", "cut", "attachment", "original", "field")
"""Kinds of what can be left out: whole messages, passages of one, files not chosen, untouched
originals of files, and fields of evidence."""

_ORIGIN: Final = "mustshare/v1 manifest"
_FILE: Final = re.compile(
    r"file ([0-9a-f]{64}) (0|[1-9][0-9]{0,12}) ((?:[a-z0-9]+/)?[a-z0-9-]+\.[a-z0-9]{1,5})"
)
_WITHHELD: Final = re.compile(r"withheld ([a-z]+) ([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the manifest has it. The name is one that leads out of no folder."""

    name: str
    size_bytes: int
    sha256: bytes

    def encode(self) -> str:
        """Its line."""
        return f"file {self.sha256.hex()} {self.size_bytes} {self.name}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read; not yet believed."""

    head: Voucher
    files: tuple[ListedFile, ...]
    withheld: Mapping[str, int]
    note: Note


def compose(
    head: Voucher, seed: bytes, files: Sequence[ListedFile], withheld: Mapping[str, int]
) -> bytes:
    """A manifest, signed by the officer.

    Raises:
        Malformed: `manifest.malformed`, it would be refused by every reader.
    """
    octets = hand_over.sign(_lines(head, files, withheld), head.officer, seed)
    parse(octets)
    return octets


def parse(octets: bytes) -> Manifest:
    """Reads a manifest.

    Raises:
        Malformed: `manifest.malformed`, also for another spelling of a good one.
    """
    try:
        note, lines = hand_over.lines_of(octets, _ORIGIN, LIMIT_BYTES)
        head = Voucher.parse(lines[:HEAD_LINES])
        below = lines[HEAD_LINES:]
        files = [_file(line) for line in below if line.startswith("file ")]
        withheld = dict(_count(line) for line in below[len(files) :])
    except ValueError:
        raise Malformed("manifest.malformed") from None
    manifest = Manifest(head, tuple(files), withheld, note)
    names = {file.name for file in files}
    spelled = [_ORIGIN, *lines] == _lines(head, files, withheld)
    if not spelled or len(names) != len(files) or not names:
        raise Malformed("manifest.malformed")
    return manifest


def _lines(
    head: Voucher, files: Sequence[ListedFile], withheld: Mapping[str, int]
) -> list[str]:
    """The one spelling."""
    return [
        _ORIGIN,
        *head.lines(),
        *(file.encode() for file in sorted(files, key=lambda file: file.name)),
        *(f"withheld {kind} {withheld[kind]}" for kind in WITHHELD if withheld.get(kind)),
    ]


def _file(line: str) -> ListedFile:
    found = _FILE.fullmatch(line)
    if found is None:
        raise ValueError
    return ListedFile(found[3], int(found[2]), bytes.fromhex(found[1]))


def _count(line: str) -> tuple[str, int]:
    found = _WITHHELD.fullmatch(line)
    if found is None:
        raise ValueError
    return found[1], int(found[2])

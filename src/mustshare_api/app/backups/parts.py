"""What is in a backup, once it is opened: a tar, written and read from front to back.

    README             how to restore it, for whoever finds it in five years
    settings.env       the settings that were given, as they were written
    roots              the pinned root keys
    directory.serial   the highest directory served, see `store/serial_floor.py`
    database/00000 ... PostgreSQL's own dump in parts: cat database/* | pg_restore
    manifest           SHA-256 and name of each file above; last, so that it vouches for all

The database has what makes the deployment itself: the key that receipts are minted with, the
key of the audit log, partners, the directories. What is *not* in here is not on the server:
root keys, officers' keys and the escrow lie with their holders, and each keeps copies of their
own (docs/keys.md). Keys of TLS are left out too: they are made anew, and a copy is a risk.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Protocol, cast

from mustshare_api.errors import Misconfigured

README: Final = """\
A backup of mustshare-api, an anonymous tip-intake service. To put it back:

    1  install the same version of mustshare-api, or a later one
    2  make an empty PostgreSQL database, and settings for it: settings.env has the old ones
    3  mustshare restore <the folder with this file in it>
    4  mustshare directory <the newest directory.note that any officer has>
    5  mustshare doctor

Tips are opened with the officers' keys, which are not in here.
"""
MANIFEST: Final = "manifest"
PARTS: Final = "database"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ((?:database/)?[A-Za-z0-9._]+)")
_MANIFEST_LIMIT_BYTES: Final = 16 * 1024 * 1024
_READ_BYTES: Final = 1024 * 1024


class Sink(Protocol):
    """Where a tar can be written to, from front to back."""

    def write(self, octets: bytes, /) -> int:
        """Takes octets."""
        ...

    def tell(self) -> int:
        """How many were taken."""
        ...


class Writer:
    """Adds files to a tar and remembers their hashes."""

    def __init__(self, sink: Sink) -> None:
        stream = cast("IO[bytes]", sink)
        self._tar = tarfile.TarFile(mode="w", fileobj=stream, format=tarfile.USTAR_FORMAT)
        self._lines: list[str] = []

    def add(self, name: str, octets: bytes) -> None:
        """One file. Its time is nobody's business: all have the same."""
        self._put(name, octets)
        self._lines.append(f"{hashlib.sha256(octets).hexdigest()}  {name}\n")

    def close(self) -> None:
        """Writes the manifest and the tar's end."""
        self._put(MANIFEST, "".join(self._lines).encode())
        self._tar.close()

    def _put(self, name: str, octets: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(octets), 0o600
        self._tar.addfile(entry, io.BytesIO(octets))


def checked(folder: Path) -> list[Path]:
    """The database's parts in order, once every file is what the manifest says.

    Raises:
        Misconfigured: it is no opened backup, or a file is missing or changed.
    """
    hashes = _read_manifest(folder)
    for name, digest in hashes.items():
        if _digest_of(folder / name) != digest:
            raise Misconfigured(f"{name} is missing or changed: take another backup.")
    parts = [folder / name for name in sorted(hashes) if name.startswith(f"{PARTS}/")]
    if not parts:
        raise Misconfigured(f"{folder} has no database in it: take another backup.")
    return parts


def contents(paths: list[Path]) -> Iterator[bytes]:
    """The octets of files, one after the other."""
    for path in paths:
        with path.open("rb") as stream:
            while octets := stream.read(_READ_BYTES):
                yield octets


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        with (folder / MANIFEST).open("rb") as stream:
            text = stream.read(_MANIFEST_LIMIT_BYTES).decode("ascii")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(
            f"{folder} is no opened backup: open one with age, and unpack it with tar."
        ) from None
    matches = [_LINE.fullmatch(line) for line in text.splitlines()]
    found = {match[2]: match[1] for match in matches if match is not None}
    if len(found) < len(matches):
        raise Misconfigured(f"the manifest in {folder} is damaged: take another backup.")
    return found


def _digest_of(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None

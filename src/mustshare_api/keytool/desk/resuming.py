"""Keeps what has come of a long object, so that a download which is cut off goes on from there.

    fetching/<object id>-<digest>      sealed octets so far, from the first one on

The name says of which state of the object they are. They stay sealed, are never opened while
they are half, and get the object's own name only when all of it has come and was checked.

    asked for    Range from the first octet that is lacking, If-Range the digest: a strong tag
    206          exactly that range of exactly that tag, or nothing of it is kept
    200          the whole: the object was sealed anew, or the door gives no ranges; begun anew
    416          no such range; begun anew

The digest is over prefix and stanzas. That the payload behind them is one whole and not two
halves only opening it can say; so what was joined is opened to its end, octets to nowhere,
where a key is here. A joint that does not hold is begun anew, and not trusted a second time.
"""

import contextlib
import os
import re
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.home import Home, make_folder, sync_folder
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.objects_door import Octets, object_from
from mustshare_api.keytool.staff_door.wire import IndexEntry

_NAME: Final = re.compile(r"[0-9a-f]{32}-[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Partial:
    """What has come of one state of one object."""

    file: Path
    entry: IndexEntry

    @classmethod
    def of(cls, home: Home, entry: IndexEntry) -> "Partial":
        """Of an object as it is listed."""
        return cls(home.fetching / f"{entry.object_id}-{entry.digest}", entry)

    @property
    def octets(self) -> int:
        """How much of it is here."""
        try:
            return self.file.stat().st_size
        except OSError:
            return 0

    def drop(self) -> None:
        """Begins anew the next time."""
        with contextlib.suppress(OSError):
            self.file.unlink()

    def fetch(self, door: Door) -> bool:
        """Fetches what is lacking; whether that went on from something that was here.

        Raises:
            NotFound: it is gone from the door.
            Unreachable: cut off; what came stays, for the next time.
            Refusal: `file.cannot_write`; then nothing stays.
        """
        had = self.octets
        if had > self.entry.octets:
            self.drop()
            had = 0
        if had == self.entry.octets:
            return True
        given = self._asked(door, had)
        if given.start == 0:
            self.drop()
        self._pour(given.pieces)
        return given.start > 0

    def _asked(self, door: Door, had: int) -> Octets:
        """Of what is lacking, or of the whole where no such range is to be had."""
        entry = self.entry
        if had:
            with contextlib.suppress(Malformed):
                return object_from(door, entry.object_id, had, entry.octets, entry.digest)
            self.drop()
        return object_from(door, entry.object_id)

    def _pour(self, pieces: Iterator[bytes]) -> None:
        """Adds what comes, and never more than one octet beyond what is listed."""
        with self._growing() as stream:
            left = self.entry.octets + 1 - stream.tell()
            for piece in pieces:
                stream.write(piece[:left])
                left -= len(piece)
                if left <= 0:
                    return

    @contextlib.contextmanager
    def _growing(self) -> Generator[BinaryIO]:
        """The file at its end, durable however the block ends; gone if the disk fails."""
        try:
            make_folder(self.file.parent)
            descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as stream:
                try:
                    yield stream
                finally:
                    stream.flush()
                    os.fsync(stream.fileno())
        except OSError as failed:
            # A full disk is not kept full by half an object.
            self.drop()
            reason = failed.strerror or "?"
            raise Refusal("file.cannot_write", path=str(self.file), reason=reason) from None

    def keep_as(self, file: Path) -> None:
        """Gives what came whole, and was checked, its own name.

        Raises:
            Refusal: `file.cannot_write`.
        """
        try:
            make_folder(file.parent)
            self.file.replace(file)
            sync_folder(file.parent)
        except OSError as failed:
            reason = failed.strerror or "?"
            raise Refusal("file.cannot_write", path=str(file), reason=reason) from None


def forget(home: Home, object_id: str) -> None:
    """Deletes what has come of an object, in whatever state of it."""
    for file in home.fetching.glob(f"{object_id}-*"):
        with contextlib.suppress(OSError):
            file.unlink()


def forget_others(home: Home, wanted: Collection[IndexEntry]) -> None:
    """Deletes what has come of objects that are not to be fetched, or are others by now."""
    names = {f"{entry.object_id}-{entry.digest}" for entry in wanted}
    for file in home.fetching.glob("*"):
        if _NAME.fullmatch(file.name) and file.name not in names:
            with contextlib.suppress(OSError):
                file.unlink()

"""Writes one attachment to disk: verified, and stripped if nobody has stripped it before.

    sealed by the server    it was stripped on its way in       -> written as it is
    sealed by the reporter  nobody has seen it in clear so far  -> stripped here, then written
                            no picture, or can't be made safe   -> said so, and not written
    sealed by staff         it is our own                       -> written as it is

The stripping is the service's, in the same sandbox: an officer's machine is worth taking over,
and what lands in the folder is soon passed on. Where no sandbox can be had (anything but Linux)
such files stay sealed like those that can't be stripped, unless the officer asks for the
untouched octets. Nothing is written before the last piece has verified and the hash is the one
that a signed message names.
"""

import hashlib
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from mustshare_api.crypto.envelope import HEAD_LIMIT, SERVER_SEALED, Expected, parse_head
from mustshare_api.crypto.opening import AttachmentOpener
from mustshare_api.domain.message import AttachmentName
from mustshare_api.errors import (
    CannotOpen,
    Malformed,
    TooLarge,
    Unavailable,
    Unstrippable,
    Unsupported,
)
from mustshare_api.keytool.home import Home, pieces, writing
from mustshare_api.keytool.terminal import PageBar

if TYPE_CHECKING:
    from mustshare_api.media.strip import Stripped, Stripper

_EXTENSIONS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "text/plain": ".txt",
}


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What became of a named file: written, missing, mismatch, original, unsafe, or a code."""

    name: AttachmentName
    outcome: str
    path: Path | None = None
    removed: tuple[str, ...] = ()
    is_original: bool = False


class Cleaner:
    """The service's stripper, started when the first file needs it."""

    def __init__(self, pages: PageBar | None = None) -> None:
        self._stripper: Stripper | None = None
        self._pages = pages

    def clean(self, source_fd: int, source_bytes: int) -> "Stripped":
        """Strips one file; of a document it says page by page how far it is.

        Raises:
            Unstrippable, Unsupported, TooLarge, Unavailable: It can't be made safe here.
        """
        if self._stripper is None:
            from mustshare_api.media.strip import Stripper  # noqa: PLC0415 - Linux alone has it

            self._stripper = Stripper.start(slots=1)
        try:
            return self._stripper.strip_now(source_fd, source_bytes, self._pages)
        finally:
            if self._pages is not None:
                self._pages.close()

    def close(self) -> None:
        """Ends it."""
        if self._stripper is not None:
            self._stripper.close()


@dataclass(frozen=True, slots=True)
class Files:
    """Where attachments lie sealed, what opens them, and where they go."""

    home: Home
    seeds: Mapping[bytes, bytes]
    to: Path
    unsafe_original: bool
    cleaner: Cleaner

    def write(self, name: AttachmentName, expected: Expected) -> OpenedFile:
        """Opens one file, strips it where that is still to be done, and writes it."""
        try:
            if self._is_stripped(name, expected):
                return self._write_as_it_is(name, expected, original=name.original)
            return self._write_stripped(name, expected)
        except (CannotOpen, Malformed) as refused:
            mismatch = refused.code == "file.mismatch"
            return OpenedFile(name, "mismatch" if mismatch else refused.code)

    def _is_stripped(self, name: AttachmentName, expected: Expected) -> bool:
        """Whether the prefix, which the seal covers, says that somebody of ours saw it."""
        if expected.kind.is_from_staff or name.original:
            return True
        with self._sealed(expected).open("rb") as source:
            prefix = parse_head(source.read(HEAD_LIMIT)).prefix
        return bool(prefix.flags & SERVER_SEALED)

    def _write_as_it_is(
        self, name: AttachmentName, expected: Expected, *, original: bool
    ) -> OpenedFile:
        mark = ".original" if original else ""
        path = self.to / f"{name.id}{mark}{_EXTENSIONS.get(name.media_type, '.bin')}"
        if not _is_already(path, name):
            with writing(path) as target:
                self._pour(name, expected, target)
        return OpenedFile(name, "written", path, is_original=original)

    def _write_stripped(self, name: AttachmentName, expected: Expected) -> OpenedFile:
        try:
            with self._stripped(name, expected) as stripped:
                path = self.to / f"{name.id}{_EXTENSIONS[stripped.media_type]}"
                octets = os.pread(stripped.fd, stripped.size_bytes, 0)
                with writing(path) as target:
                    target.write(octets)
                return OpenedFile(name, "written", path, stripped.removed)
        except (Unstrippable, Unsupported, TooLarge, Unavailable):
            if not self.unsafe_original:
                return OpenedFile(name, "unsafe")
        return self._write_as_it_is(name, expected, original=True)

    @contextmanager
    def _stripped(self, name: AttachmentName, expected: Expected) -> "Generator[Stripped]":
        """The picture in anonymous memory; its untouched octets never reach a disk."""
        if sys.platform != "linux":
            raise Unavailable
        with open(os.memfd_create("picture"), "w+b") as source:  # noqa: PTH123 - has no path
            self._pour(name, expected, source)
            source.flush()
            stripped = self.cleaner.clean(source.fileno(), name.size_bytes)
        try:
            yield stripped
        finally:
            os.close(stripped.fd)

    def _pour(self, name: AttachmentName, expected: Expected, target: BinaryIO) -> None:
        """Opens piece by piece; whatever it refuses, the caller leaves nothing behind.

        Raises:
            CannotOpen: No key, changed octets, or not what the signed message names.
        """
        with self._sealed(expected).open("rb") as source:
            head = parse_head(source.read(HEAD_LIMIT))
            opener = AttachmentOpener(head.octets, self.seeds, expect=expected)
            source.seek(head.length)
            target.writelines(opener.update(piece) for piece in pieces(source))
            target.write(opener.finalize())
        if (opener.content_sha256.hex(), opener.content_bytes) != (
            name.sha256,
            name.size_bytes,
        ):
            raise CannotOpen("file.mismatch")

    def _sealed(self, expected: Expected) -> Path:
        return self.home.sealed(expected.object_id.hex())


def _is_already(path: Path, name: AttachmentName) -> bool:
    """Whether this very file was written before."""
    if not path.is_file() or path.stat().st_size != name.size_bytes:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == name.sha256

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
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from mustshare_api.crypto.envelope import HEAD_LIMIT, SERVER_SEALED, Expected, parse_head
from mustshare_api.crypto.opening import AttachmentOpener
from mustshare_api.domain.message import AttachmentName
from mustshare_api.errors import CannotOpen, Malformed, Unavailable
from mustshare_api.keytool.desk.home import Home, pieces, writing
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.stripping import CANNOT, Cleaner
from mustshare_api.keytool.tips.stripping import EXTENSIONS as STRIPPED

if TYPE_CHECKING:
    from mustshare_api.media.strip import Stripped

EXTENSIONS: Final = {
    **STRIPPED,
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


@dataclass(frozen=True, slots=True)
class Given:
    """A file on its way out: its size is known before `pour` writes it."""

    media_type: str
    size_bytes: int
    pour: Callable[[BinaryIO], None]
    is_original: bool = False


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

    @contextmanager
    def handed_over(self, name: AttachmentName, expected: Expected) -> "Generator[Given]":
        """A file for somebody outside: stripped, whoever sealed it, unless the service did so.

        Untouched octets only with `unsafe_original`.

        Raises:
            CannotOpen: no key, changed octets, or not what the signed message names.
            Refusal: `export.original`, `export.unsafe`.
        """
        if name.original and not self.unsafe_original:
            raise Refusal("export.original", object=name.id)
        if name.original or self._seen_by_server(expected):
            yield self._untouched(name, expected)
            return
        with ExitStack() as held:
            yield self._stripped_for(name, expected, held)

    def _stripped_for(
        self, name: AttachmentName, expected: Expected, held: ExitStack
    ) -> "Given":
        try:
            stripped = held.enter_context(self._stripped(name, expected))
        except CANNOT:
            if not self.unsafe_original:
                raise Refusal("export.unsafe", object=name.id) from None
            return self._untouched(msgspec.structs.replace(name, original=True), expected)
        octets = os.pread(stripped.fd, stripped.size_bytes, 0)

        def pour(target: BinaryIO) -> None:
            target.write(octets)

        return Given(stripped.media_type, len(octets), pour)

    def _untouched(self, name: AttachmentName, expected: Expected) -> "Given":
        """As it was sealed."""
        pour = partial(self._pour, name, expected)
        return Given(name.media_type, name.size_bytes, pour, is_original=name.original)

    def _is_stripped(self, name: AttachmentName, expected: Expected) -> bool:
        """Whether the prefix, which the seal covers, says that somebody of ours saw it."""
        return expected.kind.is_from_staff or name.original or self._seen_by_server(expected)

    def _seen_by_server(self, expected: Expected) -> bool:
        with self._sealed(expected).open("rb") as source:
            prefix = parse_head(source.read(HEAD_LIMIT)).prefix
        return bool(prefix.flags & SERVER_SEALED)

    def _write_as_it_is(
        self, name: AttachmentName, expected: Expected, *, original: bool
    ) -> OpenedFile:
        mark = ".original" if original else ""
        path = self.to / f"{name.id}{mark}{EXTENSIONS.get(name.media_type, '.bin')}"
        if not _is_already(path, name):
            with writing(path) as target:
                self._pour(name, expected, target)
        return OpenedFile(name, "written", path, is_original=original)

    def _write_stripped(self, name: AttachmentName, expected: Expected) -> OpenedFile:
        try:
            with self._stripped(name, expected) as stripped:
                path = self.to / f"{name.id}{EXTENSIONS[stripped.media_type]}"
                octets = os.pread(stripped.fd, stripped.size_bytes, 0)
                with writing(path) as target:
                    target.write(octets)
                return OpenedFile(name, "written", path, stripped.removed)
        except CANNOT:
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

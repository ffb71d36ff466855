"""Strips pictures on staff's own machine, by the service's code in the service's sandbox.

    open     what a reporter sealed themselves, which no server ever saw in clear
    answer   what an officer attaches: the photo of a form names the phone that took it
    strip    what goes on a page or into another file; nothing is sent anywhere

A file that can't be stripped (no picture, damaged, several frames, a machine that isn't Linux)
is refused everywhere; `--unsafe-original` lets it pass untouched in the first two. What can be
stripped is stripped even then.
"""

import os
import secrets
import sys
from argparse import Namespace
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from mustshare_api.errors import (
    TooLarge,
    Unavailable,
    Unstrippable,
    Unsupported,
)
from mustshare_api.keytool.desk.home import pieces, writing
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import PageBar
from mustshare_api.keytool.refusal import Exit, Refusal

if TYPE_CHECKING:
    from mustshare_api.media.strip import Stripped, Stripper

CANNOT: Final = (Unstrippable, Unsupported, TooLarge, Unavailable)
"""Whatever can keep a file from being stripped."""

EXTENSIONS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
}
_NAME_BYTES: Final = 8
_MOST_BYTES: Final = 64 << 20


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
        if sys.platform != "linux":
            raise Unavailable("media.sandbox_unavailable")
        if self._stripper is None:
            from mustshare_api.media.strip import Stripper  # noqa: PLC0415 - Linux alone has it

            self._stripper = Stripper.start(slots=1)
        try:
            return self._stripper.strip_now(source_fd, source_bytes, self._pages)
        finally:
            if self._pages is not None:
                self._pages.close()

    @contextmanager
    def picture(self, file: Path) -> "Generator[Stripped]":
        """A file's picture, stripped, in anonymous memory until the block ends.

        Raises:
            Unstrippable, Unsupported, TooLarge, Unavailable: It can't be made safe here.
            Refusal: `file.cannot_read`, `file.empty`.
        """
        if sys.platform != "linux":
            raise Unavailable("media.sandbox_unavailable")
        with open(os.memfd_create("picture"), "w+b") as source:  # noqa: PTH123 - has no path
            _read_into(source, file)
            stripped = self.clean(source.fileno(), source.tell())
        try:
            yield stripped
        finally:
            os.close(stripped.fd)

    def close(self) -> None:
        """Ends it."""
        if self._stripper is not None:
            self._stripper.close()


@dataclass(frozen=True, slots=True)
class Written:
    """One picture of `strip`: where it came from, where it lies now, what was removed."""

    source: str
    path: str
    removed: tuple[str, ...]


def strip(args: Namespace, session: Session) -> Exit:
    """Strips files into a folder, under new names: a camera's own names tell its time.

    A file that can't be stripped is said, and the others are stripped all the same.
    """
    written: list[Written] = []
    with closing(Cleaner(PageBar(session.console))) as cleaner:
        for file in args.pictures:
            try:
                written.append(_strip_into(args.out, cleaner, file))
            except Refusal as refused:
                session.console.warn(refused.code, **refused.values)
            except CANNOT as refused:
                why = session.console.sentence(refused.code)
                session.console.warn("strip.refused", path=str(file), why=why)
            else:
                _show(written[-1], session)
    session.console.data(
        [{"from": w.source, "path": w.path, "removed": list(w.removed)} for w in written]
    )
    return Exit.DONE if len(written) == len(args.pictures) else Exit.REFUSED


def _strip_into(folder: Path, cleaner: Cleaner, file: Path) -> Written:
    with cleaner.picture(file) as stripped:
        name = f"{secrets.token_hex(_NAME_BYTES)}{EXTENSIONS[stripped.media_type]}"
        with writing(folder / name) as target:
            target.write(os.pread(stripped.fd, stripped.size_bytes, 0))
        return Written(str(file), str(folder / name), stripped.removed)


def _show(written: Written, session: Session) -> None:
    session.console.say("strip.written", source=written.source, path=written.path)
    if written.removed:
        session.console.say("file.removed", kinds=", ".join(written.removed))


def _read_into(source: BinaryIO, file: Path) -> None:
    try:
        with file.open("rb") as stream:
            if stream.seek(0, os.SEEK_END) > _MOST_BYTES:
                raise TooLarge("media.too_large")
            stream.seek(0)
            source.writelines(pieces(stream))
            source.flush()
    except OSError as failed:
        reason = failed.strerror or "?"
        raise Refusal("file.cannot_read", path=str(file), reason=reason) from None
    if not source.tell():
        raise Refusal("file.empty", path=str(file))

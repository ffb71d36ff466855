"""Makes a file ready to be sealed with an answer: stripped, or refused.

    a picture            stripped; what is sealed is what came out
    anything else        refused, unless the officer says that it may go untouched

A picture whose stripping fails is refused as anything else is: an officer who sends the photo
of a form means the form, not the phone's serial number.
"""

import mimetypes
import os
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.stripping import CANNOT, Cleaner

_OTHER_TYPE: Final = "application/octet-stream"
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,62}")
_BUILT_IN_TYPES: Final = mimetypes.MimeTypes()
"""The table that comes with Python: a machine's own table would tell on the machine."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be sealed."""

    stream: BinaryIO
    size_bytes: int
    media_type: str


@contextmanager
def ready(
    cleaner: Cleaner, file: Path, console: Console, *, unsafe_original: bool
) -> Generator[Ready]:
    """A file as it may be sealed.

    Raises:
        Refusal: `answer.unsafe`, `file.cannot_read`, `file.empty`.
    """
    with ExitStack() as held:
        try:
            stripped = held.enter_context(cleaner.picture(file))
        except CANNOT as refused:
            if not unsafe_original:
                why = console.sentence(refused.code)
                raise Refusal("answer.unsafe", path=str(file), why=why) from None
            console.warn("answer.original", path=str(file))
            yield held.enter_context(_untouched(file))
        else:
            stream = held.enter_context(os.fdopen(os.dup(stripped.fd), "rb"))
            yield Ready(stream, stripped.size_bytes, stripped.media_type)


@contextmanager
def _untouched(file: Path) -> Generator[Ready]:
    try:
        with file.open("rb") as stream:
            size_bytes = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            if not size_bytes:
                raise Refusal("file.empty", path=str(file))
            yield Ready(stream, size_bytes, _media_type(file))
    except OSError as failed:
        reason = failed.strerror or "?"
        raise Refusal("file.cannot_read", path=str(file), reason=reason) from None


def _media_type(file: Path) -> str:
    guessed = _BUILT_IN_TYPES.guess_type(file.name)[0] or _OTHER_TYPE
    return guessed if _MEDIA_TYPE.fullmatch(guessed) else _OTHER_TYPE

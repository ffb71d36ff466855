"""Opens one attachment and shows it in the system's own viewer, from a folder in memory.

What is shown is what `open` would write: stripped here where nobody stripped it before, and
never an untouched original. A tip's file goes to a viewer under its id, so that a list of
recent files says nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import AttachmentName
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.showing import opened_tip
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.files import Files
from mustshare_api.keytool.tips.stripping import Cleaner

_ENDS_WITHIN_S: Final = 3
_VIEWERS: Final = ("xdg-open", "open")


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a message names, and whether staff sent it."""

    name: AttachmentName
    from_staff: bool


def files_of(desk: Desk, tip: TipEntry) -> list[Named]:
    """The files that a tip's messages name, in the order in which they came."""
    opened = opened_tip(desk, tip)
    return [
        Named(name, message.kind.is_from_staff)
        for message in opened.messages
        for name in message.message.attachments
    ]


def open_file(desk: Desk, tip: TipEntry, named: Named, to: Path) -> Path:
    """Opens one file into a folder.

    Raises:
        Refusal: `picture.missing`, `picture.original`, `picture.unsafe`.
        CannotOpen, Malformed: no key, or not what was sealed.
    """
    opened = opened_tip(desk, tip)
    shelf = {entry.object_id: entry for entry in desk.shelf.get(tip.tip_id, ())}
    entry = shelf.get(named.name.id)
    if entry is None or not desk.home.sealed(entry.object_id).exists():
        raise Refusal("picture.missing")
    if named.name.id in opened.originals:
        raise Refusal("picture.original")
    kind = Kind(entry.kind)
    if not kind.is_attachment or kind.is_from_staff is not named.from_staff:
        raise Refusal("picture.missing")
    with closing(Cleaner()) as cleaner:
        files = Files(
            desk.home, desk.officer.seeds(), to, unsafe_original=False, cleaner=cleaner
        )
        written = files.write(named.name, opened.expected(entry))
    if written.path is None:
        unsafe = written.outcome in {"unsafe", "original", "mismatch"}
        raise Refusal("picture.unsafe" if unsafe else written.outcome)
    return written.path


def show_file(file: Path, viewer: Sequence[str] | None = None) -> "subprocess.Popen[bytes]":
    """Starts a viewer, which goes on by itself; what it caches goes beside the file.

    Raises:
        Refusal: `picture.no_viewer`.
    """
    program = list(viewer or ()) or [_found_viewer()]
    inherited = os.environ  # noqa: TID251 - not a setting: what a child is started with
    caches = {"XDG_CACHE_HOME": str(file.parent / "cache")}
    try:
        return subprocess.Popen(  # noqa: S603 - the officer's own viewer, no shell
            [*program, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**inherited, **caches},
            start_new_session=True,
        )
    except OSError:
        raise Refusal("picture.no_viewer") from None


def end(viewer: "subprocess.Popen[bytes]") -> None:
    """Ends a viewer that still runs: what it shows is about to be gone."""
    viewer.terminate()
    try:
        viewer.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        viewer.kill()
        viewer.wait()


def _found_viewer() -> str:
    """The system's own opener.

    Raises:
        Refusal: `picture.no_viewer`.
    """
    names = _VIEWERS if sys.platform != "darwin" else _VIEWERS[::-1]
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise Refusal("picture.no_viewer")

"""Desk entries on their way to the door: sealed, offline, and sent in batches.

    entries/<object id>           waits to be sent
    entries/<object id>.sent      the door has it; kept until a sync lists it
    entries/<object id>.refused   the door will not have it; kept until a person drops it

An entry counts on this desk from the moment it is written. It leaves this folder when the
index lists it, so that what was sent is never missing between two syncs, and what a door lost
again, say to a restored backup, is sent anew. Sending the same octets twice is no harm.

An entry that waited into another week is sealed again to that week's keys, under its own id,
once the door has said that it has no such entry and takes it under no others. One whose answer
was lost is thus never sealed twice: it would be another content under one id.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mustshare_api.crypto.envelope import HEAD_LIMIT, Head, parse_head
from mustshare_api.crypto.keyring import Officer
from mustshare_api.errors import Malformed, MustShareError
from mustshare_api.keytool.desk.delivered import Delivered
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.inbox.entries import (
    ENTRY_LIMIT_BYTES,
    Signers,
    open_entry,
    seal_entry,
    staff_keys,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.desk_door import DeskDoor
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.words.wording import stands_alone

_FOLDER: Final = "entries"
_SENT: Final = ".sent"
_REFUSED: Final = ".refused"
_LATER: Final = 429
_STALE: Final = "envelope.wrong_recipients"
_ID_CHARS: Final = 32
_CODE: Final = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An entry in the folder."""

    file: Path
    head: Head

    @property
    def object_id(self) -> str:
        """Its own id."""
        return self.head.prefix.object_id.hex()

    @property
    def tip_id(self) -> str:
        """Whose desk it is on."""
        return self.head.prefix.tip_id.hex()

    @property
    def is_sent(self) -> bool:
        """Whether the door said that it has it."""
        return self.file.suffix == _SENT

    @property
    def is_refused(self) -> bool:
        """Whether the door said that it will not have it."""
        return self.file.suffix == _REFUSED


def folder_of(home: Home) -> Path:
    """Where entries wait."""
    return home.path / _FOLDER


def put(home: Home, object_id: str, octets: bytes) -> Path:
    """Keeps a sealed entry, durably.

    Raises:
        Refusal: `file.cannot_write`.
    """
    file = folder_of(home) / object_id
    write_bytes(file, octets, replace=False)
    return file


def outgoing(home: Home) -> list[Outgoing]:
    """All that is in the folder, in the order of their ids.

    Raises:
        Refusal: `home.malformed`, a file there is no entry.
    """
    return [_read(file) for file in sorted(folder_of(home).glob("*")) if _is_entry(file)]


def ids(home: Home) -> list[str]:
    """The ids of all that is in the folder, in order, by the names of the files alone."""
    return sorted(file.stem for file in folder_of(home).glob("*") if _is_entry(file))


def count_waiting(home: Home) -> int:
    """How many entries the door has not been asked to take, or not answered for."""
    return sum(1 for entry in outgoing(home) if not (entry.is_sent or entry.is_refused))


def drop_listed(home: Home, listed: Iterable[str]) -> None:
    """Forgets what the index lists, and lets what it does not list be sent again."""
    known = set(listed)
    for entry in outgoing(home):
        if entry.object_id in known:
            entry.file.unlink()
        elif entry.is_sent:
            entry.file.replace(entry.file.with_suffix(""))


def drop(home: Home, *, tip_ids: Iterable[str] = (), refused: bool = False) -> int:
    """Forgets what waits for tips that are gone, or what was refused. How many there were."""
    gone = set(tip_ids)
    dropped = [e for e in outgoing(home) if e.tip_id in gone or (refused and e.is_refused)]
    for entry in dropped:
        entry.file.unlink()
    return len(dropped)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends what waits, one officer's."""

    home: Home
    officer: Officer
    tip_of: Callable[[str], TipEntry | None]
    signers: Signers
    today: date

    def send(self, door: Door, done: Delivered) -> None:
        """Sends all that waits, and what was refused before, a batch at a time.

        Raises:
            Unreachable: cut off; what was not answered waits on.
            MustShareError: the door refused a whole batch; it waits as well.
        """
        ready = [entry for entry in outgoing(self.home) if not entry.is_sent]
        stale = self._send_all(door, ready, done)
        again = [entry for entry in stale if self._seal_again(entry, done)]
        for entry in self._send_all(door, again, done):
            self._refuse(entry, _STALE, done)

    def _send_all(
        self, door: Door, entries: Sequence[Outgoing], done: Delivered
    ) -> list[Outgoing]:
        """Sends entries; those of them that have to be sealed again."""
        told = DeskDoor(door).note([self._octets(entry) for entry in entries])
        answers = {each.object_id: each for each in told}
        stale: list[Outgoing] = []
        for entry in entries:
            answer = answers.get(entry.object_id)
            if answer is None:
                continue
            if answer.status == _LATER:
                done.held_up[entry.object_id] = _known(answer.code)
            elif answer.is_there:
                entry.file.replace(folder_of(self.home) / f"{entry.object_id}{_SENT}")
                done.sent.append(entry.object_id)
            elif answer.code == _STALE:
                stale.append(entry)
            else:
                self._refuse(entry, answer.code, done)
        return stale

    def _octets(self, entry: Outgoing) -> bytes:
        return read_bytes(entry.file, ENTRY_LIMIT_BYTES)

    def _refuse(self, entry: Outgoing, code: str, done: Delivered) -> None:
        entry.file.replace(folder_of(self.home) / f"{entry.object_id}{_REFUSED}")
        done.refused[entry.object_id] = _known(code)

    def _seal_again(self, entry: Outgoing, done: Delivered) -> bool:
        """Seals an entry to this week's keys; whether that could be done."""
        try:
            tip = self.tip_of(entry.tip_id)
            if tip is None:
                raise Refusal("tip.unknown")
            seeds = self.officer.seeds()
            said, _ = open_entry(entry.file, entry.object_id, tip, seeds, self.signers)
            recipients = staff_keys(self.home, self.today)
            octets = seal_entry(tip, entry.object_id, said, self.officer, recipients)
            write_bytes(entry.file, octets)
        except MustShareError as refused:
            self._refuse(entry, refused.code, done)
            return False
        return True


def _known(code: str) -> str:
    """A door's code, where there is a sentence for it that can be shown as it is."""
    known = _CODE.fullmatch(code) is not None and stands_alone(code)
    return code if known else "desk.conflict"


def _is_entry(file: Path) -> bool:
    return len(file.stem) == _ID_CHARS and file.suffix in {"", _SENT, _REFUSED}


def _read(file: Path) -> Outgoing:
    with file.open("rb") as stream:
        octets = stream.read(HEAD_LIMIT)
    try:
        entry = Outgoing(file, parse_head(octets))
    except Malformed:
        raise Refusal("home.malformed", path=str(file)) from None
    if entry.object_id != file.stem:
        raise Refusal("home.malformed", path=str(file))
    return entry

"""The desk as one officer has it on this machine: tips, what was opened of them, entries."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import (
    CheckEntry,
    DeskState,
    Entry,
    Filed,
    NoteEntry,
    encode_entry,
    fold,
    later_than,
    latest_at,
)
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.entries import Signers, new_object_id, seal_entry, staff_keys
from mustshare_api.keytool.inbox.register import Part, Register, save_register
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry

_BLANK: Final = DeskState()
"""The desk of every tip on which nobody wrote, which are most; nothing is ever put on it."""


@dataclass(slots=True)
class Desk:
    """What an officer has before them. `refused` is why an object could not be opened, by id.

    `entries` are the desk entries of each tip, those that wait to be sent among them.
    """

    home: Home
    officer: Officer
    today: date
    tips: dict[str, TipEntry]
    shelf: dict[str, list[IndexEntry]]
    register: Register
    signers: Signers
    read_ids: set[str]
    refused: dict[str, str] = field(default_factory=dict[str, str])
    entries: dict[str, list[Filed]] = field(default_factory=dict[str, list[Filed]])
    states: dict[str, DeskState] = field(default_factory=dict[str, DeskState])
    """What was folded already: a list asks for each tip's several times."""

    def lives(self, tip_id: str) -> bool:
        """Whether a tip is known here and is not gone."""
        tip = self.tips.get(tip_id)
        return tip is not None and tip.bundle is not None

    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to."""
        if tip_id not in self.entries:
            return _BLANK
        if tip_id not in self.states:
            self.states[tip_id] = fold(self.entries.get(tip_id, ()))
        return self.states[tip_id]

    def dated(self, tip_id: str, now: datetime) -> str:
        """When an entry on a tip that is written now is dated."""
        clock = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # No later than what others read today; among those of one second the id decides.
        return min(later_than(self.state_of(tip_id), clock), latest_at(self.today))

    @property
    def signed_by(self) -> str:
        """By which an entry names this officer's key."""
        return self.officer.signing_kid.hex()

    def write(self, tip: TipEntry, entry: Entry, *, keep: bool = True) -> str:
        """Seals an entry into the outbox; it counts here from then on. Its id.

        With several to write, the register is kept by whoever writes them, at the end.

        Raises:
            Refusal: `tip.gone`, a disk that is full.
            WrongMoment: the directory has expired, or has no key of this week.
            Malformed: `desk.malformed`.
        """
        object_id = new_object_id()
        recipients = staff_keys(self.home, self.today)
        octets = seal_entry(tip, object_id, entry, self.officer, recipients)
        outbox.put(self.home, object_id, octets)
        self._take(tip, object_id, entry)
        if keep:
            self.keep()
        return object_id

    def keep(self) -> None:
        """Writes the register, if anything in it changed."""
        save_register(self.home, self.officer, self.register)

    def close(self) -> None:
        """Gives the register's memory back."""
        self.register.close()

    def _take(self, tip: TipEntry, object_id: str, entry: Entry) -> None:
        content, name = encode_entry(entry), self.officer.name
        part = Part(object_id, tip.tip_id, Kind.DESK_ENTRY, name, content)
        self.register.add([(part, words_of_entry(entry))])
        self.entries.setdefault(tip.tip_id, []).append(Filed(object_id, entry))
        self.states.pop(tip.tip_id, None)


def words_of_entry(entry: Entry) -> str:
    """What a desk entry is found by."""
    return (entry.text or "") if isinstance(entry, NoteEntry | CheckEntry) else ""

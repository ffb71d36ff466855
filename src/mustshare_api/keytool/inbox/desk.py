"""The desk as one officer has it on this machine: tips, what was opened of them, entries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from typing_extensions import override

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import sha256
from mustshare_api.domain.desk import (
    CheckEntry,
    DeskState,
    Entry,
    Filed,
    NoteEntry,
    encode_entry,
    fold,
)
from mustshare_api.domain.message import Message, ReplyBody, decode_message
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.inbox.at_desk import UNWRITTEN, About, Summary
from mustshare_api.keytool.inbox.at_work import AtWork
from mustshare_api.keytool.inbox.entries import (
    AHEAD,
    UNKNOWN_SIGNER,
    Signers,
)
from mustshare_api.keytool.inbox.overview import (
    Line,
    Overview,
    Standing,
    forget_overview,
)
from mustshare_api.keytool.inbox.register import Part, Register, save_register
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.opened import OpenedMessage

_BLANK: Final = DeskState()
"""The desk of every tip on which nobody wrote, which are most; nothing is ever put on it."""

_FROM_REPORTER: Final = frozenset({Kind.TIP, Kind.FOLLOW_UP_FROM_REPORTER})


@dataclass(slots=True)
class Desk(AtWork):
    """What an officer has before them. `refused` is why an object could not be opened, by id.

    `entries` are the desk entries of each tip, those that wait to be sent among them.
    """

    home: Home
    officer: Officer
    today: date
    tips: dict[str, TipEntry]
    shelf: dict[str, list[IndexEntry]]
    register: Register = field()  # without this it would be ABC's method of that name
    signers: Signers
    read_ids: set[str]
    stood: Standing
    refused: dict[str, str] = field(default_factory=dict[str, str])
    entries: dict[str, list[Filed]] = field(default_factory=dict[str, list[Filed]])
    states: dict[str, DeskState] = field(default_factory=dict[str, DeskState])
    """What was folded already: a list asks for each tip's several times."""
    put: set[str] = field(default_factory=set[str])
    moved: int = 0

    def lives(self, tip_id: str) -> bool:
        """Whether a tip is known here and is not gone."""
        tip = self.tips.get(tip_id)
        return tip is not None and tip.bundle is not None

    def living(self) -> list[TipEntry]:
        """The tips that are not gone."""
        return [tip for tip in self.tips.values() if tip.bundle is not None]

    def written_on(self) -> Iterable[str]:
        """The tips on which some officer wrote."""
        return self.entries.keys()

    @override
    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to."""
        if tip_id not in self.entries:
            return _BLANK
        if tip_id not in self.states:
            self.states[tip_id] = fold(self.entries.get(tip_id, ()))
        return self.states[tip_id]

    def summary_of(self, tip_id: str) -> Summary:
        """The same in short."""
        return Summary.of(self.state_of(tip_id)) if tip_id in self.entries else UNWRITTEN

    def about_tip(self, tip_id: str) -> About:
        """What a tip is about; nothing, where its first message did not open."""
        return self.register.about_tip(tip_id)

    def abouts(self) -> dict[str, About]:
        """What each tip is about."""
        return self.register.about()

    def case_slugs(self) -> dict[str, str]:
        """The slugs of the cases that are known here, by id."""
        return self.register.cases()

    def shelf_of(self, tip_id: str) -> list[IndexEntry]:
        """The objects that are listed of a tip."""
        return self.shelf.get(tip_id, [])

    def from_reporter(self, tip_id: str) -> list[str]:
        """The ids of its reporter's messages that are listed."""
        return [e.object_id for e in self.shelf_of(tip_id) if e.kind in _FROM_REPORTER]

    def unread_of(self, tip_id: str) -> int:
        """How many of them were not read here."""
        return sum(one not in self.read_ids for one in self.from_reporter(tip_id))

    def messages_of(self, tip: TipEntry) -> list[OpenedMessage]:
        """The messages of a tip, as the register has them, but for a revoked key's."""
        found: list[OpenedMessage] = []
        for part in self.register.parts_of(tip.tip_id):
            if part.kind != Kind.DESK_ENTRY:
                message = decode_message(part.content)
                if self._is_revoked(message):
                    self.refused[part.object_id] = UNKNOWN_SIGNER
                else:
                    found.append(_opened(part, message))
        return found

    def refused_listed(self) -> int:
        """How many listed objects could not be opened."""
        return len(self.listed_refusals())

    def listed_refusals(self) -> dict[str, str]:
        """Why listed objects could not be opened, by id."""
        if not self.refused:
            return {}
        ids = {entry.object_id for entries in self.shelf.values() for entry in entries}
        return {one: code for one, code in self.refused.items() if one in ids}

    def _is_revoked(self, message: Message) -> bool:
        """Whether it is a reply by a key that was believed once, and is not now."""
        return isinstance(message, ReplyBody) and not self.signers.knows(message.signed_by)

    @override
    def keep(self) -> None:
        """Writes the register, if anything in it changed; then no overview is of it."""
        if self.register.is_changed:
            forget_overview(self.home)
        save_register(self.home, self.officer, self.register)

    @override
    def overview(self) -> Overview:
        """What lists need of this desk."""
        about, nothing = self.abouts(), About()
        lines = [
            Line.of(
                tip,
                about.get(tip.tip_id, nothing),
                self.from_reporter(tip.tip_id),
                self.summary_of(tip.tip_id) if tip.tip_id in self.entries else None,
            )
            for tip in self.living()
        ]
        ahead = AHEAD in self.refused.values()
        return Overview(lines, self.case_slugs(), self.listed_refusals(), ahead)

    def close(self) -> None:
        """Gives the register's memory back."""
        self.register.close()

    @override
    def tip_of(self, tip_id: str) -> TipEntry | None:
        """A tip as last heard of."""
        return self.tips.get(tip_id)

    @override
    def move(self, tip: TipEntry) -> None:
        """Counts a step of a tip that was just saved."""
        self.tips[tip.tip_id] = tip
        self.moved += 1

    @override
    def take(self, tip: TipEntry, object_id: str, entry: Entry) -> None:
        """Counts an entry that was just put into the outbox."""
        content, name = encode_entry(entry), self.officer.name
        part = Part(object_id, tip.tip_id, Kind.DESK_ENTRY, name, content)
        self.register.add([(part, words_of_entry(entry))])
        self.entries.setdefault(tip.tip_id, []).append(Filed(object_id, entry))
        self.states.pop(tip.tip_id, None)


def words_of_entry(entry: Entry) -> str:
    """What a desk entry is found by."""
    return (entry.text or "") if isinstance(entry, NoteEntry | CheckEntry) else ""


def _opened(part: Part, message: Message) -> OpenedMessage:
    return OpenedMessage(
        part.object_id,
        Kind(part.kind),
        message,
        part.server_sealed,
        part.author,
        sha256(part.content),
    )

"""The desk as one officer has it on this machine: tips, what was opened of them, entries."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

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
    later_than,
    latest_at,
)
from mustshare_api.domain.message import Message, ReplyBody, decode_message
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.at_desk import About, Summary
from mustshare_api.keytool.inbox.entries import (
    AHEAD,
    UNKNOWN_SIGNER,
    Signers,
    new_object_id,
    seal_entry,
    staff_keys,
)
from mustshare_api.keytool.inbox.overview import (
    Line,
    Overview,
    Standing,
    forget_overview,
    is_kept,
    save_overview,
    standing,
)
from mustshare_api.keytool.inbox.register import Part, Register, save_register
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.opened import OpenedMessage

_BLANK: Final = DeskState()
_NOTHING: Final = Summary()
"""The desk of every tip on which nobody wrote, which are most; nothing is ever put on it."""

_FROM_REPORTER: Final = frozenset({Kind.TIP, Kind.FOLLOW_UP_FROM_REPORTER})


@dataclass(slots=True)
class Desk:
    """What an officer has before them. `refused` is why an object could not be opened, by id.

    `entries` are the desk entries of each tip, those that wait to be sent among them.
    `stood` is how the folder stood when it was read, and `put` what was written since.
    """

    home: Home
    officer: Officer
    today: date
    tips: dict[str, TipEntry]
    shelf: dict[str, list[IndexEntry]]
    register: Register
    signers: Signers
    read_ids: set[str]
    stood: Standing
    refused: dict[str, str] = field(default_factory=dict[str, str])
    entries: dict[str, list[Filed]] = field(default_factory=dict[str, list[Filed]])
    states: dict[str, DeskState] = field(default_factory=dict[str, DeskState])
    """What was folded already: a list asks for each tip's several times."""
    put: set[str] = field(default_factory=set[str])

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

    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to."""
        if tip_id not in self.entries:
            return _BLANK
        if tip_id not in self.states:
            self.states[tip_id] = fold(self.entries.get(tip_id, ()))
        return self.states[tip_id]

    def summary_of(self, tip_id: str) -> Summary:
        """The same in short."""
        return Summary.of(self.state_of(tip_id)) if tip_id in self.entries else _NOTHING

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
        self.put.add(object_id)
        self._take(tip, object_id, entry)
        if keep:
            self.keep()
        return object_id

    def keep(self) -> None:
        """Writes the register, if anything in it changed; then no overview is of it."""
        if self.register.is_changed:
            forget_overview(self.home)
        save_register(self.home, self.officer, self.register)

    def keep_overview(self) -> None:
        """Writes the overview, where this desk is what the folder holds.

        A disk that has no room for it has none, and the next list takes longer.
        """
        now = standing(self.home, self.today)
        here = Standing(
            self.today, self.stood.sources, tuple(sorted({*self.stood.waiting, *self.put}))
        )
        if now == here and not is_kept(self.home, self.officer, now):
            with contextlib.suppress(Refusal):
                ahead = AHEAD in self.refused.values()
                save_overview(self.home, self.officer, now, self._overview(), is_of_day=ahead)

    def _overview(self) -> Overview:
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
        return Overview(lines, self.case_slugs(), self.listed_refusals())

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


def _opened(part: Part, message: Message) -> OpenedMessage:
    return OpenedMessage(
        part.object_id,
        Kind(part.kind),
        message,
        part.server_sealed,
        part.author,
        sha256(part.content),
    )

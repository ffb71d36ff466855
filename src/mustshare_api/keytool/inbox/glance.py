"""A desk at a glance: lists from the overview, and one tip opened from what is sealed here.

What is written at it goes into the outbox and the overview; the register opens it from there
when it is next opened itself. Where there is no overview of how the folder stands, the desk is
opened whole, and an overview is kept for the next time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace
from typing_extensions import override

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import DeskState, Entry, Filed, fold
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.directories import kept_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_objects_of, load_tip
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.at_desk import UNWRITTEN, About, Summary
from mustshare_api.keytool.inbox.at_work import AtWork
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.entries import Signers, open_entry, why_not
from mustshare_api.keytool.inbox.filling import MESSAGES, open_desk
from mustshare_api.keytool.inbox.overview import (
    Line,
    Overview,
    Standing,
    load_overview,
    standing,
)
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.opened import OpenedMessage
from mustshare_api.keytool.tips.reading import open_listed


def look(home: Home, officer: Officer, today: date) -> "Looked":
    """A desk to read and write at. The folder is to be locked.

    Raises:
        Refusal, MustShareError: as `open_desk`.
    """
    stood = standing(home, today)
    overview = load_overview(home, officer, stood)
    if overview is not None:
        lines = {line.tip_id: line for line in overview.lines}
        signers = Signers.of(home, officer)
        read_ids = set(home.load(home.opened_ids, list[str], []))
        refused = dict(overview.refused)
        return Glance(home, officer, today, overview, stood, lines, signers, read_ids, refused)
    desk = open_desk(home, officer, today)
    desk.keep_overview()
    return desk


@dataclass(slots=True)
class Glance(AtWork):
    """What an officer has before them, as the overview tells it."""

    home: Home
    officer: Officer
    today: date
    kept: Overview
    stood: Standing
    lines: dict[str, Line]
    signers: Signers
    read_ids: set[str]
    refused: dict[str, str]
    shelf: dict[str, list[IndexEntry]] = field(default_factory=dict[str, list[IndexEntry]])
    states: dict[str, DeskState] = field(default_factory=dict[str, DeskState])
    filed: dict[str, list[Filed]] = field(default_factory=dict[str, list[Filed]])
    tips: dict[str, TipEntry | None] = field(default_factory=dict[str, TipEntry | None])
    put: set[str] = field(default_factory=set[str])
    moved: int = 0

    def close(self) -> None:
        """As a desk's; there is nothing to give back."""

    def lives(self, tip_id: str) -> bool:
        """Whether a tip is known here and is not gone."""
        return tip_id in self.lines

    def living(self) -> Iterable[Line]:
        """The tips that are not gone."""
        return self.lines.values()

    def written_on(self) -> list[str]:
        """The tips on which some officer wrote."""
        return [tip_id for tip_id, line in self.lines.items() if line.summary is not None]

    def summary_of(self, tip_id: str) -> Summary:
        """What a tip's entries come to, in short."""
        line = self.lines.get(tip_id)
        return (line.summary if line else None) or UNWRITTEN

    def about_tip(self, tip_id: str) -> About:
        """What a tip is about; nothing, where its first message did not open."""
        line = self.lines.get(tip_id)
        return line.topic if line else About()

    def abouts(self) -> dict[str, About]:
        """What each tip is about."""
        return {tip_id: line.topic for tip_id, line in self.lines.items()}

    def case_slugs(self) -> Mapping[str, str]:
        """The slugs of the cases that are known here, by id."""
        return self.kept.slugs

    def unread_of(self, tip_id: str) -> int:
        """How many of its reporter's messages were not read here."""
        line = self.lines.get(tip_id)
        return sum(one not in self.read_ids for one in line.from_reporter) if line else 0

    def refused_listed(self) -> int:
        """How many listed objects could not be opened."""
        return len(self.refused)

    def shelf_of(self, tip_id: str) -> list[IndexEntry]:
        """The objects that are listed of a tip."""
        if tip_id not in self.shelf:
            self.shelf[tip_id] = load_objects_of(self.home, tip_id)
        return self.shelf[tip_id]

    def messages_of(self, tip: TipEntry) -> list[OpenedMessage]:
        """The messages of a tip, opened and verified anew."""
        entries = [e for e in self._here(tip.tip_id) if e.kind in MESSAGES]
        if not entries:
            return []
        directory = kept_directory(self.home) if self.home.directory.exists() else None
        opened = open_listed(self.home, tip, entries, self.officer.seeds(), directory)
        self.refused.update(opened.refused)
        return opened.messages

    @override
    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to, opened and verified anew."""
        if tip_id not in self.states:
            line = self.lines.get(tip_id)
            tip = self.tip_of(tip_id) if line and line.summary else None
            self.filed[tip_id] = self._opened(tip) if tip else []
            self.states[tip_id] = fold(self.filed[tip_id])
        return self.states[tip_id]

    @override
    def tip_of(self, tip_id: str) -> TipEntry | None:
        """A tip as last heard of."""
        if tip_id not in self.tips:
            self.tips[tip_id] = load_tip(self.home, tip_id)
        return self.tips[tip_id]

    @override
    def take(self, tip: TipEntry, object_id: str, entry: Entry) -> None:
        """Counts an entry that was just put into the outbox."""
        self.state_of(tip.tip_id)
        filed = self.filed[tip.tip_id]
        filed.append(Filed(object_id, entry))
        state = self.states[tip.tip_id] = fold(filed)
        line = self.lines[tip.tip_id]
        self.lines[tip.tip_id] = replace(line, summary=Summary.of(state))

    @override
    def move(self, tip: TipEntry) -> None:
        """Counts a step of a tip that was just saved."""
        self.moved += 1
        line = self.lines[tip.tip_id]
        self.lines[tip.tip_id] = replace(
            line, state=tip.state, steps=tip.steps, expires_on=tip.expires_on
        )

    @override
    def keep(self) -> None:
        """Nothing: the register takes what waits in when it is next opened."""

    @override
    def overview(self) -> Overview:
        """What lists need of this desk."""
        return replace(self.kept, lines=list(self.lines.values()))

    def _opened(self, tip: TipEntry) -> list[Filed]:
        seeds, found = self.officer.seeds(), list[Filed]()
        for object_id, file in self._entry_files(tip.tip_id).items():
            try:
                entry, _ = open_entry(file, object_id, tip, seeds, self.signers)
            except (CannotOpen, Malformed) as refused:
                self.refused[object_id] = refused.code
                continue
            if (why := why_not(entry, self.signers, self.today)) is not None:
                self.refused[object_id] = why
            else:
                found.append(Filed(object_id, entry))
        return found

    def _entry_files(self, tip_id: str) -> dict[str, Path]:
        """Where a tip's entries lie, waiting to be sent or synced, by their ids."""
        waiting = [each for each in outbox.outgoing(self.home) if each.tip_id == tip_id]
        synced = [e for e in self._here(tip_id) if e.kind == Kind.DESK_ENTRY]
        return {each.object_id: each.file for each in waiting} | {
            entry.object_id: self.home.sealed(entry.object_id) for entry in synced
        }

    def _here(self, tip_id: str) -> list[IndexEntry]:
        """The listed objects of a tip that are here."""
        return [e for e in self.shelf_of(tip_id) if self.home.sealed(e.object_id).exists()]


Looked: TypeAlias = Desk | Glance
"""A desk that was opened whole, or at a glance: it reads and writes the same."""

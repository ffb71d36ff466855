"""Brings the desk up to what is on this machine.

    1. sources    the messages and entries that are here: synced, and waiting to be sent
    2. forget     what the register has and nothing here has any more
    3. open       what the register lacks, each object once in its life
    4. keep       the register, sealed, if anything changed

All offline. What cannot be opened is told by id and tried again next time: a directory that
lists its signer may come with the next sync.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

import msgspec

from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import Filed, decode_entry
from mustshare_api.domain.message import Message, TipBody, encode_message
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.directories import kept_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_index, load_tips
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.at_desk import About
from mustshare_api.keytool.inbox.desk import Desk, words_of_entry
from mustshare_api.keytool.inbox.entries import Signers, open_entry, why_not
from mustshare_api.keytool.inbox.overview import standing
from mustshare_api.keytool.inbox.register import Part, file_of, load_register
from mustshare_api.keytool.staff_door.wire import IndexEntry
from mustshare_api.keytool.tips.opened import OpenedMessage
from mustshare_api.keytool.tips.reading import open_listed

MESSAGES: Final = frozenset({Kind.TIP, Kind.FOLLOW_UP_FROM_REPORTER, Kind.FOLLOW_UP_FROM_STAFF})
_HEADLINE_CHARS: Final = 160
_NOT_WORDS: Final = frozenset({"type", "sent_at", "signed_by", "attachments", "language"})


def open_desk(home: Home, officer: Officer, today: date, *, rebuild: bool = False) -> Desk:
    """Takes the four steps. The folder is to be locked.

    Args:
        home: the officer's folder.
        officer: whose keys open it.
        today: the Bangkok day.
        rebuild: whether to make the register anew, as if there were none.

    Raises:
        Refusal: `home.malformed`, `register.no_search`, a disk that is full.
        MustShareError: the kept directory is not to be believed.
    """
    named: dict[str, str] = {}
    if rebuild:
        with closing(load_register(home, officer)) as before:
            named = before.cases()  # no sealed object here says these again
        file_of(home).unlink(missing_ok=True)
    stood = standing(home, today)
    tips = load_tips(home)
    shelf: dict[str, list[IndexEntry]] = defaultdict(list)
    for entry in load_index(home).values():
        shelf[entry.tip_id].append(entry)
    read_ids = set(home.load(home.opened_ids, list[str], []))
    signers, register = Signers.of(home, officer), load_register(home, officer)
    register.name_cases(named)
    desk = Desk(home, officer, today, tips, shelf, register, signers, read_ids, stood)
    _Filling(desk, officer.seeds()).run()
    desk.keep()
    return desk


def bring_up(home: Home, officer: Officer, today: date) -> None:
    """Has the register say what is here now: after a sync that deleted something.

    Raises:
        Refusal, MustShareError: as `open_desk`.
    """
    with closing(open_desk(home, officer, today)) as desk:
        desk.keep_overview()


def words_of(message: Message) -> str:
    """What a message is found by: every text in it, whatever field it stands in."""
    fields = msgspec.to_builtins(message)
    return "\n".join(_texts({k: v for k, v in fields.items() if k not in _NOT_WORDS}))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in cast("dict[str, object]", value).values():
                yield from _texts(each)
        case list():
            for each in cast("list[object]", value):
                yield from _texts(each)
        case _:
            return


@dataclass(frozen=True, slots=True)
class _Filling:
    """One run, step by step."""

    desk: Desk
    seeds: Mapping[bytes, bytes]

    def run(self) -> None:
        """Steps 1 to 3."""
        register = self.desk.register
        listed = self._listed()
        files = self._entry_files(listed)
        known = register.object_ids()
        register.remove(known - listed.keys() - files.keys())
        self._open_messages(e for i, e in listed.items() if i not in known)
        new = {i: where for i, where in files.items() if i not in known}
        register.add(self._opened_entries(new))
        for part in register.parts_of_kind(Kind.DESK_ENTRY):
            entry = decode_entry(part.content)
            if (why := why_not(entry, self.desk.signers, self.desk.today)) is not None:
                self.desk.refused[part.object_id] = why
                continue
            filed = Filed(part.object_id, entry)
            self.desk.entries.setdefault(part.tip_id, []).append(filed)

    def _listed(self) -> dict[str, IndexEntry]:
        """What is sealed here of tips that live, by id."""
        wanted, here = MESSAGES | {Kind.DESK_ENTRY}, self.desk.home.sealed_ids()
        return {
            entry.object_id: entry
            for tip_id, entries in self.desk.shelf.items()
            if self.desk.lives(tip_id)
            for entry in entries
            if entry.kind in wanted and entry.object_id in here
        }

    def _entry_files(self, listed: Mapping[str, IndexEntry]) -> dict[str, tuple[str, Path]]:
        """Whose desk an entry is on and where it lies, by its id."""
        waiting = {
            each.object_id: (each.tip_id, each.file)
            for each in outbox.outgoing(self.desk.home)
            if self.desk.lives(each.tip_id)
        }
        return waiting | {
            entry.object_id: (entry.tip_id, self.desk.home.sealed(entry.object_id))
            for entry in listed.values()
            if entry.kind == Kind.DESK_ENTRY
        }

    def _open_messages(self, entries: Iterable[IndexEntry]) -> None:
        home = self.desk.home
        by_tip: dict[str, list[IndexEntry]] = defaultdict(list)
        for entry in entries:
            if entry.kind in MESSAGES:
                by_tip[entry.tip_id].append(entry)
        directory = kept_directory(home) if by_tip and home.directory.exists() else None
        self.desk.register.add(self._opened_messages(by_tip, directory))

    def _opened_messages(
        self, by_tip: Mapping[str, list[IndexEntry]], directory: Directory | None
    ) -> Iterator[tuple[Part, str]]:
        for tip_id, found in by_tip.items():
            tip = self.desk.tips[tip_id]
            opened = open_listed(self.desk.home, tip, found, self.seeds, directory)
            self.desk.refused.update(opened.refused)
            for each in opened.messages:
                if isinstance(each.message, TipBody):
                    self.desk.register.describe(tip_id, _about(each.message))
                yield _part_of(tip_id, each), words_of(each.message)

    def _opened_entries(
        self, files: Mapping[str, tuple[str, Path]]
    ) -> Iterator[tuple[Part, str]]:
        signers = self.desk.signers
        for object_id, (tip_id, file) in files.items():
            tip = self.desk.tips[tip_id]
            try:
                entry, content = open_entry(file, object_id, tip, self.seeds, signers)
            except (CannotOpen, Malformed) as refused:
                self.desk.refused[object_id] = refused.code
                continue
            author = signers.name_of(entry.signed_by)
            part = Part(object_id, tip_id, Kind.DESK_ENTRY, author, content)
            yield part, words_of_entry(entry)


def _part_of(tip_id: str, opened: OpenedMessage) -> Part:
    return Part(
        opened.object_id,
        tip_id,
        opened.kind,
        opened.author,
        encode_message(opened.message),
        opened.server_sealed,
    )


def _about(tip: TipBody) -> About:
    headline = " ".join(tip.text.split())[:_HEADLINE_CHARS]
    return About(tip.category, tip.campaign, tip.place, headline, tip.case)

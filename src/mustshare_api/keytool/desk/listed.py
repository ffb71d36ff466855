"""What the staff door last said of tips and objects, in one file of the officer's folder.

    listed.db
    tips      each as it was believed, and whether its reporter's key is disputed
    objects   each as the index has it, and whether the copy here is known to be that
    facts     since when to ask for changes, and the tags of what was answered
    left      tips that are listed no more, for their reporters' keys
    generation    a number that every change of tips and objects moves

A hundred thousand of each are looked up and changed one by one; a file that is read and written
whole would cost seconds for every letter that comes in. SQLite makes a change whole or leaves
it undone, whenever the power goes. What is deleted is overwritten with zeros.

Nothing in it was opened: ids, days, sizes, keys of reporters. It is 0600 as every file here.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed_layout import (
    GENERATION,
    SCHEMA,
    VERSION,
    Feed,
    connected,
    named,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Listed:
    """The file, opened. Changes are made within `changing`."""

    file: Path
    database: sqlite3.Connection

    @classmethod
    @contextmanager
    def opened(cls, home: Home) -> Generator[Self]:
        """The list of a folder, made if there is none yet.

        Raises:
            Refusal: `home.malformed`, `file.cannot_write`.
        """
        with named(home.listed), closing(connected(home.listed)) as database:
            listed = cls(home.listed, database)
            listed._begin(home)
            yield listed

    @contextmanager
    def changing(self) -> Generator[None]:
        """All that is changed in the block, or nothing of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def tips(self) -> Iterator[TipEntry]:
        """Every tip, by id."""
        return self._each(TipEntry, "SELECT told FROM tips ORDER BY tip_id")

    def tip(self, tip_id: str) -> TipEntry | None:
        """One tip."""
        question = "SELECT told FROM tips WHERE tip_id = ?"
        return next(self._each(TipEntry, question, tip_id), None)

    def tips_from(self, beginning: str, most: int) -> list[TipEntry]:
        """The first tips, by id, whose ids begin so."""
        question = "SELECT told FROM tips WHERE tip_id >= ? AND tip_id < ? LIMIT ?"
        return list(self._each(TipEntry, question, beginning, f"{beginning}g", most))

    def generation(self) -> int:
        """Another number than at any time when a tip or an object was other than now."""
        number: int = self.database.execute("SELECT number FROM generation").fetchone()[0]
        return number

    def left(self, tip_id: str) -> TipEntry | None:
        """A tip that is listed no more, as it was believed when it was."""
        question = "SELECT told FROM left_tips WHERE tip_id = ?"
        return next(self._each(TipEntry, question, tip_id), None)

    def leave_tip(self, tip: TipEntry, day: date) -> None:
        """Takes a tip off the list; one that lived is remembered for its reporter's key."""
        self.database.execute("DELETE FROM tips WHERE tip_id = ?", (tip.tip_id,))
        if tip.bundle is not None:
            self.database.execute(
                "INSERT OR REPLACE INTO left_tips VALUES (?, ?, ?)",
                (tip.tip_id, msgspec.msgpack.encode(tip), day.isoformat()),
            )

    def forget_left(self, before: date) -> None:
        """Forgets the tips that left before a day."""
        self.database.execute("DELETE FROM left_tips WHERE left_on < ?", (before.isoformat(),))

    def has_object(self, object_id: str) -> bool:
        """Whether an object is listed."""
        question = "SELECT 1 FROM objects WHERE object_id = ?"
        return self.database.execute(question, (object_id,)).fetchone() is not None

    def disputed(self) -> list[str]:
        """The tips for which the door names a key that nothing leads to."""
        rows = self.database.execute("SELECT tip_id FROM tips WHERE disputed ORDER BY tip_id")
        return [tip_id for (tip_id,) in rows]

    def objects(self) -> Iterator[IndexEntry]:
        """Every object, by id."""
        return self._each(IndexEntry, "SELECT told FROM objects ORDER BY object_id")

    def objects_of(self, tip_id: str) -> list[IndexEntry]:
        """The objects on a tip."""
        question = "SELECT told FROM objects WHERE tip_id = ? ORDER BY object_id"
        return list(self._each(IndexEntry, question, tip_id))

    def wanted(self) -> list[IndexEntry]:
        """The objects of which no copy here is known to be as listed."""
        question = "SELECT told FROM objects WHERE NOT here ORDER BY object_id"
        return list(self._each(IndexEntry, question))

    def counts(self) -> tuple[int, int]:
        """How many tips there are, and how many objects are here."""
        counted: tuple[int, int] = self.database.execute(
            "SELECT tips, objects - (SELECT count(*) FROM objects WHERE NOT here) FROM counts"
        ).fetchone()
        return counted

    def put_tip(self, tip: TipEntry, *, disputed: bool = False) -> None:
        """A tip as it is believed now."""
        self.database.execute(
            "INSERT INTO tips VALUES (?, ?, ?) ON CONFLICT (tip_id) DO UPDATE"
            " SET told = excluded.told, disputed = excluded.disputed",
            (tip.tip_id, msgspec.msgpack.encode(tip), disputed),
        )

    def put_objects(self, entries: Iterable[IndexEntry]) -> None:
        """Objects as the door lists them; those that are others than before are wanted."""
        self.database.executemany(
            "INSERT INTO objects VALUES (?, ?, ?, 0) ON CONFLICT (object_id) DO UPDATE"
            " SET tip_id = excluded.tip_id, told = excluded.told, here = 0"
            " WHERE told <> excluded.told",
            (
                (entry.object_id, entry.tip_id, msgspec.msgpack.encode(entry))
                for entry in entries
            ),
        )

    def want_all(self) -> None:
        """Every copy is to be looked at again."""
        self.database.execute("UPDATE objects SET here = 0")

    def mark_here(self, object_ids: Sequence[str]) -> None:
        """The copies of these are as listed."""
        self.database.executemany(
            "UPDATE objects SET here = 1 WHERE object_id = ?", ((one,) for one in object_ids)
        )

    def drop_objects(self, object_ids: Iterable[str]) -> None:
        """These are listed no more."""
        self.database.executemany(
            "DELETE FROM objects WHERE object_id = ?", ((one,) for one in object_ids)
        )

    def feed(self) -> Feed | None:
        """Where the last sync ended; None before the first."""
        rows = self.database.execute("SELECT told FROM facts WHERE name = 'feed'")
        return next((self._read(told, Feed) for (told,) in rows), None)

    def synced_on(self) -> date | None:
        """The day of the last sync that came to its end."""
        rows = self.database.execute("SELECT told FROM facts WHERE name = 'synced_on'")
        return next((self._read(told, date) for (told,) in rows), None)

    def put_synced_on(self, day: date) -> None:
        """That a sync came to its end."""
        self.database.execute(
            "INSERT OR REPLACE INTO facts VALUES ('synced_on', ?)",
            (msgspec.msgpack.encode(day),),
        )

    def put_feed(self, feed: Feed) -> None:
        """Where this sync ended."""
        self.database.execute(
            "INSERT OR REPLACE INTO facts VALUES ('feed', ?)", (msgspec.msgpack.encode(feed),)
        )

    def _begin(self, home: Home) -> None:
        """Makes the tables, and takes over what a tool of before kept in two JSON files."""
        self.database.execute("PRAGMA secure_delete = ON")
        self.database.execute("PRAGMA synchronous = FULL")
        (version,) = self.database.execute("PRAGMA user_version").fetchone()
        if version not in range(VERSION + 1):
            raise Refusal("home.malformed", path=str(self.file))
        if version < VERSION:
            with self.changing():
                self._make(version, home)
                self.database.execute(f"PRAGMA user_version = {VERSION}")
        for file in (home.old_tips, home.old_index):
            file.unlink(missing_ok=True)

    def _make(self, version: int, home: Home) -> None:
        for statement in (*(SCHEMA if version == 0 else ()), *GENERATION):
            self.database.execute(statement)
        self.database.execute("INSERT INTO generation VALUES (?)", (secrets.randbits(62),))
        if version == 0:
            for tip in home.load(home.old_tips, list[TipEntry], []):
                self.put_tip(tip)
            self.put_objects(home.load(home.old_index, list[IndexEntry], []))

    def _each(self, kind: type[_Told], question: str, *values: str | int) -> Iterator[_Told]:
        for (told,) in self.database.execute(question, values):
            yield self._read(told, kind)

    def _read(self, told: bytes, kind: type[_Told]) -> _Told:
        try:
            return msgspec.msgpack.decode(told, type=kind)
        except (msgspec.MsgspecError, TypeError):
            raise Refusal("home.malformed", path=str(self.file)) from None


def load_tips(home: Home) -> dict[str, TipEntry]:
    """The tips as last heard of, by id."""
    if not _is_there(home):
        return {}
    with Listed.opened(home) as listed:
        return {tip.tip_id: tip for tip in listed.tips()}


def load_tip(home: Home, tip_id: str) -> TipEntry | None:
    """One tip as last heard of."""
    if not _is_there(home):
        return None
    with Listed.opened(home) as listed:
        return listed.tip(tip_id)


def load_tips_from(home: Home, beginning: str, most: int) -> list[TipEntry]:
    """The tips whose ids begin so, at most that many."""
    if not _is_there(home):
        return []
    with Listed.opened(home) as listed:
        return listed.tips_from(beginning, most)


def load_objects_of(home: Home, tip_id: str) -> list[IndexEntry]:
    """The objects on a tip as last heard of."""
    if not _is_there(home):
        return []
    with Listed.opened(home) as listed:
        return listed.objects_of(tip_id)


def save_tip(home: Home, tip: TipEntry) -> None:
    """A tip as it is believed now."""
    with Listed.opened(home) as listed, listed.changing():
        listed.put_tip(tip)


def load_synced_on(home: Home) -> date | None:
    """The day of the last sync that came to its end."""
    if not _is_there(home):
        return None
    with Listed.opened(home) as listed:
        return listed.synced_on()


def load_index(home: Home) -> dict[str, IndexEntry]:
    """The objects as last heard of, by id."""
    if not _is_there(home):
        return {}
    with Listed.opened(home) as listed:
        return {entry.object_id: entry for entry in listed.objects()}


def _is_there(home: Home) -> bool:
    """Whether anything was heard of: looking makes no file."""
    return any(file.exists() for file in (home.listed, home.old_tips, home.old_index))

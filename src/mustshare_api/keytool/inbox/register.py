"""The register: what this officer has opened, in SQLite in memory; on disk only sealed, whole.

    register.sealed --open--> image of a database --deserialize--> memory
    memory --serialize--> image --seal (crypto.register)--> register.sealed, in one rename

SQLite never has a file here, so it has no journal, no temporary file and no cache that holds a
passage in clear. Docs/decisions/0014 says what was weighed. The register is a copy of what the
sealed objects say and no more: one that is missing, changed or of another layout is made again
from them, at the cost of opening each once.

Searching takes a trigram index, as Thai has no spaces between its words: three letters anywhere
find them. The index narrows down and `instr` decides; for one or two letters it decides alone.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.register import open_register, seal_register
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.inbox.at_desk import About
from mustshare_api.keytool.inbox.folding import folded
from mustshare_api.keytool.inbox.register_layout import LAYOUT, SCHEMA, check_sqlite

FILE_NAME: Final = "register.sealed"

_SIZE_LIMIT_BYTES: Final = 1 << 31
_GRAM: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One opened message or desk entry; without an `author`, an officer, a reporter's."""

    object_id: str
    tip_id: str
    kind: int
    author: str | None
    content: bytes
    server_sealed: bool = False


class Register:
    """The database in memory, and whether it says something that the file does not."""

    def __init__(self, image: bytes | None = None) -> None:
        """An empty one, or that of an image.

        Raises:
            CannotOpen: `register.malformed`, the image is of another layout.
            Refusal: `register.no_search`, this machine's SQLite cannot do it.
        """
        check_sqlite()
        self._sql = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.is_changed = image is None
        if image is None:
            self._sql.executescript(SCHEMA)
        else:
            self._sql.deserialize(image)
        # What is sorted or deleted may be words: nothing of it goes to a temporary file.
        self._sql.executescript("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON")
        if self._layout() != LAYOUT:
            self.close()
            raise CannotOpen("register.malformed")

    def close(self) -> None:
        """Gives the memory back."""
        self._sql.close()

    def image(self) -> bytes:
        """All of it."""
        return self._sql.serialize()

    def object_ids(self) -> set[str]:
        """What is in it."""
        return {row[0] for row in self._sql.execute("SELECT object_id FROM parts")}

    def add(self, parts: Iterable[tuple[Part, str]]) -> None:
        """Adds opened parts, each with the text that it is found by."""
        with self._transaction():
            for part, text in parts:
                self._add(part, folded(text))

    def describe(self, tip_id: str, about: About) -> None:
        """Sets what a tip is about."""
        self._sql.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?, ?, ?, ?, ?)",
            (tip_id, *msgspec.structs.astuple(about)),
        )
        self.is_changed = True

    def name_cases(self, slugs: Mapping[str, str]) -> None:
        """Remembers the slugs of cases, by id; one that has another by now has that."""
        if slugs.items() <= self.cases().items():
            return
        with self._transaction():
            self._sql.executemany("INSERT OR REPLACE INTO cases VALUES (?, ?)", slugs.items())
        self.is_changed = True

    def cases(self) -> dict[str, str]:
        """The slugs of the cases that are known here, by id."""
        return dict(self._sql.execute("SELECT page_id, slug FROM cases ORDER BY slug, page_id"))

    def remove(self, object_ids: Iterable[str]) -> None:
        """Takes parts out, and a tip with its last one; nothing of them stays in free pages."""
        with self._transaction():
            for object_id in object_ids:
                self._remove(object_id)
            self._sql.execute(
                "DELETE FROM about WHERE tip_id NOT IN (SELECT tip_id FROM parts)"
            )
        if self.is_changed:
            # An index keeps what was deleted from it until its pieces are merged.
            self._sql.execute("INSERT INTO grams (grams) VALUES ('optimize')")

    def tips_of(self, object_ids: Iterable[str]) -> Iterator[str]:
        """Whose objects these are."""
        question = "SELECT tip_id FROM parts WHERE object_id = ?"
        for object_id in object_ids:
            yield from (row[0] for row in self._sql.execute(question, (object_id,)))

    def parts_of(self, tip_id: str) -> list[Part]:
        """All that was opened of a tip."""
        rows = self._sql.execute(
            "SELECT object_id, tip_id, kind, author, server_sealed, content"
            " FROM parts WHERE tip_id = ?",
            (tip_id,),
        )
        return [_part(row) for row in rows]

    def parts(self, object_ids: Iterable[str]) -> Iterator[Part]:
        """These parts, of those that are there."""
        for object_id in object_ids:
            row = self._sql.execute(
                "SELECT object_id, tip_id, kind, author, server_sealed, content"
                " FROM parts WHERE object_id = ?",
                (object_id,),
            ).fetchone()
            if row is not None:
                yield _part(row)

    def parts_of_kind(self, kind: int) -> Iterator[Part]:
        """All parts of a kind, whatever their tip."""
        rows = self._sql.execute(
            "SELECT object_id, tip_id, kind, author, server_sealed, content"
            " FROM parts WHERE kind = ?",
            (kind,),
        )
        return (_part(row) for row in rows)

    def about_tip(self, tip_id: str) -> About:
        """What one tip is about; nothing, where its first message did not open."""
        row = self._sql.execute(
            "SELECT category, campaign, place, headline, case_slug FROM about WHERE tip_id = ?",
            (tip_id,),
        ).fetchone()
        return About(*row) if row else About()

    def about(self) -> dict[str, About]:
        """What each tip is about."""
        rows = self._sql.execute(
            "SELECT tip_id, category, campaign, place, headline, case_slug FROM about"
        )
        return {row[0]: About(*row[1:]) for row in rows}

    def find(self, words: Sequence[str]) -> list[str]:
        """The ids of the parts that hold all of these words, as folded; none finds nothing."""
        wanted = [word for word in words if word]
        if not wanted:
            return []
        grams = {w[n : n + _GRAM] for w in wanted for n in range(len(w) - _GRAM + 1)}
        query = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        narrowed = (
            self._sql.execute("SELECT rowid FROM grams WHERE grams MATCH ?", (query,))
            if grams
            else self._sql.execute("SELECT number FROM parts")
        )
        return [i for (number,) in narrowed.fetchall() if (i := self._holds(number, wanted))]

    def _holds(self, number: int, wanted: Sequence[str]) -> str | None:
        row = self._sql.execute(
            "SELECT object_id, folded FROM parts WHERE number = ?", (number,)
        ).fetchone()
        return row[0] if all(word in row[1] for word in wanted) else None

    def _add(self, part: Part, text: str) -> None:
        added = self._sql.execute(
            "INSERT OR IGNORE INTO parts (object_id, tip_id, kind, author, server_sealed,"
            " content, folded) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                part.object_id,
                part.tip_id,
                part.kind,
                part.author,
                part.server_sealed,
                part.content,
                text,
            ),
        )
        if added.rowcount:
            row = (added.lastrowid, text)
            self._sql.execute("INSERT INTO grams (rowid, folded) VALUES (?, ?)", row)
            self.is_changed = True

    def _remove(self, object_id: str) -> None:
        row = self._sql.execute(
            "SELECT number, folded FROM parts WHERE object_id = ?", (object_id,)
        ).fetchone()
        if row is not None:
            self._sql.execute(
                "INSERT INTO grams (grams, rowid, folded) VALUES ('delete', ?, ?)", row
            )
            self._sql.execute("DELETE FROM parts WHERE number = ?", row[:1])
            self.is_changed = True

    def _transaction(self) -> sqlite3.Connection:
        self._sql.execute("BEGIN")
        return self._sql  # as a context manager it commits, or rolls back

    def _layout(self) -> int:
        layout: int = self._sql.execute("PRAGMA user_version").fetchone()[0]
        return layout


def _part(row: tuple[str, str, int, str | None, int, bytes]) -> Part:
    object_id, tip_id, kind, author, server_sealed, content = row
    return Part(object_id, tip_id, kind, author, content, bool(server_sealed))


def file_of(home: Home) -> Path:
    """Where the sealed register is."""
    return home.path / FILE_NAME


def load_register(home: Home, officer: Officer) -> Register:
    """The register as it was kept; an empty one where there is none that opens."""
    file = file_of(home)
    if not file.exists():
        return Register()
    try:
        octets = read_bytes(file, _SIZE_LIMIT_BYTES)
        return Register(open_register(octets, officer.case_seeds))
    except CannotOpen:
        return Register()


def save_register(home: Home, officer: Officer, register: Register) -> None:
    """Writes the register, sealed, if it says something that the file does not.

    Raises:
        Refusal: `file.cannot_write`; the old one then stays.
    """
    if register.is_changed:
        write_bytes(file_of(home), seal_register(register.image(), officer.case_seed))
        register.is_changed = False

"""How the list of tips and objects is laid out, and how its file is opened."""

import contextlib
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.keytool.desk.home import make_folder
from mustshare_api.keytool.refusal import Refusal

VERSION: Final = 2
_MAGIC: Final = b"SQLite format 3\0"
SCHEMA: Final = (
    "CREATE TABLE tips (tip_id TEXT PRIMARY KEY, told BLOB NOT NULL, disputed INT NOT NULL)",
    """
    CREATE TABLE objects (object_id TEXT PRIMARY KEY, tip_id TEXT NOT NULL, told BLOB NOT NULL,
                          here INT NOT NULL)
    """,
    "CREATE INDEX tips_disputed ON tips (tip_id) WHERE disputed",
    "CREATE INDEX objects_of_a_tip ON objects (tip_id)",
    "CREATE INDEX objects_wanted ON objects (object_id) WHERE NOT here",
    "CREATE TABLE facts (name TEXT PRIMARY KEY, told BLOB NOT NULL)",
    # Counting a hundred thousand rows takes longer than a sync with nothing new.
    "CREATE TABLE counts (tips INT NOT NULL, objects INT NOT NULL)",
    "INSERT INTO counts VALUES (0, 0)",
    """CREATE TRIGGER more_tips AFTER INSERT ON tips
       BEGIN UPDATE counts SET tips = tips + 1; END""",
    """CREATE TRIGGER more_objects AFTER INSERT ON objects
       BEGIN UPDATE counts SET objects = objects + 1; END""",
    """CREATE TRIGGER fewer_objects AFTER DELETE ON objects
       BEGIN UPDATE counts SET objects = objects - 1; END""",
)
GENERATION: Final = (
    # What was made from an earlier list than this one is known by it: not even a list that
    # was begun anew comes to a number that another had.
    "CREATE TABLE generation (number INT NOT NULL)",
    """CREATE TRIGGER fewer_tips AFTER DELETE ON tips
       BEGIN UPDATE counts SET tips = tips - 1; END""",
    """
    CREATE TABLE left_tips (tip_id TEXT PRIMARY KEY, told BLOB NOT NULL, left_on TEXT NOT NULL)
    """,
    """CREATE TRIGGER tip_back AFTER INSERT ON tips
       BEGIN DELETE FROM left_tips WHERE tip_id = NEW.tip_id; END""",
    """CREATE TRIGGER tip_came AFTER INSERT ON tips
       BEGIN UPDATE generation SET number = number + 1; END""",
    """CREATE TRIGGER tip_changed AFTER UPDATE ON tips
       BEGIN UPDATE generation SET number = number + 1; END""",
    """CREATE TRIGGER tip_went AFTER DELETE ON tips
       BEGIN UPDATE generation SET number = number + 1; END""",
    """CREATE TRIGGER object_came AFTER INSERT ON objects
       BEGIN UPDATE generation SET number = number + 1; END""",
    """CREATE TRIGGER object_changed AFTER UPDATE OF tip_id, told ON objects
       BEGIN UPDATE generation SET number = number + 1; END""",
    """CREATE TRIGGER object_went AFTER DELETE ON objects
       BEGIN UPDATE generation SET number = number + 1; END""",
)


class KnownPage(msgspec.Struct, frozen=True):
    """A page of changes that was taken in: its cursor, its tag, and the cursor of the next."""

    after: str
    tag: str
    next: str | None


class Feed(msgspec.Struct, frozen=True):
    """Since which day to ask, what was answered, and when everything was compared last."""

    since: date
    compared_on: date
    pages: tuple[KnownPage, ...] = ()


def connected(file: Path) -> sqlite3.Connection:
    """The file, made if there is none yet.

    Raises:
        Refusal: `file.cannot_write`; `home.malformed`, it is no such file.
    """
    try:
        make_folder(file.parent)
        with contextlib.suppress(FileExistsError):
            # SQLite would make it as the umask says, and its journal like it.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with file.open("rb") as stream:
            begins = stream.read(len(_MAGIC))
    except OSError as failed:
        reason = failed.strerror or "?"
        raise Refusal("file.cannot_write", path=str(file), reason=reason) from None
    if begins not in {b"", _MAGIC}:
        # SQLite would take a file that was cut off for a new one, and write over it.
        raise Refusal("home.malformed", path=str(file))
    return sqlite3.connect(file, isolation_level=None, timeout=10)


@contextmanager
def named(file: Path) -> Generator[None]:
    """SQLite's failures by our names: a disk that is full, a file that is none of its own."""
    try:
        yield
    except sqlite3.OperationalError as failed:
        reason = failed.sqlite_errorname.removeprefix("SQLITE_").lower()
        raise Refusal("file.cannot_write", path=str(file), reason=reason) from None
    except sqlite3.DatabaseError:
        raise Refusal("home.malformed", path=str(file)) from None

"""How the register's database is laid out, and what SQLite it takes."""

import sqlite3
from contextlib import closing
from typing import Final

from mustshare_api.keytool.refusal import Refusal

LAYOUT: Final = 2
"""Of another layout a register is made again from the sealed objects."""

_OLDEST_SQLITE: Final = (3, 36)
"""The first one that has both the trigram tokenizer and `serialize` as a matter of course."""

SCHEMA: Final = """
PRAGMA page_size = 16384;
PRAGMA user_version = 2;
CREATE TABLE parts (
    number integer PRIMARY KEY,
    object_id text NOT NULL UNIQUE,
    tip_id text NOT NULL,
    kind integer NOT NULL,
    author text,
    server_sealed integer NOT NULL,
    content blob NOT NULL,
    folded text NOT NULL
);
CREATE INDEX parts_of_tip ON parts (tip_id);
CREATE INDEX parts_of_kind ON parts (kind);
CREATE TABLE about (
    tip_id text PRIMARY KEY,
    category text,
    campaign text,
    place text,
    headline text NOT NULL,
    case_slug text
);
CREATE TABLE cases (
    page_id text PRIMARY KEY,
    slug text NOT NULL
);
CREATE VIRTUAL TABLE grams USING fts5 (
    folded, content = 'parts', content_rowid = 'number',
    tokenize = 'trigram case_sensitive 1', detail = none
);
"""


def check_sqlite() -> None:
    """A SQLite of 2021 or later, that has full-text search and images of a database.

    Raises:
        Refusal: `register.no_search`.
    """
    with closing(sqlite3.connect(":memory:")) as sql:
        options = {row[0] for row in sql.execute("PRAGMA compile_options")}
    if (
        sqlite3.sqlite_version_info < _OLDEST_SQLITE
        or "ENABLE_FTS5" not in options
        or not hasattr(sqlite3.Connection, "deserialize")
    ):
        raise Refusal("register.no_search")

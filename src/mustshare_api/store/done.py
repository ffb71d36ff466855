"""What an officer had done lately, so that whoever repeats a request is told that it was.

    mark    SHA-256 over the officer's name, the act, what it is about, and a digest of exactly
            what was asked for

A request whose answer was lost is sent again, and by then the tip stands elsewhere, or is a
tombstone, or the draft is gone. Without a mark the officer would be told that somebody else was
there before. It is written in the transaction that does the act, and found only by the same
officer asking for the very same; it says nothing that the audit log does not. A week later
nobody repeats it any more, and it goes.
"""

import hashlib
from datetime import date, timedelta
from typing import Final

from mustshare_api.store.database import Connection

KEPT: Final = timedelta(days=7)
"""As long as a proposal is good: an officer's machine may be away for as long."""


def mark_of(officer: str, act: str, subject: bytes, digest: bytes = b"") -> bytes:
    """The mark of an act by an officer."""
    told = f"mustshare/v1 done\n{officer}\n{act}\n{subject.hex()}\n{digest.hex()}\n"
    return hashlib.sha256(told.encode()).digest()


async def keep_done(connection: Connection, today: date, *marks: bytes) -> None:
    """Remember that these were done."""
    await connection.execute(
        """
        INSERT INTO done (mark, done_on) SELECT unnest($1::bytea[]), $2
        ON CONFLICT (mark) DO UPDATE SET done_on = excluded.done_on
        """,
        *(list(marks), today),
    )


async def was_done(connection: Connection, mark: bytes) -> bool:
    """Whether it was, within a week or so."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM done WHERE mark = $1)", mark
    )
    return found


async def forget_done(connection: Connection, *marks: bytes) -> None:
    """Undo the marks of what has begun anew."""
    await connection.execute("DELETE FROM done WHERE mark = ANY ($1::bytea[])", list(marks))


async def sweep_done(connection: Connection, today: date) -> None:
    """Delete what nobody repeats any more."""
    await connection.execute("DELETE FROM done WHERE done_on <= $1", today - KEPT)

"""What is new for a staff tool since a day, page by page, with as little asked as can be.

    1. cursor    where the page before ended: opaque, checked, of one version and one `since`
    2. tips      the next that changed
    3. objects   the next that came or were sealed to other keys
    4. log       how the audit log stands, and which directory is in force

The fourth is so that one answer, or one "not modified", settles a whole sync: a tool that is
told of the tree head it has verified before need not ask for proofs again.

A cursor holds ids and days that its reader was told anyway, so its checksum is no secret; it
keeps a cursor that was cut, typed or sent with another `since` from skipping what it should
have led through.
"""

import base64
import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from mustshare_api.clock import bangkok_day
from mustshare_api.errors import Malformed
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.changes import Place
from mustshare_api.store.rows import IndexEntry, Reach
from mustshare_api.store.tips import TipRow
from mustshare_api.store.walking import Walked

PAGE_MOST: Final = 2000
"""Tips, and objects, of one page: a newsroom's year in one answer of 4 MiB."""

TOLD_FOR: Final = timedelta(days=80)
"""For so long a feed tells of every tip that is gone: a tombstone stays for 90 days."""

_VERSION: Final = 1
_ID_BYTES: Final = 16
_CURSOR: Final = struct.Struct(f">BBI{_ID_BYTES}sI{_ID_BYTES}s")
_CHECK_BYTES: Final = 8
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{67}")
_TIPS_LEFT: Final = 1
_OBJECTS_LEFT: Final = 2


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where both walks stand; None for one that has ended."""

    tips: Place | None
    objects: Place | None

    def encode(self, since: date) -> str:
        """As it travels."""
        left = _TIPS_LEFT * bool(self.tips) + _OBJECTS_LEFT * bool(self.objects)
        places = [_packed(place) for place in (self.tips, self.objects)]
        octets = _CURSOR.pack(_VERSION, left, *places[0], *places[1])
        return base64.urlsafe_b64encode(octets + _check(octets, since)).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str, since: date) -> Self:
        """Reads one that was given out for this `since`.

        Raises:
            Malformed: `cursor.malformed`.
        """
        if _TEXT.fullmatch(text) is None:
            raise Malformed("cursor.malformed")
        octets = base64.urlsafe_b64decode(text + "=")
        body = octets[: _CURSOR.size]
        version, left, *places = _CURSOR.unpack(body)
        if version != _VERSION or octets[_CURSOR.size :] != _check(body, since):
            raise Malformed("cursor.malformed")
        try:
            tips, objects = _place(*places[:2]), _place(*places[2:])
        except (ValueError, OverflowError):  # no such day, by a little or by far
            raise Malformed("cursor.malformed") from None
        made = cls(
            tips if left & _TIPS_LEFT else None, objects if left & _OBJECTS_LEFT else None
        )
        if made.encode(since) != text or not (made.tips or made.objects):
            raise Malformed("cursor.malformed")
        return made


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes.

    Attributes:
        on: the Bangkok day by this service's clock.
        complete: whether every tip that is gone since that day is still told of.
        log: how many leaves the audit log has, and its root.
        directory: the digest of the one in force.
        following: the cursor of the next page.
    """

    on: date
    complete: bool
    tips: Sequence[TipRow]
    objects: Sequence[IndexEntry]
    log: tuple[int, bytes]
    directory: bytes
    following: str | None


async def changes(
    bench: Workbench, reach: Reach, since: date, after: str | None, limit: int
) -> Changes:
    """A page of what changed on `since` or later.

    Raises:
        Malformed: `cursor.malformed`.
        Unavailable: no directory in force.
    """
    start = Place(since)
    cursor = Cursor(start, start) if after is None else Cursor.parse(after, since)
    log = await bench.audit.store.head()
    tips: Walked[TipRow, Place] = Walked((), None)
    if cursor.tips:
        tips = await bench.changes.tips(reach, cursor.tips, limit)
    objects: Walked[IndexEntry, Place] = Walked((), None)
    if cursor.objects:
        objects = await bench.changes.objects(reach, cursor.objects, limit)
    following = Cursor(tips.place, objects.place) if tips.place or objects.place else None
    today = bangkok_day(bench.clock.now())
    return Changes(
        on=today,
        complete=since >= today - TOLD_FOR,
        tips=tips.rows,
        objects=objects.rows,
        log=log,
        directory=bench.directory.current().digest,
        following=following.encode(since) if following else None,
    )


def _check(octets: bytes, since: date) -> bytes:
    told = b"mustshare/v1 cursor" + since.isoformat().encode() + octets
    return hashlib.sha256(told).digest()[:_CHECK_BYTES]


def _packed(place: Place | None) -> tuple[int, bytes]:
    return (place.day.toordinal(), place.row_id) if place else (1, b"")


def _place(day: int, row_id: bytes) -> Place:
    return Place(date.fromordinal(day), row_id)

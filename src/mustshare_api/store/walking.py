"""Walks over tips in the order of an index, for somebody who may hold few of them.

    look      at the next tips, each with whether it is within reach (`shown`): more at a time
              as long as hardly any is
    enough    a quarter of a page, the end, or `_LOOKED_MOST` tips looked at
    place     where the next page goes on: behind the last tip that is shown, or, behind the
              tips that were passed over, at a place that names none of them

Whoever holds all of what is there gets a page for one statement. Whoever holds ten of a million
gets pages that may be empty, each after about as long as the next: no request goes through a
whole store. The place behind tips that were passed over is rounded down to the first octet of
an id where that leads on at all. It tells that there is something further on, and nothing else.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, Self, TypeVar

_LOOK_MOST: Final = 2000
"""Tips that one statement looks at where it has found none that is held: some 50 ms."""

_LOOKED_MOST: Final = 20_000
"""Tips that are looked at for one page: half a second, and a million in fifty pages."""

_ENOUGH: Final = 4
"""The part of a page that is worth answering with: the rest may lie far off."""

_ID_BYTES: Final = 16


class _Ordered(Protocol):
    def __lt__(self, other: Self, /) -> bool: ...


_R = TypeVar("_R")
_P = TypeVar("_P", bound=_Ordered)

Found = dict[str, Any]
"""A row as it was looked at, with `shown`."""


@dataclass(frozen=True, slots=True)
class Walked(Generic[_R, _P]):
    """A page of rows, and where to go on; None at the end."""

    rows: Sequence[_R]
    place: _P | None


@dataclass(frozen=True, slots=True)
class Way(Generic[_P]):
    """How one walk goes.

    Attributes:
        look: the next rows behind a place, at most so many.
        place_of: where a row stands.
        short_of: a place behind the first and before the second that tells little of either.
    """

    look: Callable[[_P, int], Awaitable[list[Found]]]
    place_of: Callable[[Found], _P]
    short_of: Callable[[_P, _P], _P]

    async def walked(self, after: _P, limit: int) -> Walked[Found, _P]:
        """Up to `limit` rows that are shown. None of them, and a place, is no end."""
        held: list[Found] = []
        at, most, looked = after, limit, 0
        while True:
            rows = await self.look(at, most)
            held += [row for row in rows if row["shown"]]
            if len(rows) < most and len(held) <= limit:
                return Walked(held, None)
            if len(held) * _ENOUGH >= limit:
                shown = held[:limit]
                return Walked(shown, self.place_of(shown[-1]))
            at, looked = self.place_of(rows[-1]), looked + most
            if looked >= _LOOKED_MOST:
                places = [self.short_of(after, at), *map(self.place_of, held[-1:])]
                return Walked(held, max(places))
            most = max(limit, min(most * 4, _LOOK_MOST))


def short_of(after: bytes, row_id: bytes) -> bytes:
    """A place behind `after` and before an id, which tells no more of the id than it must."""
    places = (_before(row_id[:told]) for told in range(1, _ID_BYTES + 1))
    return next((place for place in places if place > after), row_id)


def _before(beginning: bytes) -> bytes:
    """The place just before every id that begins so: none is left out."""
    first = int.from_bytes(beginning.ljust(_ID_BYTES, b"\0"))
    return (first - 1).to_bytes(_ID_BYTES) if first else b""

"""What a reporter chose to have kept of a picture: by default nothing at all.

    keep: location   where it was taken, as the camera noted it: coarse (about 1 km) or exact
    keep: time       when, by the camera's own clock
    keep: original   the file as it came, sealed beside the stripped one and flagged
    first_frame      of a file that holds several pictures, the first instead of a refusal

A choice is part of what was asked: the same picture under the same id with another choice is
another request, or a retry would acknowledge what nobody kept.

    octets, 4:  location 0 none, 1 coarse, 2 exact | time 0, 1 | original 0, 1 | first 0, 1
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mustshare_api.errors import Malformed

CHOICE_BYTES: Final = 4
_LOCATIONS: Final = (None, "coarse", "exact")


class Part(StrEnum):
    """What can be kept."""

    LOCATION = "location"
    TIME = "time"
    ORIGINAL = "original"


class Closeness(StrEnum):
    """How much of a position is kept."""

    COARSE = "coarse"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Choice:
    """A reporter's choice for one picture."""

    location: Closeness | None = None
    time: bool = False
    original: bool = False
    first_frame: bool = False

    def encode(self) -> bytes:
        """Four octets."""
        location = _LOCATIONS.index(self.location.value if self.location else None)
        return bytes([location, self.time, self.original, self.first_frame])


KEEP_NOTHING: Final = Choice()


def choose(
    parts: Collection[Part], closeness: Closeness | None, *, first_frame: bool
) -> Choice:
    """A choice as front ends say it. A position is coarse unless "exact" was said.

    Raises:
        Malformed: a part twice, or a closeness without a position to keep.
    """
    wanted = frozenset(parts)
    if len(wanted) != len(parts) or (closeness and Part.LOCATION not in wanted):
        raise Malformed("choice.malformed")
    location = (closeness or Closeness.COARSE) if Part.LOCATION in wanted else None
    return Choice(location, Part.TIME in wanted, Part.ORIGINAL in wanted, first_frame)


def parse_choice(octets: bytes) -> Choice:
    """The choice that `Choice.encode` wrote.

    Raises:
        Malformed: it did not write this.
    """
    if len(octets) != CHOICE_BYTES or octets[0] >= len(_LOCATIONS) or max(octets[1:]) > 1:
        raise Malformed("choice.malformed")
    location = _LOCATIONS[octets[0]]
    return Choice(Closeness(location) if location else None, *map(bool, octets[1:]))

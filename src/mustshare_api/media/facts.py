"""What a reporter chose to keep from a picture: where it was taken, when, or nothing.

Read by the child before anything is stripped, handed back as numbers in a fixed record and
checked again by the parent, so that a taken-over decoder can lie about a place or a time and
do nothing more. Default: nothing is kept.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite

NEAR_DECIMALS = 2
"""A hundredth of a degree is 1.1 km of latitude: the town, not the house."""

_TIME = re.compile(rb"[12][0-9]{3}:[01][0-9]:[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9]")
_OFFSET = re.compile(rb"[+-][01][0-9]:[0-5][0-9]")


class Precision(IntEnum):
    """How much of a position is kept; the number goes to the child on the wire."""

    NONE = 0
    NEAR = 1
    EXACT = 2


@dataclass(frozen=True, slots=True)
class Keep:
    """The reporter's choice for one picture."""

    location: Precision = Precision.NONE
    time: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What was kept. Degrees are WGS 84; the time is the camera's own, often without zone."""

    latitude: float | None = None
    longitude: float | None = None
    taken_at: str | None = None
    utc_offset: str | None = None


def together(
    where: tuple[float, float] | None, when: str | None, utc_offset: str | None
) -> Facts:
    """What was kept, as one record."""
    latitude, longitude = where or (None, None)
    return Facts(latitude, longitude, when, utc_offset)


KEEP_NOTHING = Keep()
NO_FACTS = Facts()


def place(latitude: float, longitude: float, keep: Precision) -> tuple[float, float] | None:
    """A position at the chosen precision, or None when it is none on this earth."""
    if keep is Precision.NONE or not (isfinite(latitude) and isfinite(longitude)):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        return None
    if keep is Precision.NEAR:
        return round(latitude, NEAR_DECIMALS), round(longitude, NEAR_DECIMALS)
    return latitude, longitude


def moment(octets: bytes) -> str | None:
    """An EXIF time such as `2026:11:23 05:48:22` in ISO 8601, or None unless it is one."""
    if not _TIME.fullmatch(octets):
        return None
    text = octets.decode("ascii")
    return f"{text[:10].replace(':', '-')}T{text[11:]}"


def offset(octets: bytes) -> str | None:
    """An EXIF offset such as `+07:00`, or None unless it is one."""
    return octets.decode("ascii") if _OFFSET.fullmatch(octets) else None

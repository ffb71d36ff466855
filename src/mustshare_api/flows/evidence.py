"""From a reporter's choice to what staff read: facts of a picture, sealed in its name.

    choice --> Keep for the child --> Facts, checked by range --> fields of AttachmentName

A camera may write a thirteenth month, or a zone that no clock has. What no reader would
accept is dropped here: refusing the picture for it would punish the reporter for their camera.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mustshare_api.domain.evidence import KEEP_NOTHING, Choice, Closeness, Part
from mustshare_api.media.facts import KEEP_NOTHING as READ_NOTHING
from mustshare_api.media.facts import Facts, Keep, Precision

LABEL_CHOICE: Final = b"mustshare/v1 choice"
LABEL_ORIGINAL: Final = b"mustshare/v1 original"

PRECISION_M: Final = {Closeness.COARSE: 1_000, Closeness.EXACT: 10}
"""Coarse is a hundredth of a degree. Exact is what a phone's receiver manages in the open."""

_PRECISIONS: Final = {
    None: Precision.NONE,
    Closeness.COARSE: Precision.NEAR,
    Closeness.EXACT: Precision.EXACT,
}
_ZONE: Final = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found of that which the reporter chose, in the form that staff get."""

    latitude: float | None = None
    longitude: float | None = None
    location_precision_m: int | None = None
    taken_at: str | None = None
    utc_offset: str | None = None

    def parts(self, choice: Choice) -> tuple[str, ...]:
        """What the answer says was kept: nothing that the picture did not hold."""
        found = {
            Part.LOCATION: self.latitude is not None,
            Part.TIME: self.taken_at is not None,
            Part.ORIGINAL: choice.original,
        }
        return tuple(part.value for part, there in found.items() if there)


def keep_of(choice: Choice) -> Keep:
    """What the child is asked to read."""
    if choice == KEEP_NOTHING:
        return READ_NOTHING
    return Keep(_PRECISIONS[choice.location], choice.time)


def kept_of(facts: Facts, choice: Choice) -> Kept:
    """What of a child's facts staff can be given."""
    there = choice.location is not None and facts.latitude is not None
    taken_at = _real(facts.taken_at) if choice.time else None
    return Kept(
        latitude=facts.latitude if there else None,
        longitude=facts.longitude if there else None,
        location_precision_m=PRECISION_M[choice.location]
        if there and choice.location
        else None,
        taken_at=taken_at,
        utc_offset=_zone(facts.utc_offset) if taken_at else None,
    )


def _real(taken_at: str | None) -> str | None:
    try:
        datetime.fromisoformat(taken_at or "")
    except ValueError:
        return None
    return taken_at


def _zone(utc_offset: str | None) -> str | None:
    return utc_offset if utc_offset and _ZONE.fullmatch(utc_offset) else None


def asked(original_sha256: bytes, choice: Choice) -> bytes:
    """The digest of a whole request: a file, and what to keep of it."""
    if choice == KEEP_NOTHING:
        return original_sha256
    return hashlib.sha256(LABEL_CHOICE + choice.encode() + original_sha256).digest()


def original_id(object_id: bytes) -> bytes:
    """The id of the original beside a picture: the same at every retry."""
    return hashlib.sha256(LABEL_ORIGINAL + object_id).digest()[: len(object_id)]

"""Several sealed objects in one body, one after another.

    +-----------+----------+-----------+----------+-----
    | length    | octets   | length    | octets   | ...
    | u32 BE    |          | u32 BE    |          |
    +-----------+----------+-----------+----------+-----

Nothing between frames and nothing after the last, so a body that was cut off is seen to be.
Refused, always as `frames.malformed`: no frame at all, too many, an empty one, one that is
longer than what it may hold, and anything short.
"""

import struct
from collections.abc import Iterable
from typing import Final

from mustshare_api.errors import Malformed

_LENGTH: Final = struct.Struct(">I")
LENGTH_BYTES: Final = _LENGTH.size


def framed(octets: bytes) -> bytes:
    """One frame."""
    return _LENGTH.pack(len(octets)) + octets


def joined(objects: Iterable[bytes]) -> bytes:
    """The frames of these, in their order."""
    return b"".join(framed(octets) for octets in objects)


def read(body: bytes, *, most: int, limit_bytes: int) -> list[bytes]:
    """What the frames of a whole body hold: one to `most`, each of up to `limit_bytes`.

    Raises:
        Malformed: `frames.malformed`.
    """
    found: list[bytes] = []
    at = 0
    while at < len(body):
        start = at + LENGTH_BYTES
        if start > len(body) or len(found) == most:
            raise Malformed("frames.malformed")
        (length,) = _LENGTH.unpack_from(body, at)
        at = start + length
        if not 0 < length <= limit_bytes or at > len(body):
            raise Malformed("frames.malformed")
        found.append(body[start:at])
    if not found:
        raise Malformed("frames.malformed")
    return found

"""Reads a WebP: what it holds beside the picture, and the chunks that draw.

    RIFF size WEBP | VP8X flags | ICCP | ANIM ANMF ... | ALPH | VP8 or VP8L | EXIF | XMP | rest

The decoder is shown VP8X with every flag but transparency cleared, ALPH, and the one bit
stream. Only an animation, of which the reporter said that the first frame will do, goes in
whole: its frames refer to one another.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import WebPImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_HEAD_BYTES = 12
_ALPHA_FLAG = 0x10
_MAX_CHUNKS = 10_000
_DRAWS = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_KINDS = {b"ANIM": Kind.ANIMATION, b"ANMF": Kind.ANIMATION, b"XMP ": Kind.XMP}


@dataclass(slots=True)
class _Parts:
    """What a walk over the chunks gathered."""

    draws: list[bytes | memoryview] = field(default_factory=list[bytes | memoryview])
    found: set[Kind] = field(default_factory=set[Kind])
    beside: exif.Exif = field(default_factory=exif.Exif)
    profile: bytes | None = None
    is_lossless: bool = False


def read(octets: bytes, order: Order) -> Source:
    """Opens the picture of a WebP without decoding it.

    Raises:
        Refused: It is animated and the reporter did not say that one frame is enough.
    """
    parts = _walk(octets)
    drawn = b"".join(parts.draws)
    if Kind.ANIMATION not in parts.found:
        shown = b"RIFF" + (len(drawn) + 4).to_bytes(4, "little") + b"WEBP" + drawn
    elif order.first_frame:
        shown = octets
    else:
        raise Refused(Outcome.ANIMATED)
    return Source(
        WebPImagePlugin.WebPImageFile(io.BytesIO(shown)),
        len(drawn),
        parts.found | parts.beside.kinds(),
        parts.beside.orientation,
        parts.profile,
        parts.is_lossless,
        facts=parts.beside.facts(order.keep),
    )


def _walk(octets: bytes) -> _Parts:
    parts, view = _Parts(), memoryview(octets)
    end = 8 + int.from_bytes(octets[4:8], "little")
    if octets[end + end % 2 :]:
        parts.found.add(Kind.TRAILING_DATA)
    for name, start, stop in _chunks(octets, min(end, len(octets))):
        if name in _DRAWS:
            parts.draws.append(view[start:stop])
            parts.is_lossless = parts.is_lossless or name == b"VP8L"
            continue
        body = octets[start + 8 : stop]
        if name == b"VP8X":
            flags = (body[0] & _ALPHA_FLAG).to_bytes(4, "little")
            parts.draws += [view[start : start + 8], flags, body[4:]]
        elif name == b"ICCP":
            parts.profile = body
            parts.found.add(Kind.PROFILE)
        elif name == b"EXIF":
            parts.beside = exif.read(body.removeprefix(b"Exif\0\0"))
        else:
            parts.found.add(_KINDS.get(name, Kind.OTHER))
    return parts


def _chunks(octets: bytes, until: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk, head and padding included."""
    at = _HEAD_BYTES
    for _ in range(_MAX_CHUNKS):
        if at + 8 > until:
            return
        length = int.from_bytes(octets[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        yield octets[at : at + 4], at, min(end, until)
        at = end

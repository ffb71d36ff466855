"""Reads a JPEG: what it holds beside the picture, and the segments that draw.

    FFD8 | FFE1 len EXIF | FFE2 len ICC | ... | FFDA len | scan ... | FFD9 | anything

The decoder is shown a copy with only the segments that draw (tables, frame, scans, and the
two that say how colours are coded), cut at the first picture's end. Thumbnails, second
pictures, films behind the end, broken EXIF and half a megabyte of XMP never reach it.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import JpegImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP11, _APP13, _APP14 = 0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DRAWS = _FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD}
"""Frames, and DHT, DAC, SOS, DQT, DNL, DRI."""
_BARE = frozenset(range(0xD0, 0xD9)) | {0x01}
_MARKER = re.compile(rb"\xff[\x01-\xfe]")
_IN_SCAN = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
_SOI = b"\xff\xd8"
_JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
_ICC = b"ICC_PROFILE\0"
_ADOBE_BYTES = 12
_MAX_SEGMENTS = 20_000
"""Extended XMP of a gigabyte would fit; a file of empty segments is not walked for minutes."""

_MAX_SCANS = 100
"""Encoders use ten; each costs a pass over all pixels, however short it is."""


@dataclass(slots=True)
class _Parts:
    """What a walk over the segments gathered."""

    draws: list[bytes | memoryview] = field(default_factory=lambda: [_SOI])
    found: set[Kind] = field(default_factory=set[Kind])
    beside: exif.Exif = field(default_factory=exif.Exif)
    profile: dict[int, bytes] = field(default_factory=dict[int, bytes])
    scans: int = 0


def read(octets: bytes, order: Order) -> Source:
    """Opens the first picture of a JPEG without decoding it.

    Raises:
        Refused: It is drawn in more passes than any encoder makes.
    """
    parts = _walk(octets)
    drawn = b"".join(parts.draws)
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(drawn))
    return Source(
        image,
        len(drawn),
        parts.found | parts.beside.kinds(),
        parts.beside.orientation,
        b"".join(parts.profile[at] for at in sorted(parts.profile)) or None,
        facts=parts.beside.facts(order.keep),
    )


def _walk(octets: bytes) -> _Parts:
    parts, view = _Parts(), memoryview(octets)
    for marker, start, end in _segments(octets):
        if marker == _EOI:
            parts.draws.append(b"\xff\xd9")
            if octets[end:].strip(b"\0\xff"):
                parts.found.add(Kind.TRAILING_DATA)
        elif marker in _DRAWS:
            parts.scans += marker == _SOS
            if parts.scans > _MAX_SCANS:
                raise Refused(Outcome.UNDECODABLE)
            parts.draws.append(view[start:end])
        else:
            _note(parts, marker, octets[start + 4 : end])
    return parts


def _segments(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to the first end of image.

    A scan's octets belong to its SOS. Junk between segments is passed over, as decoders do.
    """
    at = 2
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.search(octets, at)
        if not found:
            return
        at = found.start()
        marker = octets[at + 1]
        if marker == _EOI:
            yield marker, at, at + 2
            return
        if marker in _BARE:
            at += 2
            continue
        end = at + 2 + int.from_bytes(octets[at + 2 : at + 4], "big")
        if marker == _SOS:
            scan = _IN_SCAN.search(octets, end)
            end = scan.start() if scan else len(octets)
        yield marker, at, end
        at = end


def _note(parts: _Parts, marker: int, body: bytes) -> None:
    """Takes in a segment that draws nothing: what kind it is, and the three that matter."""
    if marker == _APP0:
        _note_app0(parts, body)
    elif marker == _APP1 and body.startswith(b"Exif\0"):
        if not parts.beside.main.entries:
            parts.beside = exif.read(body[6:])
    elif marker == _APP2 and body.startswith(_ICC):
        parts.found.add(Kind.PROFILE)
        parts.profile.setdefault(body[12] if len(body) > len(_ICC) else 0, body[14:])
    elif marker == _APP14 and body.startswith(b"Adobe") and len(body) >= _ADOBE_BYTES:
        parts.draws.append(b"\xff\xee\x00\x0e" + body[:_ADOBE_BYTES])
    else:
        parts.found.add(_kind_of(marker, body))


def _note_app0(parts: _Parts, body: bytes) -> None:
    if body.startswith(b"JFIF\0"):
        parts.draws.append(_JFIF)
        if body[12:14].strip(b"\0"):
            parts.found.add(Kind.THUMBNAIL)
    else:
        parts.found.add(Kind.THUMBNAIL if body.startswith(b"JFXX\0") else Kind.OTHER)


def _kind_of(marker: int, body: bytes) -> Kind:
    if marker == _COM:
        return Kind.COMMENT
    if marker == _APP1 and body.startswith(b"http://ns.adobe.com/x"):
        return Kind.XMP
    if marker == _APP2 and body.startswith(b"MPF\0"):
        return Kind.SECOND_PICTURE
    if marker == _APP13 and body.startswith(b"Photoshop"):
        return Kind.IPTC
    return Kind.PROVENANCE if marker == _APP11 else Kind.OTHER

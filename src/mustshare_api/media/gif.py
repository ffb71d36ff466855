"""Reads a GIF: what it holds beside the picture, and the blocks that draw its first frame.

    screen, palette | 21 FE comment | 21 FF application | 21 F9 control | 2C frame ... | 3B

The decoder is shown the screen, its palette, the first frame with its control block, and the
end. Comments, applications' data, later frames and whatever follows never reach it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import GifImagePlugin

from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_SCREEN_BYTES = 13
_FRAME_BYTES = 10
_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT, _APPLICATION, _TEXT = 0xF9, 0xFE, 0xFF, 0x01
_MAX_STEPS = 1_000_000
"""Blocks of 255 octets, of a file as large as may come, four times over."""

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(slots=True)
class _Parts:
    """What a walk over the blocks gathered."""

    draws: list[bytes]
    found: set[Kind] = field(default_factory=set[Kind])
    frames: int = 0
    control: bytes = b""


def read(octets: bytes, order: Order) -> Source:
    """Opens the first picture of a GIF without decoding it.

    Raises:
        Refused: It has several and the reporter did not say that one is enough.
    """
    parts = _walk(octets)
    if parts.frames > 1:
        if not order.first_frame:
            raise Refused(Outcome.ANIMATED)
        parts.found.add(Kind.ANIMATION)
    drawn = b"".join(parts.draws) + b";"
    image = GifImagePlugin.GifImageFile(io.BytesIO(drawn))
    return Source(image, len(drawn), parts.found, lossless=True)


def _walk(octets: bytes) -> _Parts:
    head = _SCREEN_BYTES + _palette_bytes(octets[10:11])
    parts = _Parts([octets[:head]])
    for block, start, end in _blocks(octets, head):
        if block == _END:
            if octets[end:].strip(b"\0"):
                parts.found.add(Kind.TRAILING_DATA)
        elif block == _FRAME:
            parts.frames += 1
            if parts.frames == 1:
                parts.draws += [parts.control, octets[start:end]]
        else:
            _note(parts, octets[start:end])
    return parts


def _note(parts: _Parts, block: bytes) -> None:
    label = block[1]
    if label == _CONTROL:
        parts.control = block
    elif label == _COMMENT:
        parts.found.add(Kind.COMMENT)
    elif label == _TEXT:
        parts.found.add(Kind.TEXT)
    elif not block[3:14].startswith(_LOOPS):
        is_xmp = label == _APPLICATION and block[3:14] == b"XMP DataXMP"
        parts.found.add(Kind.XMP if is_xmp else Kind.OTHER)


def _blocks(octets: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Sort, start and end of each block up to the end block; a cut or unknown one ends it."""
    steps = _MAX_STEPS
    while at + 1 < len(octets) and steps:
        steps -= 1
        block, start = octets[at], at
        if block == _EXTENSION:
            at += 2
        elif block == _FRAME:
            at += _FRAME_BYTES + _palette_bytes(octets[at + 9 : at + 10]) + 1
        else:
            break
        while at < len(octets) and octets[at] and steps:
            at += 1 + octets[at]
            steps -= 1
        at += 1
        yield block, start, at
    if octets[at : at + 1] == b";":
        yield _END, at, at + 1


def _palette_bytes(flags: bytes) -> int:
    """How long the palette is that a screen's or frame's flags announce."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0

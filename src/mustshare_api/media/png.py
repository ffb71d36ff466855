"""Reads a PNG: what it holds beside the picture, and the chunks that draw.

    signature | IHDR | PLTE tRNS | iCCP eXIf tEXt zTXt iTXt ... | IDAT ... | IEND | anything

The decoder is shown a copy with IHDR, PLTE, tRNS, the IDATs and IEND alone. Compressed text
is not inflated at all; a colour profile is, up to the size that real ones have.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import PngImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_SIGNATURE_BYTES = 8
_DRAWS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT"})
_HARMLESS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"hIST"})
_MAX_PROFILE_BYTES = 4 << 20
_MAX_CHUNKS = 100_000
_IEND = b"\0\0\0\0IEND\xaeB`\x82"

_KINDS = {
    b"tEXt": Kind.TEXT, b"zTXt": Kind.TEXT, b"iTXt": Kind.TEXT, b"tIME": Kind.TIME,
    b"iCCP": Kind.PROFILE, b"caBX": Kind.PROVENANCE, b"acTL": Kind.ANIMATION,
    b"fcTL": Kind.ANIMATION, b"fdAT": Kind.ANIMATION, b"sPLT": Kind.OTHER,
}  # fmt: skip


@dataclass(slots=True)
class _Parts:
    """What a walk over the chunks gathered."""

    draws: list[bytes | memoryview]
    found: set[Kind] = field(default_factory=set[Kind])
    beside: exif.Exif = field(default_factory=exif.Exif)
    profile: bytes | None = None
    frames: int = 1
    data_bytes: int = 0


def read(octets: bytes, order: Order) -> Source:
    """Opens the picture of a PNG without decoding it.

    Raises:
        Refused: It is animated and the reporter did not say that one frame is enough.
    """
    parts = _walk(octets)
    if parts.frames > 1 and not order.first_frame:
        raise Refused(Outcome.ANIMATED)
    image = PngImagePlugin.PngImageFile(io.BytesIO(b"".join(parts.draws)))
    return Source(
        image,
        parts.data_bytes,
        parts.found | parts.beside.kinds(),
        parts.beside.orientation,
        parts.profile,
        lossless=True,
        facts=parts.beside.facts(order.keep),
    )


def _walk(octets: bytes) -> _Parts:
    parts, view = _Parts([octets[:_SIGNATURE_BYTES]]), memoryview(octets)
    for name, start, end in _chunks(octets):
        if name == b"IEND":
            parts.draws.append(_IEND)
            if octets[end:]:
                parts.found.add(Kind.TRAILING_DATA)
        elif name in _DRAWS:
            parts.draws.append(view[start:end])
            parts.data_bytes += (end - start) * (name == b"IDAT")
        elif name not in _HARMLESS:
            _note(parts, name, octets[start + 8 : end - 4])
    return parts


def _chunks(octets: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk, length and CRC included, up to IEND."""
    at, name = _SIGNATURE_BYTES, b""
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(octets) or name == b"IEND":
            return
        end = at + 12 + int.from_bytes(octets[at : at + 4], "big")
        name = octets[at + 4 : at + 8]
        yield name, at, end
        at = end


def _note(parts: _Parts, name: bytes, body: bytes) -> None:
    """Takes in a chunk that draws nothing: what kind it is, and the three that matter."""
    if name == b"eXIf":
        parts.beside = exif.read(body.removeprefix(b"Exif\0\0"))
        return
    if name == b"acTL":
        parts.frames = int.from_bytes(body[:4], "big")
    elif name == b"iCCP":
        parts.profile = _inflated(body.partition(b"\0")[2][1:])
    is_xmp = name == b"iTXt" and body.startswith(b"XML:com.adobe.xmp\0")
    parts.found.add(Kind.XMP if is_xmp else _KINDS.get(name, Kind.OTHER))


def _inflated(octets: bytes) -> bytes | None:
    """A colour profile; None where it is broken or larger than any real one."""
    inflate = zlib.decompressobj()
    try:
        profile = inflate.decompress(octets, _MAX_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if inflate.eof else None

"""Tells what a file is by its first bytes alone.

The type a client claims and the name it gives are never looked at: either may lie, and a
decoder chosen by the sender is a decoder chosen by the attacker. Only magic at offset 0
counts, so a picture hidden behind something else is not a picture.
"""

from enum import IntEnum

SNIFF_BYTES = 64
"""Longest head that is looked at: an ISO `ftyp` box with a dozen compatible brands."""


class Format(IntEnum):
    """A container whose magic is known; the number goes to the child on the wire."""

    JPEG = 1
    PNG = 2
    WEBP = 3
    GIF = 4
    TIFF = 5
    BMP = 6
    AVIF = 7
    HEIC = 8


MEDIA_TYPES = {
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.WEBP: "image/webp",
    Format.GIF: "image/gif",
    Format.TIFF: "image/tiff",
    Format.BMP: "image/bmp",
    Format.AVIF: "image/avif",
    Format.HEIC: "image/heic",
}
"""What each is called, for forms that say what is taken; nothing is told by it."""

_MAGIC = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"II+\x00", Format.TIFF),
    (b"MM\x00+", Format.TIFF),
    (b"BM", Format.BMP),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
)


def sniff(head: bytes) -> Format | None:
    """The format that a file beginning with `head` has, or None for anything not taken."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    return None


def _by_brand(head: bytes) -> Format | None:
    """AVIF and HEIC share a box format; the brands tell which codec is inside."""
    box_bytes = int.from_bytes(head[:4], "big")
    inside = head[16 : min(box_bytes, SNIFF_BYTES)]
    brands = {head[8:12]} | {inside[at : at + 4] for at in range(0, len(inside), 4)}
    if brands & _AVIF_BRANDS:
        return Format.AVIF
    if brands & _HEIC_BRANDS:
        return Format.HEIC
    return None

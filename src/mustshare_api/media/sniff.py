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
    PDF = 9
    MP4 = 10
    MP3 = 11
    OGG = 12
    AMR = 13


FILMS = frozenset({Format.MP4, Format.MP3, Format.OGG, Format.AMR})
"""Video and audio: what is remuxed and not redrawn."""


MEDIA_TYPES = {
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.WEBP: "image/webp",
    Format.GIF: "image/gif",
    Format.TIFF: "image/tiff",
    Format.BMP: "image/bmp",
    Format.AVIF: "image/avif",
    Format.HEIC: "image/heic",
    Format.PDF: "application/pdf",
    Format.MP4: "video/mp4",
    Format.MP3: "audio/mpeg",
    Format.OGG: "audio/ogg",
    Format.AMR: "audio/amr",
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
    (b"%PDF-", Format.PDF),
    (b"ID3", Format.MP3),
    (b"#!AMR", Format.AMR),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
)
_CANON_RAW = b"crx "
_FILM_BRANDS = (
    *(b"iso", b"mp4", b"avc1", b"hvc1", b"qt  ", b"M4A ", b"M4B ", b"M4V", b"3gp", b"3gr"),
    *(b"3gs", b"3g2", b"3ge", b"MSNV", b"f4v ", b"mmp4", b"XAVC"),
)
"""How the brands begin that phones, recorders and messengers write."""

_MP3_VERSIONS = (0xE2, 0xF2, 0xFA)
"""Second octet of a frame of layer III, its checksum bit aside: MPEG 2.5, 2 and 1."""


def sniff(head: bytes) -> Format | None:
    """The format that a file beginning with `head` has, or None for anything not taken."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"OggS" and b"OpusHead" in head:
        return Format.OGG
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xFE in _MP3_VERSIONS:
        return Format.MP3
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
    if head[8:12] == _CANON_RAW:
        return None
    return Format.MP4 if any(brand.startswith(_FILM_BRANDS) for brand in brands) else None

"""JPEGs with a mark in every place that the format has for one.

FFD8 | APPn, COM, tables, fill bytes, junk | FFC0 | FFDA scan | FFD9 | whatever follows
"""

import struct

from tests.pictures import drawn, exif
from tests.pictures.marks import MARK, TEXT

_SOI = b"\xff\xd8"


def plain(**settings: object) -> bytes:
    """The scene without anything beside it but JFIF."""
    return drawn.encoded(drawn.scene(), "JPEG", quality=90, **settings)


def segment(marker: int, body: bytes) -> bytes:
    """A marker segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(octets: bytes, *segments: bytes) -> bytes:
    """A JPEG with segments put in right after its start."""
    return octets[:2] + b"".join(segments) + octets[2:]


def with_exif(octets: bytes, tiff: bytes) -> bytes:
    """A JPEG with EXIF."""
    return with_segments(octets, segment(0xE1, b"Exif\0\0" + tiff))


def before_scan(octets: bytes, extra: bytes) -> bytes:
    """A JPEG with octets put in right before its scan begins."""
    at = octets.index(b"\xff\xda")
    return octets[:at] + extra + octets[at:]


def phone() -> bytes:
    """What a phone sends: position, serial number, maker note, marked thumbnail, profile."""
    thumbnail = with_segments(plain(), segment(0xFE, MARK))
    return with_exif(plain(icc_profile=srgb()), exif.full(thumbnail=thumbnail))


def srgb() -> bytes:
    """An sRGB profile."""
    from PIL import ImageCms  # noqa: PLC0415 - only builders of profiles need lcms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def planted() -> dict[str, tuple[bytes, str | None]]:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    plain_one = plain()
    restarts = plain(restart_marker_blocks=2)
    places = {
        f"app{n}": (with_segments(plain_one, segment(0xE0 + n, b"Own\0" + MARK)), "other")
        for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15)
    }
    return (
        places
        | _segments(plain_one)
        | _exif(plain_one)
        | {
            "after the end": (plain_one + MARK, "trailing_data"),
            "second picture after the end": (plain_one + phone(), "trailing_data"),
            "film after the end": (
                plain_one + b"\0\0\0\x18ftypmp42" + MARK * 50,
                "trailing_data",
            ),
            "end of the scan": (plain_one[:-2] + MARK + b"\xff\xd9", None),
            "junk between segments": (before_scan(plain_one, MARK), None),
            "fill bytes": (before_scan(plain_one, b"\xff" * 40), None),
            "restart intervals": (restarts[:-2] + b"\xff\xd0" + MARK + restarts[-2:], None),
            "comment between scans": (_between_scans(), "comment"),
        }
    )


def _segments(octets: bytes) -> dict[str, tuple[bytes, str | None]]:
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
    more = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40
    block = b"8BIM\x04\x04\0\0" + struct.pack(">L", len(MARK)) + MARK
    profile = srgb()
    marked = profile[:-4] + MARK
    icc = b"ICC_PROFILE\0\x01\x01" + struct.pack(">L", len(marked)) + marked[4:]
    return {
        "comment": (with_segments(octets, segment(0xFE, MARK)), "comment"),
        "second comment": (
            with_segments(octets, segment(0xFE, b"x"), segment(0xFE, MARK)),
            "comment",
        ),
        "xmp": (with_segments(octets, segment(0xE1, xmp)), "xmp"),
        "extended xmp": (
            with_segments(octets, segment(0xE1, xmp), segment(0xE1, more + MARK)),
            "xmp",
        ),
        "icc": (with_segments(octets, segment(0xE2, icc)), "profile"),
        "photoshop": (with_segments(octets, segment(0xED, b"Photoshop 3.0\0" + block)), "iptc"),
        "multi picture": (
            with_segments(octets, segment(0xE2, b"MPF\0II*\0" + MARK)) + octets,
            "second_picture",
        ),
        "flashpix": (with_segments(octets, segment(0xE2, b"FPXR\0" + MARK)), "other"),
        "c2pa": (with_segments(octets, segment(0xEB, b"JP\0\x01jumb" + MARK)), "provenance"),
        "adobe": (
            before_scan(octets, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + MARK)),
            None,
        ),
        "jfif thumbnail": (_jfif_thumbnail(octets), "thumbnail"),
        "jfxx": (with_segments(octets, segment(0xE0, b"JFXX\0\x10" + MARK)), "thumbnail"),
        "unused dqt": (
            before_scan(octets, segment(0xDB, b"\x03" + MARK.ljust(64, b"x"))),
            None,
        ),
        "unused dht": (
            before_scan(
                octets, segment(0xC4, b"\x13" + b"\0" * 7 + b"\x18" + b"\0" * 8 + MARK)
            ),
            None,
        ),
    }


def _exif(octets: bytes) -> dict[str, tuple[bytes, str | None]]:
    thumbnail = with_segments(octets, segment(0xFE, MARK))
    full = exif.full(thumbnail=thumbnail)
    gps = [*exif.BANGKOK_GPS, (0x1C, exif.UNDEFINED, MARK)]
    note = [(0x927C, exif.UNDEFINED, MARK * 9)]
    serial = [(0xA431, exif.ASCII, MARK + b"\0")]
    return {
        "exif": (with_exif(octets, full), "camera"),
        "exif gps": (with_exif(octets, exif.build([], gps=gps)), "location"),
        "exif maker note": (with_exif(octets, exif.build([], camera=note)), "maker_note"),
        "exif serial": (with_exif(octets, exif.build([], camera=serial)), "camera"),
        "exif thumbnail": (with_exif(octets, exif.build([], thumbnail=thumbnail)), "thumbnail"),
        "exif behind its directories": (with_exif(octets, exif.build([]) + MARK), None),
        "second exif": (with_exif(with_exif(octets, full), exif.full()), "location"),
        "broken exif": (with_exif(octets, b"II*\0\xff\xff\xff\x7f" + MARK), None),
        "exif that points at itself": (
            with_exif(octets, b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + TEXT.encode()),
            None,
        ),
    }


def _jfif_thumbnail(octets: bytes) -> bytes:
    body = b"JFIF\0\x01\x01\0\0\x01\0\x01\x08\x01" + MARK
    return octets[:2] + segment(0xE0, body) + octets[20:]


def _between_scans() -> bytes:
    octets = drawn.encoded(drawn.scene(), "JPEG", progressive=True)
    at = octets.index(b"\xff\xda", octets.index(b"\xff\xda") + 2)
    return octets[:at] + segment(0xFE, MARK) + octets[at:]

"""WebP, GIF, TIFF, BMP and AVIF files with a mark in the places that each has for one."""

import struct

from PIL import Image

from tests.pictures import drawn, exif
from tests.pictures.jpegs import srgb
from tests.pictures.marks import MARK, TEXT

XMP = b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
FORMATS = ("WEBP", "GIF", "TIFF", "BMP", "AVIF")


def plain(form: str, **settings: object) -> bytes:
    """The scene in one format."""
    picture = drawn.scene().quantize(256) if form == "GIF" else drawn.scene()
    return drawn.encoded(picture, form, **settings)


def several(form: str) -> bytes:
    """Two pictures in one file."""
    other = Image.new("RGB", drawn.SIZE, (1, 2, 3))
    return drawn.encoded(drawn.scene(), form, save_all=True, append_images=[other])


def planted() -> dict[str, tuple[bytes, str | None]]:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    return _webp() | _gif() | _tiff() | _bmp() | _avif()


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    body = b"".join(
        name + struct.pack("<L", len(octets)) + octets + b"\0" * (len(octets) % 2)
        for name, octets in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body) + 4) + b"WEBP" + body


def _webp() -> dict[str, tuple[bytes, str | None]]:
    octets = plain("WEBP", quality=90)
    stream = octets[20 : 20 + struct.unpack_from("<L", octets, 16)[0]]
    size = (drawn.SIZE[0] - 1).to_bytes(3, "little") + (drawn.SIZE[1] - 1).to_bytes(3, "little")
    extended = (b"VP8X", b"\0\0\0\0" + size)
    return {
        "webp exif": (plain("WEBP", exif=b"Exif\0\0" + exif.full()), "location"),
        "webp xmp": (plain("WEBP", xmp=XMP), "xmp"),
        "webp profile": (plain("WEBP", icc_profile=srgb()[:-30] + MARK + b"\0" * 6), "profile"),
        "webp own chunk": (riff(extended, (b"ABCD", MARK), (b"VP8 ", stream)), "other"),
        "webp chunk behind": (riff(extended, (b"VP8 ", stream), (b"ABCD", MARK)), "other"),
        "webp reserved bits": (
            riff((b"VP8X", b"\x0c\xff\xff\xff" + size), (b"VP8 ", stream)),
            None,
        ),
        "webp after the end": (octets + MARK, "trailing_data"),
        "webp pixels under alpha": (
            _see_through("WEBP", lossless=True, exact=True),
            "transparency",
        ),
    }


def _gif() -> dict[str, tuple[bytes, str | None]]:
    octets = plain("GIF")
    words = bytes([len(MARK)]) + MARK + b"\0"
    head = 13 + 768

    def added(block: bytes) -> bytes:
        return octets[:head] + block + octets[head:]

    return {
        "gif comment": (added(b"!\xfe" + words), "comment"),
        "gif application": (added(b"!\xff\x0bOWNDATA1.00" + words), "other"),
        "gif xmp": (added(b"!\xff\x0bXMP DataXMP" + words), "xmp"),
        "gif text": (added(b"!\x01\x0c" + b"\0" * 12 + words), "text"),
        "gif after the end": (octets + MARK, "trailing_data"),
        "gif behind the stream": (octets[:-2] + words + b";", None),
    }


def _tiff() -> dict[str, tuple[bytes, str | None]]:
    octets = plain("TIFF")
    tags = {270: TEXT, 271: TEXT, 305: TEXT, 315: TEXT, 37510: MARK, 65000: MARK}
    return {
        "tiff tags": (plain("TIFF", tiffinfo=tags), "author"),
        "tiff exif": (plain("TIFF", exif=exif.full()), "location"),
        "tiff xmp": (plain("TIFF", tiffinfo={700: XMP}), "xmp"),
        "tiff photoshop": (plain("TIFF", tiffinfo={34377: b"8BIM" + MARK}), "iptc"),
        "tiff profile": (plain("TIFF", icc_profile=srgb()[:-30] + MARK + b"\0" * 6), "profile"),
        "tiff between": (octets[:-1] + octets[-1:] + MARK, None),
    }


def _bmp() -> dict[str, tuple[bytes, str | None]]:
    octets = plain("BMP")
    at = struct.unpack_from("<L", octets, 10)[0]
    gap = octets[:10] + struct.pack("<L", at + len(MARK)) + octets[14:at] + MARK + octets[at:]
    return {
        "bmp gap": (gap, None),
        "bmp reserved": (octets[:6] + MARK[:4] + octets[10:], None),
        "bmp after the end": (octets + MARK, "trailing_data"),
    }


def _avif() -> dict[str, tuple[bytes, str | None]]:
    octets = plain("AVIF", quality=90)
    box = struct.pack(">L", len(MARK) + 8)
    return {
        "avif exif": (plain("AVIF", exif=exif.full()), "location"),
        "avif xmp": (plain("AVIF", xmp=XMP), "xmp"),
        "avif profile": (plain("AVIF", icc_profile=srgb()[:-30] + MARK + b"\0" * 6), "profile"),
        "avif own box": (octets + box + b"uuid" + MARK, "provenance"),
        "avif free box": (octets + box + b"free" + MARK, None),
        "avif after the end": (octets + MARK, "trailing_data"),
    }


def _see_through(form: str, **settings: object) -> bytes:
    picture = Image.new("RGBA", (8, 1))
    picture.putdata([(*MARK[at : at + 3], 0) for at in range(0, 24, 3)])
    return drawn.encoded(picture, form, **settings)

"""PNGs with a mark in every place that the format has for one."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.pictures import drawn, exif
from tests.pictures.jpegs import srgb
from tests.pictures.marks import MARK

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def plain() -> bytes:
    """The scene as a PNG."""
    return drawn.encoded(drawn.scene(), "PNG")


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk with its length and CRC."""
    return (
        struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))
    )


def chunks(octets: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk."""
    at = len(SIGNATURE)
    while at < len(octets):
        (length,) = struct.unpack_from(">L", octets, at)
        yield octets[at + 4 : at + 8], octets[at + 8 : at + 8 + length]
        at += length + 12


def built(*parts: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks."""
    return SIGNATURE + b"".join(chunk(*part) for part in parts)


def with_chunk(octets: bytes, name: bytes, body: bytes, *, before: bytes = b"IDAT") -> bytes:
    """A PNG with a chunk put in before the first of a given name."""
    parts = list(chunks(octets))
    at = [part[0] for part in parts].index(before)
    return built(*parts[:at], (name, body), *parts[at:])


def header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """An IHDR body."""
    return struct.pack(">2L5B", width, height, depth, colour, 0, 0, 0)


def planted() -> dict[str, tuple[bytes, str | None]]:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    octets = plain()
    squeezed = zlib.compress(MARK * 9)
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0<x>" + MARK + b"</x>"
    marked = srgb()[:-4] + MARK
    profile = struct.pack(">L", len(marked)) + marked[4:]

    def added(name: bytes, body: bytes, before: bytes = b"IDAT") -> bytes:
        return with_chunk(octets, name, body, before=before)

    return {
        "text": (added(b"tEXt", b"Comment\0" + MARK), "text"),
        "text after the data": (added(b"tEXt", b"Comment\0" + MARK, b"IEND"), "text"),
        "compressed text": (added(b"zTXt", b"Comment\0\0" + squeezed), "text"),
        "international text": (added(b"iTXt", b"Title\0\x01\0\0\0" + squeezed), "text"),
        "xmp": (added(b"iTXt", xmp), "xmp"),
        "exif": (added(b"eXIf", exif.full()), "location"),
        "time": (added(b"tIME", b"\x07\xea\x0b\x17\x05\x30\x16"), "time"),
        "profile": (added(b"iCCP", MARK + b"\0\0" + zlib.compress(profile)), "profile"),
        "palette hint": (added(b"sPLT", MARK + b"\0\x08"), "other"),
        "private chunk": (added(b"prVt", MARK), "other"),
        "private chunk after the data": (added(b"prVt", MARK, b"IEND"), "other"),
        "c2pa": (added(b"caBX", b"jumb" + MARK), "provenance"),
        "in the end chunk": (octets[:-12] + chunk(b"IEND", MARK), None),
        "after the end": (octets + MARK, "trailing_data"),
        "picture after the end": (octets + octets, "trailing_data"),
        "behind the zlib stream": (_slack(octets), None),
        "idat after the stream": (added(b"IDAT", MARK, b"IEND"), None),
        "unused palette entries": (_palette(), None),
        "pixels under alpha": (_under_alpha(), "transparency"),
        "pixels under a colour key": (_under_key(), "transparency"),
    }


def _slack(octets: bytes) -> bytes:
    parts = [(name, body + MARK * (name == b"IDAT")) for name, body in chunks(octets)]
    return built(*parts)


def _palette() -> bytes:
    picture = Image.new("P", (8, 8), 0)
    octets = MARK * 10
    picture.putpalette(octets[: 3 * 80])
    return drawn.encoded(picture, "PNG")


def _under_alpha() -> bytes:
    """The mark as the colours of pixels that nobody can see."""
    picture = Image.new("RGBA", (8, 1))
    picture.putdata([(*MARK[at : at + 3], 0) for at in range(0, 24, 3)])
    return drawn.encoded(picture, "PNG")


def _under_key() -> bytes:
    rows = b"\0" + MARK[:3] * 8
    return built(
        (b"IHDR", header(8, 1)),
        (b"tRNS", bytes(v for octet in MARK[:3] for v in (0, octet))),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )

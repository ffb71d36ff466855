"""Builds EXIF as cameras write it: nested directories, a maker note, a thumbnail.

Values longer than four octets are laid behind their directory, as TIFF wants it.
"""

import struct

from tests.pictures.marks import MARK

ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7
Entry = tuple[int, int, bytes]

BANGKOK_GPS: list[Entry] = [
    (1, ASCII, b"N\0"),
    (2, RATIONAL, struct.pack("<6L", 13, 1, 45, 1, 2250, 100)),
    (3, ASCII, b"E\0"),
    (4, RATIONAL, struct.pack("<6L", 100, 1, 30, 1, 450, 100)),
]
"""13.75625 N, 100.50125 E."""


def short(value: int) -> bytes:
    """A SHORT's octets."""
    return struct.pack("<H", value)


def build(
    main: list[Entry],
    *,
    camera: list[Entry] | None = None,
    gps: list[Entry] | None = None,
    thumbnail: bytes = b"",
) -> bytes:
    """A little-endian TIFF structure with the given directories."""
    tail = b""
    start = 8
    sub: list[Entry] = []
    offset = start + _directory_bytes(len(main) + bool(camera) + bool(gps), main)
    for tag, entries in ((0x8769, camera), (0x8825, gps)):
        if entries:
            octets = directory(sorted(entries), offset)
            sub.append((tag, LONG, struct.pack("<L", offset)))
            tail += octets
            offset += len(octets)
    following = 0
    if thumbnail:
        following = offset
        at = offset + _directory_bytes(2, [])
        pair = [(0x0201, LONG, struct.pack("<L", at))]
        pair.append((0x0202, LONG, struct.pack("<L", len(thumbnail))))
        tail += directory(pair, offset) + thumbnail
    first = directory(sorted([*main, *sub]), start, following)
    return b"II*\0" + struct.pack("<L", start) + first + tail


def full(orientation: int = 1, thumbnail: bytes = b"") -> bytes:
    """What a phone writes, with a mark in every field that takes one."""
    mark = MARK + b"\0"
    main = [
        (0x010E, ASCII, mark),
        (0x010F, ASCII, mark),
        (0x0110, ASCII, mark),
        (0x0112, SHORT, short(orientation)),
        (0x0132, ASCII, b"2026:11:23 05:48:22\0"),
        (0x013B, ASCII, mark),
        (0x9C9B, 1, MARK.decode().encode("utf-16-le")),
    ]
    camera = [
        (0x9003, ASCII, b"2026:11:23 05:48:22\0"),
        (0x9011, ASCII, b"+07:00\0"),
        (0x927C, UNDEFINED, b"Apple iOS\0" + mark * 20),
        (0x9286, UNDEFINED, b"ASCII\0\0\0" + mark),
        (0xA431, ASCII, mark),
    ]
    return build(main, camera=camera, gps=BANGKOK_GPS, thumbnail=thumbnail)


def _directory_bytes(count: int, entries: list[Entry]) -> int:
    return 2 + 12 * count + 4 + sum(_padded(v) for _, _, v in entries if len(v) > 4)


def _padded(value: bytes) -> int:
    return len(value) + len(value) % 2


def directory(entries: list[Entry], start: int, following: int = 0) -> bytes:
    """One directory that lies at `start`, its longer values behind it."""
    sizes = {1: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1}
    at = start + 2 + 12 * len(entries) + 4
    head, behind = struct.pack("<H", len(entries)), b""
    for tag, kind, value in entries:
        inline = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<L", at)
        head += struct.pack("<HHL", tag, kind, len(value) // sizes[kind]) + inline
        if len(value) > 4:
            behind += value.ljust(_padded(value), b"\0")
            at += _padded(value)
    return head + struct.pack("<L", following) + behind

"""Walks the directories of EXIF (a TIFF inside other formats) without trusting one of them.

    +----+----+--------+---      +-------+--------------------------+--------+
    | II | 42 | first  |   ->    | count | tag, type, count, value  | next   |
    +----+----+--------+---      +-------+--------------------------+--------+

Only the child calls this, on the sender's bytes. Nothing here raises for what it reads: a
directory that points nowhere, at itself or at a billion entries ends the walk and whatever
was seen by then counts. It says which kinds of thing are there; two facts can be read out.
"""

import struct
from dataclasses import dataclass, field

from mustshare_api.media import facts
from mustshare_api.media.facts import Facts, Keep, Precision
from mustshare_api.media.kinds import Kind

_MAX_ENTRIES = 512
_MAX_DIRECTORIES = 16
_HEADER_BYTES = 8
_INLINE_BYTES = 4
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}

ORIENTATION = 0x0112
_EXIF_DIRECTORY = 0x8769
_GPS_DIRECTORY = 0x8825
_INTEROPERABILITY_DIRECTORY = 0xA005
_INTEROPERABILITY_INDEX = 0x0001
_ADOBE_RGB = b"R03"
_TAKEN = 0x9003
_TAKEN_OFFSET = 0x9011
_SIDEWAYS = range(1, 9)

_KINDS = {
    0x010F: Kind.CAMERA, 0x0110: Kind.CAMERA, 0x0131: Kind.CAMERA, 0x013C: Kind.CAMERA,
    0xA430: Kind.AUTHOR, 0xA431: Kind.CAMERA, 0xA432: Kind.CAMERA, 0xA433: Kind.CAMERA,
    0xA434: Kind.CAMERA, 0xA435: Kind.CAMERA, 0xA420: Kind.CAMERA, 0xC62F: Kind.CAMERA,
    0x0132: Kind.TIME, 0x9003: Kind.TIME, 0x9004: Kind.TIME, 0x9290: Kind.TIME,
    0x9291: Kind.TIME, 0x9292: Kind.TIME, 0x9010: Kind.TIME, 0x9011: Kind.TIME,
    0x9012: Kind.TIME, 0x013B: Kind.AUTHOR, 0x8298: Kind.AUTHOR, 0x9C9D: Kind.AUTHOR,
    0x010E: Kind.COMMENT, 0x9286: Kind.COMMENT, 0x9C9B: Kind.COMMENT, 0x9C9C: Kind.COMMENT,
    0x9C9E: Kind.COMMENT, 0x9C9F: Kind.COMMENT, 0x010D: Kind.TEXT, 0x927C: Kind.MAKER_NOTE,
    0x02BC: Kind.XMP, 0x83BB: Kind.IPTC, 0x8649: Kind.IPTC, 0x8773: Kind.PROFILE,
    0x0201: Kind.THUMBNAIL,
}  # fmt: skip
"""Tags that name a kind; any other tag that a picture does not need counts as `other`."""


Span = tuple[int, int]
"""From one octet up to another."""


@dataclass(slots=True)
class Directory:
    """One directory's entries: tag -> (type, raw value octets)."""

    entries: dict[int, tuple[int, bytes]] = field(default_factory=dict[int, tuple[int, bytes]])
    following: int = 0


@dataclass(slots=True)
class Exif:
    """What a walk found."""

    order: str = "<"
    main: Directory = field(default_factory=Directory)
    camera: Directory = field(default_factory=Directory)
    gps: Directory = field(default_factory=Directory)
    thumbnail: Directory = field(default_factory=Directory)
    interoperability: Directory = field(default_factory=Directory)
    spans: list[Span] = field(default_factory=list[Span])
    """Where the directories and their longer values lie."""

    @property
    def is_adobe_rgb(self) -> bool:
        """Whether the camera says, by DCF's word for it, that colours are Adobe's."""
        _, index = self.interoperability.entries.get(_INTEROPERABILITY_INDEX, (0, b""))
        return index.startswith(_ADOBE_RGB)

    @property
    def orientation(self) -> int:
        """1 to 8; 1 where nothing sensible is said."""
        kind, value = self.main.entries.get(ORIENTATION, (0, b""))
        said = _number(self.order, kind, value)
        return said if said in _SIDEWAYS else 1

    def kinds(self) -> set[Kind]:
        """Which kinds of thing are in these directories."""
        found = {Kind.LOCATION} if set(self.gps.entries) - {0} else set[Kind]()
        for tag in (*self.main.entries, *self.camera.entries):
            if tag in _KINDS:
                found.add(_KINDS[tag])
        if self.thumbnail.entries:
            found.add(Kind.THUMBNAIL)
        return found

    def facts(self, keep: Keep) -> Facts:
        """What the reporter chose to keep, and nothing they did not."""
        where = self._place(keep.location)
        when = facts.moment(self._text(_TAKEN)) if keep.time else None
        zone = facts.offset(self._text(_TAKEN_OFFSET)) if when else None
        return facts.together(where, when, zone)

    def _place(self, precision: Precision) -> tuple[float, float] | None:
        latitude = self._degrees(1, 2, b"S")
        longitude = self._degrees(3, 4, b"W")
        if latitude is None or longitude is None:
            return None
        return facts.place(latitude, longitude, precision)

    def _degrees(self, reference: int, tag: int, negative: bytes) -> float | None:
        kind, value = self.gps.entries.get(tag, (0, b""))
        if kind != 5 or len(value) != 24:  # noqa: PLR2004 - three rationals: d, m, s
            return None
        parts: tuple[int, ...] = struct.unpack(self.order + "6L", value)
        if not all(parts[1::2]):
            return None
        degrees = parts[0] / parts[1] + parts[2] / parts[3] / 60 + parts[4] / parts[5] / 3600
        side = self.gps.entries.get(reference, (0, b""))[1][:1]
        return -degrees if side.upper() == negative else degrees

    def _text(self, tag: int) -> bytes:
        return self.camera.entries.get(tag, (0, b""))[1].rstrip(b"\0")


def read(octets: bytes) -> Exif:
    """Walks a TIFF structure as far as it makes sense."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(octets[:4])
    if order is None or len(octets) < _HEADER_BYTES:
        return Exif()
    seen: set[int] = set()
    spans: list[Span] = [(0, _HEADER_BYTES)]

    def directory(at: int) -> Directory:
        if not at or at in seen or len(seen) >= _MAX_DIRECTORIES:
            return Directory()
        seen.add(at)
        return _directory(octets, order, at, spans)

    main = directory(struct.unpack_from(order + "L", octets, 4)[0])
    camera = directory(_pointer(order, main, _EXIF_DIRECTORY))
    gps = directory(_pointer(order, main, _GPS_DIRECTORY))
    thumbnail = directory(main.following)
    interoperability = directory(_pointer(order, camera, _INTEROPERABILITY_DIRECTORY))
    return Exif(order, main, camera, gps, thumbnail, interoperability, spans)


def _directory(octets: bytes, order: str, at: int, spans: list[Span]) -> Directory:
    found = Directory()
    if at + 2 > len(octets):
        return found
    (count,) = struct.unpack_from(order + "H", octets, at)
    spans.append((at, at + 2 + 12 * count + 4))
    at += 2
    for _ in range(min(count, _MAX_ENTRIES)):
        if at + 12 > len(octets):
            return found
        tag, kind, number = struct.unpack_from(order + "HHL", octets, at)
        start, end = _place(octets, order, kind, number, at + 8)
        if end - start > _INLINE_BYTES and end <= len(octets):
            spans.append((start, end))
        found.entries.setdefault(tag, (kind, octets[start:end]))
        at += 12
    if at + 4 <= len(octets):
        (found.following,) = struct.unpack_from(order + "L", octets, at)
    return found


def _place(octets: bytes, order: str, kind: int, number: int, at: int) -> Span:
    """Where a value lies: in its entry, or elsewhere where it is too long for that."""
    length = _TYPE_BYTES.get(kind, 0) * number
    if length > _INLINE_BYTES:
        (at,) = struct.unpack_from(order + "L", octets, at)
    return at, at + length


def _pointer(order: str, directory: Directory, tag: int) -> int:
    return _number(order, *directory.entries.get(tag, (0, b"")))


def _number(order: str, kind: int, value: bytes) -> int:
    code, size = {3: ("H", 2), 4: ("L", 4)}.get(kind, ("", 0))
    if not size or len(value) < size:
        return 0
    number: int = struct.unpack_from(order + code, value)[0]
    return number

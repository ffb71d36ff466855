"""Tells what a film or recording holds beside what is seen and heard, by kind; reads two facts.

For the answer alone: nothing is removed by it, since nothing but frames is carried over. Names
are looked for in everything that is not frames: all boxes but `mdat`, the first pages of an
Ogg, the tags around an MP3.
"""

import re
import struct
from typing import Any

from mustshare_api.media import facts, frames, mp3_file
from mustshare_api.media.boxes import boxes
from mustshare_api.media.facts import NO_FACTS, Facts, Keep
from mustshare_api.media.kinds import Kind
from mustshare_api.media.mp4_file import TURNED
from mustshare_api.media.sniff import Format

_NAMES = (
    (re.compile(rb"\xa9xyz|loci|location|GPS[ 0-9]|gps0"), Kind.LOCATION),
    (
        re.compile(rb"\xa9mak|\xa9mod|\.make|\.model|manufacturer|CAME|FIRM|SNum"),
        Kind.CAMERA,
    ),
    (re.compile(rb"\xa9day|creationdate|DATE=|date="), Kind.TIME),
    (re.compile(rb"\xa9ART|\xa9aut|auth|cprt|perf|ARTIST=|artist=|TPE1"), Kind.AUTHOR),
    (re.compile(rb"\xa9too|\xa9swr|\xa9enc|\.software|\.version|Lav[fc]|TSSE"), Kind.SOFTWARE),
    (re.compile(rb"covr|thmb|APIC|METADATA_BLOCK_PICTURE"), Kind.THUMBNAIL),
    (re.compile(rb"\xa9cmt|desc|COMM|COMMENT=|DESCRIPTION="), Kind.COMMENT),
    (re.compile(rb"\xa9nam|titl|ilst|TIT2|TITLE=|title=|TXXX|\xa9lyr|USLT"), Kind.TEXT),
    (re.compile(rb"<x:xmpmeta|XMP_|\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8"), Kind.XMP),
    (re.compile(rb"chpl|chap|CHAPTER|CHAP"), Kind.CHAPTER),
    (re.compile(rb"jumb|c2pa|\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c"), Kind.PROVENANCE),
    (re.compile(rb"mebx|gpmd|camm|tmcd|rtmd"), Kind.TRACK),
)
_DATES = (b"mvhd", b"tkhd", b"mdhd")
_LAID_OUT = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"moof", b"sidx", b"mfra", b"styp"})
_HEAD_BYTES = 1 << 20
_OGG_FIRST = b"OggS\0\2"
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d{1,10})?)([+-]\d{1,3}(?:\.\d{1,10})?)")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)")
_PLACES = ("location", "com.apple.quicktime.location.ISO6709", "location-eng")
_TIMES = ("com.apple.quicktime.creationdate", "creation_time", "date")


def check_whole(octets: bytes, kind: Format) -> None:
    """Sees that no box or page goes further than the file does.

    Raises:
        frames.Broken: It was cut off.
    """
    at = 0
    if kind is Format.OGG:
        while octets.startswith(b"OggS", at):
            table = (
                octets[at + 27 : at + 27 + octets[at + 26]] if at + 27 <= len(octets) else b""
            )
            at += 27 + len(table) + sum(table)
            if at > len(octets) or not table:
                raise frames.Broken
        return
    while at + 8 <= len(octets) and octets[at + 4 : at + 8].isascii() and at >= 0:
        length = int.from_bytes(octets[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(octets[at + 8 : at + 16], "big")
        name = octets[at + 4 : at + 8]
        if length < 8:  # noqa: PLR2004 - to the end, or no box
            return
        if at + length > len(octets) and name in _LAID_OUT:
            raise frames.Broken
        at += length
    if 0 < len(octets) - at < 8 and octets[at:].strip(b"\0"):  # noqa: PLR2004 - half a head
        raise frames.Broken


def of_file(octets: bytes, kind: Format) -> set[Kind]:
    """What stands around the frames."""
    if kind is Format.MP3:
        text = mp3_file.around(octets)
    elif kind is Format.MP4:
        text = b"".join(octets[a:b] for name, (a, b) in boxes(octets) if name != b"mdat")
    else:
        text = octets[: 1 << 16]
    found = {given for name, given in _NAMES if name.search(text)}
    if kind is Format.MP4:
        found |= _around(octets, text)
    return found


def of_streams(container: Any, taken: int) -> set[Kind]:  # noqa: ANN401 - PyAV's
    """Tracks that do not come along, and chapters."""
    found: set[Kind] = set()
    if len(container.streams) > taken:
        found.add(Kind.TRACK)
    if container.chapters():
        found.add(Kind.CHAPTER)
    return found


def facts_of(container: Any, keep: Keep) -> Facts:  # noqa: ANN401 - PyAV's
    """Where and when it was taken, as far as the reporter chose to keep it."""
    said: dict[str, str] = container.metadata
    where = when = None
    for name in _PLACES:
        if place := _PLACE.match(said.get(name, "")):
            where = where or facts.place(float(place[1]), float(place[2]), keep.location)
    for name in _TIMES:
        if (time := _TIME.match(said.get(name, ""))) and keep.time:
            year, month, day, clock = time.groups()
            when = when or facts.moment(f"{year}:{month}:{day} {clock}".encode())
    return facts.together(where, when, None) if where or when else NO_FACTS


def turn_of(octets: bytes, track: int) -> int:
    """Degrees by which a track is to be turned; a mirror or a slant counts as none."""
    for name, moov in boxes(octets):
        for inner, trak in boxes(octets, *moov) if name == b"moov" else ():
            for kind, (start, end) in boxes(octets, *trak) if inner == b"trak" else ():
                if kind == b"tkhd":
                    turn = _turn(octets[start:end], track)
                    if turn is not None:
                        return turn
    return 0


def _turn(tkhd: bytes, track: int) -> int | None:
    wide = bool(tkhd[:1] == b"\1")
    if int.from_bytes(tkhd[20:24] if wide else tkhd[12:16], "big") != track:
        return None
    at = 52 if wide else 40
    if len(tkhd) < at + 20:
        return 0
    a, b, c, d = (int(n) >> 16 for n in struct.unpack_from("!ii4xii", tkhd, at))
    return TURNED.get((a, b, c, d), 0)


def _around(octets: bytes, text: bytes) -> set[Kind]:
    found: set[Kind] = set()
    for name, (start, end) in boxes(octets):
        if name in (b"free", b"skip"):
            found |= {Kind.OTHER} if octets[start:end].strip(b"\0") else set()
        elif not name.isalnum():
            found.add(Kind.TRAILING_DATA)
        elif name not in _LAID_OUT:
            found.add(Kind.OTHER)
    for name in _DATES:
        at = text.find(name)
        if at >= 0 and text[at + 8 : at + 16].strip(b"\0"):
            found.add(Kind.TIME)
    return found

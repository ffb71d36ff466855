"""The one MP4 that leaves here: at most one picture track and one sound track, and no words.

    ftyp | moov: mvhd, trak, trak | mdat: frames, in the order of their time
                       |
                       tkhd  turned by 0, 90, 180 or 270 degrees
                       edts  when it begins
                       mdia: mdhd, hdlr, minf: stbl: what it is, when, how long, where

No dates, names, languages, `udta`, `meta`, `free` or `uuid`; every frame that is in the file is
shown. `header` is the only way to write one: the gate (`mp4_gate`) reads a `Film` back from
where its numbers must stand, writes it again and compares.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mustshare_api.media.frames import Codec

MOVIE_HZ = 1000
"""Units a second in which tracks are laid against one another."""

TURNS = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}
"""Degrees to the four numbers of a display matrix."""

TURNED = {matrix: turn for turn, matrix in TURNS.items()}
"""And back."""

_ONE = 1 << 16
_LAST = 1 << 30
_UND = b"\x55\xc4\0\0"
"""The language "not said"."""

_NO_DATES = bytes(8)
_URL = b"\0\0\0\x0curl \0\0\0\1"


@dataclass(frozen=True, slots=True)
class Track:
    """One track's frames. Times are in units of `hz`, the delay in those of `MOVIE_HZ`."""

    codec: Codec
    config: bytes
    hz: int
    sizes: Sequence[int]
    durations: Sequence[int]
    shifts: Sequence[int]
    """From when a frame is decoded to when it is shown."""

    keys: Sequence[int]
    """Frames from which one can begin, counted from 1; none where every one is such."""

    start: int = 0
    """When the first frame is shown, on the track's own clock."""

    delay: int = 0
    """How much later than the film this track begins."""

    width: int = 0
    height: int = 0
    turn: int = 0
    channels: int = 0

    @property
    def units(self) -> int:
        """How long it is, on its own clock."""
        return sum(self.durations)

    @property
    def long(self) -> int:
        """How long it is, on the film's."""
        return self.units * MOVIE_HZ // self.hz


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures, sound, or both."""

    tracks: tuple[Track, ...]

    @property
    def long(self) -> int:
        """From the first track's beginning to the last one's end."""
        return max(track.delay + track.long for track in self.tracks)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as it is seen; nothing where it is only heard."""
        first = self.tracks[0]
        if first.turn % 180:
            return first.height, first.width
        return first.width, first.height


def order(film: Film) -> list[tuple[int, int]]:
    """Which frame of which track comes next in the file."""
    times: list[tuple[int, int, int]] = []
    for index, track in enumerate(film.tracks):
        at = track.delay * track.hz
        for number, duration in enumerate(track.durations):
            times.append((at * 1000 // track.hz, index, number))
            at += duration * MOVIE_HZ
    return [(index, number) for _, index, number in sorted(times)]


def header(film: Film) -> bytes:
    """Everything before the first frame's octets."""
    kind = b"isom\0\0\2\0isomiso2mp41"
    first = _box(b"ftyp", kind)
    frames = sum(map(len_of, film.tracks))
    blank = _moov(film, [[0] * len(track.sizes) for track in film.tracks])
    begin = len(first) + len(blank) + 8
    moov = _moov(film, _places(film, begin))
    return first + moov + struct.pack("!I4s", 8 + frames, b"mdat")


def len_of(track: Track) -> int:
    """Octets of all its frames."""
    return sum(track.sizes)


def _places(film: Film, at: int) -> list[list[int]]:
    places = [[0] * len(track.sizes) for track in film.tracks]
    for index, number in order(film):
        places[index][number] = at
        at += film.tracks[index].sizes[number]
    return places


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("!I4s", 8 + len(body), name) + body


def _full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(name, flags.to_bytes(4, "big"), *parts)


def _matrix(turn: int = 0, width: int = 0, height: int = 0) -> bytes:
    a, b, c, d = (part * _ONE for part in TURNS[turn])
    right = {90: height, 180: width}.get(turn, 0) * _ONE
    down = {180: height, 270: width}.get(turn, 0) * _ONE
    return struct.pack("!9i", a, b, 0, c, d, 0, right, down, _LAST)


def _moov(film: Film, places: list[list[int]]) -> bytes:
    mvhd = _full(
        b"mvhd",
        _NO_DATES,
        struct.pack("!IIIH10x", MOVIE_HZ, film.long, _ONE, 0x100),
        _matrix(),
        bytes(24),
        struct.pack("!I", len(film.tracks) + 1),
    )
    pairs = zip(film.tracks, places, strict=True)
    tracks = [_trak(n, track, at) for n, (track, at) in enumerate(pairs, 1)]
    return _box(b"moov", mvhd, *tracks)


def _trak(number: int, track: Track, places: list[int]) -> bytes:
    volume = 0 if track.codec.is_picture else 0x100
    tkhd = _full(
        b"tkhd",
        _NO_DATES,
        struct.pack("!I4xI8xHHH2x", number, track.delay + track.long, 0, 0, volume),
        _matrix(track.turn, track.width, track.height),
        struct.pack("!II", track.width * _ONE, track.height * _ONE),
        flags=3,
    )
    wait = [struct.pack("!IiI", track.delay, -1, _ONE)] if track.delay else []
    lists = [*wait, struct.pack("!IiI", track.long, track.start, _ONE)]
    edts = _box(b"edts", _full(b"elst", struct.pack("!I", len(lists)), *lists))
    return _box(b"trak", tkhd, edts, _mdia(track, places))


def _mdia(track: Track, places: list[int]) -> bytes:
    kind = b"vide" if track.codec.is_picture else b"soun"
    media = _full(b"vmhd", bytes(8), flags=1) if kind == b"vide" else _full(b"smhd", bytes(4))
    return _box(
        b"mdia",
        _full(b"mdhd", _NO_DATES, struct.pack("!II", track.hz, track.units), _UND),
        _full(b"hdlr", bytes(4), kind, bytes(13)),
        _box(
            b"minf",
            media,
            _box(b"dinf", _full(b"dref", struct.pack("!I", 1), _URL)),
            _box(b"stbl", *_tables(track, places)),
        ),
    )


def _tables(track: Track, places: list[int]) -> Iterator[bytes]:
    yield _full(b"stsd", struct.pack("!I", 1), _entry(track))
    yield _full(b"stts", _runs(track.durations))
    if any(track.shifts):
        yield _full(b"ctts", _runs(track.shifts))
    if track.keys:
        yield _full(b"stss", _numbers(track.keys))
    yield _full(b"stsc", struct.pack("!IIII", 1, 1, 1, 1))
    yield _full(b"stsz", bytes(4), _numbers(track.sizes))
    yield _full(b"stco", _numbers(places))


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"!{len(numbers) + 1}I", len(numbers), *numbers)


def _runs(numbers: Sequence[int]) -> bytes:
    """Each number with how often it comes in a row."""
    runs = [(sum(1 for _ in same), number) for number, same in groupby(numbers)]
    flat = [part for run in runs for part in run]
    return struct.pack(f"!{len(flat) + 1}I", len(runs), *flat)


def _entry(track: Track) -> bytes:
    name = track.codec.value
    if track.codec.is_picture:
        own = struct.pack(
            "!HHII4xH32xHH", track.width, track.height, 72 << 16, 72 << 16, 1, 24, 0xFFFF
        )
        config = _box(b"avcC" if track.codec is Codec.H264 else b"hvcC", track.config)
        return _box(name, bytes(6), b"\0\1", bytes(16), own, config)
    own = struct.pack("!8xHH4xI", track.channels, 16, min(track.hz, 0xFFFF) << 16)
    return _box(name, bytes(6), b"\0\1", own, _sound(track))


def _sound(track: Track) -> bytes:
    """What each kind of sound puts behind its entry."""
    if track.codec is Codec.OPUS:
        return _box(b"dOps", track.config)
    if track.codec is Codec.AAC:
        return _full(b"esds", _esds(track.config))
    modes = 0x81FF if track.codec is Codec.AMR else 0x83FF
    return _box(b"damr", bytes(5), modes.to_bytes(2, "big"), b"\0\1")


def _esds(config: bytes) -> bytes:
    """Descriptors of MPEG-4 part 1: audio of part 3, no bit rates."""
    own = b"\x05" + bytes([len(config)]) + config
    decoder = b"\x04" + bytes([13 + len(own)]) + b"\x40\x15" + bytes(11) + own
    rest = decoder + b"\x06\x01\x02"
    return b"\x03" + bytes([3 + len(rest)]) + bytes(3) + rest

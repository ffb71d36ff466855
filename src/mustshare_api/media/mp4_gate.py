"""Lets an MP4 through if it is the very file that is written of its frames, and these are bare.

    1. read     the film's numbers, from where they must stand
    2. bound    tracks, frames, size, length
    3. write    the header again, and compare every octet
    4. frames   each in turn: nothing is left in it that `frames.cleaned` would take away
    5. end      the last frame ends where the file ends

A child that is taken over chooses what is seen and heard and when, and bits that no player
shows inside slices and sound: it has no words, dates, tracks or boxes to choose.
"""

import struct

from mustshare_api.errors import Unstrippable
from mustshare_api.media import frames
from mustshare_api.media.boxes import Span, boxes
from mustshare_api.media.frames import Codec
from mustshare_api.media.mp4_file import MOVIE_HZ, TURNED, Film, Track, header, order

MAX_SECONDS = 3 * 3600
"""A council's meeting, recorded by a phone."""

MAX_FRAMES = 600_000
"""AMR has fifty a second."""

MAX_SIDE = 8192
MAX_HZ = 10_000_000
_MAX_TRACKS = 2
_MAX_SHIFT = 1 << 30
_LEVELS = 3
"""mdia, minf, stbl; what is nested deeper is none of ours, and would wear out the stack."""

_FAULTS = (struct.error, IndexError, KeyError, ValueError, frames.Broken, ZeroDivisionError)


def check_film(octets: bytes, width: int, height: int, *, seen: bool) -> int:
    """Lets a film or a recording through if it can hold nothing beside.

    Args:
        octets: What a child wrote.
        width: As it is seen, as the child reports it; 0 of a recording.
        height: Likewise.
        seen: Whether it is a film.

    Returns:
        How many seconds it lasts, rounded up.

    Raises:
        Unstrippable: It is anything else.
    """
    try:
        film = _read(octets)
        if film.shown != (width, height) or film.tracks[0].codec.is_picture != seen:
            raise Unstrippable
        _bound(film)
        _compare(octets, film)
    except _FAULTS:
        raise Unstrippable from None
    return -(-film.long // MOVIE_HZ)


def _compare(octets: bytes, film: Film) -> None:
    """Steps 3 to 5."""
    head = header(film)
    if not octets.startswith(head):
        raise Unstrippable
    at = len(head)
    for index, number in order(film):
        track = film.tracks[index]
        end = at + track.sizes[number]
        frame = octets[at:end]
        if len(frame) != track.sizes[number] or frames.cleaned(track.codec, frame) != frame:
            raise Unstrippable
        at = end
    if at != len(octets):
        raise Unstrippable


def _bound(film: Film) -> None:
    """Step 2: nothing here may make the steps that follow dear."""
    kinds = [track.codec.is_picture for track in film.tracks]
    if kinds not in ([True], [False], [True, False]) or film.long > MAX_SECONDS * MOVIE_HZ:
        raise Unstrippable
    for track in film.tracks:
        if frames.config_of(track.codec, track.config) != track.config:
            raise Unstrippable
        sides = 0 < track.width <= MAX_SIDE and 0 < track.height <= MAX_SIDE
        if track.codec.is_picture != sides or list(track.keys) != sorted(set(track.keys)):
            raise Unstrippable


def _read(octets: bytes) -> Film:
    """Step 1. It only has to find the numbers of a right file."""
    top = dict(boxes(octets))
    moov = top[b"moov"]
    spans = [span for name, span in boxes(octets, *moov) if name == b"trak"]
    if not 0 < len(spans) <= _MAX_TRACKS:
        raise Unstrippable
    return Film(tuple(_track(octets, span) for span in spans))


def _track(octets: bytes, span: Span) -> Track:
    found: dict[bytes, Span] = {}
    _gather(octets, span, found)
    hz, _ = _at(octets, found[b"mdhd"], 12, "!II")
    if not 0 < hz <= MAX_HZ:
        raise Unstrippable
    sizes = _list(octets, found[b"stsz"], 8)
    count = len(sizes)
    durations = _runs(octets, found[b"stts"], count)
    shifts = _runs(octets, found[b"ctts"], count) if b"ctts" in found else [0] * count
    keys = _list(octets, found[b"stss"], 4) if b"stss" in found else []
    start, delay = _edits(octets, found[b"elst"])
    codec, config, own = _entry(octets, found[b"stsd"])
    a, b, c, d = (n >> 16 for n in _at(octets, found[b"tkhd"], 40, "!ii4xii"))
    turn = TURNED[a, b, c, d]
    width, height = own if codec.is_picture else (0, 0)
    channels = 0 if codec.is_picture else own[0]
    return Track(
        codec, config, hz, sizes, durations, shifts, keys, start, delay,
        width, height, turn, channels,
    )  # fmt: skip


def _gather(octets: bytes, span: Span, found: dict[bytes, Span], levels: int = _LEVELS) -> None:
    for name, inner in boxes(octets, *span):
        found[name] = inner
        if levels and name in (b"mdia", b"minf", b"stbl", b"edts"):
            _gather(octets, inner, found, levels - 1)


def _at(octets: bytes, span: Span, offset: int, layout: str) -> tuple[int, ...]:
    return struct.unpack_from(layout, octets, span[0] + offset)


def _list(octets: bytes, span: Span, offset: int) -> list[int]:
    (count,) = _at(octets, span, offset, "!I")
    if not 0 < count <= MAX_FRAMES:
        raise Unstrippable
    return list(_at(octets, span, offset + 4, f"!{count}I"))


def _runs(octets: bytes, span: Span, count: int) -> list[int]:
    """The numbers that a table gives in runs; as many as there are frames."""
    (runs,) = _at(octets, span, 4, "!I")
    if not 0 < runs <= count:
        raise Unstrippable
    flat = _at(octets, span, 8, f"!{2 * runs}I")
    if sum(flat[::2]) != count or max(flat[1::2]) > _MAX_SHIFT:
        raise Unstrippable
    return [number for at in range(runs) for number in [flat[2 * at + 1]] * flat[2 * at]]


def _edits(octets: bytes, span: Span) -> tuple[int, int]:
    """When the first frame is shown, and how late the track begins."""
    (count,) = _at(octets, span, 4, "!I")
    if count == 1:
        return _at(octets, span, 12, "!i")[0], 0
    delay, _, _, _, start = _at(octets, span, 8, "!IiIIi")
    return start, delay


def _entry(octets: bytes, span: Span) -> tuple[Codec, bytes, tuple[int, ...]]:
    """The codec, its config, and either width and height or the channels."""
    (length,) = _at(octets, span, 8, "!I")
    start = span[0] + 8
    codec = Codec(octets[start + 4 : start + 8])
    if codec.is_picture:
        return (
            codec,
            octets[start + 86 + 8 : start + length],
            _at(octets, (start, 0), 32, "!HH"),
        )
    (channels,) = _at(octets, (start, 0), 24, "!H")
    inner = start + 36 + 8
    if codec is Codec.AAC:
        # Behind the descriptors' heads; their lengths are seen when it is written again.
        config = octets[inner + 4 + 5 + 15 + 2 : start + length - 3]
    elif codec is Codec.OPUS:
        config = octets[inner : start + length]
    else:
        config = b""
    return codec, config, (channels,)

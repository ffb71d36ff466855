"""Packs video and audio anew without coding them again. Runs in the child, and nowhere else.

    1. whole    a file cut off in the middle is none
    2. pick     the first picture track and the first sound track of a kind that is taken
    3. traces   what the file holds beside them, by kind; what the reporter chose to keep
    4. frames   each with everything taken away that is neither seen nor heard
    5. times    laid on one clock that begins at nothing
    6. write    the one MP4 (`mp4_file`); an MP3 stays one (`mp3_file`)

FFmpeg finds the frames of MP4, QuickTime, 3GP and Ogg; AMR and MP3 are read here. Nothing is
decoded for what comes out.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import av
from av.subtitles import codeccontext, stream

from mustshare_api.media import film_traces, frames, mp3_file, recordings
from mustshare_api.media.frames import Codec
from mustshare_api.media.kinds import Kind, to_bits
from mustshare_api.media.mp4_file import MOVIE_HZ, Film, Track, header, order
from mustshare_api.media.mp4_gate import MAX_FRAMES, MAX_SECONDS, MAX_SIDE
from mustshare_api.media.report import Media, Order, Outcome, Refused, Report
from mustshare_api.media.sniff import Format

_av = cast("Any", av)

_LOADED = (codeccontext, stream)
"""PyAV imports these when it opens a file; a child could not any more."""

_CODECS = {
    "h264": Codec.H264,
    "hevc": Codec.HEVC,
    "aac": Codec.AAC,
    "opus": Codec.OPUS,
    "amrnb": Codec.AMR,
    "amr_nb": Codec.AMR,
    "amrwb": Codec.AMR_WIDE,
    "amr_wb": Codec.AMR_WIDE,
}
"""FFmpeg's names."""

_DEMUXERS = {Format.MP4: "mov", Format.OGG: "ogg"}
_OPUS_HZ = 48_000
_OPUS_HEAD = b"OpusHead"


@dataclass(slots=True)
class _Taken:
    """One track's frames, as they are gathered."""

    codec: Codec
    config: bytes
    hz: int
    length_bytes: int
    about: dict[str, int]
    frames: list[bytes] = field(default_factory=list[bytes])
    decoded_at: list[int] = field(default_factory=list[int])
    shown_at: list[int] = field(default_factory=list[int])
    keys: list[int] = field(default_factory=list[int])
    last: int = 0

    def add(self, packet: Any) -> bool:  # noqa: ANN401 - PyAV's, of which two kinds come
        """Takes a frame; whether something was in it that did not stay."""
        given = bytes(packet)
        if packet.is_corrupt or packet.dts is None or packet.pts is None:
            raise frames.Broken
        bare = frames.cleaned(self.codec, given, self.length_bytes)
        self.frames.append(bare)
        self.decoded_at.append(packet.dts)
        self.shown_at.append(packet.pts)
        if packet.is_keyframe:
            self.keys.append(len(self.frames))
        self.last = packet.duration or 0
        if len(self.frames) > MAX_FRAMES:
            raise Refused(Outcome.TOO_LONG)
        return len(bare) != len(given) or (self.codec is Codec.AAC and bare != given)


def redraw(
    octets: bytes, order_: Order, _told: Callable[[int, int], None]
) -> tuple[Report, bytes]:
    """The six steps.

    Returns:
        What to report, and the new file.

    Raises:
        Refused: It can't be packed anew, and why.
    """
    found = film_traces.of_file(octets, order_.kind)
    try:
        if order_.kind is Format.MP3:
            return Report(Outcome.DRAWN, Media.MP3, removed=to_bits(found)), mp3_file.bare(
                octets
            )
        if order_.kind is Format.AMR:
            return _packed(
                Film((recordings.amr_track(octets),)), [recordings.amr_frames(octets)], found
            )
        return _remuxed(octets, order_, found)
    except frames.Broken:
        raise Refused(Outcome.BROKEN_FILM) from None


def _remuxed(octets: bytes, asked: Order, found: set[Kind]) -> tuple[Report, bytes]:
    film_traces.check_whole(octets, asked.kind)
    source = io.BytesIO(octets)
    with _av.open(
        source, "r", format=_DEMUXERS[asked.kind], metadata_errors="ignore"
    ) as container:
        tracks = _picked(container)
        found |= film_traces.of_streams(container, len(tracks))
        taken = {track.index: _taken(track, octets, asked.kind) for track in tracks}
        for packet in container.demux(tracks):
            if packet.size and taken[packet.stream_index].add(packet):
                found.add(Kind.FRAME_NOTE)
        kept = film_traces.facts_of(container, asked.keep)
    gathered = list(taken.values())
    if any(not one.frames for one in gathered):
        raise frames.Broken
    film = Film(tuple(_laid(gathered)))
    report, drawn = _packed(film, [one.frames for one in gathered], found)
    return Report(
        report.outcome, report.media, report.width, report.height, report.removed, kept
    ), drawn


def _picked(container: Any) -> list[Any]:  # noqa: ANN401 - PyAV's
    """The first picture track and the first sound track that are taken.

    Raises:
        Refused: There are only others; a film is not made a silent one.
    """
    picked: list[Any] = []
    cover = _av.stream.Disposition.attached_pic
    for kind in ("video", "audio"):
        there = [s for s in container.streams if s.type == kind and not s.disposition & cover]
        fit = [s for s in there if s.codec_context and s.codec_context.name in _CODECS]
        if there and not fit:
            raise Refused(Outcome.UNKNOWN_CODEC)
        picked += fit[:1]
    if not picked:
        raise Refused(Outcome.UNKNOWN_CODEC)
    return picked


def _taken(track: Any, octets: bytes, kind: Format) -> _Taken:  # noqa: ANN401 - PyAV's
    context = track.codec_context
    codec = _CODECS[context.name]
    given: bytes = context.extradata or b""
    if given.startswith(_OPUS_HEAD):
        given = recordings.dops_of(given)
    base = track.time_base
    if base is None or base.numerator != 1:
        raise frames.Broken
    about = {}
    if codec.is_picture:
        about = {"width": context.width, "height": context.height}
        about["turn"] = film_traces.turn_of(octets, track.id) if kind is Format.MP4 else 0
        if max(context.width, context.height) > MAX_SIDE:
            raise Refused(Outcome.TOO_MANY_PIXELS)
    else:
        about = {"channels": context.channels}
    return _Taken(
        codec,
        frames.config_of(codec, given),
        base.denominator,
        frames.length_bytes_of(codec, given),
        about,
    )


def _laid(gathered: list[_Taken]) -> list[Track]:
    """Every track on its own clock, and how much later than the first it begins."""
    begins = [min(one.shown_at) / one.hz for one in gathered]
    return [
        _track(one, round((begin - min(begins)) * MOVIE_HZ))
        for one, begin in zip(gathered, begins, strict=True)
    ]


def _track(one: _Taken, delay: int) -> Track:
    steps = [b - a for a, b in zip(one.decoded_at, one.decoded_at[1:], strict=False)]
    durations = [*steps, one.last or (steps[-1] if steps else 0)]
    ahead = min(s - d for s, d in zip(one.shown_at, one.decoded_at, strict=True))
    shifts = [s - d - ahead for s, d in zip(one.shown_at, one.decoded_at, strict=True)]
    if min(durations) < 0 or sum(durations) > MAX_SECONDS * one.hz:
        raise Refused(Outcome.TOO_LONG) if min(durations) >= 0 else frames.Broken
    return Track(
        one.codec,
        one.config,
        one.hz,
        [len(frame) for frame in one.frames],
        durations,
        shifts if one.codec.is_picture else [0] * len(shifts),
        one.keys if one.codec.is_picture and len(one.keys) < len(one.frames) else [],
        min(one.shown_at) - one.decoded_at[0] - ahead if one.codec.is_picture else 0,
        delay,
        **one.about,
    )


def _packed(film: Film, gathered: list[list[bytes]], found: set[Kind]) -> tuple[Report, bytes]:
    """Step 6."""
    media = Media.FILM if film.tracks[0].codec.is_picture else Media.SOUND
    drawn = header(film) + b"".join(gathered[index][at] for index, at in order(film))
    return Report(Outcome.DRAWN, media, *film.shown, to_bits(found)), drawn

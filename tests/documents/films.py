"""Videos and recordings as phones make them, made here, before anything is planted in them."""

import io
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image, ImageChops

from tests.pictures import drawn

FRAMES = 12
SIZE = (128, 96)
_QUIET = {"x265-params": "log-level=none:keyint=6", "preset": "ultrafast", "g": "6"}
_av: Any = av
"""It says of much that it could be something else."""

_av.logging.set_level(None)


@cache
def film(form: str = "mov", video: str | None = "libx264", audio: str | None = "aac") -> bytes:
    """A second of the scene moving, and of a tone; frames first, what they are behind them."""
    return _made(form, video, audio, {})


@cache
def fragmented() -> bytes:
    """As recorders write it that can't go back: in pieces."""
    return _made("mp4", "libx264", "aac", {"movflags": "frag_keyframe+empty_moov"})


@cache
def titled(form: str, video: str | None, audio: str | None, words: str) -> bytes:
    """With words in every tag that FFmpeg writes."""
    tags = dict.fromkeys(("title", "artist", "comment", "date", "encoder"), words)
    return _made(form, video, audio, {}, tags)


def _made(
    form: str,
    video: str | None,
    audio: str | None,
    options: dict[str, str],
    tags: dict[str, str] | None = None,
) -> bytes:
    out = io.BytesIO()
    with _av.open(out, "w", format=form, options=options) as container:
        container.metadata.update(tags or {})
        streams: list[tuple[Any, Iterator[Any]]] = []
        if video:
            seen = container.add_stream(video, rate=FRAMES, options=_QUIET)
            seen.width, seen.height, seen.pix_fmt = *SIZE, "yuv420p"
            streams.append((seen, _pictures()))
        if audio:
            hz = 8_000 if "amr" in audio else 48_000 if "opus" in audio else 44_100
            heard = container.add_stream(audio, rate=hz, layout="mono")
            streams.append((heard, _tone(hz, heard.format.name)))
        for stream, given in streams:
            for frame in (*given, None):
                container.mux(stream.encode(frame))
    return out.getvalue()


def _pictures() -> Iterator[Any]:
    scene = drawn.scene(SIZE)
    for number in range(FRAMES):
        frame = _av.VideoFrame.from_image(ImageChops.offset(scene, number * 4, 0))
        frame.pts, frame.time_base = number, Fraction(1, FRAMES)
        yield frame


def _tone(hz: int, form: str) -> Iterator[Any]:
    step = 1024 if hz != 48_000 else 960
    for number in range(hz // step):
        frame = _av.AudioFrame(format=form, layout="mono", samples=step)
        waves = [
            ((at * 440 // hz) % 2) * 2 - 1 for at in range(number * step, (number + 1) * step)
        ]
        width = "f" if form.startswith("flt") else "h"
        loud = [wave * (0.2 if width == "f" else 6000) for wave in waves]
        octets = struct.pack(f"{step}{width}", *(loud if width == "f" else map(int, loud)))
        frame.planes[0].update(octets.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = hz, number * step, Fraction(1, hz)
        yield frame


def amr(head: bytes = b"#!AMR\n", mode: int = 7, long: int = 32, count: int = 50) -> bytes:
    """A second of speech frames; what is spoken is noise."""
    frame = bytes([mode << 3 | 4]) + bytes(range(1, long))
    return head + frame * count


def box(name: bytes, body: bytes) -> bytes:
    """A box."""
    return struct.pack("!I4s", 8 + len(body), name) + body


def changed(octets: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """A file with one box's body changed, and the boxes around it."""
    name, _, rest = path.partition("/")
    out, at = b"", 0
    while at + 8 <= len(octets):
        length = int.from_bytes(octets[at : at + 4], "big")
        body = octets[at + 8 : at + length]
        if octets[at + 4 : at + 8] == name.encode("latin-1"):
            body = changed(body, rest, change) if rest else change(body)
            return out + box(name.encode("latin-1"), body) + octets[at + length :]
        out += octets[at : at + length]
        at += length
    raise KeyError(path)


def with_box(octets: bytes, path: str, name: bytes, body: bytes) -> bytes:
    """A file with a box put at the end of another."""
    return changed(octets, path, lambda inner: inner + box(name, body))


def decoded(octets: bytes) -> tuple[list[tuple[float, bytes]], list[tuple[float, bytes]]]:
    """Every picture and every stretch of sound with when it comes, by FFmpeg."""
    pictures: list[tuple[float, bytes]] = []
    sound: list[tuple[float, bytes]] = []
    with _av.open(io.BytesIO(octets)) as container:
        tracks = [*container.streams.video[:1], *container.streams.audio[:1]]
        for frame in container.decode(*tracks):
            into = pictures if isinstance(frame, _av.VideoFrame) else sound
            into.append((float(frame.time or 0), bytes(frame.planes[0])))
    return pictures, sound


def first_picture(octets: bytes) -> Image.Image:
    """What is seen first, not turned."""
    with _av.open(io.BytesIO(octets)) as container:
        frame = next(container.decode(container.streams.video[0]))
        picture: Image.Image = frame.to_image()
        return picture

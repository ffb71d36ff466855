"""Recordings that phones and messengers make: AMR read by itself, Opus as Ogg holds it.

#!AMR    | frame | frame ...      20 ms each; the first octet tells how long it is
#!AMR-WB | frame | frame ...
"""

from mustshare_api.media import frames
from mustshare_api.media.frames import Codec
from mustshare_api.media.mp4_file import Track

_HEADS = {b"#!AMR-WB\n": (Codec.AMR_WIDE, 16_000), b"#!AMR\n": (Codec.AMR, 8_000)}
_FRAMES_PER_S = 50
_OPUS_HEAD_BYTES = 19


def amr_track(octets: bytes) -> Track:
    """The one track of an AMR file.

    Raises:
        frames.Broken: It is none, or is cut off.
    """
    codec, hz, _ = _head(octets)
    sizes = [len(frame) for frame in amr_frames(octets)]
    durations = [hz // _FRAMES_PER_S] * len(sizes)
    return Track(codec, b"", hz, sizes, durations, [0] * len(sizes), [], channels=1)


def amr_frames(octets: bytes) -> list[bytes]:
    """Its frames.

    Raises:
        frames.Broken: As above.
    """
    codec, _, at = _head(octets)
    found: list[bytes] = []
    while at < len(octets):
        long = frames.amr_bytes(codec, octets[at])
        found.append(frames.cleaned(codec, octets[at : at + long]))
        at += long
    if not found:
        raise frames.Broken
    return found


def dops_of(head: bytes) -> bytes:
    """`OpusHead` of an Ogg as MP4 writes it: big-endian, and counted from nothing."""
    if len(head) < _OPUS_HEAD_BYTES:
        raise frames.Broken
    return b"\0" + head[9:10] + head[11:9:-1] + head[15:11:-1] + head[17:15:-1] + head[18:19]


def _head(octets: bytes) -> tuple[Codec, int, int]:
    for head, (codec, hz) in _HEADS.items():
        if octets.startswith(head):
            return codec, hz, len(head)
    raise frames.Broken

"""What a frame may hold: pictures and sound of six kinds, and none of the notes beside them.

    H.264, HEVC   slices and what decoding them takes; no SEI (text, positions, captions, the
                  encoder's options), no filler, no unit of a reserved kind
    AAC           fill and data elements before the sound are zeroed: encoders sign there
    Opus          padding is zeroed
    AMR           frames as long as their first octet says

`config_of` and `cleaned` are projections: done twice they change nothing more. The child runs
them to clean; the gate runs them to see that there is nothing left to clean.
"""

from collections.abc import Iterator
from enum import Enum


class Broken(Exception):
    """Not what the codec writes."""


class Codec(Enum):
    """A kind of frame, by the name of its entry in an MP4."""

    H264 = b"avc1"
    HEVC = b"hvc1"
    AAC = b"mp4a"
    OPUS = b"Opus"
    AMR = b"samr"
    AMR_WIDE = b"sawb"

    @property
    def is_picture(self) -> bool:
        """Whether it is seen; else it is heard."""
        return self in (Codec.H264, Codec.HEVC)


_LENGTH_BYTES = 4
_MAX_UNITS = 512
"""In one frame; phones cut one into a handful of slices."""

_MAX_SETS = 16
_MIN_SET_BYTES, _MAX_SET_BYTES = 4, 4096
_KEPT_H264 = frozenset({1, 5, 7, 8})
_KEPT_HEVC = frozenset({*range(10), *range(16, 22), 32, 33, 34})
_HEVC_SETS = (32, 33, 34)
_PROFILE_BYTES = 12
_HEVC_HEAD_BYTES = 23
_AMR_BYTES = {
    Codec.AMR: (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1),
    Codec.AMR_WIDE: (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1),
}
"""By frame type, the first octet included; 0 where there is no such frame."""

_RATES = 13
_LC, _SBR, _PS = 2, 5, 29


def config_of(codec: Codec, given: bytes) -> bytes:
    """What a decoder has to know beforehand, with nothing else in it.

    Args:
        codec: Whose.
        given: `avcC`, `hvcC`, AudioSpecificConfig or `dOps`, as a file has it.

    Raises:
        Broken: It is none, or of a kind that is not taken.
    """
    try:
        return _CONFIGS[codec](given)
    except IndexError:
        raise Broken from None


def cleaned(codec: Codec, frame: bytes, length_bytes: int = _LENGTH_BYTES) -> bytes:
    """A frame with nothing in it that is neither seen nor heard.

    Args:
        codec: Whose.
        frame: As a file has it.
        length_bytes: Of the lengths before each unit of H.264 and HEVC.

    Raises:
        Broken: It is no frame.
    """
    if codec.is_picture:
        return _picture(codec, frame, length_bytes)
    if codec is Codec.AAC:
        return _aac(frame)
    if codec is Codec.OPUS:
        return _opus(frame)
    if not frame or amr_bytes(codec, frame[0]) != len(frame):
        raise Broken
    return frame


def amr_bytes(codec: Codec, first: int) -> int:
    """How long an AMR frame is that begins with this octet; 0 if none does."""
    return _AMR_BYTES[codec][first >> 3 & 15]


def length_bytes_of(codec: Codec, given: bytes) -> int:
    """How long the lengths are before each unit."""
    at = {Codec.H264: 4, Codec.HEVC: 21}.get(codec)
    return _LENGTH_BYTES if at is None or len(given) <= at else (given[at] & 3) + 1


def _picture(codec: Codec, frame: bytes, length_bytes: int) -> bytes:
    kept: list[bytes] = []
    for number, unit in enumerate(_units(frame, length_bytes)):
        if number > _MAX_UNITS:
            raise Broken
        bare = unit.rstrip(b"\0")
        if bare and _is_kept(codec, bare):
            kept.append(len(bare).to_bytes(_LENGTH_BYTES, "big") + bare)
    if not kept:
        raise Broken
    return b"".join(kept)


def _units(frame: bytes, length_bytes: int) -> Iterator[bytes]:
    at = 0
    while at < len(frame):
        start = at + length_bytes
        at = start + int.from_bytes(frame[at:start], "big")
        if at == start or at > len(frame):
            raise Broken
        yield frame[start:at]


def _is_kept(codec: Codec, unit: bytes) -> bool:
    if codec is Codec.H264:
        return unit[0] & 31 in _KEPT_H264 and len(unit) > 1
    return unit[0] >> 1 & 63 in _KEPT_HEVC and len(unit) > 2  # noqa: PLR2004 - its header


def _avc_config(given: bytes) -> bytes:
    if given[0] != 1:
        raise Broken
    sps, at = _sets(given, 6, given[5] & 31)
    pps, _ = _sets(given, at + 1, given[at])
    if not sps or not pps or {s[0] & 31 for s in sps} != {7} or {p[0] & 31 for p in pps} != {8}:
        raise Broken
    return (
        b"\x01" + sps[0][1:4] + b"\xff" + bytes([0xE0 | len(sps)]) + _joined(sps)
        + bytes([len(pps)]) + _joined(pps)
    )  # fmt: skip


def _hevc_config(given: bytes) -> bytes:
    if given[0] != 1:
        raise Broken
    at = _HEVC_HEAD_BYTES
    found: dict[int, list[bytes]] = {}
    for _ in range(min(given[22], _MAX_SETS)):
        count = int.from_bytes(given[at + 1 : at + 3], "big")
        sets, after = _sets(given, at + 3, count)
        found.setdefault(given[at] & 63, []).extend(sets)
        at = after
    if any(not found.get(kind) for kind in _HEVC_SETS):
        raise Broken
    profile = found[33][0].replace(b"\0\0\3", b"\0\0")[3 : 3 + _PROFILE_BYTES]
    if len(profile) != _PROFILE_BYTES:
        raise Broken
    looks = bytes([0xFC | given[16] & 3, 0xF8 | given[17] & 7, 0xF8 | given[18] & 7])
    arrays = b"".join(
        bytes([0x80 | kind]) + len(found[kind]).to_bytes(2, "big") + _joined(found[kind])
        for kind in _HEVC_SETS
    )
    return b"\x01" + profile + b"\xf0\0\xfc" + looks + b"\0\0\x03\x03" + arrays


def _sets(given: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """Parameter sets, each behind its length, and where they end."""
    sets: list[bytes] = []
    for _ in range(count):
        start = at + 2
        at = start + int.from_bytes(given[start - 2 : start], "big")
        if not _MIN_SET_BYTES <= at - start <= _MAX_SET_BYTES or at > len(given):
            raise Broken
        sets.append(given[start:at].rstrip(b"\0"))
    if count > _MAX_SETS:
        raise Broken
    return sets, at


def _joined(sets: list[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in sets)


def _aac_config(given: bytes) -> bytes:
    """Kind, rate and channels. One that describes channels may hold text, and is refused."""
    bits = int.from_bytes(given[:4].ljust(4, b"\0"), "big")
    kind, rate, channels = bits >> 27, bits >> 23 & 15, bits >> 19 & 15
    if kind not in (_LC, _SBR, _PS) or rate >= _RATES or not 0 < channels < 8:  # noqa: PLR2004
        raise Broken
    if kind == _LC:
        return (bits >> 19 << 3).to_bytes(2, "big")
    wide, inner = bits >> 15 & 15, bits >> 10 & 31
    if wide >= _RATES or inner != _LC:
        raise Broken
    return (bits >> 10 << 10).to_bytes(4, "big")


def _opus_config(given: bytes) -> bytes:
    """`dOps`: one or two channels, what is skipped at the start, how loud."""
    channels = given[1]
    if given[0] or channels not in (1, 2) or given[10]:
        raise Broken
    return bytes([0, channels]) + given[2:4] + (48_000).to_bytes(4, "big") + given[8:10] + b"\0"


def _amr_config(_given: bytes) -> bytes:
    return b""


_CONFIGS = {
    Codec.H264: _avc_config,
    Codec.HEVC: _hevc_config,
    Codec.AAC: _aac_config,
    Codec.OPUS: _opus_config,
    Codec.AMR: _amr_config,
    Codec.AMR_WIDE: _amr_config,
}


def _aac(frame: bytes) -> bytes:
    """Zeroes what stands in fill (6) and data (4) elements before the first channel's."""
    if not frame:
        raise Broken
    if frame[0] >> 5 not in (4, 6):
        return frame
    bits = _Bits(frame)
    while (kind := bits.take(3)) in (4, 6):
        if kind == 6:  # noqa: PLR2004 - FIL
            count = bits.take(4)
            count += bits.take(8) - 1 if count == 15 else 0  # noqa: PLR2004 - escape
        else:
            aligned = bits.take(5) & 1
            count = bits.take(8)
            count += bits.take(8) if count == 255 else 0  # noqa: PLR2004 - escape
            bits.at += -bits.at % 8 if aligned else 0
        bits.wipe(8 * count)
    return bits.octets()


def _opus(frame: bytes) -> bytes:
    """Padding is said behind the first two octets and stands at the end."""
    if not frame:
        raise Broken
    if frame[0] & 3 != 3 or len(frame) < 2 or not frame[1] & 0x40:  # noqa: PLR2004 - code 3
        return frame
    at, padding = 2, 0
    while at < len(frame) and frame[at] == 255:  # noqa: PLR2004 - 254 and go on
        at, padding = at + 1, padding + 254
    padding += frame[at] if at < len(frame) else 0
    if at + 1 + padding > len(frame):
        raise Broken
    return frame[: len(frame) - padding] + bytes(padding)


class _Bits:
    """Reads and wipes bits from the front of a frame."""

    def __init__(self, frame: bytes) -> None:
        self._long = len(frame) * 8
        self._number = int.from_bytes(frame, "big")
        self.at = 0

    def take(self, count: int) -> int:
        """The next bits as a number."""
        self.at += count
        if self.at > self._long:
            raise Broken
        return self._number >> (self._long - self.at) & ((1 << count) - 1)

    def wipe(self, count: int) -> None:
        """The next bits become zero."""
        self.at += count
        if self.at > self._long:
            raise Broken
        self._number &= ~(((1 << count) - 1) << (self._long - self.at))

    def octets(self) -> bytes:
        """The whole frame."""
        return self._number.to_bytes(self._long // 8, "big")

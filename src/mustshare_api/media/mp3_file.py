"""The one MP3 that leaves here: frames of layer III, one behind the other, and nothing else.

    ID3v2 | frame: info (Xing, LAME) | frame | frame ... | APE | ID3v1
                                       `-- kept --'

A frame is a head of four octets, perhaps a checksum, what to decode first (side information),
and a share of the main data, which may begin in frames before. Between the end of one frame's
main data and the beginning of the next one's lies room for anything: encoders sign there. It is
zeroed, as are private and copyright bits; checksums are made anew. What is left is what sounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mustshare_api.errors import Unstrippable
from mustshare_api.media.frames import Broken

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBPS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MPEG1 = 3
_HEAD = 4
_FIRST_KEPT = 0xFF
_SIGNS = (b"Xing", b"Info")
_PRIVATE = {
    (True, False): (9, 3),
    (True, True): (9, 5),
    (False, False): (8, 2),
    (False, True): (8, 1),
}
"""Bits of side information that are nobody's: where, and how many."""

_MAX_SECONDS = 3 * 3600
_WORDS = (b"TAG", b"APETAGEX", b"ID3", b"LYRICSBEGIN", b"3DI")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where one lies, and how its side information is laid out."""

    at: int
    long: int
    side: int
    """Where side information begins, counted from the frame."""

    main: int
    """Where main data may begin, likewise."""

    mpeg1: bool
    mono: bool
    hz: int


def bare(octets: bytes) -> bytes:
    """The frames of an MP3 alone.

    Raises:
        Broken: It is none, or is cut off.
    """
    found = list(_frames(octets, _start(octets)))
    if found and _is_sign(octets, found[0]):
        found = found[1:]
    if not found:
        raise Broken
    sounding = _sounding(octets, found)
    at = 0
    out: list[bytes] = []
    for frame in found:
        end = at + frame.long - frame.main
        out += [_headed(octets, frame), sounding[at:end]]
        at = end
    return b"".join(out)


def check_mp3(octets: bytes) -> int:
    """Lets an MP3 through if there is nothing that `bare` would take away.

    Returns:
        How many seconds it lasts, rounded up.

    Raises:
        Unstrippable: It is anything else.
    """
    try:
        found = list(_frames(octets, 0))
        if not found or bare(octets) != octets:
            raise Unstrippable
    except (Broken, IndexError):
        raise Unstrippable from None
    if len({(f.hz, f.mpeg1) for f in found}) > 1:
        raise Unstrippable
    samples = (1152 if found[0].mpeg1 else 576) * len(found)
    if samples > _MAX_SECONDS * found[0].hz:
        raise Unstrippable
    return -(-samples // found[0].hz)


def around(octets: bytes) -> bytes:
    """What stands before and behind the frames, and the first of them, which may be a sign."""
    try:
        start = _start(octets)
        end = start
        for frame in _frames(octets, start):
            end = frame.at + frame.long
    except Broken:
        return b""
    return octets[: start + 512] + octets[end:]


def _start(octets: bytes) -> int:
    """Where the first frame begins: behind tags, each of which says how long it is."""
    at = 0
    while octets.startswith(b"ID3", at):
        if len(octets) < at + 10:
            raise Broken
        a, b, c, d = octets[at + 6 : at + 10]
        footer = 10 if octets[at + 5] & 0x10 else 0
        at += 10 + (a << 21 | b << 14 | c << 7 | d) + footer
    first = octets.find(b"\xff", at)
    return at if first < 0 or octets[at:first].strip(b"\0") else first


def _is_sign(octets: bytes, frame: _Frame) -> bool:
    """Whether the first frame holds an encoder's table and no sound."""
    at = frame.at + frame.main
    return octets.startswith(_SIGNS, at) or octets.startswith(b"VBRI", frame.at + 36)


def _frames(octets: bytes, at: int) -> Iterator[_Frame]:
    """One behind the other, until tags begin.

    Raises:
        Broken: Something else stands between, or the last one is cut off.
    """
    while at < len(octets):
        if octets.startswith(_WORDS, at) or not octets[at : at + 64].strip(b"\0"):
            return
        frame = _frame(octets, at)
        if at + frame.long > len(octets):
            raise Broken
        yield frame
        at += frame.long


def _frame(octets: bytes, at: int) -> _Frame:
    head = octets[at : at + _HEAD]
    if len(head) < _HEAD or head[0] != _FIRST_KEPT or head[1] & 0xE6 != 0xE2:  # noqa: PLR2004
        raise Broken
    version, kbps, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or rate == 3 or not 0 < kbps < 15:  # noqa: PLR2004 - reserved
        raise Broken
    mpeg1, mono = version == _MPEG1, head[3] >> 6 == 3  # noqa: PLR2004 - one channel
    hz = _RATES[version][rate]
    long = (144 if mpeg1 else 72) * _KBPS[mpeg1][kbps] * 1000 // hz + (head[2] >> 1 & 1)
    side = _HEAD + (0 if head[1] & 1 else 2)
    about = {(True, False): 32, (True, True): 17, (False, False): 17, (False, True): 9}
    return _Frame(at, long, side, side + about[mpeg1, mono], mpeg1, mono, hz)


def _headed(octets: bytes, frame: _Frame) -> bytes:
    """Head and side information without private, copyright and original bits."""
    a, b, c, d = octets[frame.at : frame.at + _HEAD]
    head = bytes([a, b, c & 0xFE, d & 0xF3])
    side = int.from_bytes(octets[frame.at + frame.side : frame.at + frame.main], "big")
    long = frame.main - frame.side
    first, count = _PRIVATE[frame.mpeg1, frame.mono]
    side &= ~(((1 << count) - 1) << (long * 8 - first - count))
    told = side.to_bytes(long, "big")
    return head + (b"" if b & 1 else _checksum(head[2:] + told)) + told


def _checksum(octets: bytes) -> bytes:
    """CRC-16 of ISO 11172-3."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x8005 if crc & 0x8000 else 0)) & 0xFFFF
    return crc.to_bytes(2, "big")


def _sounding(octets: bytes, found: list[_Frame]) -> bytes:
    """The main data of all frames in a row, what none of them reaches set to zero."""
    parts = (octets[f.at + f.main : f.at + f.long] for f in found)
    row = bytearray(b"".join(parts))
    at = kept = 0
    for frame in found:
        begin = max(at - _back(octets, frame), 0)
        bits = max(at - _back(octets, frame), 0) * 8 + _bits(octets, frame)
        row[kept:begin] = bytes(max(begin - kept, 0))
        last, left = divmod(bits, 8)
        if left and last < len(row):
            row[last] &= 0xFF00 >> left & 0xFF
        kept = max(kept, min(last + bool(left), len(row)))
        at += frame.long - frame.main
    row[kept:] = bytes(len(row) - kept)
    return bytes(row)


def _back(octets: bytes, frame: _Frame) -> int:
    """How far before its own share a frame's main data begins."""
    at = frame.at + frame.side
    return octets[at] << 1 | octets[at + 1] >> 7 if frame.mpeg1 else octets[at]


def _bits(octets: bytes, frame: _Frame) -> int:
    """How many bits of main data a frame has: the sum over its granules and channels."""
    side = int.from_bytes(octets[frame.at + frame.side : frame.at + frame.main], "big")
    total = (frame.main - frame.side) * 8
    channels = 1 if frame.mono else 2
    first = (18 if frame.mono else 20) if frame.mpeg1 else (9 if frame.mono else 10)
    each = 59 if frame.mpeg1 else 63
    parts = channels * (2 if frame.mpeg1 else 1)
    return sum(side >> (total - first - each * n - 12) & 0xFFF for n in range(parts))

"""Bad children: functions that a test's zygote runs in place of the drawing one.

Each stands for a decoder that was taken over, or that went wrong. The source's octets choose
which, so that one stripper can be led from one to another.
"""

import ctypes
import os
import signal
import socket
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from mustshare_api.media import redraw
from mustshare_api.media.report import Media, Order, Outcome, Report
from tests.pictures import drawn, jpegs, pngs
from tests.pictures.marks import MARK

SIZE = drawn.SIZE
_LEAD = b"<lead>"
_CANON = drawn.encoded(drawn.scene(), "JPEG", quality=92, subsampling="4:2:0")
_EXACT = drawn.encoded(drawn.scene(), "PNG")


def led(octets: bytes) -> str:
    """The word that a test put behind the magic."""
    return octets.partition(_LEAD)[2].decode("ascii")


def lead(word: str) -> bytes:
    """A file that passes the sniffing and leads a bad child."""
    return jpegs.plain() + _LEAD + word.encode("ascii")


def act(octets: bytes, order: Order, result: BinaryIO) -> Report:
    """Does the bad thing that the file says; draws honestly where it says nothing."""
    word = led(octets)
    if word in ACTS:
        ACTS[word]()
    return redraw.redraw(octets.partition(_LEAD)[0], order, result)


def emit(octets: bytes, _order: Order, result: BinaryIO) -> Report:
    """Hands over the bad file that the source names."""
    word = led(octets)
    media = Media.PNG if word.startswith("png") else Media.JPEG
    result.write(FILES[word])
    return Report(Outcome.DRAWN, media, *SIZES.get(word, SIZE))


def _spin() -> None:
    while True:
        pass


def _wait() -> None:
    ctypes.CDLL(None).pause()


def _allocate() -> None:
    bytearray(3 << 30)
    os._exit(0)


def _linger() -> None:
    """Claims to have ended well, and does not end."""
    os.write(4, b"exit\0\0")
    _spin()


def _flood() -> None:
    while True:
        os.write(4, b"x" * 4000)


def _raw(number: int, *arguments: int) -> None:
    ctypes.CDLL(None).syscall(number, *arguments)


def _own_file() -> None:
    os.write(3, Path("/etc/hostname").read_bytes())


def _executable() -> None:
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap(None, 4096, 7, 0x22, -1, 0)


ACTS: dict[str, Callable[[], object]] = {
    "socket": socket.socket,
    "execve": lambda: os.execv("/bin/true", ["/bin/true"]),  # noqa: S606 - that it cannot is the test
    "kill": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "ptrace": lambda: _raw(101, 16, 1, 0, 0),
    "read": lambda: os.read(0, 1),
    "executable memory": _executable,
    "open": _own_file,
    "fork": os.fork,
    "allocate": _allocate,
    "spin": _spin,
    "wait": _wait,
    "linger": _linger,
    "flood": _flood,
    "die": lambda: os._exit(9),
    "crash": lambda: ctypes.string_at(0),
}


def _png(*parts: tuple[bytes, bytes]) -> bytes:
    return pngs.built(*parts)


def _rows(width: int, height: int, filter_byte: int = 0) -> bytes:
    return (bytes([filter_byte]) + b"\x40" * (3 * width)) * height


_HEAD = (b"IHDR", pngs.header(*SIZE))
_DATA = (b"IDAT", zlib.compress(_rows(*SIZE)))
_END = (b"IEND", b"")
_W, _H = SIZE

FILES = {
    "jpeg good": _CANON,
    "png good": _EXACT,
    "jpeg comment": jpegs.with_segments(_CANON, jpegs.segment(0xFE, MARK)),
    "jpeg exif": jpegs.with_segments(_CANON, jpegs.segment(0xE1, b"Exif\0\0" + MARK)),
    "jpeg other tables": drawn.encoded(drawn.scene(), "JPEG", quality=91, subsampling="4:2:0"),
    "jpeg own huffman": drawn.encoded(
        drawn.scene(), "JPEG", quality=92, subsampling="4:2:0", optimize=True
    ),
    "jpeg progressive": drawn.encoded(drawn.scene(), "JPEG", quality=92, progressive=True),
    "jpeg grey": drawn.encoded(drawn.scene().convert("L"), "JPEG", quality=92),
    "jpeg full colour": drawn.encoded(drawn.scene(), "JPEG", quality=92, subsampling="4:4:4"),
    "jpeg density": _CANON.replace(b"\0\0\x01\0\x01\0\0", b"\x01\0\x60\0\x60\0\0", 1),
    "jpeg trailer": _CANON + MARK,
    "jpeg two ends": _CANON + b"\xff\xd9",
    "jpeg two pictures": _CANON + _CANON,
    "jpeg marker in the scan": _CANON[:-2] + b"\xff\xfe\0\x1a" + MARK + b"\xff\xd9",
    "jpeg restart in the scan": _CANON[:-2] + b"\xff\xd0\xff\xd9",
    "jpeg half a pair": _CANON[:-2] + b"\xff\xff\xd9",
    "jpeg without end": _CANON[:-2],
    "jpeg without scan": _CANON[:623] + b"\xff\xd9",
    "jpeg other size": _CANON,
    "jpeg is a png": _EXACT,
    "png is a jpeg": _CANON,
    "jpeg nothing": b"",
    "png nothing": b"",
    "png text": pngs.with_chunk(_EXACT, b"tEXt", b"a\0" + MARK),
    "png private": pngs.with_chunk(_EXACT, b"prVt", MARK, before=b"IEND"),
    "png trailer": _EXACT + MARK,
    "png two pictures": _EXACT + _EXACT,
    "png wrong crc": _EXACT[:-1] + b"\0",
    "png wrong data crc": _EXACT.replace(b"IEND", b"IENd"),
    "png words in the end": _png(_HEAD, _DATA, (b"IEND", MARK)),
    "png other size": _png((b"IHDR", pngs.header(_W, _H + 1)), _DATA, _END),
    "png interlaced": _png((b"IHDR", pngs.header(*SIZE)[:-1] + b"\x01"), _DATA, _END),
    "png grey": _png((b"IHDR", pngs.header(_W, _H, 8, 0)), _DATA, _END),
    "png short data": _png(_HEAD, (b"IDAT", zlib.compress(_rows(_W, _H - 1))), _END),
    "png long data": _png(_HEAD, (b"IDAT", zlib.compress(_rows(*SIZE) + MARK)), _END),
    "png slack": _png(_HEAD, (b"IDAT", _DATA[1] + MARK), _END),
    "png second stream": _png(_HEAD, _DATA, (b"IDAT", zlib.compress(MARK)), _END),
    "png words in the filters": _png(
        _HEAD, (b"IDAT", zlib.compress(_rows(*SIZE, filter_byte=0x4D))), _END
    ),
    "png unfinished stream": _png(_HEAD, (b"IDAT", _DATA[1][:-4]), _END),
    "png no data": _png(_HEAD, _END),
    "png no end": _EXACT[:-12],
    "png chunk past the end": _EXACT[:-12] + b"\x7f\xff\xff\xffIEND\0\0\0\0",
    "png inflates without end": _png(_HEAD, (b"IDAT", zlib.compress(b"\0" * (64 << 20))), _END),
    "png no zlib": _png(_HEAD, (b"IDAT", MARK), _END),
    "jpeg off the canvas": _CANON,
    "jpeg of no size": _CANON,
}
GOOD = frozenset({"jpeg good", "png good"})
SIZES = {
    "jpeg other size": (64, 96), "jpeg off the canvas": (5001, 5), "jpeg of no size": (0, 0),
}  # fmt: skip

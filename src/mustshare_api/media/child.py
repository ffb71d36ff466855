"""One picture's life in its own process: read it, lock the door, draw, hand over, end.

The source is read and closed before the door is locked, so that the drawing code holds two
descriptors and no more: 3, where the new picture goes, and 4, where the report goes.
"""

import fcntl
import gc
import os
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from mustshare_api.media import room, sandbox
from mustshare_api.media.channel import Setting
from mustshare_api.media.report import Order, Report
from mustshare_api.media.sniff import Format

Draw = Callable[[bytes, Order, BinaryIO], Report]

RESULT_FD = 3
LINE_FD = 4
_OUT_OF_THE_WAY = 16
_NO_MORE_THAN = 1 << 16

THREADED = frozenset({Format.HEIC})
"""Formats whose decoder works in threads and gets a sandbox with room for them."""

ENDED = 0
BROKE = 70
NOT_LOCKED = 71


def run(
    order: Order, fds: tuple[int, int, int], draw: Draw, setting: Setting, zygote: int
) -> NoReturn:
    """Draws one picture and ends this process, whatever happens.

    Args:
        order: What to draw.
        fds: Source, result, and the line to the parent.
        draw: The ten steps.
        setting: What it may cost, and whether to go on where the door can't be locked.
        zygote: The process whose end is also this one's.
    """
    code = BROKE
    try:
        gc.disable()
        octets = _read(fds[0], order.source_bytes)
        _hold_only(fds[1], fds[2])
        result = open(RESULT_FD, "wb", buffering=0, closefd=False)  # noqa: SIM115 - a descriptor, for as long as the process lives
        code = NOT_LOCKED
        try:
            sandbox.lock(setting.limits, zygote, threads=order.kind in THREADED)
        except OSError:
            if not setting.best_effort:
                raise
        code = BROKE
        report = draw(octets, order, result)
        os.write(LINE_FD, report.encode())
        code = ENDED
    finally:
        os._exit(code)


def _read(fd: int, count: int) -> bytes:
    room.make(count)
    octets = os.pread(fd, count, 0)
    if len(octets) != count:
        raise EOFError
    return octets


def _hold_only(result: int, line: int) -> None:
    """Moves the two descriptors to their places and closes every other but 0, 1 and 2."""
    result = fcntl.fcntl(result, fcntl.F_DUPFD, _OUT_OF_THE_WAY)
    line = fcntl.fcntl(line, fcntl.F_DUPFD, _OUT_OF_THE_WAY)
    os.dup2(result, RESULT_FD)
    os.dup2(line, LINE_FD)
    os.closerange(LINE_FD + 1, _NO_MORE_THAN)

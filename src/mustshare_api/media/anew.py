"""Makes a file anew, whatever kind it is. Runs in the child, and nowhere else in the service.

    picture           drawn anew                  `redraw`
    PDF               its pages drawn anew        `pdf`, where the extra is installed
    video and audio   packed anew, not re-coded   `film`, where the extra is installed

Any failure whatever means that it can't be made safe; only what the person can do something
about has a name of its own.
"""

import contextlib
import os
from collections.abc import Callable
from typing import BinaryIO, TypeAlias

from mustshare_api.media import redraw
from mustshare_api.media.channel import PAGE
from mustshare_api.media.report import Order, Outcome, Refused, Report
from mustshare_api.media.sniff import FILMS, Format

Told = Callable[[int, int], None]
Make: TypeAlias = Callable[[bytes, Order, Told], tuple[Report, bytes]]

LINE_FD = 4
"""Where a child's reports go; `child` puts it there."""


def _pdf() -> Make | None:
    """Where its library is here and can be loaded."""
    try:
        from mustshare_api.media import pdf  # noqa: PLC0415 - an extra
    except (ImportError, OSError):
        return None
    return pdf.redraw


def _film() -> Make | None:
    """Likewise."""
    try:
        from mustshare_api.media import film  # noqa: PLC0415 - an extra
    except (ImportError, OSError):
        return None
    return film.redraw


_MAKERS: dict[Format, Make | None] = {Format.PDF: _pdf(), **dict.fromkeys(FILMS, _film())}
_BROKEN = {
    Format.PDF: Outcome.BROKEN_DOCUMENT,
    **dict.fromkeys(FILMS, Outcome.BROKEN_FILM),
}


def anew(octets: bytes, order: Order, result: BinaryIO) -> Report:
    """Makes one file anew.

    Args:
        octets: The sender's file.
        order: What it is, and what the reporter chose.
        result: Where the new file goes; what is in it means nothing unless it was made.

    Returns:
        What to report.
    """
    if order.kind not in _MAKERS:
        return redraw.redraw(octets, order, result)
    make = _MAKERS[order.kind]
    if make is None:
        return Report(Outcome.UNSUPPORTED)
    try:
        report, made = make(octets, order, _tell if order.progress else _keep_still)
        redraw.write(result, memoryview(made))
    except Refused as refused:
        return Report(refused.outcome)
    except Exception:  # noqa: BLE001 - a hostile file picks the exception
        return Report(_BROKEN[order.kind])
    return report


def _tell(done: int, of: int) -> None:
    with contextlib.suppress(OSError):
        os.write(LINE_FD, PAGE + bytes([done, of]))


def _keep_still(_done: int, _of: int) -> None:
    """Nobody waits for word."""

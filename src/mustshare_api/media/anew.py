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
from typing import TypeAlias

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


def anew(octets: bytes, order: Order) -> tuple[Report, bytes]:
    """Makes one file anew.

    Returns:
        What to report, and the new file's octets (none unless it was made).
    """
    if order.kind not in _MAKERS:
        return redraw.redraw(octets, order)
    make = _MAKERS[order.kind]
    if make is None:
        return Report(Outcome.UNSUPPORTED), b""
    try:
        return make(octets, order, _tell if order.progress else _keep_still)
    except Refused as refused:
        return Report(refused.outcome), b""
    except Exception:  # noqa: BLE001 - a hostile file picks the exception
        return Report(_BROKEN[order.kind]), b""


def _tell(done: int, of: int) -> None:
    with contextlib.suppress(OSError):
        os.write(LINE_FD, PAGE + bytes([done, of]))


def _keep_still(_done: int, _of: int) -> None:
    """Nobody waits for word."""

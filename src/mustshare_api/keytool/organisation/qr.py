"""The roots' fingerprint as a QR code in the terminal, for whoever would rather not type.

The code holds the 30 digits and nothing else. It is drawn black on white by colour codes of
its own, since a terminal is as often dark as light, and two modules a line, as characters are
twice as high as they are wide. Where nobody looks (a pipe, a file, `--json`) none is drawn.
"""

from typing import Final, TextIO

import segno

_QUIET_MODULES: Final = 4
"""The margin that ISO/IEC 18004 asks for."""

_BLACK_ON_WHITE: Final = "\x1b[30;107m"
_AS_BEFORE: Final = "\x1b[0m"
_HALVES: Final = {(0, 0): " ", (0, 1): "▄", (1, 0): "▀", (1, 1): "█"}


def draw_qr(digits: str, out: TextIO) -> None:
    """Draws it, if `out` is a terminal."""
    if not out.isatty():
        return
    rows = [tuple(row) for row in _modules(digits)]
    rows += [(0,) * len(rows[0])] * (len(rows) % 2)
    for above, below in zip(rows[::2], rows[1::2], strict=True):
        line = "".join(_HALVES[pair] for pair in zip(above, below, strict=True))
        print(f"{_BLACK_ON_WHITE}{line}{_AS_BEFORE}", file=out)


def _modules(digits: str) -> list[tuple[int, ...]]:
    """Rows of the code with its margin; 1 is dark."""
    code = segno.make_qr(digits, error="m")
    return [
        tuple(int(bool(module)) for module in row)
        for row in code.matrix_iter(border=_QUIET_MODULES)
    ]

"""The roots' fingerprint as a picture for a telephone's camera, where somebody looks."""

import io
import re
import sys

import pytest
import segno
from typing_extensions import override

from mustshare_api.keytool.organisation.qr import draw_qr
from tests.keytool.conftest import Tool

DIGITS = "012345678901234567890123456789"
HALVES = {" ": (0, 0), "▄": (0, 1), "▀": (1, 0), "█": (1, 1)}


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def modules(drawn: str) -> list[list[int]]:
    """The dark and light squares, as a camera sees them: black on white."""
    rows: list[list[int]] = []
    for line in drawn.splitlines():
        told = re.fullmatch("\x1b\\[30;107m([ ▄▀█]+)\x1b\\[0m", line)
        assert told is not None
        pairs = [HALVES[each] for each in told[1]]
        rows += [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
    return rows


def test_the_squares_are_those_of_the_code() -> None:
    """Inside a quiet margin of four, which cameras need."""
    out = Terminal()
    draw_qr(DIGITS, out)
    rows = modules(out.getvalue())
    inside = [row[4:-4] for row in rows[4 : len(rows[0]) - 4]]

    assert inside == [list(row) for row in segno.make_qr(DIGITS, error="m").matrix]
    assert not any(map(any, [*rows[:4], *rows[len(inside) + 4 :]]))
    assert not any(any(row[:4] + row[-4:]) for row in rows)


def test_nothing_is_drawn_where_nobody_looks() -> None:
    """Into a pipe or a file."""
    out = io.StringIO()
    draw_qr(DIGITS, out)

    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("options", "is_drawn"), [((), True), (("--no-qr",), False), (("--json",), False)]
)
def test_a_fingerprint_is_drawn_in_a_terminal(
    tool: Tool, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], is_drawn: bool
) -> None:
    """Beside its digits, unless it is not wanted or a machine reads."""
    for command in (
        ("roots", "show", tool.path("roots")),
        ("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"), "--home",
         str(tool.home)),
    ):  # fmt: skip
        out = Terminal()
        monkeypatch.setattr(sys, "stdout", out)
        assert tool.run(*command, *options).code == 0
        assert ("\x1b[30;107m" in out.getvalue()) is is_drawn

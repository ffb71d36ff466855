"""Reads the shipped unit as systemd would: lists add up, an empty value starts them anew."""

import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.programs import program
from tests.shape.tree import ROOT

FOLDER = ROOT / "deploy" / "systemd"
UNIT = FOLDER / "mustshare.service"


def directives(path: Path = UNIT) -> dict[str, list[str]]:
    """Every directive of a unit and the words of its values, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="ascii").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found[name] = found[name] + value.split() if value else []
    return dict(found)


def allowed_calls(path: Path = UNIT) -> list[str]:
    """The system calls that `SystemCallFilter=` leaves."""
    allowed: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", path.read_text("ascii"), re.MULTILINE):
        named = {call for word in line.lstrip("~").split() for call in calls_of(word)}
        allowed = allowed - named if line.startswith("~") else allowed | named
    return sorted(allowed)


@cache
def calls_of(word: str) -> frozenset[str]:
    """A system call, or all those of one of systemd's sets."""
    if not word.startswith("@"):
        return frozenset({word})
    said = subprocess.run(
        [program("systemd-analyze"), "--no-pager", "syscall-filter", word],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    words = [line.strip() for line in said.splitlines()[1:]]
    return frozenset().union(*(calls_of(w) for w in words if w and not w.startswith("#")))

"""docs/supply-chain.md says of others' code what is so."""

import re
from importlib.metadata import distribution

from tests.shape.tree import ROOT
from tests.supply.locks import pins

EXTRAS = {"av", "pypdfium2"}
"""What the extras install; in the test lock, and in no other environment than ours for sure."""

ELSEWHERE = {"colorama", "tzdata"}
"""Locked for Windows alone, and pure Python."""


def section(heading: str) -> str:
    text = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
    return text.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]


def is_compiled(package: str) -> bool:
    """Whether an installed package brings code that is not Python."""
    files = distribution(package).files or []
    return any(re.search(r"\.so(\.|$)", file.name) for file in files)


def test_every_parser_in_c_is_named_as_risky() -> None:
    """Compiled code is looked for in what is installed, and each package has its line."""
    serving = (set(pins("requirements.lock")) | EXTRAS) - ELSEWHERE
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \| \S", section("Risky"), re.MULTILINE))

    assert named == {package for package in serving if is_compiled(package)}
    assert {"pillow", "httptools", "av"} <= named


def test_the_days_to_mend_are_written_down() -> None:
    """Sooner the nearer a reporter's octets come."""
    days = [int(found) for found in re.findall(r"\| (\d+) \|$", section("Known"), re.MULTILINE)]

    assert len(days) == 4
    assert days == sorted(days)
    assert days[0] <= 7

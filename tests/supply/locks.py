"""The locks as text: exact pins, each with the hashes that follow it."""

import re

from tests.shape.tree import ROOT

LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-tools.lock")


def entries(lock: str) -> list[str]:
    """A lock's requirements, each with the hashes that follow it."""
    text = (ROOT / lock).read_text(encoding="ascii")
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]


def pins(lock: str) -> dict[str, str]:
    """Package to version, of the lines that are exact pins."""
    found = [re.match(r"([a-z0-9-]+)==([^\s;]+) ", entry) for entry in entries(lock)]
    return {match[1]: match[2] for match in found if match is not None}


def hashes(lock: str) -> dict[str, set[str]]:
    """Package to the SHA-256 of each of its files, in hexadecimal."""
    return {
        entry.split("==")[0]: set(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
        for entry in entries(lock)
    }

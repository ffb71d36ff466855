"""Writes the seeds anew: `python -m tests.fuzz.make_seeds`, after a format has changed.

Keys and salts are new each time, so only targets that are named, or have none, are written.
"""

import sys

from tests.fuzz.every import TARGETS
from tests.fuzz.harness import SEEDS, Target


def write(target: Target) -> None:
    """The files of one target; others there, which an atheris run left, stay."""
    folder = SEEDS / target.name
    folder.mkdir(parents=True, exist_ok=True)
    for name, octets in target.seeds().items():
        (folder / name.replace(" ", "-")).write_bytes(octets)


if __name__ == "__main__":
    for target in TARGETS.values():
        if target.name in sys.argv[1:] or not (SEEDS / target.name).exists():
            write(target)

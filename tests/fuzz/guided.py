"""Plays one target under atheris, in a process of its own: `guided.py <target> <options>`.

Started by `campaign.py` with the Python that has atheris; that shares nothing with what serves.
Only our own code is instrumented: what an input reaches in it steers which inputs come next.
"""

import sys
from importlib import import_module

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["mustshare_api"]):
    TARGETS = import_module("tests.fuzz.every").TARGETS


def main() -> None:
    """Until time is up, or a find."""
    target = TARGETS[sys.argv.pop(1)]

    def one_input(octets: bytes) -> None:
        target.play(octets)

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

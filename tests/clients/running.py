"""Starts a program and tells what it said, or why it failed."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LIMIT_S = 240


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """What a program printed.

    Raises:
        AssertionError: it failed; the message is what it said last.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    why = done.stderr.decode(errors="replace")
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {said}{why}"[
        -4000:
    ]
    return said

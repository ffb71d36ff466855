"""The commands of a tip's steps."""

import argparse
from functools import partial
from pathlib import Path
from typing import Final

from mustshare_api.domain.lifecycle import BY_OFFICERS, Step
from mustshare_api.keytool.desk.parsing import Commands, command
from mustshare_api.keytool.steps import commands

_OWN: Final = ("passphrase", "home")
_NAMES: Final = ", ".join(step.replace("_", "-") for step in BY_OFFICERS)


def add_steps(to: Commands, erased: commands.Erased) -> None:
    """Adds them all."""
    made = partial(commands.step, erased=erased)
    moved = command(to, "step", made, "move a tip; some take two officers", *_OWN)
    moved.add_argument("tip", help="its id, or the first digits of it")
    moved.add_argument("step", type=_step, metavar="STEP", help=_NAMES)
    moved.add_argument(
        "--take-back", action="store_true", help="take your own proposal of that step back"
    )
    command(to, "pending", commands.pending, "what waits for a second officer", *_OWN)
    counted = command(to, "digest", commands.digest, "how all tips stand, offline", "home")
    counted.add_argument("--out", type=Path, metavar="FILE", help="write it, always one size")
    command(to, "totals", commands.totals, "how many tips there ever were, by month", *_OWN)
    proved = command(to, "erased", commands.erased, "check that one is counted", *_OWN)
    proved.add_argument("tip", help="its id, or the first digits of it")


def _step(typed: str) -> Step:
    """A step that is an officer's to make."""
    named = {str(step): step for step in BY_OFFICERS}
    found = named.get(typed.replace("-", "_"))
    if found is None:
        raise argparse.ArgumentTypeError(f"one of {_NAMES}")
    return found

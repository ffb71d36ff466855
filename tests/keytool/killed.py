"""Runs one command of `mustshare-key` that is killed at a chosen point. A process of its own.

    python -m tests.keytool.killed '{"argv": [...], "days": 14, "at": "after put", "nth": 3}'

`days` after the tests' first day; null for the machine's own clock. No point: not killed.

Points: `before put`, `after put` (the door has it, this machine does not know), `writing` (a
copy half written), `renaming` (written and not yet named), `key file` (its new octets written
and not yet named), `key file named`.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.keytool.desk import copies
from mustshare_api.keytool.main import main
from mustshare_api.keytool.staff_door import door
from tests.keytool.conftest import CHEAP_KIB, MovedClock


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def counted(nth: int) -> Callable[[], None]:
    """Kills this process at the nth call."""
    left = [nth]

    def call() -> None:
        left[0] -= 1
        if not left[0]:
            die()

    return call


def plant(at: str, nth: int) -> None:
    """Puts the end where it is wanted."""
    tick = counted(nth)
    put, rewrite, replace = door.Door.replace_recipients, copies.Copy.rewrite, Path.replace

    def putting(*args: Any) -> None:
        _tick_if(at == "before put", tick)
        put(*args)
        _tick_if(at == "after put", tick)

    def rewriting(copy: copies.Copy, head: Any) -> None:
        if at == "writing":
            (copy.file.parent / ".part-half").write_bytes(head.octets)
            tick()
        rewrite(copy, head)

    def renaming(file: Path, to: Path) -> Path:
        _tick_if(at == "renaming" and to.parent.name == "objects", tick)
        _tick_if(at == "key file" and to.name == "officer.msk", tick)
        named = replace(file, to)
        _tick_if(at == "key file named" and to.name == "officer.msk", tick)
        return named

    setattr(door.Door, "replace_recipients", putting)  # noqa: B010 - a method is put in place
    setattr(copies.Copy, "rewrite", rewriting)  # noqa: B010 - likewise
    setattr(Path, "replace", renaming)  # noqa: B010 - likewise


def _tick_if(is_here: bool, tick: Callable[[], None]) -> None:
    if is_here:
        tick()


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    clock: Clock = SystemClock()
    if job["days"] is not None:
        clock = MovedClock()
        clock.advance(days=job["days"])
    plant(job["at"], job["nth"])
    sys.exit(main(job["argv"], clock=clock, memory_kib=CHEAP_KIB))

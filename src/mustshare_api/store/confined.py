"""Runs one PostgreSQL program so that it cannot outlive whoever asked for it.

A program of its own and not a function between fork and exec: the asker may have threads, and
what runs between fork and exec in a process with threads may deadlock. Hence the standard
library alone, no import of ours, and `python -I -S confined.py …`.

    argv: <asker's pid> <signal to send when the asker dies> <program> <argument>…

    1. shut    no core file, nothing readable by others
    2. lower   as root, or as a user without a name, enter a user namespace in which we are
               65534: PostgreSQL refuses to run as either, and a real change of user would
               change who owns the data directory
    3. tie     ask the kernel for a signal at the asker's death; after step 2, which clears it
    4. look    the asker may have died before step 3, when nobody was listening
    5. become  the program, with the asker's child's pid

It refuses to run the program at all where a step fails.
"""

import ctypes
import os
import pwd
import resource
import sys
from pathlib import Path

NAMESPACE_REFUSED = 71
"""Exit code: no user namespace may be made here (a container's policy, usually)."""

ASKER_GONE = 72
"""Exit code: nobody is left to run a database for."""

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_NOBODY = 65534


def _has_a_name() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:  # a container run under any number
        return False
    return True


def _lower(libc: ctypes.CDLL) -> None:
    if os.geteuid() != 0 and _has_a_name():
        return
    # Asked before: in the new namespace nobody has a number until the maps are written.
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER) != 0:
        sys.exit(NAMESPACE_REFUSED)
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{_NOBODY} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{_NOBODY} {group} 1", encoding="ascii")
    except OSError:
        sys.exit(NAMESPACE_REFUSED)


def _tie(libc: ctypes.CDLL, asker: int, death_signal: int) -> None:
    libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != asker:
        sys.exit(ASKER_GONE)


def main(asker: int, death_signal: int, program: list[str]) -> None:
    """Become `program`, tied to the life of the process `asker`."""
    libc = ctypes.CDLL(None, use_errno=True)
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(libc)
    _tie(libc, asker, death_signal)
    os.execv(program[0], program)  # noqa: S606 - a list of ours, and no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

"""What the process does to itself before it holds a single secret.

    no core dump      a crash must not write a tip to disk
    umask 077         nothing it makes is for others
    not dumpable      nobody but root traces it or reads its memory
    malloc settings   freed memory is overwritten, and not kept in a thread's cache

The last needs the C library's start-up, so the process executes itself again, under the same
pid, and is made not dumpable after that: executing undoes it. Without the settings a tip's text
was still readable in the process's memory after the answer in 10 of 10 trials, with them in 0
of 10, for 0.05 ms of CPU a request (our measurement, uvicorn).

Of a process that is not dumpable `/proc/PID` belongs to root. It still reads its own
`/proc/self/fd`, status and maps. It could not write the maps of a user namespace, which the
embedded database's launcher does: that is a program of its own by then, and executing has made
it dumpable. Programs that look into others (py-spy, gdb, strace -p) need root, or
MUSTSHARE_CONFINEMENT=off.
"""

import errno
import os
import platform
import resource
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from mustshare_api.app.server import tls
from mustshare_api.kernel import calls

GLIBC_TUNABLES = "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165"
NOT_GLIBC: Final = "the C library is not glibc, and keeps what is freed"

_WANTED: Final = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": GLIBC_TUNABLES}
_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_CAP_IPC_LOCK: Final = 14


def keep_private() -> None:
    """What a process does that holds the deployment's own: no core dump, umask 077."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


@contextmanager
def in_private() -> Generator[None]:
    """The same for a command that is over soon: it holds a partner's key, or the log's."""
    core, mask = resource.getrlimit(resource.RLIMIT_CORE), os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, core[1]))
    try:
        yield
    finally:
        os.umask(mask)
        resource.setrlimit(resource.RLIMIT_CORE, core)


def harden_process(command: Sequence[str]) -> bool:
    """Hardens, and executes `command` again when that is needed.

    Returns:
        Whether memory is overwritten when freed; False where the C library is not glibc.
    """
    keep_private()
    if is_glibc() and not overwrites():
        sys.stdout.flush()
        # The safe path: code is never looked for in whatever folder this was started from.
        again = [sys.executable, "-P", *command]
        # An operator who has a file of OpenSSL's keeps it.
        started_with = {**tls.environment(), **os.environ, **_WANTED}  # noqa: TID251 - not settings
        os.execve(sys.executable, again, started_with)  # noqa: S606
    hide()
    return overwrites()


def is_glibc() -> bool:
    """Whether the C library can be told to overwrite what is freed."""
    return platform.libc_ver()[0] == "glibc"


def overwrites() -> bool:
    """Whether this process was started so that freed memory is overwritten."""
    return is_glibc() and all(os.environ.get(name) == value for name, value in _WANTED.items())  # noqa: TID251 - not a setting


def hide() -> None:
    """Keeps others of the same user from tracing this process and reading its memory."""
    calls.prctl(_PR_SET_DUMPABLE, 0)


def let_look() -> None:
    """Undoes that, for whoever has to look inside."""
    calls.prctl(_PR_SET_DUMPABLE, 1)


def check_hidden() -> None:
    """That this process is hidden.

    Raises:
        OSError: It is not.
    """
    if calls.asked(_PR_GET_DUMPABLE):
        raise OSError(errno.EPERM, "the process can be traced")


def may_lock_memory() -> bool:
    """Whether memory may be locked without bound; under one, allocations would fail later."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        return True
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - a line of it
        held = next(line for line in status if line.startswith("CapEff:"))
    return bool(int(held.split()[1], 16) >> _CAP_IPC_LOCK & 1)

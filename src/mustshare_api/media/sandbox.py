"""What a process that decodes a stranger's file is allowed: memory, its own time, two writes.

    zygote, once, inherited by every child          child, each
    +-----------------------------------------+     +--------------------------------------+
    | nobody       user and groups, if root   |     | parent_death  dies with the zygote   |
    | namespaces   user net ipc mount uts     |     | limits        memory, CPU, files ... |
    | capabilities none                       |     | seccomp       twelve system calls    |
    | privileges   no new ones by executing   |     +--------------------------------------+
    | landlock     no file, no connection     |
    | memory       never writable + runnable  |
    | dumps        no core, no tracing        |
    +-----------------------------------------+

Only seccomp is indispensable: alone it leaves a taken-over decoder nothing but its own memory
and two descriptors to write to. The others are there for the day the kernel has a hole in it,
and for kernels and containers that lack some of them. Each says whether it is in force.
"""

import errno
import os
import resource
import signal
import struct
from collections.abc import Callable

from mustshare_api.kernel import calls, landlock
from mustshare_api.media import seccomp
from mustshare_api.media.bounds import Limits

IN_FORCE = "in force"
NOBODY = 65534
"""The user and group that own nothing, by convention of Linux and Debian."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_MDWE = 1, 4, 38, 65
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NO_MDWE = "not by Linux before 6.3; under a unit by its MemoryDenyWriteExecute="
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION = 0x20080522


def confine() -> dict[str, str]:
    """Puts on the zygote all that its children inherit.

    Returns:
        Each measure and whether it is in force, else the system's reason.
    """
    return {
        "nobody": _tried(_become_nobody),
        "namespaces": _tried(_leave_namespaces),
        "capabilities": _tried(_drop_capabilities),
        "privileges": _tried(lambda: calls.prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        "landlock": _tried(landlock.deny_all),
        "memory": _tried(_run_nothing_written),
        "dumps": _tried(lambda: calls.prctl(_PR_SET_DUMPABLE, 0)),
    }


def lock(limits: Limits, zygote: int, *, threads: bool = False) -> None:
    """Puts on a child what is each child's own, the system-call filter last.

    Args:
        limits: What it may use up.
        zygote: The process whose end is also this one's.
        threads: Its decoder works in threads.

    Raises:
        OSError: Some measure could not be taken.
    """
    calls.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        raise ProcessLookupError
    _limit(limits, limits.threads if threads else 0)
    seccomp.install(threads=threads)


def _limit(limits: Limits, threads: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.result_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, threads),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(what, (most, most))
    # A second between the signal and the kill tells a picture too slow from a picture too wild.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _leave_namespaces() -> None:
    calls.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWNS | _CLONE_NEWUTS)


def _drop_capabilities() -> None:
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    calls.syscall(_CAPSET[os.uname().machine], header, bytes(24))


def _run_nothing_written() -> None:
    """By the kernel itself; on Debian 12's (6.1) by the filter of `MemoryDenyWriteExecute=`."""
    try:
        calls.prctl(_PR_SET_MDWE, 1)
    except OSError:
        if calls.may_run_what_it_wrote():
            raise OSError(errno.ENOSYS, _NO_MDWE) from None


def _tried(measure: Callable[[], object]) -> str:
    try:
        measure()
    except (OSError, KeyError) as error:
        return (error.strerror if isinstance(error, OSError) else None) or "not on this machine"
    return IN_FORCE

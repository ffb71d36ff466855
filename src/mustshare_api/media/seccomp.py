"""Leaves a child the twelve system calls that drawing takes, and kills it at any other.

The filter (`kernel/bpf.py` has the language):

    load arch          not ours -> kill          (a 32-bit call would be numbered otherwise)
    load number        x32 bit  -> kill
    = mmap ?           anonymous and not executable -> allow, else kill
    = mprotect ?       with threads only: not executable -> allow, else kill
    = clone ?          with threads only: a thread's flags -> allow, else answer EACCES
    = one of ALLOWED   allow
    = one of ABSENT    answer ENOSYS or EACCES   (libraries ask, and go on without)
    anything else      kill the whole process

Opening a file, forking, asking for the machine's size and naming memory are answered rather
than killed because a harmless library may try them (glibc's sorting asks how much memory
there is); they are as impossible. Everything that reaches outside (sockets,
signals, tracing, executing) is never harmless.

The decoder of HEIC works in threads, so its children get a wider filter: what glibc takes to
start and end one. `clone` passes only with the very flags of a thread, which no process and
no namespace can be made with; `clone3`, whose flags lie in memory where a filter can't look,
is answered as if the kernel had none, and glibc falls back to the other.
"""

import errno
import platform
from dataclasses import dataclass

from mustshare_api.kernel import bpf
from mustshare_api.kernel.bpf import ALLOW, ERRNO, JUMP_BITS, JUMP_EQUAL, KILL, LOAD, RETURN

_AT_FIRST, _AT_PROT, _AT_FLAGS = bpf.at(0), bpf.at(2), bpf.at(3)
_PROT_EXEC = 4
_MAP_ANONYMOUS = 0x20
_THREAD = 0x3D0F00
"""What glibc starts a thread with: VM FS FILES SIGHAND THREAD SYSVSEM SETTLS and both tids."""


@dataclass(frozen=True, slots=True)
class Table:
    """System-call numbers of one architecture."""

    audit_arch: int
    mmap: int
    allowed: dict[str, int]
    refused: dict[str, int]
    missing: dict[str, int]
    mprotect: int
    clone: int
    threads: dict[str, int]
    """Allowed beside the others where the decoder works in threads."""


TABLES = {
    "x86_64": Table(
        bpf.AUDIT_ARCH["x86_64"],
        9,
        {
            "write": 1, "munmap": 11, "brk": 12, "rt_sigreturn": 15, "mremap": 25,
            "madvise": 28, "exit": 60, "gettid": 186, "futex": 202, "clock_gettime": 228,
            "exit_group": 231,
        },
        {
            "open": 2, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "ioctl": 16,
            "access": 21, "fork": 57, "vfork": 58, "getcwd": 79, "readlink": 89,
            "sysinfo": 99, "prctl": 157, "sched_getaffinity": 204, "openat": 257,
            "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "statx": 332,
        },
        {"clone3": 435, "openat2": 437, "faccessat2": 439},
        10,
        56,
        {"rt_sigaction": 13, "rt_sigprocmask": 14, "set_robust_list": 273, "rseq": 334},
    ),
    "aarch64": Table(
        bpf.AUDIT_ARCH["aarch64"],
        222,
        {
            "write": 64, "munmap": 215, "brk": 214, "rt_sigreturn": 139, "mremap": 216,
            "madvise": 233, "exit": 93, "gettid": 178, "futex": 98, "clock_gettime": 113,
            "exit_group": 94,
        },
        {
            "getcwd": 17, "ioctl": 29, "faccessat": 48, "openat": 56, "lseek": 62,
            "readlinkat": 78, "newfstatat": 79, "fstat": 80, "sched_getaffinity": 123,
            "prctl": 167, "sysinfo": 179, "statx": 291,
        },
        {"clone3": 435, "openat2": 437, "faccessat2": 439},
        226,
        220,
        {"rt_sigaction": 134, "rt_sigprocmask": 135, "set_robust_list": 99, "rseq": 293},
    ),
}  # fmt: skip
"""From the kernel's own tables (`syscall_64.tbl`, `asm-generic/unistd.h`)."""


def program(table: Table, *, threads: bool = False) -> bytes:
    """The filter for one architecture, eight octets an instruction."""
    lines = [
        *bpf.opening(table.audit_arch),
        bpf.line(JUMP_EQUAL, table.mmap, 0, 6),
        bpf.line(LOAD, _AT_PROT),
        bpf.line(JUMP_BITS, _PROT_EXEC, 3, 0),
        bpf.line(LOAD, _AT_FLAGS),
        bpf.line(JUMP_BITS, _MAP_ANONYMOUS, 0, 1),
        bpf.line(RETURN, ALLOW),
        bpf.line(RETURN, KILL),
    ]
    if threads:
        lines += _for_threads(table)
    lines += bpf.answers([table.clone], ERRNO | errno.EACCES)
    lines += bpf.answers(table.allowed.values(), ALLOW)
    lines += bpf.answers(table.refused.values(), ERRNO | errno.EACCES)
    lines += bpf.answers(table.missing.values(), ERRNO | errno.ENOSYS)
    lines.append(bpf.line(RETURN, KILL))
    return b"".join(lines)


def install(*, threads: bool = False) -> None:
    """Puts the filter on this process, for good.

    Args:
        threads: The wider one, for a decoder that works in threads.

    Raises:
        OSError: The kernel has no seccomp filters, or forbids them here.
    """
    if not _FILTERS:
        raise OSError(errno.ENOSYS, "no table for this architecture")
    bpf.install(_FILTERS[threads])


def _for_threads(table: Table) -> list[bytes]:
    """Memory that is made accessible, never to be run; a thread, never a process."""
    return [
        bpf.line(JUMP_EQUAL, table.mprotect, 0, 4),
        bpf.line(LOAD, _AT_PROT),
        bpf.line(JUMP_BITS, _PROT_EXEC, 1, 0),
        bpf.line(RETURN, ALLOW),
        bpf.line(RETURN, KILL),
        bpf.line(JUMP_EQUAL, table.clone, 0, 4),
        bpf.line(LOAD, _AT_FIRST),
        bpf.line(JUMP_EQUAL, _THREAD, 0, 1),
        bpf.line(RETURN, ALLOW),
        bpf.line(RETURN, ERRNO | errno.EACCES),
        *bpf.answers(table.threads.values(), ALLOW),
    ]


_FILTERS = (
    [program(TABLES[platform.machine()], threads=threads) for threads in (False, True)]
    if platform.machine() in TABLES
    else []
)
"""Made once, in the zygote."""

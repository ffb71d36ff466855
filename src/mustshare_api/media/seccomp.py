"""Leaves a child the eleven system calls that drawing takes, and kills it at any other.

The filter is a BPF program, written by hand and installed by `prctl`, so that no library has
to be there:

    load arch          not ours -> kill          (a 32-bit call would be numbered otherwise)
    load number        x32 bit  -> kill
    = mmap ?           anonymous and not executable -> allow, else kill
    = one of ALLOWED   allow
    = one of ABSENT    answer ENOSYS or EACCES   (libraries ask, and go on without)
    anything else      kill the whole process

Opening a file, forking, asking for the machine's size and naming memory are answered rather
than killed because a harmless library may try them (glibc's sorting asks how much memory
there is); they are as impossible. Everything that reaches outside (sockets,
signals, tracing, executing) is never harmless.
"""

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

from mustshare_api.media import kernel

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_AT_NUMBER, _AT_ARCH, _AT_PROT, _AT_FLAGS = 0, 4, 32, 40
_X32 = 0x40000000
_PROT_EXEC = 4
_MAP_ANONYMOUS = 0x20


@dataclass(frozen=True, slots=True)
class Table:
    """System-call numbers of one architecture."""

    audit_arch: int
    mmap: int
    allowed: dict[str, int]
    refused: dict[str, int]
    missing: dict[str, int]


TABLES = {
    "x86_64": Table(
        0xC000003E,
        9,
        {
            "write": 1, "munmap": 11, "brk": 12, "rt_sigreturn": 15, "mremap": 25,
            "madvise": 28, "exit": 60, "futex": 202, "clock_gettime": 228,
            "exit_group": 231,
        },
        {
            "open": 2, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "ioctl": 16,
            "access": 21, "clone": 56, "fork": 57, "vfork": 58, "getcwd": 79, "readlink": 89,
            "sysinfo": 99, "prctl": 157, "sched_getaffinity": 204, "openat": 257,
            "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "statx": 332,
        },
        {"clone3": 435, "openat2": 437, "faccessat2": 439},
    ),
    "aarch64": Table(
        0xC00000B7,
        222,
        {
            "write": 64, "munmap": 215, "brk": 214, "rt_sigreturn": 139, "mremap": 216,
            "madvise": 233, "exit": 93, "futex": 98, "clock_gettime": 113,
            "exit_group": 94,
        },
        {
            "getcwd": 17, "ioctl": 29, "faccessat": 48, "openat": 56, "lseek": 62,
            "readlinkat": 78, "newfstatat": 79, "fstat": 80, "sched_getaffinity": 123,
            "prctl": 167, "sysinfo": 179, "clone": 220, "statx": 291,
        },
        {"clone3": 435, "openat2": 437, "faccessat2": 439},
    ),
}  # fmt: skip
"""From the kernel's own tables (`syscall_64.tbl`, `asm-generic/unistd.h`)."""


def program(table: Table) -> bytes:
    """The filter for one architecture, eight octets an instruction."""
    lines = [
        _line(_LOAD, _AT_ARCH),
        _line(_JUMP_EQUAL, table.audit_arch, 1, 0),
        _line(_RETURN, _KILL),
        _line(_LOAD, _AT_NUMBER),
        _line(_JUMP_AT_LEAST, _X32, 0, 1),
        _line(_RETURN, _KILL),
        _line(_JUMP_EQUAL, table.mmap, 0, 6),
        _line(_LOAD, _AT_PROT),
        _line(_JUMP_BITS, _PROT_EXEC, 3, 0),
        _line(_LOAD, _AT_FLAGS),
        _line(_JUMP_BITS, _MAP_ANONYMOUS, 0, 1),
        _line(_RETURN, _ALLOW),
        _line(_RETURN, _KILL),
    ]
    lines += _answers(table.allowed, _ALLOW)
    lines += _answers(table.refused, _ERRNO | errno.EACCES)
    lines += _answers(table.missing, _ERRNO | errno.ENOSYS)
    lines.append(_line(_RETURN, _KILL))
    return b"".join(lines)


def install() -> None:
    """Puts the filter on this process, for good.

    Raises:
        OSError: The kernel has no seccomp filters, or forbids them here.
    """
    if not _FILTER:
        raise OSError(errno.ENOSYS, "no table for this architecture")
    kernel.prctl(_PR_SET_SECCOMP, _MODE_FILTER, _FILTER_PROGRAM)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _answers(calls: dict[str, int], answer: int) -> list[bytes]:
    """Two instructions a call: is it this one, and then what."""
    return [
        line
        for number in calls.values()
        for line in (_line(_JUMP_EQUAL, number, 0, 1), _line(_RETURN, answer))
    ]


_FILTER = program(TABLES[platform.machine()]) if platform.machine() in TABLES else b""
_FILTER_ARRAY = ctypes.create_string_buffer(_FILTER, len(_FILTER) or 1)
_FILTER_PROGRAM = struct.pack("@HP", len(_FILTER) // 8, ctypes.addressof(_FILTER_ARRAY))
"""`struct sock_fprog`, made once in the zygote; the array has to outlive it."""

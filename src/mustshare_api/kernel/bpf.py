"""Writes and installs a filter on system calls: a BPF program, eight octets a line.

By hand and installed by `prctl`, so that no library has to be there. A filter sees the number
of the architecture, that of the call, and six arguments; never what a pointer points to.
"""

import ctypes
import struct
from collections.abc import Iterable

from mustshare_api.kernel import calls

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_BITS, MASK, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
AT_NUMBER, AT_ARCH = 0, 4
X32 = 0x40000000
"""Set in the number of a call by the x32 numbering, under which the same calls have others."""

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""As the kernel names the architectures that there are tables for."""

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2


def at(argument: int) -> int:
    """Where the lower half of an argument lies, counted from 0."""
    return 16 + 8 * argument


def line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction; jumps count the lines that are passed over."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def opening(audit_arch: int) -> list[bytes]:
    """Kills at a call by another numbering than ours, and loads the number of any other."""
    return [
        line(LOAD, AT_ARCH),
        line(JUMP_EQUAL, audit_arch, 1, 0),
        line(RETURN, KILL),
        line(LOAD, AT_NUMBER),
        line(JUMP_AT_LEAST, X32, 0, 1),
        line(RETURN, KILL),
    ]


def answers(numbers: Iterable[int], answer: int) -> list[bytes]:
    """Two instructions a call: is it this one, and then what."""
    return [
        one
        for number in numbers
        for one in (line(JUMP_EQUAL, number, 0, 1), line(RETURN, answer))
    ]


def install(program: bytes) -> None:
    """Puts a filter on this thread and all that it starts, for good.

    Raises:
        OSError: The kernel has no seccomp filters, or forbids them here.
    """
    # `struct sock_fprog`: the kernel copies what it points to before the call returns.
    octets = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(octets))
    calls.prctl(_PR_SET_SECCOMP, _MODE_FILTER, described)

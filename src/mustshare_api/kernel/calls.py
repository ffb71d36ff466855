"""Asks the kernel for what Python has no function for."""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, *values: int | bytes | None) -> None:
    """Sets something about this process.

    Raises:
        OSError: The kernel refuses, or knows no such thing.
    """
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in values]
    wide += [ctypes.c_ulong(0)] * (4 - len(wide))
    _answered(_libc.prctl(ctypes.c_int(option), *wide))


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """Makes a system call by its number and hands back what it returns.

    Raises:
        OSError: The kernel refuses, or knows no such call.
    """
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _answered(_libc.syscall(ctypes.c_long(number), *wide))


def unshare(what: int) -> None:
    """Leaves namespaces for new ones.

    Raises:
        OSError: Not allowed here.
    """
    _answered(_libc.unshare(ctypes.c_int(what)))


def _answered(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

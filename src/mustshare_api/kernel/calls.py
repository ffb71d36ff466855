"""Asks the kernel for what Python has no function for."""

import ctypes
import mmap
import os

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, *values: int | bytes | None) -> None:
    """Sets something about this process.

    Raises:
        OSError: The kernel refuses, or knows no such thing.
    """
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in values]
    wide += [ctypes.c_ulong(0)] * (4 - len(wide))
    _answered(_libc.prctl(ctypes.c_int(option), *wide))


def asked(option: int) -> int:
    """Asks something about this process.

    Raises:
        OSError: The kernel knows no such thing.
    """
    return _answered(_libc.prctl(ctypes.c_int(option), *[ctypes.c_ulong(0)] * 4))


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


def lock_memory() -> None:
    """Keeps this process's memory, now and later, off any disk that is swapped to.

    A page is locked when it is first touched, so what is reserved and never used costs nothing.

    Raises:
        OSError: Not allowed here.
    """
    _answered(_libc.mlockall(ctypes.c_int(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)))


def may_run_what_it_wrote() -> bool:
    """Whether memory that was written to can be made runnable, at once or afterwards.

    Tried out, since a filter of whoever started this process can't be asked.
    """
    written, run = mmap.PROT_READ | mmap.PROT_WRITE, mmap.PROT_READ | mmap.PROT_EXEC
    try:
        mmap.mmap(-1, mmap.PAGESIZE, prot=written | run).close()
    except OSError:
        area = mmap.mmap(-1, mmap.PAGESIZE, prot=written)
        place = ctypes.addressof(ctypes.c_char.from_buffer(area))
        size = ctypes.c_size_t(mmap.PAGESIZE)
        return bool(_libc.mprotect(ctypes.c_void_p(place), size, ctypes.c_int(run)) == 0)
    return True


def _answered(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

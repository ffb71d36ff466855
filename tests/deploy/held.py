"""Starts a program as the shipped unit would, where there is no systemd to do it.

Run as `python -m tests.deploy.held PLAN`, a JSON file; it becomes the program. In this order:

    user namespace   an ordinary user without a capability                  (PrivateUsers=)
    network          none, not even loopback                                 (PrivateNetwork=)
    mounts           all read-only but the state directory; of /proc only processes
    limits, umask    LimitCORE=, LimitNOFILE=, UMask=
    system calls     the filter itself, made by libseccomp as systemd makes it

What it cannot show: control groups (MemoryMax=, IPAddressDeny=), which touch no call.
"""

import contextlib
import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWNET = 0x20000, 0x10000000, 0x40000000
NAMESPACES = {
    "mnt": NEWNS,
    "uts": 0x4000000,
    "ipc": 0x8000000,
    "user": NEWUSER,
    "pid": 0x20000000,
    "net": NEWNET,
    "cgroup": 0x2000000,
    "time": 0x80,
}
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000
RDONLY = 1
USER = 1000


def must(answer: int) -> None:
    """Raises what went wrong."""
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def become_user() -> None:
    """An ordinary user with no network; capabilities are left at the next exec."""
    outer = os.getuid(), os.getgid()
    must(LIBC.unshare(NEWUSER | NEWNET | NEWNS))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{USER} {outer[0]} 1")
    Path("/proc/self/gid_map").write_text(f"{USER} {outer[1]} 1")


def mount(source: str, target: str, flags: int) -> None:
    must(LIBC.mount(source.encode(), target.encode(), None, flags, None))


def attributes(path: str, add: int, remove: int, flags: int) -> None:
    """`mount_setattr(2)`."""
    wanted = (ctypes.c_uint64 * 4)(add, remove, 0, 0)
    must(
        LIBC.syscall(
            MOUNT_SETATTR,
            ctypes.c_int(AT_FDCWD),
            path.encode(),
            ctypes.c_uint(flags),
            ctypes.byref(wanted),
            ctypes.c_size_t(ctypes.sizeof(wanted)),
        )
    )


def close_files(writable: list[str], nothing: str) -> None:
    """ProtectSystem=strict, ProcSubset=pid: what is not named is read-only or not there."""
    mount("none", "/", MS_REC | MS_PRIVATE)
    for place in writable:
        mount(place, place, MS_BIND)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() and not entry.is_symlink():
            mount(nothing if entry.is_dir() else "/dev/null", str(entry), MS_BIND)
    attributes("/", RDONLY, 0, AT_RECURSIVE)
    for place in writable:
        attributes(place, 0, RDONLY, 0)


class Argument(ctypes.Structure):
    """`struct scmp_arg_cmp`."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


EQUAL, MASKED = 4, 7
ALLOW, ERRNO, EPERM, ENOSYS, NO_FAMILY = 0x7FFF0000, 0x00050000, 1, 38, 97


class Filter:
    """One seccomp filter, by libseccomp."""

    def __init__(self, default: int) -> None:
        self._library = ctypes.CDLL("libseccomp.so.2")
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action: int, call: str, *arguments: Argument) -> None:
        """For a call whose arguments are like that; one this machine does not know is left."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        array = (Argument * max(1, len(arguments)))(*arguments)
        if number >= 0:
            given = ctypes.c_uint32(action), ctypes.c_int(number), len(arguments), array
            if self._library.seccomp_rule_add_array(self._context, *given):
                raise ValueError(call)

    def load(self) -> None:
        if self._library.seccomp_load(self._context):
            raise ValueError("the filter was not taken")


def filter_calls(allowed: list[str], families: list[str], namespaces: list[str]) -> None:
    """The unit's filters. Arguments first: a call that is not allowed could load no more."""
    arguments = Filter(ALLOW)
    write_execute = 0x2 | 0x4
    refused = ERRNO | EPERM
    arguments.rule(refused, "mmap", Argument(2, MASKED, write_execute, write_execute))
    for call in ("mprotect", "pkey_mprotect"):
        arguments.rule(refused, call, Argument(2, MASKED, 0x4, 0x4))
    known = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17}
    for name, family in known.items():
        if name not in families:
            arguments.rule(ERRNO | NO_FAMILY, "socket", Argument(0, EQUAL, family, 0))
    for name, flag in NAMESPACES.items():
        if name not in namespaces:
            arguments.rule(refused, "unshare", Argument(0, MASKED, flag, flag))
    arguments.rule(ERRNO | ENOSYS, "clone3")
    arguments.load()
    calls = Filter(ERRNO | EPERM)
    # The second filter may be loaded, and the program started, by calls that it allows.
    for call in allowed:
        calls.rule(ALLOW, call)
    calls.load()


def hand_over(descriptors: list[int]) -> dict[str, str]:
    """Puts sockets where `sd_listen_fds(3)` looks for them."""
    for wanted, fd in enumerate(descriptors, 3):
        assert fd >= wanted
        os.dup2(fd, wanted, inheritable=True)
    return {"LISTEN_FDS": str(len(descriptors)), "LISTEN_PID": str(os.getpid())}


def main(plan: dict[str, Any]) -> None:
    """Becomes the program."""
    environment = {**os.environ, **hand_over(plan["sockets"])}
    with contextlib.suppress(ValueError, OSError):  # it takes a real root
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY,) * 2)
    become_user()
    close_files(plan["writable"], plan["nothing"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (plan["files"], plan["files"]))
    os.umask(plan["umask"])
    filter_calls(plan["calls"], plan["families"], plan["namespaces"])
    os.execve(plan["command"][0], plan["command"], environment)  # noqa: S606


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))

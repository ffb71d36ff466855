"""Takes system calls away from the serving process: a list of what it never needs.

    numbering     another architecture's, or x32: kills
    socket        unix sockets; TCP only where the database is reached by it; nothing else
    sendto ...    as ever, but never so that they connect as well (TCP Fast Open)
    unshare       with the very flags of the picture workers' zygote, and no others
    clone         never into namespaces
    clone3        answered as if the kernel had none: its flags lie where no filter can look
    FORBIDDEN     answered EPERM
    anything else allowed

The process is large (an interpreter, TLS, a database's driver), so this is no list of what it
may do, as the picture workers have. It takes away what reaches other processes, the kernel's
insides and its rarely walked paths, and it answers rather than kills: a library that probes
goes on without.

Landlock looks at `connect` of plain TCP and at nothing beside it. UDP, raw packets, SCTP, MPTCP
and twenty other families are therefore refused here, at `socket`, on every kernel.
"""

import errno
import platform
import socket
from dataclasses import dataclass
from typing import Final

from mustshare_api.kernel import bpf
from mustshare_api.kernel.bpf import ALLOW, ERRNO, JUMP_BITS, JUMP_EQUAL, LOAD, MASK, RETURN

_REFUSE: Final = ERRNO | errno.EPERM
_NO_SUCH_FAMILY: Final = ERRNO | errno.EACCES
_NO_SUCH_CALL: Final = ERRNO | errno.ENOSYS

_TYPE_BITS: Final = 0xF
_FAST_OPEN: Final = 0x20000000
_NAMESPACES: Final = 0x7E020000
"""Flags of `clone` that make one: mounts, cgroup, names, IPC, users, processes, network."""

ZYGOTES: Final = 0x5C020000
"""Users, network, IPC, mounts, names: the namespaces that `media.sandbox` leaves, together."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """System-call numbers of one architecture."""

    socket: int
    sending: dict[int, int]
    """Number -> which argument holds its flags."""

    unshare: int
    clone: int
    forbidden: dict[str, int]


CLONE3: Final = 435

EVERYWHERE: Final = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "mount_setattr": 442, "quotactl_fd": 443, "open_tree_attr": 467,
}  # fmt: skip
"""Calls that came after all architectures had agreed on numbers."""

NUMBERS: Final = {
    "x86_64": Numbers(
        41,
        {44: 3, 46: 2, 307: 3},
        272,
        56,
        {
            "ptrace": 101, "syslog": 103, "uselib": 134, "personality": 135, "vhangup": 153,
            "modify_ldt": 154, "pivot_root": 155, "adjtimex": 159, "chroot": 161, "acct": 163,
            "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
            "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
            "init_module": 175, "delete_module": 176, "quotactl": 179, "clock_settime": 227,
            "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
            "migrate_pages": 256, "move_pages": 279, "perf_event_open": 298,
            "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304,
            "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310,
            "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320,
            "bpf": 321, "userfaultfd": 323, **EVERYWHERE,
        },
    ),
    "aarch64": Numbers(
        198,
        {206: 3, 211: 2, 269: 3},
        97,
        220,
        {
            "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "vhangup": 58,
            "quotactl": 60, "acct": 89, "personality": 92, "kexec_load": 104,
            "init_module": 105, "delete_module": 106, "clock_settime": 112, "syslog": 116,
            "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162,
            "settimeofday": 170, "adjtimex": 171, "add_key": 217, "request_key": 218,
            "keyctl": 219, "swapon": 224, "swapoff": 225, "migrate_pages": 238,
            "move_pages": 239, "perf_event_open": 241, "fanotify_init": 262,
            "name_to_handle_at": 264, "open_by_handle_at": 265, "clock_adjtime": 266,
            "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
            "finit_module": 273, "bpf": 280, "userfaultfd": 282, "kexec_file_load": 294,
            **EVERYWHERE,
        },
    ),
}  # fmt: skip
"""From the kernel's own tables (`syscall_64.tbl`, `asm-generic/unistd.h`)."""


def program(machine: str, *, tcp: bool, names: bool) -> bytes:
    """The filter for one architecture.

    Args:
        machine: As `platform.machine` calls it.
        tcp: The database is reached by TCP.
        names: And its name has to be asked for, by UDP.

    Raises:
        KeyError: There is no table for this architecture.
    """
    numbers = NUMBERS[machine]
    lines = bpf.opening(bpf.AUDIT_ARCH[machine])
    lines += _guarded(numbers.socket, _families(tcp=tcp, names=names))
    for number, flags in numbers.sending.items():
        lines += _guarded(number, _never_with(_FAST_OPEN, flags))
    lines += _guarded(numbers.unshare, _only(ZYGOTES))
    lines += _guarded(numbers.clone, _never_with(_NAMESPACES, 0))
    lines += bpf.answers([CLONE3], _NO_SUCH_CALL)
    lines += bpf.answers(numbers.forbidden.values(), _REFUSE)
    lines.append(bpf.line(RETURN, ALLOW))
    return b"".join(lines)


def install(*, tcp: bool, names: bool) -> None:
    """Puts the filter on this process, which must have one thread.

    Raises:
        OSError: The kernel has no seccomp filters, or forbids them here.
    """
    if platform.machine() not in NUMBERS:
        raise OSError(errno.ENOSYS, "no table for this architecture")
    bpf.install(program(platform.machine(), tcp=tcp, names=names))


def _guarded(number: int, decision: list[bytes]) -> list[bytes]:
    """A decision that always ends in an answer, for one call."""
    return [bpf.line(JUMP_EQUAL, number, 0, len(decision)), *decision]


def _never_with(bits: int, argument: int) -> list[bytes]:
    return [
        bpf.line(LOAD, bpf.at(argument)),
        bpf.line(JUMP_BITS, bits, 0, 1),
        bpf.line(RETURN, _REFUSE),
        bpf.line(RETURN, ALLOW),
    ]


def _only(value: int) -> list[bytes]:
    return [
        bpf.line(LOAD, bpf.at(0)),
        bpf.line(JUMP_EQUAL, value, 0, 1),
        bpf.line(RETURN, ALLOW),
        bpf.line(RETURN, _REFUSE),
    ]


def _families(*, tcp: bool, names: bool) -> list[bytes]:
    lines = [
        bpf.line(LOAD, bpf.at(0)),
        bpf.line(JUMP_EQUAL, socket.AF_UNIX, 0, 1),
        bpf.line(RETURN, ALLOW),
    ]
    if tcp:
        kinds = [(socket.SOCK_STREAM, socket.IPPROTO_TCP)]
        kinds += [(socket.SOCK_DGRAM, socket.IPPROTO_UDP)] if names else []
        inside = [one for kind, protocol in kinds for one in _kind(kind, protocol)]
        inside.append(bpf.line(RETURN, _NO_SUCH_FAMILY))
        lines += [
            bpf.line(JUMP_EQUAL, socket.AF_INET, 1, 0),
            bpf.line(JUMP_EQUAL, socket.AF_INET6, 0, len(inside)),
            *inside,
        ]
    return [*lines, bpf.line(RETURN, _NO_SUCH_FAMILY)]


def _kind(kind: int, protocol: int) -> list[bytes]:
    """Allows a type of socket under its usual protocol, said or not; else goes on."""
    return [
        bpf.line(LOAD, bpf.at(1)),
        bpf.line(MASK, _TYPE_BITS),
        bpf.line(JUMP_EQUAL, kind, 0, 4),
        bpf.line(LOAD, bpf.at(2)),
        bpf.line(JUMP_EQUAL, 0, 1, 0),
        bpf.line(JUMP_EQUAL, protocol, 0, 1),
        bpf.line(RETURN, ALLOW),
    ]

"""Locks itself in as the service does, tries what it must not be able to, and says how it went.

Run as a program: `python -m tests.confined <data folder> <dsn> <port> <other port>`. It prints
one JSON object: what was tried, and "done" or the name of the system's error.
"""

import ctypes
import errno
import json
import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from mustshare_api.app.process import confinement, forbidding, hardening
from mustshare_api.settings import Settings

_libc = ctypes.CDLL(None, use_errno=True)
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x20000
_FAST_OPEN = 0x20000000
_ADDED = {"IPPROTO_SCTP": 132, "IPPROTO_MPTCP": 262}
NUMBERS = forbidding.NUMBERS[platform.machine()]
CALLS = {
    name: NUMBERS.forbidden[name]
    for name in (
        *("ptrace", "mount", "chroot", "keyctl", "perf_event_open", "process_vm_readv"),
        *("process_vm_writev", "finit_module", "bpf", "userfaultfd", "io_uring_setup"),
        *("pidfd_getfd", "kexec_load", "setns", "open_by_handle_at", "swapon", "reboot"),
    )
}


def tried(attempt: Callable[[], object]) -> str:
    """How it went."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    return "done"


def call(number: int, *values: int) -> None:
    """A system call that fails for want of sense, or because it is forbidden."""
    if _libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, values)) < 0:
        raise OSError(ctypes.get_errno(), "")


def connect(family: int, kind: int, place: object, protocol: int = 0) -> None:
    """Connects, and hangs up."""
    with socket.socket(family, kind, protocol) as one:
        one.settimeout(2)
        one.connect(place)  # type: ignore[arg-type]


def fast_open(port: int) -> None:
    """Connects by sending."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.sendto(b"x", _FAST_OPEN, ("127.0.0.1", port))


def in_a_thread() -> None:
    """What a thread started later may do."""
    found: list[str] = []
    other = threading.Thread(target=lambda: found.append(tried(lambda: open("/etc/shadow"))))  # noqa: PTH123, SIM115
    other.start()
    other.join()
    if found != ["done"]:
        raise PermissionError(errno.EACCES, "")


def in_a_child() -> None:
    """What a program that it starts may do."""
    reads = [sys.executable, "-S", "-c", "open('/etc/shadow')"]
    if subprocess.run(reads, check=False, capture_output=True).returncode:
        raise PermissionError(errno.EACCES, "")


def attempts(data: Path, port: int, other_port: int) -> dict[str, str]:
    """Everything."""
    inet, stream, datagram = socket.AF_INET, socket.SOCK_STREAM, socket.SOCK_DGRAM
    there = ("127.0.0.1", port)
    found: dict[str, Callable[[], object]] = {
        "read its code": Path(confinement.__file__).read_bytes,
        "write in its folder": lambda: (data / "kept").write_bytes(b"x"),
        "start Python": lambda: subprocess.run([sys.executable, "-S", "-c", ""], check=True),
        "start a thread": lambda: threading.Thread(target=int).start(),
        "connect to a unix socket": lambda: connect(
            socket.AF_UNIX, stream, str(data / "socket")
        ),
        "read a secret of the system": Path("/etc/shadow").read_bytes,
        "look into a home": lambda: os.listdir(Path.home()),  # noqa: PTH208
        "look into the root": lambda: os.listdir("/"),  # noqa: PTH208
        "write a temporary file": lambda: Path("/tmp/leak").write_bytes(b"x"),
        "write to shared memory": lambda: Path("/dev/shm/leak").write_bytes(b"x"),
        "write to its code": lambda: (Path(confinement.__file__).parent / "x").write_bytes(b""),
        "make a device": lambda: os.mknod(data / "device", 0o20600, 0x103),
        "run a shell": lambda: subprocess.run(["/bin/sh", "-c", ":"], check=True),
        "run what it wrote": lambda: subprocess.run([data / "program"], check=True),
        "connect by TCP": lambda: connect(inet, stream, there),
        "connect by TCP elsewhere": lambda: connect(inet, stream, ("127.0.0.1", other_port)),
        "connect by sending": lambda: fast_open(other_port),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "UDP": lambda: connect(inet, datagram, there),
        "UDP by IPv6": lambda: connect(socket.AF_INET6, datagram, ("::1", port)),
        "raw packets": lambda: socket.socket(inet, socket.SOCK_RAW, 1),
        "packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "virtual machines' sockets": lambda: socket.socket(socket.AF_VSOCK, stream),
        "the kernel's ciphers": lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET),
        "a thread reads a secret": in_a_thread,
        "a child reads a secret": in_a_child,
        "unshare": lambda: call(NUMBERS.unshare, _NEW_MOUNTS),
        "clone": lambda: call(NUMBERS.clone, _NEW_USER | 17, 0, 0, 0, 0),
    }
    for name, protocol in _ADDED.items():
        found[name] = partial(connect, inet, stream, there, protocol)
    for name, number in CALLS.items():
        found[name] = partial(call, number, 0, 0, 0, 0, 0, 0)
    return {name: tried(attempt) for name, attempt in found.items()}


def main(data: Path, dsn: str, port: int, other_port: int) -> None:
    """Locks in, tries, tells."""
    settings = replace(Settings(), data_dir=data)
    hardening.hide()
    in_force = confinement.confine(settings, dsn)
    told = {"in force": in_force, "tried": attempts(data, port, other_port)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

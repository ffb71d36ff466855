"""What belongs to the machine: swap, core dumps, clock, limits, disk and kernel."""

import ctypes
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mustshare_api.app.doctor import unit
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.kernel import landlock
from mustshare_api.settings import Settings

SWAPS: Final = Path("/proc/swaps")
USER_NAMESPACES: Final = Path("/proc/sys/user/max_user_namespaces")
CLONE_REFUSED: Final = Path("/proc/sys/kernel/unprivileged_userns_clone")
LEAST_FILES: Final = 4096
"""A connection is a descriptor; below this a thousand slow ones leave few for the others."""

LEAST_FREE_BYTES: Final = 2 * 1024**3
_SWAPS_HEADING_LINES: Final = 1
_STATUS_OFFSET, _TIMEX_BYTES = 40, 256
_UNSYNCHRONISED: Final = 0x40
"""`STA_UNSYNC` of `adjtimex(2)`: nothing has set the clock right for long."""


def look(settings: Settings) -> Iterator[Finding]:
    """Each thing in turn."""
    yield _swap()
    yield from _cores()
    yield _clock()
    yield _files_open()
    yield _disk(settings)
    yield from _kernel()


def _swap() -> Finding:
    try:
        swaps = SWAPS.read_text(encoding="ascii").splitlines()[_SWAPS_HEADING_LINES:]
    except OSError:
        return Finding(
            "unseen", "swap", "it is hidden from here: ask the host, `swapon --show`"
        )
    if not swaps:
        return Finding("ok", "swap", "there is none")
    said = "memory may reach a disk in clear (and take it out of /etc/fstab)"
    return Finding("think", "swap", said, "swapoff -a")


def _cores() -> Iterator[Finding]:
    # Where systemd holds the service, its unit counts and not who runs the doctor.
    if unit.is_loaded():
        return
    if resource.getrlimit(resource.RLIMIT_CORE)[1]:
        said = (
            "the service turns core dumps off for itself; LimitCORE=0 in its unit would for "
            "its start too"
        )
        yield Finding("think", "cores", said)


def clock_is_set() -> bool:
    """Whether something keeps this machine's clock right, by the kernel's word."""
    room = ctypes.create_string_buffer(_TIMEX_BYTES)
    ctypes.CDLL(None).adjtimex(room)
    status = int.from_bytes(room.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], "little")
    return not status & _UNSYNCHRONISED


def _clock() -> Finding:
    if clock_is_set():
        return Finding("ok", "clock", "it is kept in time")
    said = (
        "nothing keeps it in time; officers' requests are refused when it is a minute off, "
        "and a day may end at the wrong moment"
    )
    return Finding("think", "clock", said, "apt-get install chrony")


def _files_open() -> Finding:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if limit != resource.RLIM_INFINITY and limit < LEAST_FILES:
        said = f"a process may open {limit} files here; set LimitNOFILE=16384 in the unit"
        return Finding("think", "limits", said)
    return Finding("ok", "limits", "enough connections can be open")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free_bytes = shutil.disk_usage(folder).free
    gib = f"{free_bytes / 1024**3:.1f} GiB free at {folder}"
    if free_bytes < LEAST_FREE_BYTES:
        return Finding("mend", "disk", f"{gib}: tips are refused once it is full; make room")
    return Finding("ok", "disk", gib)


def _kernel() -> Iterator[Finding]:
    try:
        yield Finding("ok", "kernel", f"Landlock, version {landlock.version()} of its rules")
    except OSError:
        said = "no Landlock: files stay open to a taken-over worker; use Linux 5.13 or later"
        yield Finding("think", "kernel", said)
    if "0" in (_read(USER_NAMESPACES), _read(CLONE_REFUSED)):
        said = "no user namespaces: a picture worker is locked in by one layer less"
        yield Finding("think", "kernel", said, "sysctl -w kernel.unprivileged_userns_clone=1")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""

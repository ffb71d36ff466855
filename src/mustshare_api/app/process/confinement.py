"""Locks the serving process in, once it has started and before it hears a single request.

    before     settings read, database found or started, picture workers started, doors bound
    confine    one thread, so that every later one is bound by the same
    after      the event loop, connections to the database, requests

    measure       what it takes away
    malloc        what was freed, from memory             (`hardening`, at the very start)
    dumps         tracing, and reading its memory as the same user
    privileges    new ones by executing something
    swap          memory on a disk
    files         all but: its code, a few of the system's files, its data folder
    connections   all but the database: no other port, no other family of sockets
    calls         tracing, mounting, BPF, key rings, modules, io_uring ...  (`forbidding`)

Nothing here connects out, and nothing here may: what must, is a program of its own.

It refuses to serve where MUSTSHARE_CONFINEMENT is `strict` and a measure is missing. It cannot
take away what the picture workers' zygote needs when it is started again, because a child is
bound by what binds its parent: executing Python, and the namespaces that a worker leaves.
"""

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.api.operator import missing
from mustshare_api.app.process import forbidding, hardening
from mustshare_api.errors import Misconfigured
from mustshare_api.kernel import calls, landlock
from mustshare_api.kernel.landlock import Grants
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.settings import Settings
from mustshare_api.store.whereabouts import Whereabouts, whereabouts

_PR_SET_NO_NEW_PRIVS: Final = 38
_PORTS_UNKNOWN: Final = "this kernel's Landlock knows no ports (Linux 6.7 does)"
_NAME: Final = "the database's name has to be asked for by UDP: give its address instead"

_LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_OF_THE_SYSTEM: Final = (
    *("/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/nsswitch.conf", "/etc/passwd"),
    *("/etc/hosts", "/etc/host.conf", "/etc/gai.conf", "/etc/resolv.conf", "/etc/localtime"),
    *("/etc/mime.types", "/etc/ssl/openssl.cnf", "/dev/urandom", "/proc"),
)
"""What Python, the C library and OpenSSL may open at any time. `/proc` tells one who is locked
in by Landlock nothing of the memory or the environment of others."""

_SWAPS: Final = Path("/proc/swaps")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the process keeps."""

    grants: Grants
    database: Whereabouts


def plan(settings: Settings, dsn: str) -> Plan:
    """What serving takes under these settings, with the database at `dsn`."""
    place = whereabouts(dsn)
    given = (settings.tls_cert, settings.tls_key)
    reads = {*_code(), *map(Path, _OF_THE_SYSTEM), *place.files, *filter(None, given)}
    writes = {settings.data_dir.absolute(), Path(os.devnull)}
    grants = Grants(frozenset(reads), frozenset(_runnable()), frozenset(writes), place.ports)
    return Plan(grants, place)


def confine(settings: Settings, dsn: str) -> dict[str, str]:
    """Locks this process in for good.

    Returns:
        Each measure and whether it is in force, else why not. Empty where it is turned off.

    Raises:
        Misconfigured: A measure is missing, and `strict` was asked for.
    """
    if settings.confinement == "off":
        hardening.let_look()
        return {}
    found = lock_in(plan(settings, dsn))
    absent = missing_of(found)
    if absent and settings.confinement == "strict":
        said = "; ".join(f"{name}: {found[name]}" for name in absent)
        raise Misconfigured(
            f"MUSTSHARE_CONFINEMENT is strict, and not in force here is {said} "
            "(docs/process.md says what each takes)."
        )
    return found


def missing_of(found: Mapping[str, str]) -> list[str]:
    """The measures that are not in force; all of them where it is turned off."""
    return sorted(missing(found))


def report(settings: Settings, dsn: str | None = None) -> dict[str, str]:
    """What would be in force for a service on this machine, tried out in a child.

    Args:
        settings: The service's.
        dsn: Where its database is; None for the embedded one.
    """
    if settings.confinement == "off":
        return {}
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            pid = os.fork()
            if pid == 0:
                _try_out(theirs, settings, dsn or "postgresql:///?host=/")
        told = ours.recv(1 << 16).decode()
    os.waitpid(pid, 0)
    found = {one.partition("=")[0]: one.partition("=")[2] for one in told.split("\n") if one}
    return found or {"confinement": "it could not be tried out"}


def _try_out(told: socket.socket, settings: Settings, dsn: str) -> None:
    try:
        hardening.hide()
        found = lock_in(plan(settings, dsn))
        # The C library was not started for serving: what counts is that it could be.
        found["malloc"] = IN_FORCE if hardening.is_glibc() else hardening.NOT_GLIBC
        told.send("\n".join(f"{name}={state}" for name, state in found.items()).encode())
    finally:
        os._exit(0)


def lock_in(chosen: Plan) -> dict[str, str]:
    """Locks this process in; each measure and whether it is in force, else why not."""
    one_thread = _tried(_check_alone)
    found = {
        "malloc": IN_FORCE if hardening.overwrites() else hardening.NOT_GLIBC,
        "dumps": _tried(hardening.check_hidden),
        "privileges": _tried(lambda: calls.prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        "swap": _tried(_stay_in_memory),
    }
    by_tcp, by_name = bool(chosen.database.ports), bool(chosen.database.names)
    ports = "" if not by_tcp else _tried(_check_ports)
    found["files"] = _tried(lambda: landlock.restrict(chosen.grants))
    found["calls"] = _tried(lambda: forbidding.install(tcp=by_tcp, names=by_name))
    found["connections"] = found["calls"]
    if by_tcp and found["calls"] == IN_FORCE:
        found["connections"] = _NAME if by_name else ports
    if one_thread != IN_FORCE:
        found |= dict.fromkeys(("files", "calls", "connections"), one_thread)
    return found


def _check_alone() -> None:
    """That there is one thread: Landlock and filters bind the thread that asks."""
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - names alone are wanted
        raise OSError(errno.EBUSY, "other threads were started before")


def _check_ports() -> None:
    if landlock.version() < landlock.TCP_SINCE:
        raise OSError(errno.ENOSYS, _PORTS_UNKNOWN)


def _stay_in_memory() -> None:
    """Locks memory where that is allowed without bound; else there must be no swap."""
    if hardening.may_lock_memory():
        calls.lock_memory()
    elif _may_swap():
        raise OSError(errno.EPERM, "the machine swaps, and locking memory is not allowed")


def _may_swap() -> bool:
    heading_lines = 1
    if len(_SWAPS.read_text(encoding="ascii").splitlines()) <= heading_lines:
        return False
    own = Path("/proc/self/cgroup").read_text(encoding="ascii").rpartition("::/")[2].strip()
    limit = Path("/sys/fs/cgroup", own, "memory.swap.max")
    return not limit.exists() or limit.read_text(encoding="ascii").strip() != "0"


def _code() -> Iterator[Path]:
    """Where what is loaded was found, and so what will be: never the working folder as such."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and "." not in name:
            path = Path(file)
            yield path.parent.parent if path.stem == "__init__" else path.parent
    yield from map(Path, _LIBRARIES)
    yield from (path.parent for path in _mapped())
    yield from (Path(prefix, "pyvenv.cfg") for prefix in {sys.prefix, sys.base_prefix})
    yield from (Path(prefix, "lib") for prefix in {sys.prefix, sys.base_prefix})


def _runnable() -> Iterator[Path]:
    """This interpreter and what loads it: no shell, no other program."""
    yield Path(sys.executable).resolve()
    yield from (path for path in _mapped() if path.name.startswith("ld"))


def _mapped() -> set[Path]:
    """The files of which parts are in memory as code."""
    lines = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    found = (line.split(maxsplit=5) for line in lines)
    return {Path(parts[5]) for parts in found if len(parts) > 5 and parts[5].startswith("/")}  # noqa: PLR2004


def _tried(measure: Callable[[], object]) -> str:
    try:
        measure()
    except OSError as error:
        return error.strerror or "not on this machine"
    return IN_FORCE

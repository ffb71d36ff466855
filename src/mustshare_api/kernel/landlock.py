"""Takes files and connections away from a process for good, by Landlock.

    a ruleset    handles every right that this kernel's version knows, and grants none
    grants       a path beneath which some rights stay; a TCP port that may be connected to
    restrict     from here on, for this thread and all that it starts; nothing undoes it

What a kernel's version does not know is left out; who asks is told which version there was.
Landlock binds a *thread*: a process that wants to be bound whole does it while it has one.
"""

import os
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mustshare_api.kernel import calls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_BENEATH, _PORT = 1, 2

_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""Version -> how many rights over files it handles."""

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_MAKE_DEVICES = 1 << 6 | 1 << 11
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_ON_A_FILE = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
"""The only rights that can be granted on what is no folder."""

_TCP = 0b11
_CONNECT = 0b10
TCP_SINCE = 4
_SCOPE_SOCKETS, _SCOPES = 0b01, 0b11
"""Abstract unix sockets; those and signals to processes outside."""

_SCOPES_SINCE = 6


@dataclass(frozen=True, slots=True)
class Grants:
    """What stays allowed. A path that is not there is passed over.

    Attributes:
        reads: files, or folders with all that is in them, to read and to list.
        runs: files to read and to execute.
        writes: the same, to read and change, but never to execute nor to make devices in.
        ports: to which TCP may connect. Landlock sees ports and no addresses.
    """

    reads: frozenset[Path] = frozenset()
    runs: frozenset[Path] = frozenset()
    writes: frozenset[Path] = frozenset()
    ports: frozenset[int] = frozenset()


def version() -> int:
    """Which Landlock this kernel has.

    Raises:
        OSError: It has none.
    """
    return calls.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)


def deny_all() -> int:
    """Gives up every right that Landlock can take, signals to others among them.

    Returns:
        The kernel's version of Landlock.

    Raises:
        OSError: The kernel has none.
    """
    return _restrict(Grants(), _SCOPES)


def restrict(grants: Grants) -> int:
    """Gives up every right but those granted. Signals stay: children have to be ended.

    Returns:
        The kernel's version of Landlock.

    Raises:
        OSError: The kernel has none.
    """
    return _restrict(grants, _SCOPE_SOCKETS)


def _restrict(grants: Grants, scopes: int) -> int:
    found = version()
    rights = (1 << max(bits for since, bits in _FILES.items() if since <= found)) - 1
    attributes = struct.pack("=Q", rights)
    if found >= TCP_SINCE:
        attributes += struct.pack("=Q", _TCP)
    if found >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", scopes)
    ruleset = calls.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        _grant(ruleset, grants.reads, (_READ | _LIST) & rights)
        _grant(ruleset, grants.runs, (_READ | _EXECUTE) & rights)
        _grant(ruleset, grants.writes, rights & ~(_EXECUTE | _MAKE_DEVICES))
        if found >= TCP_SINCE:
            for port in grants.ports:
                _add(ruleset, _PORT, struct.pack("=QQ", _CONNECT, port))
        calls.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return found


def _grant(ruleset: int, paths: Iterable[Path], rights: int) -> None:
    for path in paths:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            folder = stat.S_ISDIR(os.fstat(place).st_mode)
            kept = rights if folder else rights & _ON_A_FILE
            _add(ruleset, _BENEATH, struct.pack("=Qi", kept, place))
        finally:
            os.close(place)


def _add(ruleset: int, kind: int, rule: bytes) -> None:
    calls.syscall(_ADD_RULE, ruleset, kind, rule, 0)

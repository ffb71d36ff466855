"""The doors' sockets, where systemd has opened them before us (`sd_listen_fds(3)`).

    mustshare.socket   opens 127.0.0.1:8443 ...   ->   descriptors 3, 4 ... of the service

A service that is handed its sockets needs no network: it runs in an empty network namespace,
can answer whoever comes and can call nobody. A socket that is none of our doors is refused
rather than left open: whoever connected to it would wait for an answer that never comes.
"""

import os
import socket
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address

Bind: TypeAlias = Callable[[Address], list[socket.socket]]

_FIRST: Final = 3
"""After standard input, output and error."""

_MOST: Final = 16


def handed_over() -> list[socket.socket]:
    """The sockets that this process was started with; none outside systemd.

    Raises:
        Misconfigured: what was handed over are no listening sockets.
    """
    told = os.environ.get  # noqa: TID251 - systemd's, not a setting
    count = told("LISTEN_FDS", "")
    if told("LISTEN_PID") != str(os.getpid()) or not (count.isascii() and count.isdecimal()):
        return []
    return [_taken(fd) for fd in range(_FIRST, _FIRST + min(int(count), _MOST))]


def _taken(fd: int) -> socket.socket:
    try:
        os.set_inheritable(fd, False)  # noqa: FBT003 - it takes no keyword
        one = socket.socket(fileno=fd)
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.settimeout(0)
            return one
    except OSError:
        pass
    raise Misconfigured(
        "what systemd handed over is no listening socket: see mustshare.socket, ListenStream=."
    )


def of_door(handed: Sequence[socket.socket], address: Address) -> list[socket.socket]:
    """Those that listen on a door's address."""
    return [one for one in handed if _place(one) == _wanted(address)]


def check_all_known(handed: Sequence[socket.socket], doors: Sequence[Address]) -> None:
    """Refuses a socket that is no door's.

    Raises:
        Misconfigured: there is one; its address is named.
    """
    known = {_wanted(door) for door in doors}
    for one in handed:
        if _place(one) not in known:
            host, port = _place(one)
            raise Misconfigured(
                f"mustshare.socket opens {Address(host, port)}, which is no door: make its "
                "ListenStream= lines and the MUSTSHARE_*_ADDRESS settings the same."
            )


def sockets_of(doors: Sequence[Address], bind: Bind) -> list[list[socket.socket]]:
    """The sockets of each door, handed over or else bound here.

    Before the process locks itself in: after that it can make none.

    Raises:
        Misconfigured: a socket is no door's, or an address can't be had.
    """
    opened = handed_over()
    check_all_known(opened, doors)
    return [of_door(opened, door) or bind(door) for door in doors]


def _place(one: socket.socket) -> tuple[str, int]:
    name = one.getsockname()
    if one.family not in (socket.AF_INET, socket.AF_INET6):
        return str(name), 0
    return str(name[0]), int(name[1])


def _wanted(address: Address) -> tuple[str, int]:
    host = "127.0.0.1" if address.host == "localhost" else address.host
    return host, address.port

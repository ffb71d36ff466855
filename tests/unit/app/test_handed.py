"""The doors' sockets, handed over by systemd."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mustshare_api.app.server import handed
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address

SAY = (
    "import os, sys\n"
    "os.environ['LISTEN_PID'] = str(os.getpid()); os.dup2(int(sys.argv[1]), 3)\n"
    "from mustshare_api.app import handed\n"
    "(one,) = handed.handed_over(); print(one.getsockname()[1], one.get_inheritable())"
)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


def address_of(one: socket.socket) -> Address:
    return Address("127.0.0.1", one.getsockname()[1])


def in_a_process_with(fd: int) -> "subprocess.CompletedProcess[str]":
    """What a process says whose descriptor 3 is this one."""
    return subprocess.run(
        [sys.executable, "-c", SAY, str(fd)],
        env={**os.environ, "LISTEN_FDS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        pass_fds=[fd],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_socket_that_systemd_opened_is_taken(door: socket.socket) -> None:
    """And is passed on to no child, a picture worker say."""
    said = in_a_process_with(door.fileno()).stdout

    assert said == f"{door.getsockname()[1]} False\n"


def test_what_does_not_listen_is_refused() -> None:
    """In a line that names the file to mend."""
    with socket.socket() as unbound:
        said = in_a_process_with(unbound.fileno()).stderr

    assert "mustshare.socket" in said.splitlines()[-1]


def test_sockets_of_another_process_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """`LISTEN_PID` says whose they are; it is inherited by children they are not meant for."""
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", "1")

    assert handed.handed_over() == []


def test_each_door_gets_the_socket_with_its_address(door: socket.socket) -> None:
    """By address, not by order: a swapped line must not open the staff door to reporters."""
    here = address_of(door)

    assert handed.of_door([door], here) == [door]
    assert handed.of_door([door], Address("127.0.0.1", here.port ^ 1)) == []


def test_a_socket_that_is_no_door_is_refused_by_its_address(door: socket.socket) -> None:
    """Whoever connected to it would wait for ever."""
    with pytest.raises(Misconfigured, match=rf"{address_of(door)}, which is no door"):
        handed.check_all_known([door], [Address("127.0.0.1", 1)])


def test_a_socket_that_is_a_door_is_accepted(door: socket.socket) -> None:
    """`localhost` is 127.0.0.1."""
    port = door.getsockname()[1]
    handed.check_all_known([door], [Address("localhost", port)])

    assert handed.of_door([door], Address("localhost", port)) == [door]

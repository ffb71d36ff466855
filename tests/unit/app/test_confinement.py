"""What the serving process can still do once it has locked itself in: its work, and no more."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from mustshare_api.app.process import confinement, hardening
from mustshare_api.errors import Misconfigured
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.settings import Settings
from tests.confined import CALLS
from tests.shape.tree import ROOT

MEASURES = {"malloc", "dumps", "privileges", "swap", "files", "connections", "calls"}
WORK = {
    *("read its code", "write in its folder", "start Python", "start a thread"),
    "connect to a unix socket",
}
FILES = {
    *("read a secret of the system", "look into a home", "look into the root"),
    *("write a temporary file", "write to shared memory", "write to its code"),
    *("make a device", "run a shell", "run what it wrote"),
    *("a thread reads a secret", "a child reads a secret"),
}
OTHER_SOCKETS = {
    *("UDP", "UDP by IPv6", "raw packets", "packets", "netlink", "virtual machines' sockets"),
    *("the kernel's ciphers", "IPPROTO_SCTP", "IPPROTO_MPTCP"),
}


@dataclass(frozen=True)
class Told:
    """What one process that locked itself in said."""

    in_force: dict[str, str]
    tried: dict[str, str]

    def of(self, names: set[str]) -> set[str]:
        """How these attempts went."""
        return {self.tried[name] for name in names}


Locked = Callable[[str], Told]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """Starts a process that locks itself in for a database, beside sockets that listen."""
    data = tmp_path_factory.mktemp("data")
    (data / "program").write_text("#!/bin/sh\n")
    (data / "program").chmod(0o700)
    environment = {**os.environ, "PYTHONMALLOC": "malloc"}
    environment |= {"GLIBC_TUNABLES": hardening.GLIBC_TUNABLES}
    environment |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with ExitStack() as held:
        unix = held.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(str(data / "socket"))
        unix.listen()
        ports = [
            held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            for _ in range(2)
        ]

        def run(dsn: str) -> Told:
            said = subprocess.run(
                [
                    *(sys.executable, "-P", "-m", "tests.confined", str(data)),
                    *(dsn.format(port=ports[0]), str(ports[0]), str(ports[1])),
                ],
                env=environment,
                capture_output=True,
                check=False,
            )
            assert said.returncode == 0, said.stderr.decode()
            told = json.loads(said.stdout)
            return Told(told["in force"], told["tried"])

        yield run


@pytest.fixture(scope="module")
def by_socket(locked: Locked) -> Told:
    """Its database is reached by a unix socket."""
    return locked("postgresql:///tips?host=/run/postgresql")


@pytest.fixture(scope="module")
def by_port(locked: Locked) -> Told:
    """Its database is reached by TCP."""
    return locked("postgresql://127.0.0.1:{port}/tips")


def test_every_measure_is_in_force_on_a_machine_of_ours(by_socket: Told, by_port: Told) -> None:
    """Whichever way the database is reached; nothing is quietly missing."""
    assert by_socket.in_force == by_port.in_force == dict.fromkeys(MEASURES, IN_FORCE)


def test_it_can_do_its_work(by_socket: Told) -> None:
    """Code, its own folder, the database, threads, and the interpreter that draws pictures."""
    assert by_socket.of(WORK) == {"done"}


def test_no_other_file_is_read_written_or_run(by_socket: Told) -> None:
    """By no thread and by no child either."""
    assert by_socket.of(FILES) == {"EACCES"}


def test_a_process_with_a_database_on_a_socket_makes_no_other_kind_of_socket(
    by_socket: Told,
) -> None:
    """So it connects to nothing at all, on any kernel that has system-call filters."""
    by_tcp = {"connect by TCP", "connect by TCP elsewhere", "connect by sending", "listen"}

    assert by_socket.of(by_tcp | OTHER_SOCKETS) == {"EACCES"}


def test_a_process_with_a_database_on_a_port_connects_to_that_port_alone(
    by_port: Told,
) -> None:
    """To no other, not by sending either, and it listens nowhere anew."""
    assert by_port.tried["connect by TCP"] == "done"
    assert by_port.of({"connect by TCP elsewhere", "listen"} | OTHER_SOCKETS) == {"EACCES"}
    assert by_port.tried["connect by sending"] == "EPERM"


def test_what_reaches_other_processes_or_the_kernel_is_refused(by_socket: Told) -> None:
    """Tracing, mounting, key rings, modules, BPF, io_uring, namespaces."""
    assert by_socket.of({*CALLS, "unshare", "clone"}) == {"EPERM"}


def test_a_name_that_has_to_be_asked_for_is_said_to_be_a_gap(locked: Locked) -> None:
    """UDP is left to it then, and the report says what to do about that."""
    told = locked("postgresql://db.invalid:{port}/tips")

    assert "give its address" in told.in_force["connections"]
    assert told.tried["UDP"] == "done"


def test_strict_does_not_serve_where_a_measure_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says which, and why."""
    found = {"files": "Function not implemented", "calls": IN_FORCE}
    monkeypatch.setattr(confinement, "lock_in", lambda _: found)

    with pytest.raises(Misconfigured, match="files: Function not implemented"):
        confinement.confine(Settings(confinement="strict"), "postgresql:///?host=/run")
    assert confinement.confine(Settings(), "postgresql:///?host=/run") == found


def test_threads_that_were_started_before_are_a_reason_to_refuse() -> None:
    """Landlock and filters bind the thread that asks: what runs beside it would go free."""
    asked = "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start(); "  # noqa: E501
    asked += "from mustshare_api.app.process import confinement as c; from mustshare_api.settings import Settings; "  # noqa: E501
    asked += "print(c.confine(Settings(), 'postgresql:///?host=/run'))"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert "'files': 'other threads were started before'" in said
    assert "'calls': 'other threads were started before'" in said


def test_the_report_tries_everything_out_and_leaves_the_asker_free(tmp_path: Path) -> None:
    """A child locks itself in; whoever asked can still do as before."""
    found = confinement.report(Settings(data_dir=tmp_path))

    assert found == dict.fromkeys(MEASURES, IN_FORCE)
    assert Path("/etc/passwd").stat()
    assert (tmp_path / "mine").write_bytes(b"x") == 1


def test_turned_off_nothing_is_in_force(tmp_path: Path) -> None:
    """For debuggers; and it is said so."""
    assert confinement.report(Settings(data_dir=tmp_path, confinement="off")) == {}
    assert confinement.missing_of({}) == ["all"]

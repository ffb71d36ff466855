"""Runs a PostgreSQL of our own, for whoever has not set one up.

    <data directory>/          0700, one user's, and only that user's
        lock                   held by every process of the running server, by nobody else
        cluster/               PostgreSQL's own; `cluster.new` until initdb is through
        socket/                0700; the only way in
        server.log             why it did not start; nothing about any request

The lock is opened here and inherited by the server and all its children, so it is free exactly
when the last of them is gone, however they went. That answers both questions a start has: is
another one running, and may what it left behind be cleared away.

The server dies with the process that started it, even by SIGKILL (`confined.py`). The kernel
ties that to the *thread*, so `start` is for the main thread, before workers.

What it never writes: statements, parameters, or values of any kind, and no line about a
request at all. A log line with a time on it beside a row with a day is a finer row.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

from mustshare_api.errors import Misconfigured
from mustshare_api.store import confined, premises, programs
from mustshare_api.store.programs import Programs

_USER: Final = "mustshare"
_POLL_S: Final = 0.01
_READY_PATIENCE_S: Final = 300
"""Recovery after a power cut may take minutes; giving up sooner would only kill it again."""

_SETTINGS: Final = (
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    # Segments of the log are deleted, not kept to be written over: they carry commit times.
    "wal_recycle=off",
    "min_wal_size=32MB",
    # What a server writes about requests by itself, all of it off.
    "logging_collector=off",
    "log_line_prefix=",
    "log_min_messages=fatal",
    "log_min_error_statement=panic",
    "log_statement=none",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",
    "log_autovacuum_min_duration=-1",
    "log_temp_files=-1",
    "track_activities=off",
    "track_commit_timestamp=off",
    "update_process_title=off",
    "jit=off",
    "shared_buffers=64MB",
)


def running_on(data_directory: Path) -> str | None:
    """Where to connect to a server that runs on a directory already; None when none answers."""
    home = data_directory.absolute()
    if not (home / "cluster").is_dir():
        return None
    sockets = premises.socket_directory(home)
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(sockets / premises.SOCKET_NAME))
        except OSError:
            return None
    return _dsn(sockets)


class EmbeddedPostgres:
    """A running server. `stop` it, or let it die with the process."""

    def __init__(self, process: subprocess.Popen[bytes], socket_directory: Path) -> None:
        self._process = process
        self._socket_directory = socket_directory

    @classmethod
    def start(
        cls, data_directory: Path, *, found: Programs | None = None, patience_s: float = 5
    ) -> Self:
        """Start the server on a directory, which is made if it is absent, and wait for it.

        Blocks: 0.1 s, or some seconds the first time.

        Args:
            data_directory: where everything is kept.
            found: the programs to use instead of those that `programs.find` finds.
            patience_s: how long to wait for an earlier server, whose starter was killed, to go.

        Raises:
            Misconfigured: in one line, what stands in the way and what to do about it.
        """
        if threading.current_thread() is not threading.main_thread():
            raise Misconfigured("start the embedded database from the main thread")
        home = premises.home_in(data_directory)
        lock = premises.locked(home, patience_s)
        try:
            chosen = found or programs.find(premises.cluster_major(home))
            _make_cluster_once(home, chosen, lock)
            sockets = premises.socket_directory(home)
            premises.clear_stale(home, sockets)
            return cls(_launch(home, sockets, chosen, lock), sockets)
        finally:
            os.close(lock)

    @property
    def dsn(self) -> str:
        """Where to connect, as a URL."""
        return _dsn(self._socket_directory)

    @property
    def pid(self) -> int:
        """The server's own process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the server is still there."""
        return self._process.poll() is None

    async def ended(self) -> None:
        """Return once the server has gone, however it went."""
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        # Readable as soon as the process is dead: nothing has to look again and again.
        pidfd = os.pidfd_open(self.pid)
        try:
            loop.add_reader(pidfd, gone.set)
            await gone.wait()
        finally:
            loop.remove_reader(pidfd)
            os.close(pidfd)

    def stop(self, patience_s: float = 30) -> None:
        """Shut down in order: clients are cut off, nothing needs recovery. Safe to repeat.

        Args:
            patience_s: how long to wait before it is made to stop out of order, twice harder.
        """
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process.poll() is not None:
                return
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)

    def __enter__(self) -> Self:
        """Is running already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, whatever happened."""
        self.stop()


def _dsn(sockets: Path) -> str:
    place = urlencode({"host": str(sockets), "port": "5432"})
    return f"postgresql://{_USER}@/postgres?{place}"


def _make_cluster_once(home: Path, chosen: Programs, lock: int) -> None:
    cluster, unfinished = home / "cluster", home / "cluster.new"
    if cluster.exists():
        return
    # An initdb that was cut short leaves a directory that looks whole. It gets its name last.
    premises.remove(unfinished)
    arguments = [
        *(chosen.initdb, f"--pgdata={unfinished}", f"--username={_USER}", "--encoding=UTF8"),
        *("--no-locale", "--auth-local=trust", "--auth-host=reject", "--data-checksums"),
    ]
    with (home / "server.log").open("wb") as log:
        process = _confined(arguments, lock, log.fileno(), signal.SIGTERM)
    if process.wait() != 0:
        raise _refusal(home, process.returncode)
    unfinished.rename(cluster)


def _launch(home: Path, sockets: Path, chosen: Programs, lock: int) -> subprocess.Popen[bytes]:
    cluster = home / "cluster"
    arguments = [chosen.postgres, "-D", str(cluster), "-k", str(sockets)]
    for setting in _SETTINGS:
        arguments += ["-c", setting]
    with (home / "server.log").open("wb") as log:
        process = _confined(arguments, lock, log.fileno(), signal.SIGQUIT)
    for _ in range(round(_READY_PATIENCE_S / _POLL_S)):
        if _is_ready(cluster / "postmaster.pid", process.pid):
            return process
        with suppress(subprocess.TimeoutExpired):
            raise _refusal(home, process.wait(_POLL_S))
    process.kill()
    process.wait()
    raise Misconfigured(f"PostgreSQL did not get ready on {home}: see server.log there")


def _is_ready(pid_file: Path, pid: int) -> bool:
    try:
        lines = pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    # Line 1 is the pid, and an old file has an old one; line 8 is the state.
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004


def _confined(
    arguments: list[str], lock: int, log: int, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    asked = (str(os.getpid()), str(int(death_signal)), *arguments)
    return subprocess.Popen(  # noqa: S603 - programs that we found, arguments that we made
        (sys.executable, "-I", "-S", confined.__file__, *asked),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        # The operator's environment holds secrets that are none of the database's business.
        env={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
        pass_fds=(lock,),
        # Ctrl-C is for us. We finish what is in hand, and then stop the database.
        start_new_session=True,
    )


def _refusal(home: Path, exit_code: int) -> Misconfigured:
    """One line for the operator, from what the program said before it gave up."""
    said = (home / "server.log").read_bytes()
    if exit_code == confined.NAMESPACE_REFUSED:
        return Misconfigured(
            "PostgreSQL runs neither as root nor as a user without a name, and this system"
            " allows no user namespace: run as an ordinary user, or set MUSTSHARE_DATABASE_URL"
        )
    if b"No space left on device" in said:
        return Misconfigured(f"the disk that holds {home} is full: free some space")
    if b"shared memory" in said:
        return Misconfigured("PostgreSQL got no shared memory: enlarge /dev/shm")
    return Misconfigured(f"PostgreSQL did not start on {home}: see {home / 'server.log'}")

"""A PostgreSQL set up by the files that we ship, as docs/deploy.md tells an operator to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mustshare_api.store import confined, programs
from tests.shape.tree import ROOT

SHIPPED = ROOT / "deploy" / "postgresql"


@dataclass(frozen=True)
class Server:
    """A running server: its folder, its sockets, its log."""

    folder: Path
    bin: Path

    @property
    def log(self) -> Path:
        """All that it writes."""
        return self.folder / "server.log"

    def dsn(self, role: str, database: str) -> str:
        """Where to connect."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def psql(self, *arguments: str) -> str:
        """The administrator's own client."""
        command = [str(self.bin / "psql"), "-qAt", "-v", "ON_ERROR_STOP=1", *arguments]
        here = {"PGHOST": str(self.folder), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        ran = subprocess.run(
            command, env=os.environ | here, check=False, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@contextmanager
def configured(folder: Path) -> Iterator[Server]:
    """The fragment and role.sql as they are; of pg_hba.conf the names.

    All users here are one, so a role is believed whoever asks for it.
    """
    found = programs.find()
    cluster = folder / "cluster"
    server = Server(folder, found.directory)
    make = ["-D", str(cluster), "-U", "postgres", "--encoding=UTF8", "--no-locale", "-k"]
    assert as_a_user([found.initdb, *make], server.log).wait() == 0, server.log.read_text()
    with (cluster / "postgresql.conf").open("a") as main:
        main.write(f"\ninclude '{SHIPPED / 'mustshare.conf'}'\n")
    names = (SHIPPED / "pg_hba.conf").read_text().replace(" peer", " trust")
    (cluster / "pg_hba.conf").write_text(names)
    started = as_a_user([found.postgres, "-D", str(cluster), "-k", str(folder)], server.log)
    try:
        _wait(cluster / "postmaster.pid")
        server.psql("-f", str(SHIPPED / "role.sql"))
        yield server
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


def as_a_user(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """PostgreSQL refuses to run as root: it is started as our embedded one is."""
    bound = [str(os.getpid()), str(int(signal.SIGQUIT))]
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", confined.__file__, *bound, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
        )


def _wait(pid_file: Path) -> None:
    for _ in range(600):
        if pid_file.exists() and pid_file.read_text().split()[-1:] == ["ready"]:
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not start")

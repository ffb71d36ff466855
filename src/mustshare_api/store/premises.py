"""The folder that an embedded server lives in: whose it is, who holds it, what was left there.

Everything here is looked at before a program is started, because PostgreSQL's own words for
what is wrong with a folder are many and end in a log.
"""

import fcntl
import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Final

from mustshare_api.errors import Misconfigured

SOCKET_PATH_LIMIT_BYTES: Final = 107
"""What fits `sockaddr_un`, less its zero."""

SOCKET_NAME: Final = ".s.PGSQL.5432"
_POLL_S: Final = 0.01


def home_in(data_directory: Path) -> Path:
    """The folder, made if it is absent.

    Raises:
        Misconfigured: it cannot be made, or is another user's.
    """
    home = data_directory.absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = home.stat().st_uid
    except OSError as error:
        raise Misconfigured(
            f"cannot use the data directory {home}: {error.strerror}"
        ) from error
    if owner != os.geteuid():
        raise Misconfigured(
            f"the data directory {home} belongs to user {owner} and this is user"
            f" {os.geteuid()}: run as its owner, or name another directory"
        )
    return home


def locked(home: Path, patience_s: float) -> int:
    """A descriptor that holds the folder until every process that has it is gone.

    Raises:
        Misconfigured: somebody else holds it after `patience_s`.
    """
    try:
        lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Misconfigured(f"cannot write in {home}: {error.strerror}") from error
    for _ in range(round(patience_s / _POLL_S) + 1):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(_POLL_S)
        else:
            return lock
    os.close(lock)
    raise Misconfigured(f"already running on {home}: stop it first, or name another directory")


def cluster_major(home: Path) -> int | None:
    """The version of PostgreSQL that made the cluster there; None when there is none.

    Raises:
        Misconfigured: what is there is no cluster.
    """
    try:
        return int((home / "cluster" / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{home / 'cluster'} is not a PostgreSQL cluster") from error


def remove(directory: Path) -> None:
    """Takes a folder away with all that is in it."""
    for path, folders, files in os.walk(directory, topdown=False):
        for name in files:
            Path(path, name).unlink()
        for name in folders:
            Path(path, name).rmdir()
    if directory.exists():
        directory.rmdir()


def socket_directory(home: Path) -> Path:
    """`home/socket`, or a short stand-in where that path is too long for a socket.

    The stand-in's name can be guessed and its parent may be open to all, so it is used only
    when it is really a directory, ours, and closed to others.
    """
    directory = home / "socket"
    too_long = len(os.fsencode(directory / SOCKET_NAME)) > SOCKET_PATH_LIMIT_BYTES
    # asyncpg reads a comma in a host as the start of the next host.
    if too_long or "," in str(directory):
        runtime = Path(f"/run/user/{os.geteuid()}")
        parent = runtime if os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
        directory = parent / f"mustshare-{sha256(os.fsencode(home)).hexdigest()[:16]}"
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        facts = directory.lstat()
    except OSError as error:
        raise Misconfigured(f"cannot make {directory}: {error.strerror}") from error
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise Misconfigured(f"{directory} is not private to this user: remove it")
    return directory


def clear_stale(home: Path, sockets: Path) -> None:
    """Take away what a killed server left, once nothing runs there.

    PostgreSQL would take any process that has got the old pid since for its own and refuse.
    """
    pid_file = home / "cluster" / "postmaster.pid"
    if pid_file.exists():
        words = pid_file.read_text(encoding="utf-8", errors="replace").split(maxsplit=1)
        if words and words[0].isdecimal() and _runs_in(int(words[0]), home / "cluster"):
            raise Misconfigured(f"already running on {home}: stop that PostgreSQL first")
        pid_file.unlink()
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _runs_in(pid: int, cluster: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.resolve()
    except OSError:
        return False

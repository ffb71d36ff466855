"""Folders with a cluster in them, and what tests of the embedded server ask about it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest

from mustshare_api.store.embedded import EmbeddedPostgres
from tests.store import starter

USERS = {
    "whoever runs the tests": "same",
    "an ordinary user": "65534",
    "a user without a name": "4321",
}
as_each_user = pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())


@pytest.fixture
def bare() -> Iterator[Path]:
    """The path of a data directory that is not there yet, short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="mustshare-") as directory:
        yield Path(directory) / "data"


@pytest.fixture
def home(bare: Path, made: Path) -> Path:
    """A data directory of this test's own, with a cluster that was stopped in order."""
    furnish(bare, made)
    return bare


def furnish(home: Path, made: Path) -> None:
    home.mkdir(mode=0o700, parents=True)
    shutil.copytree(made / "cluster", home / "cluster")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a cluster in it, stopped."""
    directory = tmp_path_factory.mktemp("made")
    EmbeddedPostgres.start(directory).stop()
    return directory


def in_another_process(home: Path, ending: str, user: str = "same") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, starter.__file__, str(home), user, ending],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def family_of(pid: int) -> list[psutil.Process]:
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all are dead. Nobody may reap an orphan where there is no init."""

    def dead(process: psutil.Process) -> bool:
        try:
            return process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return all(map(dead, processes))


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    for _ in range(round(seconds / 0.02)):
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def socket_folder(server: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(server.dsn).query)["host"][0])


async def version_of(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return connection.get_server_version().major
    finally:
        await connection.close()


async def settings_of(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {
            row["name"]: row["setting"] for row in await connection.fetch("TABLE pg_settings")
        }
    finally:
        await connection.close()

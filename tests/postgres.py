"""A real PostgreSQL for tests: one embedded server a run, one fresh database a test.

A database is a copy of a migrated template, of its files: some 20 ms in memory, more on a disk.
What has to survive a crash is tested elsewhere, on a server of its own. Put in a `conftest.py`:

    from tests.postgres import database, dsn, postgres, template  # noqa: F401
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate

TEMPLATE = "template_mustshare"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30


def in_database(dsn: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


class _Line:
    """A connection for making databases, on a loop of its own, while a server runs."""

    def __init__(self, dsn: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(dsn))

    def run(self, statement: str) -> None:
        """Runs a statement that takes no values."""
        self._loop.run_until_complete(self._connection.execute(statement))

    def close(self) -> None:
        """Hangs up."""
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


_LINES: dict[str, _Line] = {}
"""By the address of the server."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The run's server."""
    with (
        tempfile.TemporaryDirectory(prefix="mustshare-test-", dir=_in_memory()) as home,
        EmbeddedPostgres.start(Path(home)) as server,
        closing(_Line(server.dsn)) as line,
    ):
        _LINES[server.dsn] = line
        yield server


def _in_memory() -> Path | None:
    """Where files lie in memory, if the machine has room for them there."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        return MEMORY if shutil.disk_usage(MEMORY).free > ROOM_BYTES else None
    return None


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a database that is migrated and never written to."""

    async def make() -> None:
        await run(postgres.dsn, f"CREATE DATABASE {TEMPLATE}")
        await migrate(in_database(postgres.dsn, TEMPLATE))

    asyncio.run(make())
    return TEMPLATE


@pytest.fixture
def dsn(postgres: EmbeddedPostgres, template: str) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    name = f"test_{secrets.token_hex(8)}"
    line = _LINES[postgres.dsn]
    # Copying files costs half of what copying by way of the log does, which is the default.
    line.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield in_database(postgres.dsn, name)
    line.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A fresh, migrated database, connected."""
    connected = await Database.connect(dsn, Tuning(connections=8, streams=4))
    yield connected
    await connected.close()


async def run(dsn: str, *statements: str) -> None:
    """Run statements that take no values, each by itself."""
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()

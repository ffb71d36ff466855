"""Takes a database out as one stream of octets, and puts such a stream into an empty one.

Both are PostgreSQL's own programs, `pg_dump` and `pg_restore`: a copy made by anything else
would be one that only we can read back. The dump is one consistent moment of the database. It
is not compressed: what is in it is ciphertext already.

The address of the database is passed in the environment and never as an argument, which every
user of the machine can read; a password may be in it. What the address leaves open stands in
our own environment, where the service's driver looks as well: in a container the user is a
number, and `PGUSER` alone says which role it is.
"""

import os
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from mustshare_api.errors import Misconfigured
from mustshare_api.store.database import alone
from mustshare_api.store.programs import find_tool

PART_BYTES: Final = 8 * 1024 * 1024
"""What is held in memory at one time."""

_NAMES: Final = {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
_DRIVERS: Final = frozenset(
    {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGDATABASE"}
    | {"PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL"}
)
"""Names in the environment that asyncpg goes by where an address says nothing."""

_DUMP: Final = (
    *("--format=custom", "--compress=0", "--no-owner", "--no-acl", "--no-password"),
    # What is forgotten within minutes would stay as long as the backup: instants of staff
    # requests, and night after night how many calls came by which partner.
    "--no-unlogged-table-data",
)
_RESTORE: Final = (
    *("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", "--no-password"),
)


def environment_of(dsn: str) -> dict[str, str]:
    """What libpq's programs read: a `postgresql://` address, and behind it the environment."""
    parts = urlsplit(dsn)
    named = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": unquote(parts.path.lstrip("/")) or None,
    }
    asked = {
        _NAMES.get(key, f"PG{key.upper()}"): value for key, value in parse_qsl(parts.query)
    }
    always = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "PGAPPNAME": "mustshare"}
    ours = {key: value for key, value in os.environ.items() if key in _DRIVERS}  # noqa: TID251 - the driver's, not settings
    return always | ours | {key: value for key, value in named.items() if value} | asked


async def look(dsn: str) -> tuple[int, bool]:
    """The server's major version, and whether the database has anything of ours in it.

    Raises:
        Misconfigured: it does not answer, or cannot be relied on.
    """
    async with alone(dsn) as connection:
        filled = await connection.fetchval("SELECT to_regclass('migrations') IS NOT NULL")
        return connection.get_server_version().major, bool(filled)


def parts_of(dsn: str, server_major: int) -> Iterator[bytes]:
    """The dump, in parts of 8 MiB; the last one shorter.

    Raises:
        Misconfigured: `pg_dump` is not here, or failed; it has said why on standard error.
    """
    tool = find_tool("pg_dump", server_major)
    with _running([str(tool), *_DUMP], dsn, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with process.stdout as stream:
            while part := stream.read(PART_BYTES):
                yield part


def put_back(dsn: str, server_major: int, parts: Iterator[bytes]) -> None:
    """Feeds a dump to an empty database: all of it, or nothing.

    Raises:
        Misconfigured: `pg_restore` is not here, or failed; it has said why on standard error.
    """
    tool = find_tool("pg_restore", server_major)
    name = environment_of(dsn).get("PGDATABASE", "")
    command = [str(tool), *_RESTORE, f"--dbname={name}"]
    with _running(command, dsn, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            for part in parts:
                process.stdin.write(part)
            process.stdin.close()
        except BrokenPipeError:
            # Its exit code tells, and it has told why.
            process.wait()


@contextmanager
def _running(
    command: list[str], dsn: str, stdin: int = subprocess.DEVNULL, stdout: int | None = None
) -> Generator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(  # noqa: S603 - a program that we found, arguments that we made
        command, env=environment_of(dsn), stdin=stdin, stdout=stdout
    )
    try:
        yield process
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.wait():
        raise Misconfigured(f"{Path(command[0]).name} failed; what it said stands above.")

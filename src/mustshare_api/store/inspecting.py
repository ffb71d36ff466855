"""Looks a live database over, as `mustshare doctor` needs it: facts, no verdicts.

Only what the service's own role may see. A setting that is hidden from it is missing from
`settings`, and is told apart from one that is as it should be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mustshare_api.store.database import Connection, alone
from mustshare_api.store.migrations import shipped

_RIGHTS: Final = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
_READERS: Final = (
    "pg_read_all_data",
    "pg_monitor",
    "pg_read_server_files",
    "pg_write_all_data",
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a database and its server say of themselves."""

    version: str
    settings: Mapping[str, str]
    rights: tuple[str, ...]
    """Those of the role that it does not need."""

    role: str
    others: tuple[str, ...]
    """Roles that may log in and read every table, besides superusers and this one."""

    extensions: tuple[str, ...]
    libraries: str | None
    """What the server loads into each connection; None where that is hidden."""

    schema: str
    """`same`, `older`, `newer` or `empty`, beside this program's."""


async def inspect(dsn: str, names: Iterable[str]) -> Inspection:
    """Asks for it all on one connection.

    Args:
        dsn: The database, as the service reaches it.
        names: The settings that matter.

    Raises:
        Misconfigured: it does not answer, or cannot be relied on.
    """
    async with alone(dsn) as connection:
        return await _look(connection, sorted(names))


async def _look(connection: Connection, names: list[str]) -> Inspection:
    role = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = current_user")
    assert role is not None
    extensions = await connection.fetch("SELECT extname FROM pg_extension ORDER BY 1")
    return Inspection(
        version=str(await connection.fetchval("SHOW server_version")),
        settings=await _settings(connection, names),
        rights=tuple(name.removeprefix("rol") for name in _RIGHTS if role[name]),
        role=str(role["rolname"]),
        others=await _readers(connection),
        extensions=tuple(str(row["extname"]) for row in extensions),
        libraries=await _libraries(connection),
        schema=await _schema(connection),
    )


async def _settings(connection: Connection, names: list[str]) -> dict[str, str]:
    rows = await connection.fetch(
        "SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY($1)",
        names,
    )
    return {str(row["name"]): str(row["value"]) for row in rows}


async def _readers(connection: Connection) -> tuple[str, ...]:
    rows = await connection.fetch(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper"
        " AND rolname <> current_user AND EXISTS (SELECT FROM unnest($1::text[]) AS held"
        " WHERE pg_has_role(rolname, held, 'usage')) ORDER BY 1",
        list(_READERS),
    )
    return tuple(str(row["rolname"]) for row in rows)


async def _libraries(connection: Connection) -> str | None:
    """`pg_settings` leaves out what the role may not see; a superuser sees all."""
    rows = await connection.fetch(
        "SELECT setting FROM pg_settings WHERE setting <> '' AND name IN"
        " ('shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries')"
    )
    seen = await connection.fetchval(
        "SELECT count(*) FROM pg_settings WHERE name = 'shared_preload_libraries'"
    )
    return ",".join(str(row["setting"]) for row in rows) if seen else None


async def _schema(connection: Connection) -> str:
    if not await connection.fetchval("SELECT to_regclass('migrations') IS NOT NULL"):
        return "empty"
    applied = {str(row["name"]) for row in await connection.fetch("TABLE migrations")}
    known = shipped().keys()
    if applied - known:
        return "newer"
    return "older" if known - applied else "same"

"""Bringing a database up to date."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest
from structlog.testing import capture_logs

from mustshare_api.app.commands import bring_up
from mustshare_api.errors import Misconfigured
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate, shipped
from tests.postgres import in_database, run

STEPS = {"0001_a.sql": "CREATE TABLE a (n int)", "0002_b.sql": "INSERT INTO a VALUES (1)"}


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database with nothing in it."""
    name = f"empty_{secrets.token_hex(8)}"
    await run(postgres.dsn, f"CREATE DATABASE {name}")
    yield in_database(postgres.dsn, name)
    await run(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")


async def _asked(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_six_simultaneous_starts_apply_each_file_once(empty: str) -> None:
    """As when a service manager starts every process at once."""
    await asyncio.gather(*(migrate(empty, STEPS) for _ in range(6)))

    assert await _asked(empty, "SELECT count(*) FROM a") == 1
    assert await _asked(empty, "SELECT count(*) FROM migrations") == 2


async def test_six_simultaneous_starts_apply_the_shipped_schema(empty: str) -> None:
    """The real files, on an empty database."""
    await asyncio.gather(*(migrate(empty) for _ in range(6)))

    assert await _asked(empty, "SELECT count(*) FROM migrations") == len(shipped())


async def test_only_what_is_new_is_applied(empty: str) -> None:
    """A file added later runs once, and those before it not again."""
    await migrate(empty, {"0001_a.sql": STEPS["0001_a.sql"]})
    await migrate(empty, STEPS)
    await migrate(empty, STEPS)

    assert await _asked(empty, "SELECT count(*) FROM a") == 1


async def test_a_start_says_what_it_applied_and_nothing_else(empty: str) -> None:
    """Whoever watches the journal is woken by an upgrade, and not by every restart."""
    with capture_logs() as first:
        await bring_up(empty)
    with capture_logs() as second:
        await bring_up(empty)

    assert [(line["event"], line["applied"]) for line in first] == [
        ("database_migrated", " ".join(shipped()))
    ]
    assert second == []


async def test_an_edited_file_is_refused(empty: str) -> None:
    """What it now says was never done here, and doing it again would break."""
    await migrate(empty, STEPS)

    with pytest.raises(Misconfigured, match=r"0002_b\.sql was edited"):
        await migrate(empty, STEPS | {"0002_b.sql": "INSERT INTO a VALUES (2)"})


async def test_a_newer_database_is_refused(empty: str) -> None:
    """An old program would write what the new one does not expect."""
    await migrate(empty, STEPS)

    with pytest.raises(Misconfigured, match="newer than this program"):
        await migrate(empty, {"0001_a.sql": STEPS["0001_a.sql"]})


async def test_a_start_cut_short_leaves_the_schema_it_found(empty: str) -> None:
    """All files or none: there is no half-made schema to repair by hand."""
    broken = {"0001_a.sql": STEPS["0001_a.sql"], "0002_b.sql": "SELECT 1/0"}
    with pytest.raises(Exception, match="internal"):
        await migrate(empty, broken)

    assert await _asked(empty, "SELECT to_regclass('a')") is None
    await migrate(empty, STEPS)


async def test_a_user_who_may_not_make_tables_is_told_so(empty: str) -> None:
    """The operator can mend that, and a stack trace would not say how."""
    role = f"guest_{secrets.token_hex(4)}"
    await run(empty, f"CREATE ROLE {role} LOGIN")
    try:
        with pytest.raises(Misconfigured, match="may not do that"):
            await migrate(empty.replace("mustshare@", f"{role}@"), STEPS)
    finally:
        await run(empty, f"DROP ROLE {role}")


def test_shipped_files_are_numbered_without_gaps() -> None:
    """Their order is their number, and two branches adding one number must clash."""
    numbers = [re.match(r"([0-9]{4})_[a-z_]+\.sql", name) for name in shipped()]

    assert [int(match[1]) for match in numbers if match] == list(range(1, len(shipped()) + 1))

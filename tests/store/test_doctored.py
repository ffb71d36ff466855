"""What `mustshare doctor` finds of a live PostgreSQL, with each fault planted in a real one."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import pytest

from mustshare_api.app.doctor import Finding, database
from mustshare_api.app.doctor.wanted import WANTED
from mustshare_api.settings import Settings
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.inspecting import Inspection, inspect
from tests.postgres import run
from tests.shape.tree import ROOT

SOUND = Inspection(
    version="15.8",
    settings={name: wanted.values[0] for name, wanted in WANTED.items()},
    rights=(),
    role="mustshare",
    others=(),
    extensions=("plpgsql",),
    libraries="",
    schema="same",
)


def amiss(findings: Iterator[Finding]) -> dict[str, Finding]:
    """The first word of what is said, and all of it, where something is not as it should be."""
    return {one.said.split()[0]: one for one in findings if one.verdict != "ok"}


def looked_at(dsn: str) -> list[Finding]:
    """As for an installation with a database of its own."""
    return list(database.look(Settings(database_url=dsn), dsn))


def as_role(dsn: str, role: str) -> str:
    """The same database, as somebody else."""
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{role}@"))


@pytest.mark.parametrize("name", WANTED)
def test_each_setting_that_differs_is_named_with_what_mends_it(name: str) -> None:
    """And why it matters: nobody turns a log off without a reason."""
    planted = replace(SOUND, settings={**SOUND.settings, name: "other"})

    (found,) = amiss(database.of_settings(planted)).values()

    assert found.said == f"{name} is other: {WANTED[name].why}"
    assert found.run


def test_checksums_are_turned_on_by_a_line_that_debian_knows() -> None:
    """Its package puts the program on nobody's path; the lines are those of the docs."""
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    off = {**SOUND.settings, "data_checksums": "off"}
    planted = replace(SOUND, version="15.20 (Debian 15.20-0+deb12u1)", settings=off)

    typed = amiss(database.of_settings(planted))["data_checksums"].run

    assert "pg_checksums --enable" in typed
    assert [part for part in typed.split("; ") if part not in page] == []


def test_a_setting_that_is_hidden_is_not_taken_for_right() -> None:
    """A role without rights sees little; its administrator sees the rest."""
    planted = replace(SOUND, settings={**SOUND.settings})
    del planted.settings["log_statement"]  # type: ignore[attr-defined]

    assert amiss(database.of_settings(planted))["log_statement"].verdict == "unseen"


def test_the_embedded_server_is_set_as_we_ask_of_others(postgres: EmbeddedPostgres) -> None:
    """What is demanded of an operator holds for what we start ourselves."""
    found = asyncio.run(inspect(postgres.dsn, WANTED))

    assert amiss(database.of_settings(found)) == {}
    assert amiss(database.of_libraries(found)) == {}


async def test_a_log_that_would_quote_is_found_on_a_live_server(dsn: str) -> None:
    """Set for one database, as a careless operator would who looks for a bug."""
    name = urlsplit(dsn).path.lstrip("/")
    await run(dsn, f"ALTER DATABASE {name} SET log_statement = 'all'")

    found = await asyncio.to_thread(looked_at, dsn)

    (log,) = [one for one in found if one.said.startswith("log_statement")]
    assert (log.verdict, log.said) == (
        "mend",
        "log_statement is all: the log would quote what is stored",
    )
    assert log.run == "ALTER SYSTEM SET log_statement = 'none'; SELECT pg_reload_conf()"


async def test_a_superuser_and_a_second_reader_are_found_on_a_live_server(dsn: str) -> None:
    """The service needs neither; each is a way around what it refuses."""
    reader = f"reader_{os.getpid()}"
    await run(dsn, f"CREATE ROLE {reader} LOGIN", f"GRANT pg_read_all_data TO {reader}")

    found = await asyncio.to_thread(looked_at, dsn)
    await run(dsn, f"DROP ROLE {reader}")

    roles = {one.run: one.verdict for one in found if one.about == "role"}
    assert roles['ALTER ROLE "mustshare" NOSUPERUSER'] == "mend"
    assert roles[f'DROP ROLE "{reader}"'] == "think"


async def test_an_ordinary_role_is_found_good_and_sees_what_it_needs(dsn: str) -> None:
    """No wanted setting is hidden from it: the doctor needs no more rights than the service."""
    role = f"plain_{os.getpid()}"
    await run(dsn, f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON migrations TO {role}")

    found = await inspect(as_role(dsn, role), WANTED)
    await run(dsn, f"DROP OWNED BY {role}", f"DROP ROLE {role}")

    assert (found.rights, found.role) == ((), role)
    assert found.settings.keys() == WANTED.keys()
    assert found.libraries is None


@pytest.mark.parametrize("name", database.TELLING)
def test_what_writes_statements_down_is_found(name: str) -> None:
    """Whether it is an extension or loaded into the server."""
    extension = replace(SOUND, extensions=("plpgsql", name))
    loaded = replace(SOUND, libraries=f"pg_prewarm,{name}")

    (first,) = database.of_libraries(extension)
    (second,) = database.of_libraries(loaded)

    assert (first.verdict, first.run) == ("mend", f"DROP EXTENSION {name}")
    assert (second.verdict, "shared_preload_libraries" in second.said) == ("mend", True)


def test_libraries_that_are_hidden_are_not_taken_for_none() -> None:
    """A person with rights has to look."""
    (found,) = database.of_libraries(replace(SOUND, libraries=None))

    assert found.verdict == "unseen"


async def test_a_database_of_a_newer_program_has_to_be_mended(dsn: str) -> None:
    """A rollback went past a migration."""
    await run(dsn, "INSERT INTO migrations VALUES ('9999_of_tomorrow.sql', '')")

    found = await asyncio.to_thread(looked_at, dsn)

    assert any(one.verdict == "mend" and "newer program" in one.said for one in found)


@pytest.mark.parametrize(
    ("dsn", "verdicts"),
    [
        ("postgresql://u@db.example/tips", ["mend"]),
        ("postgresql://u@db.example/tips?sslmode=require", ["mend"]),
        ("postgresql://u@db.example/tips?sslmode=verify-full", []),
        ("postgresql:///tips?host=/run/postgresql", []),
        ("postgresql://u@127.0.0.1/tips", []),
    ],
)
def test_a_server_elsewhere_that_is_not_checked_has_to_be_mended(
    dsn: str, verdicts: list[str]
) -> None:
    """Anybody between could answer in its place."""
    assert [one.verdict for one in database._way(dsn)] == verdicts

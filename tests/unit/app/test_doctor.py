"""What `mustshare doctor` says of files, keys, backups and directory, and how it says it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import doctor
from mustshare_api.app.backups.backup import STAMP
from mustshare_api.app.doctor import (
    backups,
    directory,
    locks,
    own,
)
from mustshare_api.clock import bangkok_day
from mustshare_api.settings import Settings
from tests.unit.app.findings import REAL, said


def test_an_untouched_machine_is_told_that_it_is_an_evaluation(tmp_path: Path) -> None:
    """Nothing has to be mended, and nobody takes it for the real thing."""
    found = doctor.look_over(Settings(data_dir=tmp_path / "var"), None)

    assert not [one for one in found if one.verdict == "mend"]
    assert "think" in {one.verdict for one in found if one.about == "keys"}
    assert any(one.said.startswith("embedded") for one in found if one.about == "database")


def test_what_only_a_person_can_see_is_said(tmp_path: Path) -> None:
    """Nobody takes silence about the proxy's log for a proxy that has none."""
    found = doctor.look_over(Settings(data_dir=tmp_path), None)

    assert [one.verdict for one in found if one.about == "front"] == ["unseen"]


def test_roots_that_are_none_have_to_be_mended(tmp_path: Path) -> None:
    """The line is the one that a start would end with."""
    roots = tmp_path / "roots.pin"
    roots.write_text("not roots", encoding="ascii")

    ((verdict, words),) = said(own.look(Settings(roots_file=roots)), "keys")

    assert verdict == "mend"
    assert "mustshare-key roots" in words


def test_roots_that_others_may_write_have_to_be_mended(tmp_path: Path) -> None:
    """Whoever writes them chooses whom tips are sealed to."""
    roots = tmp_path / "roots.pin"
    roots.touch()
    roots.chmod(0o662)

    found = said(own.look(Settings(roots_file=roots)), "keys")

    assert ("mend", f"chmod go-w {roots}") in [(v, w.split("sealed to ")[-1]) for v, w in found]


def test_a_key_that_others_read_has_to_be_mended(tmp_path: Path) -> None:
    """With the command that mends it."""
    key = tmp_path / "server.key"
    key.touch()
    key.chmod(0o644)

    ((verdict, words),) = said(own.look(Settings(data_dir=tmp_path, tls_key=key)), "tls")

    assert (verdict, "chmod 600" in words) == ("mend", True)


def test_a_data_folder_that_others_enter_is_pointed_out(tmp_path: Path) -> None:
    """Its serial file is no secret; what an evaluation keeps there is."""
    tmp_path.chmod(0o755)

    ((verdict, words),) = said(own.look(Settings(data_dir=tmp_path)), "data")

    assert (verdict, f"chmod 700 {tmp_path}" in words) == ("think", True)


def test_a_data_folder_that_cannot_be_written_has_to_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service runs, and forgets which directory it served: a volume of root's."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr("os.access", lambda *_: False)

    ((verdict, words),) = said(own.look(Settings(data_dir=tmp_path)), "data")

    assert (verdict, "cannot write" in words, "chown" in words) == ("mend", True, True)


def test_settings_that_everybody_reads_have_to_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's password may be among them."""
    file = tmp_path / "env"
    file.touch()
    file.chmod(0o644)
    monkeypatch.setattr(own, "ENVIRONMENT_FILES", (file,))

    ((verdict, words),) = said(own.look(Settings(data_dir=tmp_path)), "settings")

    assert (verdict, f"chmod 640 {file}" in words) == ("mend", True)


def test_a_database_that_does_not_answer_has_to_be_mended(tmp_path: Path) -> None:
    """And the rest is looked at all the same."""
    found = doctor.look_over(Settings(data_dir=tmp_path), "postgresql://u@127.0.0.1:9/tips")

    assert [one.verdict for one in found if one.about == "database"] == ["mend"]
    assert {"disk", "front"} <= {one.about for one in found}


@pytest.mark.parametrize(("days", "verdict"), [(0, "mend"), (3, "think"), (25, "ok")])
def test_a_directory_is_judged_by_the_days_it_has_left(days: int, verdict: str) -> None:
    """Two weeks are what it takes to bring two root holders to one table."""
    assert directory.of_days(days).verdict == verdict


@pytest.mark.parametrize(("count", "verdict"), [(0, "think"), (1, "think"), (2, "ok")])
def test_one_officer_alone_is_pointed_out(count: int, verdict: str) -> None:
    """Who falls ill leaves tips that nobody opens."""
    assert directory.of_officers(count).verdict == verdict


@pytest.mark.parametrize(
    ("days_ago", "verdict"), [(0, "ok"), (2, "ok"), (3, "think"), (None, "think")]
)
def test_a_backup_that_is_old_or_was_never_made_is_pointed_out(
    tmp_path: Path, days_ago: int | None, verdict: str
) -> None:
    """Nightly ones are at most a day old; a night may fail."""
    if days_ago is not None:
        day = bangkok_day(datetime.now(UTC)) - timedelta(days=days_ago)
        (tmp_path / STAMP).write_text(f"{day}\n")

    found = said(backups.look(replace(REAL, data_dir=tmp_path)), "backup")

    assert [v for v, _ in found] == [verdict]


def test_a_stamp_that_is_no_day_is_none(tmp_path: Path) -> None:
    """A damaged file must not look like a backup."""
    (tmp_path / STAMP).write_bytes(b"\xff\x00")

    assert [v for v, _ in said(backups.look(replace(REAL, data_dir=tmp_path)), "backup")] == [
        "think"
    ]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without what takes a second each, and in a folder without a `.env`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(locks, "look", lambda _settings, _dsn: iter(()))


@pytest.mark.usefixtures("_quick")
def test_the_exit_code_says_whether_something_has_to_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a deployment script to stop on."""
    assert program.main(["doctor"]) == 0

    monkeypatch.setenv("MUSTSHARE_ROOTS_FILE", str(tmp_path / "none.pin"))
    assert program.main(["doctor"]) == 1
    assert "mend" in capsys.readouterr().out


@pytest.mark.usefixtures("_quick")
def test_a_script_gets_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A list of findings, each with its verdict, subject, words and command."""
    assert program.main(["doctor", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert {tuple(one) for one in found} == {("verdict", "about", "said", "run")}


def test_settings_that_cannot_be_read_are_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one command that is run when something is wrong gives no traceback."""
    monkeypatch.setenv("MUSTSHARE_NONSENSE", "1")

    assert program.main(["doctor"]) == 1
    assert capsys.readouterr().out.startswith("mend   settings     MUSTSHARE_NONSENSE")

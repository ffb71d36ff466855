"""`mustshare partner`: a key shown once, a switch that works while the service runs."""

from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.store.embedded import EmbeddedPostgres, running_on
from tests.postgres import dsn, postgres, template  # noqa: F401

RIVER = ("partner", "add", "river-watch", "--quota", "480")


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request) -> None:
    """In a folder without a `.env`."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _here(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("MUSTSHARE_DATABASE_URL", dsn)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    """What a command prints, and what it says to a person."""
    assert program.main(list(words)) == code
    found = capsys.readouterr()
    return found.out, found.err


@pytest.mark.usefixtures("_here")
def test_a_key_is_shown_once_and_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard output, so that it can go where it belongs and nowhere else."""
    out, err = said(capsys, *RIVER, "--origins", "https://river.example, https://r.example")
    listed, _ = said(capsys, "partner", "list")

    assert out.startswith("msp_")
    assert out.count("\n") == 1
    assert out.strip() not in err + listed
    assert listed == (
        "river-watch          in use   0 of 480 today, 20 a minute; "
        "https://river.example https://r.example\n"
    )


@pytest.mark.usefixtures("_here")
def test_a_partner_is_stopped_started_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each says what it did; of a removed one nothing is left."""
    said(capsys, *RIVER)
    said(capsys, "partner", "stop", "river-watch")
    stopped, _ = said(capsys, "partner", "list")
    said(capsys, "partner", "start", "river-watch")
    started, _ = said(capsys, "partner", "list")
    said(capsys, "partner", "remove", "river-watch")

    assert ("stopped" in stopped, "in use" in started) == (True, True)
    assert said(capsys, "partner", "list") == ("", "")


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(
    "words",
    [
        ("partner", "stop", "nobody"),
        ("partner", "remove", "nobody"),
        ("partner", "stop", "No Name"),
        ("partner", "add", "แม่น้ำ", "--quota", "5"),
        ("partner", "add", "river\n", "--quota", "5"),
        ("partner", "add", "", "--quota", "5"),
        ("partner", "add", "river", "--quota", "0"),
        ("partner", "add", "river", "--quota", "-5"),
        ("partner", "add", "river", "--quota", "๕"),
        ("partner", "add", "river", "--quota", "9" * 400),
        ("partner", "add", "river", "--quota", "5", "--per-minute", "x"),
        ("partner", "add", "river", "--quota", "5", "--origins", "https://*.example"),
        ("partner", "add", "river", "--quota", "5", "--origins", "river.example"),
    ],
)
def test_what_is_wrong_is_one_line_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Exit code 2, and no partner."""
    out, err = said(capsys, *words, code=2)

    assert (out, err.count("\n")) == ("", 1)
    assert said(capsys, "partner", "list")[0] == ""


@pytest.mark.usefixtures("_here")
def test_a_second_partner_of_a_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The first one keeps its key."""
    said(capsys, *RIVER)

    assert "already" in said(capsys, *RIVER, code=2)[1]


def test_it_works_beside_a_service_that_has_the_embedded_database(
    postgres: EmbeddedPostgres,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A kill switch for which the service has to be stopped would be none."""
    home = postgres._socket_directory.parent
    data = tmp_path / "var"
    data.mkdir()
    (data / "postgres").symlink_to(home)
    monkeypatch.setenv("MUSTSHARE_DATA_DIR", str(data))
    said(capsys, "partner", "add", "beside", "--quota", "5")
    listed, _ = said(capsys, "partner", "list")
    said(capsys, "partner", "remove", "beside")

    assert listed.startswith("beside ")


def test_where_nothing_runs_there_is_nothing_to_join(tmp_path: Path) -> None:
    """A folder that was never used, and one that nobody has."""
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "postmaster.pid").write_text("1\n")

    assert running_on(tmp_path / "nowhere") is None
    assert running_on(tmp_path) is None

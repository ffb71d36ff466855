"""What `mustshare` says and refuses before it serves anything."""

import json
import resource
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import commands
from mustshare_api.app.process import hardening
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a `.env`."""
    monkeypatch.chdir(tmp_path)


def test_the_contract_is_printed_as_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """`mustshare openapi` is how openapi/openapi.json is made."""
    assert program.main(["openapi"]) == 0

    assert json.loads(capsysbinary.readouterr().out)["openapi"].startswith("3.1")


def test_a_directory_needs_pinned_roots_to_be_checked_against(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without them nothing could tell a real directory from another."""
    assert program.main(["directory", "some.note"]) == 2

    assert "MUSTSHARE_ROOTS_FILE is not set" in capsys.readouterr().err


def test_a_refusal_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator reads what is wrong and what to do, and nothing else."""
    monkeypatch.setenv("MUSTSHARE_NONSENSE", "1")

    assert program.main(["migrate"]) == 2

    said = capsys.readouterr().err
    assert said.startswith("mustshare: MUSTSHARE_NONSENSE is not a setting")
    assert said.count("\n") == 1


def test_a_build_without_ml_kem_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that could not seal against tomorrow's computers does not start."""

    def missing() -> None:
        raise Misconfigured("no ML-KEM")

    monkeypatch.setattr(commands, "require_post_quantum", missing)
    monkeypatch.setattr(hardening, "harden_process", lambda _: True)

    assert program.main(["serve"]) == 2
    assert capsys.readouterr().err == "mustshare: no ML-KEM\n"


def test_an_unknown_command_is_a_usage_error() -> None:
    """Argparse says what there is."""
    with pytest.raises(SystemExit) as ended:
        program.main(["serf"])

    assert ended.value.code == 2


def test_a_command_beside_the_service_leaves_no_core_and_no_file_for_others() -> None:
    """A partner's key or the log's is in its memory, and its umask may be anybody's."""
    with commands.reached(Settings(database_url="postgresql:///tips")):
        Path("made").touch()
        core = resource.getrlimit(resource.RLIMIT_CORE)[0]

    assert (core, Path("made").stat().st_mode & 0o077) == (0, 0)

"""The organisation that a service without settings makes for itself, once."""

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mustshare_api.app import evaluation
from mustshare_api.app.server.tls import server_context
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import directory
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an evaluation in it; to be copied, not changed."""
    data = tmp_path_factory.mktemp("data")
    evaluation.prepare(Settings(data_dir=data))
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy that a test may break."""
    copy = tmp_path / "data"
    shutil.copytree(made, copy)
    yield copy
    shutil.rmtree(copy)


def test_it_says_loudly_that_it_is_no_more_than_an_evaluation(data: Path) -> None:
    """In a file for whoever finds the folder, and in the directory that clients read."""
    found = evaluation.prepare(Settings(data_dir=data))

    assert found.note is not None
    assert directory.believe(found.note, found.roots).evaluation
    assert "EVALUATION ONLY" in (data / "evaluation" / "EVALUATION-ONLY.txt").read_text()


def test_a_second_start_takes_what_is_there(data: Path) -> None:
    """Otherwise every tip of yesterday would be sealed to keys that are gone."""
    first = evaluation.prepare(Settings(data_dir=data))
    again = evaluation.prepare(Settings(data_dir=data))

    assert first == again


def test_two_of_three_roots_sign_and_an_officer_has_keys_for_thirteen_weeks(data: Path) -> None:
    """The same ceremony that docs/keys.md describes, made by the same commands."""
    found = evaluation.prepare(Settings(data_dir=data))

    assert found.note is not None
    listed = directory.believe(found.note, found.roots)
    assert (len(found.roots.keys), found.roots.k) == (3, 2)
    assert len([entry for entry in listed.entries if entry.role == "intake"]) == 13


def test_nobody_else_can_read_its_secrets(data: Path) -> None:
    """Not the passphrase, a key file or a private key."""
    home = data / "evaluation"
    secret = [home / "passphrase", home / "ca.key", *home.rglob("*.msk")]

    assert len(secret) == 6
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secret)


def test_its_certificate_serves_the_doors(data: Path) -> None:
    """And its key is one that the doors accept."""
    found = evaluation.prepare(Settings(data_dir=data))

    assert found.certificate is not None
    assert found.key is not None
    server_context(found.certificate, found.key)


def test_a_passphrase_that_others_can_read_stops_the_start(data: Path) -> None:
    """The line says how to mend it."""
    (data / "evaluation" / "passphrase").chmod(0o644)

    with pytest.raises(Misconfigured, match="chmod 600"):
        evaluation.prepare(Settings(data_dir=data))


def test_a_damaged_directory_is_named_and_not_replaced(data: Path) -> None:
    """Making a new one in silence would orphan whatever is sealed to the old keys."""
    note = data / "evaluation" / "directory.note"
    note.write_bytes(note.read_bytes()[:-40])

    with pytest.raises(Misconfigured, match="is damaged"):
        evaluation.prepare(Settings(data_dir=data))


def test_a_directory_about_to_run_out_is_signed_anew(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evaluation that is left alone for weeks goes on."""
    before = evaluation.prepare(Settings(data_dir=data))
    monkeypatch.setattr(evaluation, "RENEW_BEFORE", timedelta(days=40))

    after = evaluation.prepare(Settings(data_dir=data))

    assert before.note is not None
    assert after.note is not None
    newer = directory.believe(after.note, after.roots)
    assert newer.serial == 2
    assert newer.deployment_id == directory.parse(before.note).deployment_id
    assert newer.expires_on > bangkok_day(SystemClock().now())

"""Commands beside a service that runs, and has the embedded database for itself."""

from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.store.embedded import EmbeddedPostgres
from tests.service import Service, installed


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """An installation with a directory in force and an embedded database of its own."""
    return installed(tmp_path_factory.mktemp("beside"))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("audit", "key"), "For other tools"),
        (("audit", "shred", "--before", "2026-01-01"), "hashes stay"),
        (("directory", "newest.note"), "in force"),
        (("partner", "list"), ""),
        (("migrate",), "at this version"),
    ],
)
def test_a_command_works_beside_a_service_that_has_the_embedded_database(
    service: Service,
    command: tuple[str, ...],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or intake would have to stop each time that a directory is renewed."""
    monkeypatch.chdir(service.folder)
    Path("newest.note").write_bytes(service.org.note(serial=2))
    monkeypatch.setenv("MUSTSHARE_DATA_DIR", str(service.data))
    monkeypatch.setenv("MUSTSHARE_ROOTS_FILE", "roots.pin")

    with EmbeddedPostgres.start(service.data / "postgres"):
        ended = program.main(list(command))

    assert (ended, says in capsys.readouterr().err) == (0, True)

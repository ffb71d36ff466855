"""The programs that a deployment is checked with are found, or it is said how to get them."""

import subprocess
from pathlib import Path

import pytest

from tests.programs import PACKAGES, program


@pytest.mark.parametrize("name", [*PACKAGES, "caddy", "sslyze", "zizmor"])
def test_each_program_of_the_checks_is_here(name: str) -> None:
    """Debian's come from their packages, the others from `.venv-tools`."""
    assert program(name).is_file()


def test_a_missing_program_fails_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Never a skip: an unchecked deployment must not look like a checked one."""
    monkeypatch.setattr("tests.programs.ROOT", tmp_path)
    monkeypatch.setattr("tests.programs.PACKAGES", {"no-such-proxy": "no-such-package"})

    with pytest.raises(AssertionError, match="apt-get install no-such-package"):
        program("no-such-proxy")


def test_systemd_analyze_can_judge_a_file_that_is_not_installed() -> None:
    """The unit's exposure is measured offline, so no systemd has to be running."""
    helped = subprocess.run(
        [program("systemd-analyze"), "--help"], capture_output=True, text=True, check=True
    )

    assert "--offline" in helped.stdout

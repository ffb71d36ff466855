"""What is installed is written down: pinned, hashed, and each package with its reason."""

import re
from pathlib import Path

import pytest

from tests.shape.tree import ROOT
from tests.supply.locks import LOCKS, entries, pins


def reasons(heading: str) -> set[str]:
    """The packages in one table of docs/dependencies.md that have a reason beside them."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([a-z0-9-]+)` \| \S", section, re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_an_exact_pin_with_hashes(lock: str) -> None:
    """Nothing is installed that was not seen when the lock was made."""
    assert len(pins(lock)) == len(entries(lock))
    assert [entry for entry in entries(lock) if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_nothing_of_where_packages_come_from(lock: str) -> None:
    """No index, no address, no local directory: a mirror of one's own serves as well."""
    text = (ROOT / lock).read_text(encoding="ascii")

    assert re.findall(r"^\s*--(?!hash=sha256:)\S+|\S+://\S+|\s/\S+", text, re.MULTILINE) == []


def test_tests_run_on_the_versions_that_serve() -> None:
    """The test lock holds the run-time lock whole, so that what was tested is what runs."""
    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


def test_every_run_time_package_has_its_reason() -> None:
    """docs/dependencies.md accounts for what reaches a server, and for nothing else."""
    assert set(pins("requirements.lock")) == reasons("Run time")


def test_every_test_package_has_its_reason() -> None:
    """Likewise for what only developers install."""
    only_tests = set(pins("requirements-test.lock")) - set(pins("requirements.lock"))

    assert only_tests == reasons("Tests and checks")


def named_in(text: str) -> set[str]:
    """The packages that a piece of pyproject.toml asks for, a line each."""
    return set(re.findall(r'^  "([a-z0-9-]+)(?:\[\w+\])?[>=]=', text, re.MULTILINE))


def project_file() -> tuple[str, str]:
    """pyproject.toml without its list of tools, and that list."""
    text = Path(ROOT / "pyproject.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("\ntools = [")
    tools, _, after = rest.partition("\n]")
    return before + after, tools


def test_every_direct_dependency_is_locked() -> None:
    """A dependency added to pyproject.toml without `make lock` is noticed."""
    named = named_in(project_file()[0])

    assert named <= set(pins("requirements-test.lock"))
    assert {"litestar", "asyncpg", "pytest"} <= named


def test_every_tool_is_locked_and_has_its_reason() -> None:
    """The programs that checks start are pinned too, apart from all that serves."""
    named = named_in(project_file()[1])

    assert named <= set(pins("requirements-tools.lock"))
    assert named == reasons("Programs for the checks")

"""Two people who build the wheel get the same bytes."""

import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, SOURCE, kept_files
from tests.supply import wheel


def test_two_builds_in_two_places_under_two_umasks_are_the_same_bytes(tmp_path: Path) -> None:
    """Another folder, another mask, other times on the files, another order of making them."""
    first = wheel.build(tmp_path / "a")
    tree = tmp_path / "elsewhere" / "with a longer name"
    before = os.umask(0o077)
    try:
        for name in reversed(wheel.SOURCES):
            source = ROOT / name
            copied = shutil.copytree if source.is_dir() else shutil.copyfile
            tree.mkdir(parents=True, exist_ok=True)
            copied(source, tree / name)
        for path in tree.rglob("*.py"):
            path.chmod(0o600)
            os.utime(path, (time.time() - 10**8, time.time() - 10**8))
        second = wheel.build(tmp_path / "b", tree)
    finally:
        os.umask(before)

    assert first.name == second.name
    assert wheel.sha256_of(first) == wheel.sha256_of(second)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    built = wheel.build(tmp_path_factory.mktemp("wheel"))
    return zipfile.ZipFile(built).namelist()


def test_the_wheel_holds_our_sources_and_nothing_else(names: list[str]) -> None:
    """No test, no key, no left-over: the package as the tree has it, and its metadata."""
    packed = {name for name in names if ".dist-info/" not in name}
    ours = {path.relative_to(SOURCE.parent).as_posix() for path in kept_files(SOURCE)}

    assert packed == ours


def test_the_wheel_carries_its_licence(names: list[str]) -> None:
    """Whoever has the wheel alone can read under which terms."""
    assert [name for name in names if name.endswith("/LICENSE")] != []

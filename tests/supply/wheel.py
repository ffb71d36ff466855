"""Builds the wheel so that anyone who has the same sources gets the same bytes.

    python -m tests.supply.wheel        dist/mustshare_api-….whl, and its SHA-256

    sources ─> a copy: modes 644 and 755, nothing that git would not have ─> setuptools ─> wheel

What makes two builds differ is taken away before: the umask of whoever builds (a copy with
fixed modes), times (`SOURCE_DATE_EPOCH`, one for all), left-overs of another build (a fresh
folder). It needs nothing but the setuptools of the lock, and no network.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.shape.tree import ROOT, kept_files

EPOCH = "315532800"
"""The first instant a zip file can hold, 1980-01-01: a date of ours would say nothing true."""

SOURCES = ("pyproject.toml", "LICENSE", "README.md", "src")
"""What the wheel is made of; nothing else reaches the folder in which it is built."""

_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


def build(into: Path, tree: Path = ROOT) -> Path:
    """Builds the wheel of a tree.

    Raises:
        CalledProcessError: setuptools refused; its own words are on standard error.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "tree"
        copy_sources(tree, copied)
        subprocess.run(
            [sys.executable, "-I", "-c", _BUILD, str(into.resolve())],
            cwd=copied,
            check=True,
            stdout=subprocess.DEVNULL,
            umask=0o022,
            env={"SOURCE_DATE_EPOCH": EPOCH, "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
    (made,) = into.glob("*.whl")
    return made


def copy_sources(tree: Path, to: Path) -> None:
    """Copies what a wheel is made of, with the modes that git would give it."""
    for name in SOURCES:
        given = tree / name
        for path in [given] if given.is_file() else kept_files(given):
            target = to / path.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o644)
    for folder in [to, *(path for path in to.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)


def sha256_of(wheel: Path) -> str:
    """What to publish beside a wheel."""
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def main() -> int:
    """Builds into `dist`, which is emptied of older wheels."""
    folder = ROOT / "dist"
    for older in folder.glob("*.whl"):
        older.unlink()
    made = build(folder)
    print(f"{sha256_of(made)}  {made.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

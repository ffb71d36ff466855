"""The tree as the shape tests read it: what would be committed, and nothing else.

It is walked, not asked of git, so that the tests also run from a plain archive. What
`.gitignore` names is left out; so is `.git`, which in a linked work tree is a file.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mustshare_api"


@cache
def ignored_names() -> tuple[str, ...]:
    """The names in `.gitignore`, which holds plain names and globs, no paths."""
    lines = (ROOT / ".gitignore").read_text().split()
    return (".git", *(line.strip("/") for line in lines))


def kept_files(below: Path = ROOT, suffix: str = "") -> Iterator[Path]:
    """Every file that belongs to the project, in name order."""
    for path in sorted(below.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in ignored_names()):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from kept_files(path, suffix)
        elif path.name.endswith(suffix):
            yield path


def python_files(*below: Path) -> Iterator[Path]:
    """Our own Python files: all of them, or those below the given directories."""
    for start in below or (ROOT / "src", ROOT / "tests"):
        yield from kept_files(start, ".py")


@cache
def syntax_of(path: Path) -> ast.Module:
    """A file's syntax tree, parsed once for all the tests that ask."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """A path as a failure message should name it."""
    return path.relative_to(ROOT).as_posix()

"""Tests as documents name them: `tests/path/test_file.py::test_name`, between backticks.

    docs/*.md, README.md, SECURITY.md ── `tests/…::test_…` ──> file ──> function in it

A bare path (`tests/vectors/merkle.json`) leads a reader to data and proves nothing; the file
is to be there all the same.
"""

import ast
import re
from pathlib import Path

from tests.shape.tree import ROOT, kept_files, syntax_of


def documents() -> list[Path]:
    """Every document that makes promises to those outside."""
    return [ROOT / "README.md", ROOT / "SECURITY.md", *kept_files(ROOT / "docs", ".md")]


def named_in(text: str) -> list[str]:
    """Whatever a text sets as code and begins with `tests/`."""
    return re.findall(r"`(tests/[^`\s]+)`", text)


def proofs_in(text: str) -> list[str]:
    """The names among them that lead to one test; a whole file proves nothing in particular."""
    return [name for name in named_in(text) if "::test_" in name]


def functions_of(path: Path) -> set[str]:
    """Every function in a file, those in classes and under decorators too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(syntax_of(path)) if isinstance(node, kinds)}


def is_there(name: str) -> bool:
    """Whether `tests/file.py::test_name`, or a bare path, names something in this tree."""
    path, parted, function = name.partition("::")
    target = ROOT / path
    if not parted:
        return target.exists()
    known = target.is_file() and target.suffix == ".py"
    return known and function.startswith("test_") and function in functions_of(target)

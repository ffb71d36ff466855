"""Names keep to the glossary, and no file or module becomes a drawer for odds and ends."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.shape.tree import ROOT, SOURCE, kept_files, python_files, shown, syntax_of

LINES_AT_MOST = 300
"""What one can read in a sitting. A file past it has two subjects."""

LONGER = {
    "src/mustshare_api/api/catalogue/table.py",  # one table, a problem a row
}
"""Those that have one subject all the same."""

DRAWERS = {"utils", "util", "helpers", "common", "core", "misc", "services", "managers", "base"}
"""Names that say nothing of what is inside, so that anything may be put there."""


def unused_words() -> set[str]:
    """The words that the glossary says no name here uses."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = text.split("## Words that no name here uses", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"`([a-z]+)`", section))


def words_of(name: str) -> set[str]:
    """The words in snake_case, CamelCase or CAPITALS, in small letters."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return set(parts.lower().split("_"))


def names_given(tree: ast.AST) -> Iterator[str]:
    """Every name that a file itself gives. The names of others' methods are theirs."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case _:
                pass


def sql_words(path: Path) -> set[str]:
    """The words of a migration's statements, its comments and texts left out."""
    bare = re.sub(r"--[^\n]*|'[^']*'", " ", path.read_text(encoding="utf-8"))
    return {word for name in re.findall(r"[A-Za-z_]+", bare) for word in words_of(name)}


def test_the_glossary_names_words_to_avoid() -> None:
    """The section that the next tests read is there and says something."""
    assert {"submission", "whistleblower", "sanitize"} <= unused_words()


def test_no_name_uses_a_word_that_the_glossary_sets_aside() -> None:
    """One thing has one word, in classes, functions, arguments and variables alike."""
    stray = {
        f"{shown(path)}: {name}"
        for path in python_files()
        for name in names_given(syntax_of(path))
        if words_of(name) & unused_words()
    }

    assert stray == set()


def test_no_table_or_column_uses_such_a_word() -> None:
    """The schema speaks the same language as the code."""
    stray = {
        f"{shown(path)}: {word}"
        for path in kept_files(SOURCE, ".sql")
        for word in sql_words(path) & unused_words()
    }

    assert stray == set()


def test_no_module_is_a_drawer() -> None:
    """A module is named for what it holds."""
    assert [shown(path) for path in python_files() if path.stem in DRAWERS] == []
    assert [shown(path) for path in python_files() if path.parent.name in DRAWERS] == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    """No file of ours is longer than its limit."""
    lines = {shown(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    long = {name: count for name, count in lines.items() if count > LINES_AT_MOST}

    assert {name: count for name, count in long.items() if name not in LONGER} == {}


def test_every_module_says_what_it_is_for() -> None:
    """Each file of the product opens with a docstring, the empty ones included."""
    silent = [
        shown(path)
        for path in python_files(SOURCE)
        if ast.get_docstring(syntax_of(path)) is None
    ]

    assert silent == []

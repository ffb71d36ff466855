"""The tests are whole: none is skipped, none asserts nothing, nothing is left for later."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.shape.tree import ROOT, kept_files, python_files, shown, syntax_of

TESTS = ROOT / "tests"
WAYS_OUT = {"skip", "skipif", "xfail", "importorskip", "skipTest"}
CLAIMS = re.compile(r"^_?(raises|assert|check|expect|refuse|verif|wait_for|timeout|run_state)")
"""How a call is named that fails by itself, be it for a value or for time."""

LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def is_test(name: str) -> bool:
    return name.startswith("test_")


def tests_in(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_test(node.name):
            yield node


def called_name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def claims_something(test: ast.AST) -> bool:
    """Whether a test holds an assert, or a call that by its name is one."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and CLAIMS.match(called_name(node)) is not None)
        for node in ast.walk(test)
    )


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    """What cannot run here is arranged to run or is not a test."""
    ways_out = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files(TESTS)
        for node in ast.walk(syntax_of(path))
        if isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) in WAYS_OUT
    ]

    assert ways_out == []


def test_every_test_claims_something() -> None:
    """A test that asserts nothing passes whatever happens."""
    silent = [
        f"{shown(path)}: {test.name}"
        for path in python_files(TESTS)
        for test in tests_in(path)
        if not claims_something(test)
    ]

    assert silent == []


def test_no_two_tests_of_a_file_share_a_name() -> None:
    """The second of two would silently take the place of the first."""
    twice = []
    for path in python_files(TESTS):
        seen: set[str] = set()
        for node in syntax_of(path).body:
            name = getattr(node, "name", "")
            if is_test(name) and name in seen:
                twice.append(f"{shown(path)}: {name}")
            seen.add(name)

    assert twice == []


def test_nothing_is_left_for_later() -> None:
    """No comment puts work off. What is not done is an issue, not a note in the code."""
    notes = []
    for path in python_files():
        with path.open("rb") as source:
            notes += [
                f"{shown(path)}:{token.start[0]}"
                for token in tokenize.tokenize(source.readline)
                if token.type == tokenize.COMMENT and LATER.search(token.string)
            ]
    for path in kept_files(ROOT, ".sql"):
        notes += [shown(path)] if LATER.search(path.read_text(encoding="utf-8")) else []

    assert notes == []

"""A promise names the test that holds it, and the test is there.

A name that was misspelt, moved or deleted is found here, before an auditor follows it and finds
nothing.
"""

import re

import pytest

from tests.shape.cited import documents, is_there, named_in, proofs_in
from tests.shape.tree import ROOT, shown


def test_every_test_that_a_document_names_exists() -> None:
    """Whoever follows a promise to its proof finds a file, and the function in it."""
    astray = [
        f"{shown(document)}: {name}"
        for document in documents()
        for name in named_in(document.read_text(encoding="utf-8"))
        if not is_there(name)
    ]

    assert astray == []


@pytest.mark.parametrize(
    "name",
    [
        "tests/shape/test_proofs.py::test_that_was_never_written",
        "tests/shape/test_proof.py::test_every_test_that_a_document_names_exists",
        "tests/shape/test_proofs.py::is_there",
        "tests/shape/test_proofs.py:test_every_test_that_a_document_names_exists",
        "tests/shape::test_every_test_that_a_document_names_exists",
        "tests/shape/test_proofs.py::",
    ],
)
def test_a_planted_name_that_leads_nowhere_is_noticed(name: str) -> None:
    """A missing function or file, a helper, one colon, a folder: none counts as proof."""
    assert named_in(f"It holds (`{name}`).") == [name]
    assert not is_there(name)


def proofs() -> list[tuple[str, list[str]]]:
    """The rows of docs/proofs.md as (promise, the other cells)."""
    text = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line[:2] == "| "]
    return [(row[0].strip(), row[1:]) for row in rows if row[0].strip() != "promise"]


def test_every_proof_has_a_command_and_a_test() -> None:
    """A figure that nobody can make again is a boast."""
    astray = [
        promise
        for promise, cells in proofs()
        if len(cells) != 3
        or not any(char.isalnum() for char in cells[0])
        or not re.match(r"`(make|python -m) |the same$", cells[1].strip())
        or not proofs_in(cells[2])
    ]

    assert len(proofs()) > 20
    assert astray == []


def test_every_path_that_a_proof_runs_exists() -> None:
    """`make test ARGS="tests/…"` runs what is there."""
    told = [word for _, cells in proofs() for word in re.findall(r"tests/[\w/.]+", cells[1])]

    assert told
    assert [path for path in told if not (ROOT / path).exists()] == []

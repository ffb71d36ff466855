"""A promise names the test that holds it, and the test is there.

A name that was misspelt, moved or deleted is found here, before an auditor follows it and finds
nothing.
"""

import pytest

from tests.shape.cited import documents, is_there, named_in
from tests.shape.tree import shown


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

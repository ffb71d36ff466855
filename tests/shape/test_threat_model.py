"""Each promise of docs/threat-model.md names the test that holds it, or why there is none."""

import re

import pytest

from tests.shape.cited import proofs_in
from tests.shape.tree import ROOT

NONE = re.compile(r"nothing to test: \w", re.IGNORECASE)


def section(heading: str) -> str:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(heading: str) -> list[str]:
    """The rows of a table of promises, which begin in bold."""
    return re.findall(r"^\| \*\*.+$", section(heading), re.MULTILINE)


def residuals() -> list[str]:
    """What we do not protect from, a paragraph each."""
    return section("What is left, and we say so").strip().split("\n- ")


def is_held(promise: str) -> bool:
    return bool(proofs_in(promise)) or NONE.search(promise) is not None


def test_every_promise_names_its_test() -> None:
    """Row by row in both tables, and paragraph by paragraph in what is left."""
    told = [
        *rows("Who gets what"),
        *rows("What changes with the way in"),
        *residuals(),
    ]

    assert len(told) > 50
    assert [promise[:60] for promise in told if not is_held(promise)] == []


@pytest.mark.parametrize("heading", ["Who gets what", "What changes with the way in"])
def test_every_row_has_its_four_cells(heading: str) -> None:
    """A row without a proof's cell is noticed, even where another cell names a test."""
    assert [row[:60] for row in rows(heading) if row.count(" | ") != 3] == []


@pytest.mark.parametrize(
    "promise", ["| **guesses** | nothing | the same | |", "- **Small numbers tell.** They do."]
)
def test_a_planted_promise_without_a_proof_is_noticed(promise: str) -> None:
    """Believing it is not enough."""
    assert not is_held(promise)

"""docs/asvs.md answers every item of OWASP's Application Security Verification Standard 5.0.0.

    tests/data/asvs-5.0.0.txt ── each id, exactly once ──> a row ──> a test | deviation | reason

The list has the ids and the level of each; the standard's sentences stay with OWASP (CC BY-SA
4.0), and those of the document are our own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.shape.cited import proofs_in
from tests.shape.tree import ROOT

ASVS = ROOT / "docs" / "asvs.md"
IDS = ROOT / "tests" / "data" / "asvs-5.0.0.txt"

VERDICTS = {"holds", "deviation", "does not apply"}

SHORTEST_REASON = 20
"""Characters: "none" or "see above" explains nothing to an auditor."""


@dataclass(frozen=True)
class Row:
    """A line of docs/asvs.md: one item, or several with one reason."""

    ids: tuple[str, ...]
    verdict: str
    why: str


def rows_of(text: str) -> Iterator[Row]:
    """The rows `| ids | what | verdict | proof or reason |` of all tables."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| V") and len(cells) == 4:
            yield Row(tuple(cells[0].replace(",", " ").split()), cells[2], cells[3])


def faults_of(row: Row) -> Iterator[str]:
    """What an auditor would hold against a row."""
    if row.verdict not in VERDICTS:
        yield f"{row.ids}: '{row.verdict}' is no verdict"
    if row.verdict == "holds" and not proofs_in(row.why):
        yield f"{row.ids}: holds, and no test is named"
    if row.verdict != "holds" and len(row.why) < SHORTEST_REASON:
        yield f"{row.ids}: {row.verdict}, and nothing says why"
    if row.verdict != "does not apply" and len(row.ids) != 1:
        yield f"{row.ids}: each needs a line of its own"


def every_id() -> list[str]:
    return [line.split()[0] for line in IDS.read_text(encoding="ascii").splitlines()]


def test_every_asvs_item_is_answered_exactly_once() -> None:
    """None is left out because its answer would be awkward, and none is answered twice."""
    answered = Counter(
        item for row in rows_of(ASVS.read_text(encoding="utf-8")) for item in row.ids
    )

    assert len(every_id()) == 345
    assert answered == Counter(every_id())


def test_every_asvs_answer_is_a_test_a_deviation_or_a_reason() -> None:
    """An item that holds names the test that says so; any other says why."""
    rows = list(rows_of(ASVS.read_text(encoding="utf-8")))

    assert rows
    assert [fault for row in rows for fault in faults_of(row)] == []


@pytest.mark.parametrize(
    "line",
    [
        "| V1.1.1 | decoded once | holds | we believe so, having thought about it |",
        "| V1.1.1 | decoded once | holds | `tests/shape/test_proofs.py` |",
        "| V1.1.1 | decoded once | mostly | `tests/shape/test_proofs.py::test_x` |",
        "| V1.1.1 | decoded once | deviation | no |",
        "| V1.1.1 V1.1.2 | both | holds | `tests/shape/test_proofs.py::test_x` |",
    ],
)
def test_a_planted_row_without_proof_is_noticed(line: str) -> None:
    """Belief, a whole file, a made-up verdict, no reason, two items for one test: all found."""
    assert [fault for row in rows_of(line) for fault in faults_of(row)] != []

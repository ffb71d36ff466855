"""docs/operations.md explains everything that an operator can be shown, and nothing else."""

import re

import msgspec
import pytest

from mustshare_api.api.operator import Health
from mustshare_api.logs import EVENTS
from tests.shape.tree import ROOT, SOURCE

OPERATIONS = ROOT / "docs" / "operations.md"
OPERATOR = SOURCE / "api" / "operator.py"


def explained(heading: str) -> list[str]:
    """The first cells, in backticks, of the table under a heading; the others say something."""
    text = OPERATIONS.read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(\w+)` \|(?: [^|\n]{2,} \|)+$", section, re.MULTILINE)


def gauges() -> set[str]:
    """Every name that the operator door gives a type."""
    return set(re.findall(r"# TYPE (\w+) ", OPERATOR.read_text(encoding="utf-8")))


def test_every_event_is_explained_and_no_other() -> None:
    """Whoever is woken by a line finds it; and finds none that cannot come."""
    assert sorted(explained("Log events")) == sorted(EVENTS)


def test_every_gauge_is_explained_and_no_other() -> None:
    """With the value at which to be alarmed."""
    assert sorted(explained("Gauges")) == sorted(gauges())
    assert "mustshare_ready" in gauges()


def test_every_field_of_health_is_explained_and_no_other() -> None:
    """What readiness answers, field by field."""
    fields = [field.name for field in msgspec.structs.fields(Health)]

    assert sorted(explained("Whether it is ready")) == sorted(fields)


def test_no_gauge_counts_anything() -> None:
    """A counter that is read every few seconds tells when each tip came in."""
    types = re.findall(r"# TYPE \w+ (\w+)", OPERATOR.read_text(encoding="utf-8"))

    assert types
    assert set(types) == {"gauge"}
    assert [name for name in gauges() if re.search(r"total|count|tips|requests", name)] == []


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_no_event_carries_who_or_when(event: str) -> None:
    """No key of any event could hold an address, an instant, an id or words."""
    assert not {
        key
        for key in EVENTS[event]
        if re.search(r"_at$|address$|client|agent|receipt|access|text|tip|object|token", key)
    }

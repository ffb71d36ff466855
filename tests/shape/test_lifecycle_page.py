"""docs/lifecycle.md says what the table says."""

import re

from mustshare_api.domain.lifecycle import BY_OFFICERS, LIVING, diagram
from mustshare_api.settings import Settings
from tests.shape.tree import ROOT

PAGE = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def test_the_diagram_is_the_tables() -> None:
    """Drawn from it, to the octet; whoever changes the one changes the other."""
    (drawn,) = re.findall(r"```mermaid\n(.*?)```", PAGE, flags=re.DOTALL)

    assert drawn == diagram()


def test_every_step_of_officers_is_on_the_page_as_it_is_typed() -> None:
    """In one line, in the order of the table."""
    typed = ", ".join(step.replace("_", "-") for step in BY_OFFICERS)

    assert sorted(typed.split(", ")) == sorted(
        re.findall(r"step 3f9a verify +(.*)", PAGE)[0].split(", ")
    )


def test_the_days_of_each_state_are_those_of_the_settings() -> None:
    """And there is a line for each state in which a tip lives."""
    lines = dict(
        re.findall(r"^\| ([a-z_]+) \| ([0-9]+) \| `MUSTSHARE_RETENTION", PAGE, re.MULTILINE)
    )
    chosen = Settings()
    named = {state: getattr(chosen, f"retention_{state}_days") for state in LIVING}

    assert lines == {state: str(days or chosen.retention_days) for state, days in named.items()}

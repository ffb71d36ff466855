"""The guide for a page team: every line is typed, in one go, on a service that runs."""

import shutil
from pathlib import Path

from tests.clients.conftest import PHOTO
from tests.runbook.play import play
from tests.runbook.transcripts import Section, sections
from tests.runbook.world import World

DOCS = Path(__file__).parents[2] / "docs"
SECTIONS = sections(DOCS / "page-team.md")


def test_the_page_team_s_day_goes_as_the_guide_says(world: World) -> None:
    """From the first tip to the weekly digest, each section where the one before left off."""
    for officer in ("somsri", "arthit"):
        home = world.machine(officer)
        shutil.copytree(DOCS / "examples", home / "examples")
        shutil.copy(PHOTO, home / "photo.jpg")
    whole = Section("a day", [step for section in SECTIONS for step in section.steps])

    assert len(SECTIONS) == 10
    assert play(world, whole) == len(whole.steps)

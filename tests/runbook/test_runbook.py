"""Every command of docs/runbook.md is run, and prints what the document says it prints."""

import pytest

from tests.runbook.play import DRILLS, play
from tests.runbook.transcripts import Section
from tests.runbook.world import World


def test_an_organisation_is_set_up_as_the_runbook_says(world: World) -> None:
    """The first section was typed before any test; the service that it began runs."""
    assert world.service is not None


@pytest.mark.parametrize("drill", DRILLS, ids=[drill.title for drill in DRILLS])
def test_the_runbook_does_what_it_says(drill: Section, world: World) -> None:
    """Each drill on an organisation that was set up as the first section sets one up."""
    assert play(world, drill) > 0

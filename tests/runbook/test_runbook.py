"""Every command of docs/runbook.md is run, and prints what the document says it prints."""

from pathlib import Path

import pytest

from mustshare_api.media.strip import Stripper
from tests.runbook.transcripts import Pause, Section, compare, sections
from tests.runbook.world import World

DOCUMENT = Path(__file__).parents[2] / "docs" / "runbook.md"
SETTING_UP, *DRILLS = sections(DOCUMENT)


def play(world: World, section: Section) -> None:
    """Runs the steps of a section one after another, and stops at the first surprise."""
    for step in section.steps:
        if isinstance(step, Pause):
            world.clock.advance(step.length)
            if world.service is not None:
                world.service.keep_up()
            continue
        ran = world.run(step.machine, step.command)
        differs = compare(step.expected, ran.printed, world.known)
        assert differs is None, f"{step.machine}$ {step.command}\n{differs}"
        assert ran.code == step.exit_code, f"{step.machine}$ {step.command}\n{ran.printed}"


@pytest.mark.parametrize(
    "drill", [None, *DRILLS], ids=["setting up", *(d.title for d in DRILLS)]
)
def test_the_runbook_does_what_it_says(
    drill: Section | None, tmp_path: Path, dsn: str, stripper: Stripper
) -> None:
    """Each drill on an organisation that was set up as the first section sets one up."""
    world = World(tmp_path, dsn, stripper)
    with world.closing:
        play(world, SETTING_UP)
        if drill is not None:
            play(world, drill)

"""Types a section of the document, line by line."""

from pathlib import Path

from tests.runbook.transcripts import Pause, Section, compare, sections
from tests.runbook.world import World

DOCUMENT = Path(__file__).parents[2] / "docs" / "runbook.md"
SETTING_UP, *DRILLS = sections(DOCUMENT)


def play(world: World, section: Section) -> int:
    """Runs the steps of a section one after another, and stops at the first surprise.

    Returns:
        How many there were.
    """
    for step in section.steps:
        if isinstance(step, Pause):
            world.later(step.length)
            continue
        ran = world.run(step)
        typed = f"{step.machine}$ {step.command}"
        differs = compare(step.expected, ran.printed, world.known)
        assert differs is None, f"{typed}\n{differs}"
        assert ran.code == step.exit_code, f"{typed}\n(exit {ran.code})\n{ran.printed}"
    return len(section.steps)

"""Every parser over every seed, every find, and some hundred damaged files of each.

What atheris does for hours (`make fuzz-parsers`), in a few seconds and without it. Seeded, so
that a failure here is the same failure everywhere.
"""

import pytest

from tests.fuzz.every import TARGETS
from tests.fuzz.harness import FOUND, SEEDS, Bounded, Target
from tests.fuzz.mutations import Mutator

DAMAGED = 300
SEEDS_LIMIT_BYTES = 300_000


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest) -> Target:
    return TARGETS[request.param]


def test_what_our_own_writers_wrote_is_read(target: Target) -> None:
    """So a target tries its parser, and not only the first line of it."""
    kept = target.kept()

    assert kept
    for name, octets in kept.items():
        with Bounded(octets):
            assert target.play(octets), name


def test_what_once_broke_a_parser_breaks_it_no_more(target: Target) -> None:
    """Each find is a file, and is played again for ever."""
    for octets in target.kept(FOUND).values():
        with Bounded(octets):
            assert target.play(octets) in {True, False}


def test_damaged_files_are_refused_or_say_what_they_are_read_as(target: Target) -> None:
    """No other error, no other spelling."""
    seeds = [*target.kept().values(), *target.kept(FOUND).values()]
    mutator = Mutator(target.name, seeds, target.words, target.longest_bytes)

    outcomes = [target.play(octets) for octets in mutator.inputs(DAMAGED)]

    assert len(outcomes) == DAMAGED


def test_every_folder_of_files_is_of_a_target_that_is_played() -> None:
    """A renamed target would otherwise leave its finds behind."""
    folders = {path.name for kept in (SEEDS, FOUND) for path in kept.glob("*") if path.is_dir()}

    assert folders <= TARGETS.keys()


def test_seeds_stay_small() -> None:
    """They are in the tree of everyone who clones it."""
    assert sum(file.stat().st_size for file in SEEDS.rglob("*") if file.is_file()) < (
        SEEDS_LIMIT_BYTES
    )

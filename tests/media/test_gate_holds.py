"""A child that was taken over can choose the pixels and nothing else."""

from collections.abc import Iterator

import pytest

from mustshare_api.errors import Unstrippable
from mustshare_api.media.strip import Stripper
from tests.media import plants
from tests.media.conftest import strip_with


@pytest.fixture(scope="module")
def taken_over() -> Iterator[Stripper]:
    """A stripper whose children hand over what the test planted."""
    running = Stripper.start(draw="tests.media.plants:emit")
    yield running
    running.close()


@pytest.mark.parametrize("word", sorted(set(plants.FILES) - plants.GOOD))
async def test_a_bad_file_from_a_child_is_dropped(taken_over: Stripper, word: str) -> None:
    """Whatever it adds, leaves out or claims."""
    with pytest.raises(Unstrippable) as caught:
        await strip_with(taken_over, plants.lead(word))

    assert caught.value.code == "media.undecodable"


@pytest.mark.parametrize("word", sorted(plants.GOOD))
async def test_a_good_file_from_the_same_child_passes(taken_over: Stripper, word: str) -> None:
    """The gate is not simply shut."""
    _, out = await strip_with(taken_over, plants.lead(word))

    assert out == plants.FILES[word]

"""Of one tip, one at a time; of many, all at once; and nobody is forgotten."""

import asyncio
from collections.abc import Iterator

import pytest

from mustshare_api.errors import Busy
from mustshare_api.flows.one_by_one import MOST, OneByOne
from mustshare_api.flows.standing import VISITOR, Visitor

TIP, OTHER = b"a" * 16, b"b" * 16


@pytest.fixture
def hurried() -> Iterator[None]:
    """A visitor who waits for nobody."""
    token = VISITOR.set(Visitor(patience_s=0.0))
    yield
    VISITOR.reset(token)


async def test_one_tip_is_one_at_a_time_in_order() -> None:
    """However many come at one time; each has its turn."""
    lines, inside, told, most = OneByOne(), 0, list[int](), 0

    async def come(number: int) -> None:
        nonlocal inside, most
        async with lines.turn(TIP):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            told.append(number)
            inside -= 1

    await asyncio.gather(*(come(number) for number in range(MOST)))

    assert most == 1
    assert told == list(range(MOST))
    assert not len(lines)


async def test_another_tip_does_not_wait() -> None:
    """Whatever goes on with the first."""
    lines = OneByOne()
    async with lines.turn(TIP), lines.turn(OTHER):
        assert len(lines) == 2


async def test_more_of_one_tip_than_it_may_have_files_are_told_to_come_back() -> None:
    """503 `upload.busy`, and those before them have their turns."""
    lines, done = OneByOne(), 0

    async def come() -> None:
        nonlocal done
        async with lines.turn(TIP):
            await asyncio.sleep(0)
            done += 1

    waiting = [asyncio.create_task(come()) for _ in range(MOST)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match=r"upload\.busy"):
        await come()
    await asyncio.gather(*waiting)

    assert done == MOST
    assert not len(lines)


@pytest.mark.usefixtures("hurried")
async def test_patience_has_an_end() -> None:
    """As in every other line."""
    lines = OneByOne()
    async with lines.turn(TIP):
        with pytest.raises(Busy, match=r"upload\.busy"):
            async with lines.turn(TIP):
                pass

    assert not len(lines)


async def test_who_hangs_up_leaves_nothing_behind() -> None:
    """In line, or when their turn had come."""
    lines = OneByOne()
    async with lines.turn(TIP):
        gone = asyncio.create_task(lines.turn(TIP).__aenter__())
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone

    assert not len(lines)

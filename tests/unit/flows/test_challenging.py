"""The maker of challenges: beside the event loop, for a share of the time, by lot."""

import asyncio
import threading
import time
from functools import partial

import pytest

from mustshare_api.clock import SystemClock
from mustshare_api.errors import Busy
from mustshare_api.flows.challenging import (
    BATCH,
    REST,
    REST_AT_MOST_S,
    Challenge,
    ChallengeMaker,
    rest_s,
)
from mustshare_api.flows.standing import VISITOR, Visitor


@pytest.fixture
def maker() -> ChallengeMaker:
    return ChallengeMaker(SystemClock())


async def test_making_one_does_not_hold_up_the_event_loop(maker: ChallengeMaker) -> None:
    """It is made in a thread, and the loop turns meanwhile."""
    let_go, seen = threading.Event(), list[str]()

    def make() -> Challenge:
        seen.append(threading.current_thread().name)
        return {"in_time": let_go.wait(20)}

    asking = asyncio.create_task(maker.made(make))
    while not seen:
        await asyncio.sleep(0)
    let_go.set()

    assert await asking == {"in_time": True}
    assert seen != [threading.main_thread().name]


async def test_each_who_asks_gets_a_challenge_of_their_own(maker: ChallengeMaker) -> None:
    """However they are drawn, and over several batches."""
    asked = [maker.made(partial(dict, number=number)) for number in range(100)]

    assert await asyncio.gather(*asked) == [{"number": number} for number in range(100)]


async def test_it_works_for_a_quarter_of_the_time(maker: ChallengeMaker) -> None:
    """Three batches have two rests between them."""

    def make() -> Challenge:
        time.sleep(0.002)
        return {}

    began = time.monotonic()
    await asyncio.gather(*(maker.made(make) for _ in range(3 * BATCH)))

    assert time.monotonic() - began >= 0.002 * BATCH * (3 + 2 * REST)


def test_a_rest_is_bounded() -> None:
    """A clock that jumped, either way, leaves nobody waiting for long."""
    assert [rest_s(0, took) for took in (0.01, 3600.0, -5.0)] == [0.03, REST_AT_MOST_S, 0.0]


async def test_no_more_than_250_are_made_in_a_second(maker: ChallengeMaker) -> None:
    """However cheap they are: with each comes a request."""
    began = time.monotonic()
    await asyncio.gather(*(maker.made(dict) for _ in range(5 * BATCH)))

    assert time.monotonic() - began >= 4 * BATCH / 250


async def test_without_room_some_are_told_to_come_back_and_the_others_served() -> None:
    """As many as there is no room for; not always the last."""
    first = set[bool]()
    for _ in range(20):
        maker = ChallengeMaker(SystemClock(), room=4, no_after_s=0)
        asked = [maker.made(lambda: {"made": True}) for _ in range(8)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, Busy)]
        first.add(isinstance(answers[0], Busy))
        assert [one.code for one in refused] == ["challenge.busy"] * 4
        assert [one for one in answers if one == {"made": True}] == [{"made": True}] * 4

    assert first == {True, False}


async def test_a_refusal_takes_its_time() -> None:
    """Whoever asks again at once, without end, does so once in a while only."""
    maker = ChallengeMaker(SystemClock(), room=0, no_after_s=0.05)
    began = time.monotonic()
    with pytest.raises(Busy, match=r"challenge\.busy"):
        await maker.made(dict)

    assert time.monotonic() - began >= 0.05
    assert ChallengeMaker(SystemClock()).no_after_s >= 1


async def test_who_hangs_up_leaves_their_place(maker: ChallengeMaker) -> None:
    """Nothing is made for them."""
    made = list[int]()

    def make() -> Challenge:
        made.append(1)
        return {}

    asked = [asyncio.create_task(maker.made(make)) for _ in range(5)]
    await asyncio.sleep(0)
    for one in asked[:4]:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)

    assert len(maker._line) == 0
    assert (made, asked[4].result()) == ([1], {})


async def test_a_fault_is_told_to_who_asked_and_the_next_is_served(
    maker: ChallengeMaker,
) -> None:
    """Nobody waits for ever for a thread that failed."""

    def fail() -> Challenge:
        raise OSError("no thread")

    with pytest.raises(OSError, match="no thread"):
        await maker.made(fail)

    assert await maker.made(lambda: {"made": True}) == {"made": True}


async def test_the_maker_keeps_nothing_of_the_request_that_woke_it(
    maker: ChallengeMaker,
) -> None:
    """Its task has a context of its own: a guest is forgotten with their request."""
    token = VISITOR.set(Visitor(solution="mark"))
    seen = await maker.made(lambda: {"guest": VISITOR.get()})
    VISITOR.reset(token)

    assert seen == {"guest": None}

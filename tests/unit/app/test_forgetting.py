"""How often what requests leave behind is overwritten."""

import asyncio
import contextlib
import gc
import weakref

import pytest

from mustshare_api.app.process import forgetting
from mustshare_api.app.process.forgetting import EVERY_S, keep_forgetting, rest_s


class Left:
    """What a request leaves behind: it holds itself."""

    def __init__(self) -> None:
        self.me = self


def test_a_short_whole_round_is_made_every_second() -> None:
    """What a request left behind is gone a second after it, on any ordinary night."""
    assert rest_s(0.001) < EVERY_S == 1.0


def test_whole_rounds_take_no_more_than_a_hundredth_of_the_time() -> None:
    """A thousand connections make one of 90 ms, in which nobody is served."""
    assert rest_s(0.09) >= 100 * 0.09


def test_no_whole_round_is_put_off_for_longer_than_ten_seconds() -> None:
    """However much there is to look through."""
    assert rest_s(60.0) == 10.0


async def test_what_came_since_the_last_round_is_freed_between_whole_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whole rounds are far apart here, and it goes all the same."""
    monkeypatch.setattr(forgetting, "EVERY_S", 0.01)
    monkeypatch.setattr(forgetting, "rest_s", lambda _: 60.0)
    gc.disable()
    rounds = asyncio.create_task(keep_forgetting([]))
    try:
        await asyncio.sleep(0.1)
        left = weakref.ref(Left())
        assert left() is not None
        async with asyncio.timeout(5):
            while left() is not None:
                await asyncio.sleep(0.01)
    finally:
        gc.enable()
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds

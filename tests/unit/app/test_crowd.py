"""The clocks of a door go on, whatever becomes of one of its connections."""

import asyncio
from dataclasses import dataclass

from mustshare_api.app.server.crowd import Crowd
from tests.wires import SHORT


@dataclass(eq=False)
class One:
    """A connection; `broken` is one whose socket has gone."""

    broken: bool = False
    lag: float = 0.0
    looks: int = 0
    aborted: bool = False

    def lag_s(self, _now: float) -> float:
        return self.lag

    def look(self, _now: float) -> None:
        self.looks += 1
        if self.broken:
            raise OSError("not connected")

    def abort(self) -> None:
        self.aborted = True


async def test_one_that_fails_stops_no_clock() -> None:
    """It is ended; the others are looked at again and again."""
    crowd = Crowd(SHORT, asyncio.get_running_loop())
    ones = [One(broken=number % 2 == 0) for number in range(8)]
    for one in ones:
        crowd.add(one)
    for _ in range(200):
        await asyncio.sleep(SHORT.tick_s / 2)
        if min(one.looks for one in ones) > 2:
            break
    ended = [one.aborted for one in ones]
    crowd.close()

    assert min(one.looks for one in ones) > 2
    assert ended == [one.broken for one in ones]


async def test_who_lags_most_makes_room_and_who_gets_on_never_does() -> None:
    """When nobody lags, nobody is closed, and there is no room."""
    crowd = Crowd(SHORT, asyncio.get_running_loop())
    ones = [One(lag=float(number)) for number in range(4)]
    for one in ones:
        crowd.add(one)
    dismissed = [crowd.dismiss() for _ in range(5)]
    crowd.close()

    assert dismissed == [True, True, True, False, False]
    assert len(crowd) == 1

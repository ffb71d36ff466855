"""A door in a storm: each legal request is answered once, in order and in time.

Beside clients that hang up anywhere, send half of what they announce, read nothing, or send no
HTTP at all; and with far fewer turns than there are, so that nearly everybody waits. Afterwards
nothing is left: no connection, no task, nobody in a line, nothing that counts as under way.
"""

import asyncio
import contextlib
import os
import ssl
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mustshare_api.app.server import serving, turns
from mustshare_api.app.server.bounds import Bounds
from tests.unit.app.storm import LATE_S, Caller, Request, request, rude
from tests.wires import Door, opened, soon

ROUNDS = int(os.environ.get("ROUNDS", "1"))
SEED = int(os.environ.get("SEED", "7"))


class Storm:
    """A door, what its app was asked for, and the turns that it has."""

    door: Door
    made: turns.Turns

    def __init__(self) -> None:
        self.asked = Counter[str]()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Says what it was sent; refuses some before they have sent it."""
        self.asked[scope["path"]] += 1
        _, pause_ms, padding = [*scope["path"].split("-"), "0", "0"][:3]
        octets, more = b"", scope["path"] != "/early"
        while more:
            event = await receive()
            octets, more = octets + event.get("body", b""), event.get("more_body", False)
        await asyncio.sleep(int(pause_ms) / 1000)
        said = f"{scope['path']} {len(octets)} {zlib.crc32(octets)} ".encode()
        said += b"." * int(padding)
        length = (b"content-length", str(len(said)).encode())
        status = 413 if scope["path"] == "/early" else 200
        await send({"type": "http.response.start", "status": status, "headers": [length]})
        await send({"type": "http.response.body", "body": said})

    def made_turns(self, loop: asyncio.AbstractEventLoop) -> turns.Turns:
        """The door's own, which a test looks into."""
        self.made = turns.Turns(loop)
        return self.made

    def left(self) -> list[int]:
        """All that has to be nothing once everybody has gone."""
        state, made = self.door.server.server_state, self.made
        counts = [state.tasks, state.connections, made._served, made._under_way, made]
        return [self.door.present, *map(len, counts)]


@pytest.fixture(params=["asyncio plain", "asyncio tls", "uvloop plain", "uvloop tls"])
def storm(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storm]:
    """A door of one request at a time, of one unit a pass, where everybody is hasty at once."""
    few = {"MOST": 2, "MOST_HASTY": 1, "PASS_UNITS": 1.0, "HASTY": 0.5, "BESIDE_S": 0.004}
    for name, value in few.items():
        monkeypatch.setattr(turns, name, value)
    made, (loop, secure) = Storm(), request.param.split()
    monkeypatch.setattr(serving, "Turns", made.made_turns)
    bounds = Bounds(connections=200)
    with opened(loop, tmp_path if secure == "tls" else None, bounds, made.app) as made.door:
        yield made


async def check(caller: Caller, sent: list[Request]) -> None:
    """Each is answered, in their order."""
    for one in sent:
        status, said = await asyncio.wait_for(caller.answer(bodiless=one.bodiless), LATE_S)
        assert (status, said[: len(one.says)]) == (200, b"" if one.bodiless else one.says)


async def honest(door: Door, chance: Random) -> list[str]:
    """A client that keeps to the rules; what it asked for."""
    caller, targets = Caller(door, chance), list[str]()
    with caller.wire:
        await caller.dial()
        for turn in range(4):
            last = turn == 3
            sent = [request(chance, last=last)]
            if not last and chance.random() < 0.5:
                sent = [request(chance, small=True) for _ in range(8)]
            targets += [one.target for one in sent]
            reading = asyncio.create_task(check(caller, sent))
            await caller.send(b"".join(one.octets for one in sent))
            await reading
        assert not await asyncio.wait_for(caller.more(), LATE_S)
    return targets


async def dishonest(door: Door, chance: Random) -> None:
    """A client that does not; it hears something or nothing, and hangs up."""
    caller = Caller(door, chance)
    with caller.wire, contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
        async with asyncio.timeout(chance.choice([0.01, 0.1, 0.5])):
            await caller.dial()
            await caller.send(rude(chance))
            while chance.random() < 0.9 and await caller.more():
                pass


async def weather(storm: Storm, chance: Random) -> None:
    """Three honest clients beside six others."""
    others = [asyncio.create_task(dishonest(storm.door, chance)) for _ in range(6)]
    asked = await asyncio.gather(*(honest(storm.door, chance) for _ in range(3)))
    await asyncio.gather(*others)

    assert all(storm.asked[target] == 1 for targets in asked for target in targets)


def test_each_legal_request_is_answered_once_in_order_and_nothing_is_left(storm: Storm) -> None:
    """Whatever others do, and wherever packets and records are cut."""
    for number in range(ROUNDS):
        print(f"SEED={SEED + number}")  # noqa: T201 - to have it again
        asyncio.run(weather(storm, Random(SEED + number)))  # noqa: S311 - seeded

    assert soon(lambda: not any(storm.left())), storm.left()

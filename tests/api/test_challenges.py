"""Challenges at the door: off when calm, ahead under a flood, never a reason to lose a tip."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import altcha
import asyncpg
import httpx
import pytest

from mustshare_api.domain import pressure
from mustshare_api.domain.lanes import Lane
from tests.doors import Doors


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Challenges that take a test no time; what they cost is tested elsewhere."""
    monkeypatch.setattr(pressure, "COSTS", (0, 5, 10, 20, 40))


def flood(doors: Doors, level: int = 3) -> None:
    """The level, as if there had been a flood for a while."""
    now = doors.clock.monotonic()
    for step in range(level):
        doors.bench.gate.pressure.observe(9.0, now + step * 5)


async def solution(doors: Doors) -> dict[str, str]:
    """What a stock client makes of a fresh challenge."""
    answer = await doors.reporter.post("/v1/challenges")
    assert answer.status_code == 201, answer.text
    return {"challenge-solution": solved(answer.json())}


def solved(challenge: dict[str, Any]) -> str:
    read = altcha.Challenge.from_dict(challenge)
    found = altcha.solve_challenge(read)
    assert found is not None
    return altcha.Payload(read, found).to_base64()


def changed(headers: dict[str, str], part: str, name: str, value: object) -> dict[str, str]:
    """The same solution with one thing in it another."""
    said = json.loads(base64.b64decode(headers["challenge-solution"]))
    (said["challenge"][part] if part == "parameters" else said[part])[name] = value
    return {"challenge-solution": base64.b64encode(json.dumps(said).encode()).decode()}


@asynccontextmanager
async def full_house(doors: Doors, *, room: int = 0) -> AsyncIterator[None]:
    """Both lines with every place taken, and room for so many to wait."""
    lines = (doors.bench.stretcher.turns, doors.bench.beginnings)
    for line in lines:
        line._inside, line._line.room = line.slots, room
    yield
    for line in lines:
        line._inside, line._line.room = 0, 64


async def refused(doors: Doors, headers: dict[str, str]) -> httpx.Response:
    async with full_house(doors):
        return await doors.send_tip(headers=headers)


async def spent(dsn: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch("SELECT * FROM challenges_spent")
    finally:
        await connection.close()


async def policy(doors: Doors) -> str:
    state: str = (await doors.reporter.get("/v1/intake")).json()["challenges"]["state"]
    return state


async def test_in_calm_none_is_asked_for_looked_at_or_kept(doors: Doors, dsn: str) -> None:
    """A front end that solves all the same changes nothing, nor does one that sends rubbish."""
    for headers in (await solution(doors), {"challenge-solution": "rubbish"}):
        assert (await doors.send_tip(headers=headers)).status_code == 201

    assert await policy(doors) == "not_needed"
    assert await spent(dsn) == []


async def test_the_form_says_when_it_helps_and_for_how_long_it_was_so(doors: Doors) -> None:
    """Some minutes after the flood it does not any more."""
    flood(doors)
    under_flood = await policy(doors)
    doors.clock.advance(minutes=10)

    assert (under_flood, await policy(doors)) == ("helps", "not_needed")


async def test_the_cost_rises_with_the_level(doors: Doors) -> None:
    """And a challenge of calm is the cheapest."""
    costs = []
    for level in (0, 1, 4):
        flood(doors, level)
        challenge = (await doors.reporter.post("/v1/challenges")).json()
        costs.append(challenge["parameters"]["cost"])
        doors.clock.advance(minutes=10)

    assert costs == [5, 5, 40]


async def test_a_solution_goes_ahead_of_those_without(doors: Doors) -> None:
    """With others in line, the next place but for the shares is theirs."""
    flood(doors)
    mine = await solution(doors)
    async with full_house(doors, room=64):
        turns = doors.bench.stretcher.turns
        others = [asyncio.create_task(doors.send_tip("อื่น")) for _ in range(9)]
        await asyncio.sleep(0.05)
        ahead = asyncio.create_task(doors.send_tip("ฉัน", headers=mine))
        while len(turns._line) < 10:
            await asyncio.sleep(0.01)
        turns.leave(0.0)
        await asyncio.wait({ahead, *others}, return_when=asyncio.FIRST_COMPLETED)
        was_first = ahead.done() or sum(one.done() for one in others) <= 1
        answers = await asyncio.gather(ahead, *others)

    assert was_first
    assert {one.status_code for one in answers} == {201}


async def test_without_a_solution_a_tip_is_taken_under_a_flood_too(doors: Doors) -> None:
    """While there is room nothing is refused for want of one."""
    flood(doors, 4)

    assert (await doors.send_tip()).status_code == 201
    assert (await doors.send_tip(headers={"challenge-solution": "x"})).status_code == 201


async def test_without_room_and_solution_one_is_told_how_to_get_one(doors: Doors) -> None:
    """503, when to come back, and what would help."""
    flood(doors)
    answer = await refused(doors, {"accept-language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (503, "challenge.required")
    assert int(answer.headers["retry-after"]) >= 2
    assert "POST /v1/challenges" in answer.json()["detail"]


async def test_what_is_wrong_with_a_solution_is_said_when_there_is_no_room(
    doors: Doors,
) -> None:
    """Each by its own code, all of them with a time to come back."""
    old = await solution(doors)
    doors.clock.advance(minutes=11)
    cheap_one = await solution(doors)
    flood(doors, 4)
    used, wrong = await solution(doors), await solution(doors)
    assert (await doors.send_tip(headers=used)).status_code == 201
    given = {
        "challenge.foreign": changed(wrong, "parameters", "cost", 1),
        "challenge.wrong": changed(wrong, "solution", "derivedKey", "00" * 32),
        "challenge.malformed": {"challenge-solution": "x"},
        "challenge.expired": old,
        "challenge.too_cheap": cheap_one,
        "challenge.replayed": used,
    }
    for code, headers in given.items():
        answer = await refused(doors, headers)
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert int(answer.headers["retry-after"]) >= 2


async def test_two_headers_are_one_malformed_solution(doors: Doors) -> None:
    """Nobody tries two at once."""
    flood(doors)
    one, other = await solution(doors), await solution(doors)
    both = [("challenge-solution", each["challenge-solution"]) for each in (one, other)]
    async with full_house(doors):
        answer = await doors.reporter.post(
            "/v1/tips",
            json={"text": "ก"},
            headers=[("content-type", "application/json"), *both],
        )

    assert answer.json()["code"] == "challenge.malformed"


async def test_a_solution_that_found_no_room_can_be_sent_again(doors: Doors, dsn: str) -> None:
    """It was paid for and nothing was got for it."""
    flood(doors)
    mine = await solution(doors)
    answer = await refused(doors, mine)
    kept = await spent(dsn)

    assert (answer.json()["code"], kept) == ("receipt.busy", [])
    assert (await doors.send_tip(headers=mine)).status_code == 201
    assert len(await spent(dsn)) == 1


async def test_one_solution_sent_many_times_at_once_goes_ahead_once(
    doors: Doors, dsn: str
) -> None:
    """The others wait with those who brought none."""
    flood(doors)
    mine = await solution(doors)
    async with full_house(doors, room=64):
        line = doors.bench.stretcher.turns._line
        sent = [asyncio.create_task(doors.send_tip(headers=mine)) for _ in range(12)]
        while len(line) < 12:
            await asyncio.sleep(0.01)
        lanes = [lane for (lane, _), who in line._queues.items() for _ in who]
        doors.bench.stretcher.turns.leave(0.0)
        await asyncio.gather(*sent)

    assert (lanes.count(Lane.AHEAD), lanes.count(Lane.PLAIN)) == (1, 11)
    assert len(await spent(dsn)) == 1


async def test_what_is_spent_is_forgotten_once_it_has_run_out(doors: Doors, dsn: str) -> None:
    """A row tells which ten minutes, and goes after them."""
    flood(doors)
    await doors.send_tip(headers=await solution(doors))
    now_s = int(doors.clock.now().timestamp())
    (row,) = await spent(dsn)
    await doors.bench.gate.spent.sweep(now_s + 300)
    still = len(await spent(dsn))
    await doors.bench.gate.spent.sweep(now_s + 1200)

    assert row["until_window"] == (now_s + 600) // 600
    assert (still, await spent(dsn)) == (1, [])


async def test_without_room_for_challenges_one_is_told_to_send_without(doors: Doors) -> None:
    """503, a time to come back, and that it takes no solution; the next is served."""
    maker = doors.bench.gate.maker
    room, maker._line.room = maker._line.room, 0
    answer = await doors.reporter.post("/v1/challenges", headers={"accept-language": "en"})
    maker._line.room = room

    assert (answer.status_code, answer.json()["code"]) == (503, "challenge.busy")
    assert int(answer.headers["retry-after"]) >= 2
    assert "without a solution" in answer.json()["detail"]
    assert (await doors.reporter.post("/v1/challenges")).status_code == 201


async def test_off_means_that_none_is_ever_asked_for(doors: Doors) -> None:
    """And the refusal is the plain one."""
    flood(doors)
    object.__setattr__(doors.bench.gate, "asks", False)

    assert await policy(doors) == "not_needed"
    assert (await refused(doors, {})).json()["code"] == "receipt.busy"

"""Officers who move tips."""

import json
from typing import Any

import httpx

from mustshare_api.domain.lifecycle import STEPS, State, Step
from tests.doors import Doors
from tests.organisation import Officer

WAYS = {
    State.RECEIVED: [],
    State.VERIFYING: ["verify"],
    State.SET_ASIDE: ["set_aside"],
    State.PUBLISHED: ["verify", "publish"],
    State.REFERRED: ["verify", "refer"],
    State.CLOSED: ["verify", "close"],
}
"""How a tip gets to each state where it lives."""


async def step(
    doors: Doors,
    tip_id: bytes,
    name: Any,
    seen: int | str | None = 0,
    officer: Officer | None = None,
    read: str | None = None,
) -> httpx.Response:
    """A step, asked for by an officer; `seen` is the version or the header itself.

    `read` is what the officer says to have read: all that is there; empty to say nothing.
    """
    said = await doors.seen(tip_id) if read is None else read
    target = f"/v1/tips/{tip_id.hex()}/steps"
    body = json.dumps({"step": name} | ({"seen": said} if said else {})).encode()
    condition = f'"{seen}"' if isinstance(seen, int) else seen
    headers = doors.signature("POST", target, body, officer, condition)
    return await doors.staff.request("POST", target, content=body, headers=headers)


async def by_two(doors: Doors, tip_id: bytes, name: str, seen: int = 0) -> httpx.Response:
    """A step that takes two, proposed by one officer and done by another."""
    first, other = doors.org.officers[:2]
    proposed = await step(doors, tip_id, name, seen, first)
    assert proposed.status_code == 202, proposed.text
    return await step(doors, tip_id, name, seen, other)


async def see_to_all(doors: Doors) -> None:
    """Officers take note of every tip, which has its clock run."""
    for tip_id in await doors.bundles():
        done = await step(doors, tip_id, "verify")
        assert done.status_code == 200, done.text


async def brought(doors: Doors, state: State) -> bytes:
    """A new tip that stands there; its id."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    for seen, name in enumerate(WAYS[state]):
        two = STEPS[Step(name)].people > 1
        done = await (by_two if two else step)(doors, tip_id, name, seen)
        assert done.status_code == 200, done.text
    return tip_id


async def listed(doors: Doors) -> dict[str, Any]:
    (tip,) = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    found: dict[str, Any] = tip
    return found


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]

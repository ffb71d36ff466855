"""Officers who move tips."""

import json
from typing import Any

import httpx

from tests.doors import Doors
from tests.organisation import Officer


async def step(
    doors: Doors,
    tip_id: bytes,
    name: Any,
    seen: int | str | None = 0,
    officer: Officer | None = None,
) -> httpx.Response:
    """A step, asked for by an officer; `seen` is the version or the header itself."""
    target, body = f"/v1/tips/{tip_id.hex()}/steps", json.dumps({"step": name}).encode()
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

"""A tip that two officers hold, everybody who may ask for it, and what they are answered."""

from dataclasses import dataclass
from typing import Any

import pytest

from mustshare_api.crypto.envelope import Kind, parse_head
from tests.api.staff_roles import Cast, enlist
from tests.doors import Doors
from tests.organisation import Officer

Request = tuple[str, str, bytes, dict[str, str]]
"""Method, target, body, and headers that say more."""


@dataclass
class Scene:
    """A tip that two officers hold, and everybody else who is in the directory or not."""

    doors: Doors
    cast: Cast
    tip_id: bytes
    octets: bytes

    @property
    def object_id(self) -> str:
        return parse_head(self.octets).prefix.object_id.hex()

    async def digest(self) -> bytes:
        head = await self.doors.bench.envelopes.head(bytes.fromhex(self.object_id))
        assert head is not None
        return head.digest


@pytest.fixture
async def scene(doors: Doors) -> Scene:
    await doors.new_tip()
    (octets,) = await doors.stored(Kind.TIP)
    tip_id = await doors.only_tip_id()
    return Scene(doors, await enlist(doors), tip_id, octets)


async def asked(scene: Scene, request: Request, by: Officer) -> Any:
    """What comes back: a status, with the code of a problem."""
    method, target, body, more = request
    headers = scene.doors.signature(method, target, body, by, more.get("if-match"))
    headers |= {name: value for name, value in more.items() if name != "if-match"}
    got = await scene.doors.staff.request(method, target, content=body, headers=headers)
    if got.status_code < 400:
        return got.status_code
    return got.status_code, got.json()["code"]

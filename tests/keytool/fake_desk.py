"""What a `FakeDoor` does with desk entries and steps."""

import json
from typing import TYPE_CHECKING, Any

from mustshare_api.crypto import frames
from mustshare_api.crypto.envelope import HEAD_LIMIT, parse_head
from mustshare_api.domain.lifecycle import State, Step, after
from mustshare_api.errors import WrongMoment

if TYPE_CHECKING:
    from tests.keytool.fake_door import FakeDoor


def note(door: "FakeDoor", body: bytes) -> tuple[int, bytes]:
    """As the real door: each told apart; an entry is an object like any other."""
    told = [_noted(door, each) for each in frames.read(body, most=100, limit_bytes=1 << 22)]
    return 207, json.dumps({"entries": told}).encode()


def _noted(door: "FakeDoor", octets: bytes) -> dict[str, Any]:
    head = parse_head(octets[:HEAD_LIMIT])
    object_id, tip = head.prefix.object_id.hex(), head.prefix.tip_id.hex()
    told: dict[str, Any] = {"object_id": object_id, "status": 200}
    held = door.objects.get(object_id)
    if object_id in door.refuse_entries:
        status, code = door.refuse_entries[object_id]
        return told | {"status": status, "code": code}
    if held is not None:
        return told | (
            {"status": 208} if held == octets else {"status": 409, "code": "id.in_use"}
        )
    if door.tips.get(tip, {}).get("bundle") is None:
        return told | {"status": 409, "code": "tip.not_found"}
    if door.accepted_kids is not None and head.kids != door.accepted_kids:
        return told | {"status": 409, "code": "envelope.wrong_recipients"}
    door.objects[object_id] = octets
    return told


def step(tip: dict[str, Any], body: bytes, seen: str) -> tuple[int, bytes]:
    """As the real door: of the version that was seen, from a state that has the step."""
    asked, steps = json.loads(body)["step"], tip.setdefault("steps", 0)
    if seen != f'"{steps}"':
        return 412, b'{"code": "tip.changed"}'
    try:
        tip["state"] = str(after(State(tip["state"]), Step(asked)))
    except WrongMoment as refused:
        return 409, json.dumps({"code": refused.code}).encode()
    tip |= {"steps": steps + 1, "acknowledged": True}
    told = {"tip_id": tip["tip_id"], "state": tip["state"], "steps": tip["steps"]}
    return 200, json.dumps(told | {"proposed": False, "expires_on": None}).encode()

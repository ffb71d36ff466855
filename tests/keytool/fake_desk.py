"""What a `FakeDoor` does with steps."""

import json
from typing import Any

from mustshare_api.domain.lifecycle import State, Step, after
from mustshare_api.errors import WrongMoment


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

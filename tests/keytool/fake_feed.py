"""The lists of a `FakeDoor`, its change feed, its messages by the hundred, and its desk."""

import hashlib
import json
from dataclasses import dataclass, field
from email.message import Message
from typing import TYPE_CHECKING, Any

from mustshare_api.crypto import directory, frames
from mustshare_api.crypto.envelope import HEAD_LIMIT, parse_head
from mustshare_api.domain.lifecycle import State, Step, after
from mustshare_api.errors import Malformed, WrongMoment

if TYPE_CHECKING:
    from tests.keytool.fake_door import FakeDoor

TODAY = "2026-11-23"


@dataclass
class Ranges:
    """What was asked for of objects, and how a door is told to get it wrong."""

    asked: list[str | None] = field(default_factory=list)
    are_given: bool = True
    said: str = ""


def part(
    door: "FakeDoor", object_id: str, is_head: bool, headers: Message
) -> tuple[tuple[int, bytes], str, str]:
    """As the real door: the rest of an object that still is the one that was seen.

    The answer, its tag and its range.
    """
    octets, head = door.objects[object_id], door.head(object_id)
    tag = f'"{hashlib.sha256(head).hexdigest()}"'
    if is_head:
        return (200, head), tag, ""
    asked = headers.get("Range")
    door.ranges.asked.append(asked)
    if asked is None or headers.get("If-Range") != tag or not door.ranges.are_given:
        return (200, octets), tag, ""
    start = int(asked.removeprefix("bytes=").removesuffix("-"))
    said = door.ranges.said or f"bytes {start}-{len(octets) - 1}/{len(octets)}"
    return (206, octets[start:]), tag, said


def changes(door: "FakeDoor", query: dict[str, list[str]]) -> bytes:
    """A page of what changed on that day or later, as far as the door tells of it."""
    since = query["since"][0]

    def told(listed: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        days = {one[key]: door.changed_on.get(one[key], TODAY) for one in listed}
        return [
            one for one in listed if days[one[key]] >= since and one[key] not in door.silent
        ]

    first = int(query.get("after", ["0"])[0])
    changed = told(tips(door), "tip_id")
    objects = told(door.index(), "object_id")
    last = first + door.page
    more = max(len(changed), len(objects)) > last
    size, root, digest = _stands(door)
    answer = {
        "on": door.clock.now().date().isoformat(),
        "tips": changed[first:last],
        "objects": objects[first:last],
        "log": {"size": size, "root": root},
        "directory": digest,
        "next": str(last) if more else None,
    }
    return json.dumps(answer).encode()


def tips(door: "FakeDoor") -> list[dict[str, Any]]:
    """Its tips, by id."""
    return [tip for _, tip in sorted(door.tips.items())]


def page(
    name: str, listed: list[dict[str, Any]], query: dict[str, list[str]], most: int
) -> bytes:
    """A page of a list, which begins after an id."""
    after = query.get("after", [""])[0]
    key = "object_id" if name == "objects" else "tip_id"
    rest = [each for each in listed if each[key] > after]
    shown = rest[: min(most, int(query["limit"][0]))]
    following = shown[-1][key] if len(rest) > len(shown) else None
    return json.dumps({name: shown, "next": following}).encode()


def note(door: "FakeDoor", body: bytes) -> bytes:
    """As the real door: each told apart; an entry is an object like any other."""
    told = [_noted(door, each) for each in frames.read(body, most=100, limit_bytes=1 << 22)]
    return json.dumps({"entries": told}).encode()


def _noted(door: "FakeDoor", octets: bytes) -> dict[str, Any]:
    head = parse_head(octets[:HEAD_LIMIT])
    object_id, tip = head.prefix.object_id.hex(), head.prefix.tip_id.hex()
    told: dict[str, Any] = {"object_id": object_id, "status": 200}
    held = door.objects.get(object_id)
    if object_id in door.refuse_entries:
        status, code = door.refuse_entries[object_id]
        return told | {"status": status, "code": code}
    if held is not None:
        same = {"status": 208}
        return told | (same if held == octets else {"status": 409, "code": "id.in_use"})
    if door.tips.get(tip, {}).get("bundle") is None:
        return told | {"status": 409, "code": "tip.not_found"}
    if door.accepted_kids is not None and head.kids != door.accepted_kids:
        return told | {"status": 409, "code": "envelope.wrong_recipients"}
    door.objects[object_id] = octets
    return told


def step(tip: dict[str, Any], seen: str | None, body: bytes) -> tuple[int, bytes]:
    """As the real door: of the version that was seen, from a state that has the step."""
    steps = tip.setdefault("steps", 0)
    if seen != f'"{steps}"':
        return 412, b'{"code": "tip.changed"}'
    try:
        tip["state"] = str(after(State(tip["state"]), Step(json.loads(body)["step"])))
    except WrongMoment as refused:
        return 409, json.dumps({"code": refused.code}).encode()
    tip |= {"steps": steps + 1, "acknowledged": True}
    told = {"tip_id": tip["tip_id"], "state": tip["state"], "steps": tip["steps"]}
    return 200, json.dumps(told | {"proposed": False, "expires_on": None}).encode()


def _stands(door: "FakeDoor") -> tuple[int, str, str]:
    """Size and root of the log, and the directory in force."""
    door.log.in_force(door.directory)
    try:
        digest = directory.parse(door.directory).digest.hex()
    except Malformed:
        digest = "0" * 64
    return len(door.log.leaves), door.log.root().hex(), digest


def batch(door: "FakeDoor", body: bytes) -> bytes:
    """The messages that are wanted and there."""
    found = [door.objects[one] for one in json.loads(body)["ids"] if one in door.objects]
    return frames.joined(octets for octets in found if not _is_file(octets))


def _is_file(octets: bytes) -> bool:
    try:
        return parse_head(octets[:HEAD_LIMIT]).prefix.kind.is_attachment
    except Malformed:
        return False

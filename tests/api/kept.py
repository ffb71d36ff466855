"""A stored object as an officer last saw it, and what they then do with it."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import pytest

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Head, Kind, Stanza, parse_head
from mustshare_api.crypto.suite import kid_of
from tests.api.staff_roles import Cast, enlist
from tests.doors import Doors
from tests.organisation import Officer

DONE = (204, "")


@dataclass
class Kept:
    """A stored object as an officer last saw it."""

    doors: Doors
    cast: Cast
    octets: bytes

    @property
    def head(self) -> Head:
        return parse_head(self.octets)

    @property
    def path(self) -> str:
        return f"/v1/objects/{self.head.prefix.object_id.hex()}"

    def case_kid(self, officer: Officer) -> bytes:
        current = self.doors.bench.directory.current()
        return next(one.kid for one in current.case_keys() if one.name == officer.name)

    async def put(
        self, target: str, body: bytes, seen: Any = None, by: Officer | None = None
    ) -> tuple[int, str]:
        """A write; `seen` is a header of its own, else the digest of what was seen."""
        digest = hashlib.sha256(self.head.octets).hexdigest()
        condition = f'"{digest}"' if seen is None else seen.get("if-match")
        headers = self.doors.signature("PUT", target, body, by, condition)
        got = await self.doors.staff.put(target, content=body, headers=headers)
        return got.status_code, got.json()["code"] if got.content else ""

    async def wrap(self, *stanzas: Stanza, by: Officer | None = None) -> tuple[int, str]:
        """Other stanzas."""
        return await self.put(f"{self.path}/recipients", block(*stanzas), by=by)

    async def fetched(self, by: Officer | None = None) -> bytes:
        return (await self.doors.signed("GET", self.path, officer=by)).content

    def anew(self, *kids: bytes) -> bytes:
        """The object as another sealing with as many octets would be."""
        length = len(self.octets) - self.head.length
        stanzas = block(*(stanza(kid) for kid in kids))
        return self.head.prefix_octets + stanzas + secrets.token_bytes(length)


def stanza(kid: bytes) -> Stanza:
    """One that nobody can open, which the server cannot know."""
    return Stanza(kid, secrets.token_bytes(1120), secrets.token_bytes(48))


def block(*stanzas: Stanza) -> bytes:
    return bytes([len(stanzas)]) + b"".join(one.encode() for one in stanzas)


@pytest.fixture
async def kept(doors: Doors) -> Kept:
    """What a reporter said first; a third officer came after it."""
    await doors.new_tip()
    (octets,) = await doors.stored(Kind.TIP)
    return Kept(doors, await enlist(doors), octets)


@pytest.fixture
async def reply(kept: Kept) -> Kept:
    """An answer of staff, sealed to its reporter as well."""
    doors = kept.doors
    tip_id = kept.head.prefix.tip_id
    bundle = (await doors.bundles())[tip_id]
    keys = [kid_of(receipts.parse_bundle(bundle).reply_key)]
    keys += [entry.kid for entry in doors.bench.directory.recipients()]
    prefix = kept.head.prefix_octets[:6] + bytes([Kind.FOLLOW_UP_FROM_STAFF, 0])
    prefix += tip_id + secrets.token_bytes(16) + receipts.bundle_hash(bundle)
    octets = prefix + block(*(stanza(kid) for kid in keys)) + kept.octets[kept.head.length :]
    target = f"/v1/tips/{tip_id.hex()}/follow-ups"
    assert (await doors.signed("POST", target, octets)).status_code == 201
    return Kept(doors, kept.cast, octets)

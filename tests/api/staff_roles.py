"""Everybody who may stand in a directory, put into one after a tip has come in."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from mustshare_api.crypto import directory, xwing
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from tests.doors import Doors
from tests.organisation import Officer, Organisation


@dataclass
class Cast:
    """Who asks. `somsri` and `wichai` are in the first directory, the others in the second."""

    somsri: Officer
    malee: Officer
    others: dict[str, Officer] = field(default_factory=dict)

    def who(self, name: str) -> Officer:
        """Somebody by their part in the table."""
        named = {"own officer": self.somsri, "other officer": self.malee}
        return {**named, **self.others}[name]


def cast_of(org: Organisation) -> Cast:
    """Fresh keys for everybody who is not in the first directory."""
    weeks = org.officers[0].epochs
    malee = Officer("malee", epochs={week: secrets.token_bytes(32) for week in weeks})
    parts = ("auditor", "recovery", "witness", "log", "revoked", "unknown")
    return Cast(org.officers[0], malee, {part: Officer(part) for part in parts})


def later_note(org: Organisation, cast: Cast, serial: int = 2) -> bytes:
    """A directory with all of them but the unknown one."""
    entries = [entry for one in (*org.officers, cast.malee) for entry in one.entries()]
    for part, one in cast.others.items():
        if part != "unknown":
            entries.append(Entry.of(part, part, None, verify_key_of(one.sign_seed)))
    entries.append(Entry.of("agency", "nacc", None, xwing.public_key_of(bytes(32))))
    octets = directory.compose(
        deployment_id=org.deployment_id,
        serial=serial,
        issued_on=org.today,
        expires_on=org.today + timedelta(days=30),
        entries=entries,
        evaluation=True,
    )
    for root in ("anan", "busaba"):
        octets = directory.sign(octets, root, org.root_seeds[root])
    return octets


async def enlist(doors: Doors) -> Cast:
    """Puts the second directory in force."""
    cast = cast_of(doors.org)
    await doors.bench.directory.accept(later_note(doors.org, cast))
    return cast

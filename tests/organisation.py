"""An organisation for tests: three roots of which two sign, two officers, a directory."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from mustshare_api.clock import bangkok_day, week_of
from mustshare_api.crypto import directory, xwing
from mustshare_api.crypto.directory import Directory, Entry, RootKey, Roots
from mustshare_api.crypto.suite import kid_of, verify_key_of

ROOTS = ("anan", "busaba", "chai")

_public_key_of = lru_cache(xwing.public_key_of)
"""A directory of thirteen weeks is written again and again from the same seeds."""


@dataclass
class Officer:
    """One officer: a signing seed, a case seed, and a seed for each week."""

    name: str
    sign_seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    case_seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    epochs: dict[date, bytes] = field(default_factory=dict)

    @property
    def keyid(self) -> str:
        """The id of the signing key."""
        return kid_of(verify_key_of(self.sign_seed)).hex()

    def seeds(self) -> dict[bytes, bytes]:
        """Seeds by kid, for opening."""
        seeds = (*self.epochs.values(), self.case_seed)
        return {kid_of(_public_key_of(seed)): seed for seed in seeds}

    def entries(self) -> list[Entry]:
        """Their lines of the directory."""
        weekly = [
            Entry.of("intake", self.name, week, _public_key_of(seed))
            for week, seed in self.epochs.items()
        ]
        return [
            *weekly,
            Entry.of("signing", self.name, None, verify_key_of(self.sign_seed)),
            Entry.of("case", self.name, None, _public_key_of(self.case_seed)),
        ]


@dataclass
class Organisation:
    """Roots, officers, and the directories that they sign."""

    today: date
    officers: list[Officer]
    deployment_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    root_seeds: dict[str, bytes] = field(
        default_factory=lambda: {name: secrets.token_bytes(32) for name in ROOTS}
    )
    others: list[Entry] = field(default_factory=list)
    """Whoever else is listed, from the next directory on."""

    @property
    def roots(self) -> Roots:
        """The pins."""
        keys = [RootKey(name, verify_key_of(seed)) for name, seed in self.root_seeds.items()]
        return Roots(tuple(keys), 2)

    def note(
        self,
        serial: int = 1,
        *,
        days: int = 30,
        signed_by: tuple[str, ...] = ROOTS[:2],
        also: tuple[Entry, ...] = (),
    ) -> bytes:
        """A signed directory of all officers, and of other entries that a test needs."""
        entries = [entry for officer in self.officers for entry in officer.entries()]
        entries += also
        octets = directory.compose(
            deployment_id=self.deployment_id,
            serial=serial,
            issued_on=self.today,
            expires_on=self.today + timedelta(days=days),
            entries=[*entries, *self.others],
            evaluation=True,
        )
        for name in signed_by:
            octets = directory.sign(octets, name, self.root_seeds[name])
        return octets

    def directory(self, serial: int = 1) -> Directory:
        """The same, read."""
        return directory.believe(self.note(serial), self.roots)

    def recipients(self) -> list[bytes]:
        """The public keys to which a tip of today is sealed."""
        return [entry.public_key for entry in self.directory().recipients(self.today)]


def organisation(now: datetime, officers: int = 2, weeks: int = 13) -> Organisation:
    """An organisation whose weekly keys begin this week."""
    today = bangkok_day(now)
    made = [
        Officer(name) for name in ("somsri", "wichai", "malee", "prasert", "nok")[:officers]
    ]
    for officer in made:
        for week in range(weeks):
            monday = week_of(today) + timedelta(weeks=week)
            officer.epochs[monday] = secrets.token_bytes(32)
    return Organisation(today, made)

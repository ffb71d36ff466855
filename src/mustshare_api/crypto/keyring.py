"""What an officer keeps secret, and the card that an officer hands out.

Inside an officer's key file (keys.py), as JSON:

    {"type": "officer", "name": ..., "signing_seed": <64 hex>,
     "case_seeds": [<64 hex>, ...],                              newest first, at least one
     "epochs": [{"week": "2026-11-23", "seed": <64 hex>}, ...]}

The weekly seeds are drawn one by one and not derived from anything: once a week's seed is
destroyed, nothing that is still on the machine brings it back, and with it what was sealed that
week. What an officer still works on is wrapped to the case key before that. Older case keys
stay until nothing is wrapped to them any more; only the newest one is listed.

The secrets of those who only sign are in signatory.py.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta

from mustshare_api.clock import week_of
from mustshare_api.crypto import xwing
from mustshare_api.crypto.cards import write_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.signatory import KeyFileJson, SeedHex, check_name, decode_secrets
from mustshare_api.crypto.suite import SEED_BYTES, kid_of, verify_key_of
from mustshare_api.errors import Malformed

WEEKS_AHEAD: Final = 13
"""A quarter: long enough to travel, short enough that roots meet an officer now and then."""


class _Epoch(msgspec.Struct, forbid_unknown_fields=True):
    week: date
    seed: SeedHex


class _OfficerFile(KeyFileJson, tag="officer"):
    signing_seed: SeedHex
    case_seeds: Annotated[list[SeedHex], Meta(min_length=1)]
    epochs: list[_Epoch]


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's secrets.

    `case_seeds` are X-Wing seeds, the newest first; `epochs` has one for each Monday.
    """

    name: str
    signing_seed: bytes
    case_seeds: tuple[bytes, ...]
    epochs: Mapping[date, bytes]

    @classmethod
    def new(cls, name: str, today: date, weeks: int = WEEKS_AHEAD) -> Self:
        """Fresh secrets for this week and the following ones.

        Raises:
            Malformed: `name.malformed`.
        """
        check_name(name)
        monday = week_of(today)
        mondays = [monday + timedelta(weeks=n) for n in range(weeks)]
        epochs = {each: xwing.new_seed() for each in mondays}
        return cls(name, secrets.token_bytes(SEED_BYTES), (xwing.new_seed(),), epochs)

    def renewed(self, today: date, weeks: int = WEEKS_AHEAD) -> "Officer":
        """The same officer with keys for this week and the following ones; old ones stay."""
        fresh = Officer.new(self.name, today, weeks).epochs
        return replace(self, epochs={**fresh, **self.epochs})

    @classmethod
    def parse(cls, plain: bytes) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance a root's.
        """
        read = decode_secrets(plain, _OfficerFile)
        epochs = {epoch.week: bytes.fromhex(epoch.seed) for epoch in read.epochs}
        case_seeds = tuple(bytes.fromhex(seed) for seed in read.case_seeds)
        if len(epochs) != len(read.epochs) or any(week.weekday() for week in epochs):
            raise Malformed("key_file.wrong_kind")
        if len(set(case_seeds)) != len(case_seeds):
            raise Malformed("key_file.wrong_kind")
        return cls(read.name, bytes.fromhex(read.signing_seed), case_seeds, epochs)

    def encode(self) -> bytes:
        """What goes into the key file."""
        epochs = [_Epoch(week, seed.hex()) for week, seed in sorted(self.epochs.items())]
        case_seeds = [seed.hex() for seed in self.case_seeds]
        file = _OfficerFile(self.name, self.signing_seed.hex(), case_seeds, epochs)
        return msgspec.json.encode(file)

    @property
    def case_seed(self) -> bytes:
        """The newest one, to which what goes on is wrapped."""
        return self.case_seeds[0]

    @property
    def verify_key(self) -> bytes:
        """The Ed25519 public key."""
        return verify_key_of(self.signing_seed)

    @property
    def signing_kid(self) -> bytes:
        """By which requests and replies name the key that signed them."""
        return kid_of(self.verify_key)

    def seeds(self) -> dict[bytes, bytes]:
        """All seeds that open anything, by kid, as openers want them."""
        seeds = (*self.epochs.values(), *self.case_seeds)
        return {kid_of(xwing.public_key_of(seed)): seed for seed in seeds}

    def entries(self) -> tuple[Entry, ...]:
        """The public half, as directory entries."""
        intake = (
            Entry.of("intake", self.name, week, xwing.public_key_of(seed))
            for week, seed in sorted(self.epochs.items())
        )
        case = Entry.of("case", self.name, None, xwing.public_key_of(self.case_seed))
        return (Entry.of("signing", self.name, None, self.verify_key), case, *intake)

    def card(self) -> bytes:
        """The public half, to hand to whoever proposes the directory."""
        return write_card(self.entries(), self.signing_seed)

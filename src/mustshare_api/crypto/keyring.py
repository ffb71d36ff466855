"""What an officer and a root holder keep secret, and the card that an officer hands out.

Inside an officer's key file (keys.py), as JSON:

    {"type": "officer", "name": ..., "signing_seed": <64 hex>,
     "epochs": [{"week": "2026-11-23", "seed": <64 hex>}, ...]}

and inside a root's: `{"type": "root", "name": ..., "seed": <64 hex>}`. The weekly seeds are
drawn one by one and not derived from anything: once a week's seed is destroyed, nothing that
is still on the machine brings it back, and with it what was sealed that week.

A card is a signed note: the directory lines of the officer's public keys, signed by the signing
key that is listed in it. It proves that whoever made it holds that key; that this person is an
officer is for the roots to know.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Final, Self, TypeVar

import msgspec
from msgspec import Meta

from mustshare_api.clock import week_of
from mustshare_api.crypto import notes, xwing
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.notes import NAME, Verifier
from mustshare_api.crypto.suite import SEED_BYTES, kid_of, verify_key_of
from mustshare_api.errors import Malformed

WEEKS_AHEAD: Final = 13
"""A quarter: long enough to travel, short enough that roots meet an officer now and then."""

CARD_ORIGIN: Final = "mustshare/v1 card"
_CARD_LIMIT_BYTES: Final = 1 << 18
_Seed = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class _Epoch(msgspec.Struct, forbid_unknown_fields=True):
    week: date
    seed: _Seed


class _OfficerFile(msgspec.Struct, forbid_unknown_fields=True, tag="officer"):
    name: str
    signing_seed: _Seed
    epochs: list[_Epoch]


class _RootFile(msgspec.Struct, forbid_unknown_fields=True, tag="root"):
    name: str
    seed: _Seed


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's secrets. `epochs` has one X-Wing seed for each Monday."""

    name: str
    signing_seed: bytes
    epochs: Mapping[date, bytes]

    @classmethod
    def new(cls, name: str, today: date, weeks: int = WEEKS_AHEAD) -> Self:
        """Fresh secrets for this week and the following ones.

        Raises:
            Malformed: `name.malformed`.
        """
        _check_name(name)
        monday = week_of(today)
        mondays = [monday + timedelta(weeks=n) for n in range(weeks)]
        epochs = {each: xwing.new_seed() for each in mondays}
        return cls(name, secrets.token_bytes(SEED_BYTES), epochs)

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
        read = _decode(plain, _OfficerFile)
        epochs = {epoch.week: bytes.fromhex(epoch.seed) for epoch in read.epochs}
        if len(epochs) != len(read.epochs) or any(week.weekday() for week in epochs):
            raise Malformed("key_file.wrong_kind")
        return cls(read.name, bytes.fromhex(read.signing_seed), epochs)

    def encode(self) -> bytes:
        """What goes into the key file."""
        epochs = [_Epoch(week, seed.hex()) for week, seed in sorted(self.epochs.items())]
        return msgspec.json.encode(_OfficerFile(self.name, self.signing_seed.hex(), epochs))

    @property
    def verify_key(self) -> bytes:
        """The Ed25519 public key."""
        return verify_key_of(self.signing_seed)

    @property
    def signing_kid(self) -> bytes:
        """By which requests and replies name the key that signed them."""
        return kid_of(self.verify_key)

    def seeds(self) -> dict[bytes, bytes]:
        """The weekly seeds by kid, as openers want them."""
        return {kid_of(xwing.public_key_of(seed)): seed for seed in self.epochs.values()}

    def entries(self) -> tuple[Entry, ...]:
        """The public half, as directory entries."""
        intake = (
            Entry.of("intake", self.name, week, xwing.public_key_of(seed))
            for week, seed in sorted(self.epochs.items())
        )
        return (Entry.of("signing", self.name, None, self.verify_key), *intake)

    def card(self) -> bytes:
        """The public half, to hand to whoever proposes the directory."""
        lines = [CARD_ORIGIN, *(entry.encode() for entry in self.entries())]
        text = "".join(f"{line}\n" for line in lines).encode()
        return notes.sign(text + b"\n", self.name, self.signing_seed)


@dataclass(frozen=True, slots=True)
class RootSecret:
    """A root holder's secret. It signs directories and nothing else."""

    name: str
    seed: bytes

    @classmethod
    def new(cls, name: str) -> Self:
        """A fresh one.

        Raises:
            Malformed: `name.malformed`.
        """
        _check_name(name)
        return cls(name, secrets.token_bytes(SEED_BYTES))

    @classmethod
    def parse(cls, plain: bytes) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance an officer's.
        """
        read = _decode(plain, _RootFile)
        return cls(read.name, bytes.fromhex(read.seed))

    def encode(self) -> bytes:
        """What goes into the key file."""
        return msgspec.json.encode(_RootFile(self.name, self.seed.hex()))

    @property
    def verifier(self) -> Verifier:
        """The public half, to be pinned."""
        return Verifier(self.name, verify_key_of(self.seed))


def parse_card(octets: bytes) -> tuple[Entry, ...]:
    """The entries on a card whose signature holds.

    Raises:
        Malformed: `card.malformed`, also where it lists another's name or another role, or its
            signature is not by the key it lists.
    """
    if len(octets) > _CARD_LIMIT_BYTES:
        raise Malformed("card.malformed")
    try:
        note = notes.split(octets)
        origin, *lines = note.text.decode("ascii").removesuffix("\n").split("\n")
        entries = tuple(Entry.parse(line) for line in lines)
    except (Malformed, UnicodeDecodeError):
        raise Malformed("card.malformed") from None
    if origin != CARD_ORIGIN or not entries or not _is_signed_by_its_own(note, entries):
        raise Malformed("card.malformed")
    return entries


def _is_signed_by_its_own(note: notes.Note, entries: tuple[Entry, ...]) -> bool:
    """One signing key first, then that officer's intake keys, and the key's signature."""
    signing, *intake = entries
    if signing.role != "signing" or any(entry.role != "intake" for entry in intake):
        return False
    if any(entry.name != signing.name for entry in intake):
        return False
    return note.is_signed_by(Verifier(signing.name, signing.public_key))


def _check_name(name: str) -> None:
    if NAME.fullmatch(name) is None:
        raise Malformed("name.malformed")


_File = TypeVar("_File", _OfficerFile, _RootFile)


def _decode(plain: bytes, kind: type[_File]) -> _File:
    try:
        read = msgspec.json.decode(plain, type=kind, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Malformed("key_file.wrong_kind") from None
    _check_name(read.name)
    return read

"""Secrets that only sign: a root's, an auditor's, and that of a recovery from escrow.

Inside the key file (keys.py), as JSON:

    {"type": "root" | "auditor" | "recovery", "name": ..., "seed": <64 hex>}

A root signs directories and nothing else, so it is no requester: the staff door never sees it.
"""

import secrets
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Protocol, Self, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from mustshare_api.crypto.cards import write_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.notes import NAME, Verifier
from mustshare_api.crypto.suite import SEED_BYTES, kid_of, verify_key_of
from mustshare_api.errors import Malformed

SeedHex: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
SignatoryRole: TypeAlias = Literal["auditor", "recovery"]

SIGNATORY_ROLES: Final[tuple[SignatoryRole, ...]] = ("auditor", "recovery")


class KeyFileJson(msgspec.Struct, forbid_unknown_fields=True):
    """What the secrets of every kind have."""

    name: str


class _RootFile(KeyFileJson, tag="root"):
    seed: SeedHex


class _SignatoryFile(KeyFileJson):
    role: SignatoryRole = msgspec.field(name="type")
    seed: SeedHex


class Requester(Protocol):
    """Whoever can sign a request to the staff door."""

    @property
    def name(self) -> str:
        """As the directory lists it."""
        ...

    @property
    def signing_seed(self) -> bytes:
        """Of the Ed25519 key."""
        ...

    @property
    def signing_kid(self) -> bytes:
        """By which requests name that key."""
        ...


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
        check_name(name)
        return cls(name, secrets.token_bytes(SEED_BYTES))

    @classmethod
    def parse(cls, plain: bytes) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance an officer's.
        """
        read = decode_secrets(plain, _RootFile)
        return cls(read.name, bytes.fromhex(read.seed))

    def encode(self) -> bytes:
        """What goes into the key file."""
        return msgspec.json.encode(_RootFile(self.name, self.seed.hex()))

    @property
    def verifier(self) -> Verifier:
        """The public half, to be pinned."""
        return Verifier(self.name, verify_key_of(self.seed))


@dataclass(frozen=True, slots=True)
class Signatory:
    """The secret of somebody who signs requests and can open nothing."""

    role: SignatoryRole
    name: str
    signing_seed: bytes

    @classmethod
    def new(cls, role: SignatoryRole, name: str) -> Self:
        """A fresh one.

        Raises:
            Malformed: `name.malformed`.
        """
        check_name(name)
        return cls(role, name, secrets.token_bytes(SEED_BYTES))

    @classmethod
    def parse(cls, plain: bytes) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance an officer's or a root's.
        """
        read = decode_secrets(plain, _SignatoryFile)
        return cls(read.role, read.name, bytes.fromhex(read.seed))

    def encode(self) -> bytes:
        """What goes into the key file."""
        file = _SignatoryFile(self.name, self.role, self.signing_seed.hex())
        return msgspec.json.encode(file)

    @property
    def verify_key(self) -> bytes:
        """The Ed25519 public key."""
        return verify_key_of(self.signing_seed)

    @property
    def signing_kid(self) -> bytes:
        """By which requests name the key that signed them."""
        return kid_of(self.verify_key)

    def entries(self) -> tuple[Entry, ...]:
        """The public half, as the one directory entry that it is."""
        return (Entry.of(self.role, self.name, None, self.verify_key),)

    def card(self) -> bytes:
        """The public half, to hand to whoever proposes the directory."""
        return write_card(self.entries(), self.signing_seed)


def check_name(name: str) -> None:
    """Refuses what no directory could list.

    Raises:
        Malformed: `name.malformed`.
    """
    if NAME.fullmatch(name) is None:
        raise Malformed("name.malformed")


_Json = TypeVar("_Json", bound=KeyFileJson)


def decode_secrets(plain: bytes, kind: type[_Json]) -> _Json:
    """Reads the secrets of one kind, strictly.

    Raises:
        Malformed: `key_file.wrong_kind`, `name.malformed`.
    """
    try:
        read = msgspec.json.decode(plain, type=kind, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Malformed("key_file.wrong_kind") from None
    check_name(read.name)
    return read

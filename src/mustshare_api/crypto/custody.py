"""The secrets and public files of those who hold an escrow key in parts.

    custodian      an X-Wing key to which shares are sealed; its holder is a person
    recovery box   an X-Wing key made for one recovery, to which custodians release their shares

Inside a key file (keys.py): `{"type": "custodian", "name": ..., "seed": <64 hex>}`, or with the
type `recovery_box`. The public half is a text of two lines, which its owner hands out:

    mustshare/v1 custodian
    anan 5b1e... <base64 of 1,216 B>

An X-Wing key cannot sign, so nothing in this file proves whose it is. That is for people: the
fingerprint has 30 digits, to be read out over a telephone.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import Meta

from mustshare_api.crypto import xwing
from mustshare_api.crypto.notes import NAME
from mustshare_api.crypto.suite import LABEL, kid_of, sha256
from mustshare_api.errors import Malformed

Kind = Literal["custodian", "recovery_box"]

FINGERPRINT_DIGITS: Final = 30
PUBLIC_LIMIT_BYTES: Final = 4096


class _File(msgspec.Struct, forbid_unknown_fields=True):
    type: Kind
    name: str
    seed: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


@dataclass(frozen=True, slots=True)
class HolderKey:
    """The public half: what kind, whose, and the X-Wing key."""

    kind: Kind
    name: str
    public_key: bytes

    @property
    def kid(self) -> bytes:
        """By which it is named."""
        return kid_of(self.public_key)

    @property
    def fingerprint(self) -> str:
        """30 digits that stand for the whole file."""
        label = b"mustshare/v1 holder fingerprint"
        number = int.from_bytes(sha256(label, self.encode()), "big")
        return str(number % 10**FINGERPRINT_DIGITS).zfill(FINGERPRINT_DIGITS)

    def encode(self) -> bytes:
        """The file to hand out."""
        key = base64.b64encode(self.public_key).decode()
        return f"{LABEL}{self.kind}\n{self.name} {self.kid.hex()} {key}\n".encode()

    @classmethod
    def parse(cls, octets: bytes, kind: Kind) -> Self:
        """Reads such a file.

        Raises:
            Malformed: `holder.malformed`, also for one of the other kind.
        """
        try:
            read = cls._read(octets, kind)
        except (ValueError, binascii.Error, Malformed):
            raise Malformed("holder.malformed") from None
        if NAME.fullmatch(read.name) is None or read.encode() != octets:
            raise Malformed("holder.malformed")
        return read

    @classmethod
    def _read(cls, octets: bytes, kind: Kind) -> Self:
        """Reads what may still be another spelling; its caller compares."""
        if len(octets) > PUBLIC_LIMIT_BYTES:
            raise ValueError
        _, line, _ = octets.decode("ascii").split("\n")
        name, _, encoded = line.split(" ")
        public_key = base64.b64decode(encoded, validate=True)
        xwing.load_public(public_key)
        return cls(kind, name, public_key)


@dataclass(frozen=True, slots=True)
class HolderSecret:
    """The secret half."""

    kind: Kind
    name: str
    seed: bytes

    @classmethod
    def new(cls, kind: Kind, name: str) -> Self:
        """A fresh one.

        Raises:
            Malformed: `name.malformed`.
        """
        if NAME.fullmatch(name) is None:
            raise Malformed("name.malformed")
        return cls(kind, name, xwing.new_seed())

    @classmethod
    def parse(cls, plain: bytes, kind: Kind) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance an officer's.
        """
        try:
            read = msgspec.json.decode(plain, type=_File, strict=True)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Malformed("key_file.wrong_kind") from None
        if read.type != kind or NAME.fullmatch(read.name) is None:
            raise Malformed("key_file.wrong_kind")
        return cls(kind, read.name, bytes.fromhex(read.seed))

    def encode(self) -> bytes:
        """What goes into the key file."""
        return msgspec.json.encode(_File(self.kind, self.name, self.seed.hex()))

    @property
    def public(self) -> HolderKey:
        """The half to hand out."""
        return HolderKey(self.kind, self.name, xwing.public_key_of(self.seed))

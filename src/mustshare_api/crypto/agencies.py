"""What an agency keeps secret to ask and to report, and the card that it hands out.

Inside the key file (keys.py), as JSON:

    {"type": "agency", "name": ..., "signing_seed": <64 hex>, "recipient": "age1pq1..."}

The age identity is not in it. What is referred is opened with stock age, often on another
machine than the one that is connected, and whoever steals this file reads nothing by it. The
recipient is there so that a card can be written again.
"""

import secrets
from dataclasses import dataclass
from typing import Self

import msgspec

from mustshare_api.crypto import age
from mustshare_api.crypto.cards import write_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.signatory import KeyFileJson, SeedHex, check_name, decode_secrets
from mustshare_api.crypto.suite import SEED_BYTES, kid_of, verify_key_of
from mustshare_api.errors import Malformed


class _AgencyFile(KeyFileJson, tag="agency"):
    signing_seed: SeedHex
    recipient: str


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency's secret. `recipient` is an X-Wing public key, whose other half age has."""

    name: str
    signing_seed: bytes
    recipient: bytes

    @classmethod
    def new(cls, name: str, recipient: bytes) -> Self:
        """A fresh one.

        Raises:
            Malformed: `name.malformed`.
        """
        check_name(name)
        return cls(name, secrets.token_bytes(SEED_BYTES), recipient)

    @classmethod
    def parse(cls, plain: bytes) -> Self:
        """Reads an opened key file.

        Raises:
            Malformed: `key_file.wrong_kind`, for instance an officer's.
        """
        read = decode_secrets(plain, _AgencyFile)
        try:
            recipients = age.parse_recipients(read.recipient.encode())
        except (Malformed, UnicodeEncodeError):
            recipients = []
        if len(recipients) != 1:
            raise Malformed("key_file.wrong_kind")
        return cls(read.name, bytes.fromhex(read.signing_seed), recipients[0])

    def encode(self) -> bytes:
        """What goes into the key file."""
        recipient = age.recipient_of(self.recipient)
        return msgspec.json.encode(_AgencyFile(self.name, self.signing_seed.hex(), recipient))

    @property
    def verify_key(self) -> bytes:
        """The Ed25519 public key."""
        return verify_key_of(self.signing_seed)

    @property
    def signing_kid(self) -> bytes:
        """By which requests name the key that signed them."""
        return kid_of(self.verify_key)

    def entries(self) -> tuple[Entry, ...]:
        """The public half, as directory entries."""
        return (
            Entry.of("agency-signing", self.name, None, self.verify_key),
            Entry.of("agency", self.name, None, self.recipient),
        )

    def card(self) -> bytes:
        """The public half, to hand to whoever proposes the directory."""
        return write_card(self.entries(), self.signing_seed)

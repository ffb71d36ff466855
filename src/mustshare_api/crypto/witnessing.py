"""The secret of a partner's witness. It cosigns checkpoints and nothing else.

Inside the key file (keys.py), as JSON: `{"type": "witness", "name": ..., "seed": <64 hex>}`.

A witness is no requester: the staff door never sees this key, only lines that it signed. One
key watches one deployment: a cosignature does not name the witness in what it signs, so the
same key under two names would be two witnesses of one mind.
"""

import secrets
from dataclasses import dataclass
from typing import Self

import msgspec

from mustshare_api.crypto import checkpoints
from mustshare_api.crypto.cards import write_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.signatory import KeyFileJson, SeedHex, check_name, decode_secrets
from mustshare_api.crypto.suite import SEED_BYTES, verify_key_of


class _WitnessFile(KeyFileJson, tag="witness"):
    seed: SeedHex


@dataclass(frozen=True, slots=True)
class WitnessSecret:
    """A witness's secret."""

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
            Malformed: `key_file.wrong_kind`, for instance an auditor's.
        """
        read = decode_secrets(plain, _WitnessFile)
        return cls(read.name, bytes.fromhex(read.seed))

    def encode(self) -> bytes:
        """What goes into the key file."""
        return msgspec.json.encode(_WitnessFile(self.name, self.seed.hex()))

    def card(self) -> bytes:
        """The public half, to hand to whoever proposes the directory."""
        entry = Entry.of("witness", self.name, None, verify_key_of(self.seed))
        return write_card((entry,), self.seed)

    def cosign(self, note: bytes, at_s: int) -> bytes:
        """The line under a checkpoint that was found to continue all seen before."""
        return checkpoints.cosign(note, self.name, self.seed, at_s)

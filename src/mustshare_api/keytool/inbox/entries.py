"""Seals a desk entry to the officers, and opens those of others.

    signed     by the officer's signing key, over the tip and the entry's own id
    sealed     to everyone whom the directory lists this week; never to the reporter
    opened     only where a directory believed here lists the key that the entry names

An entry names the reporter's bundle in its prefix, as every object of a tip does, so that it
cannot be carried to another tip. It says nothing to the reporter and needs no rotation.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mustshare_api.crypto.envelope import PREFIX_BYTES, Expected, Kind, Prefix, parse_prefix
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import open_message
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.crypto.sealing import seal_message
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.desk import Entry, decode_entry, encode_entry, latest_at
from mustshare_api.errors import CannotOpen, WrongMoment
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.following import bundles_of
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.desk.people import Known, known_keys
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry

ENTRY_LIMIT_BYTES: Final = 1 << 18
"""A note of forty kilobytes, its padding and sixteen recipients' stanzas."""

UNKNOWN_SIGNER: Final = "open.unknown_signer"
"""Why an entry counts for nothing whose key no directory lists, or some directory revoked."""

AHEAD: Final = "desk.ahead"
"""Why one counts for nothing before its day."""

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose signing keys are whose, as directories believed here say."""

    by_kid: Mapping[bytes, tuple[str, bytes]]

    @classmethod
    def of(cls, home: Home, officer: Officer) -> "Signers":
        """Everyone whom a kept directory lists; a key revoked since counts for nothing.

        An officer's own key counts from the first day, before any directory lists it.

        Raises:
            Refusal: `roots.missing`.
        """
        known: Mapping[bytes, Known] = known_keys(home) if home.roots.exists() else {}
        listed = {
            kid: (each.entry.name, each.entry.public_key)
            for kid, each in known.items()
            if each.entry.role == "signing"
        }
        return cls({officer.signing_kid: (officer.name, officer.verify_key), **listed})

    def knows(self, signed_by: str) -> bool:
        """Whether a key may be believed, by the kid that names it."""
        return bytes.fromhex(signed_by) in self.by_kid

    def name_of(self, signed_by: str) -> str | None:
        """Whose key it is, by the kid that an entry names."""
        found = self.by_kid.get(bytes.fromhex(signed_by))
        return found[0] if found else None

    def key_for(self, content: bytes) -> bytes | None:
        """The key that an entry says it is signed by; not yet verified."""
        found = self.by_kid.get(bytes.fromhex(decode_entry(content).signed_by))
        return found[1] if found else None


def why_not(entry: Entry, signers: Signers, today: date) -> str | None:
    """Why an entry that was opened counts for nothing today; None where it counts.

    It was verified when it was opened. Since then its key may have been revoked.
    """
    if not signers.knows(entry.signed_by):
        return UNKNOWN_SIGNER
    return AHEAD if entry.sent_at > latest_at(today) else None


def staff_keys(home: Home, today: date) -> list[bytes]:
    """Everyone's keys of this week, and escrow's.

    Raises:
        WrongMoment: the directory has expired, or has no key of this week.
    """
    listed = current_directory(home, today).recipients(today)
    if not listed:
        raise WrongMoment("directory.no_recipients")
    return [entry.public_key for entry in listed]


def new_object_id() -> str:
    """An entry's own id."""
    return secrets.token_hex(_ID_BYTES)


def seal_entry(
    tip: TipEntry, object_id: str, entry: Entry, officer: Officer, recipients: Sequence[bytes]
) -> bytes:
    """An entry's envelope.

    Raises:
        Refusal: `tip.gone`.
        Malformed: `desk.malformed`.
    """
    if tip.bundle is None:
        raise Refusal("tip.gone")
    prefix = Prefix(
        Kind.DESK_ENTRY,
        0,
        bytes.fromhex(tip.tip_id),
        bytes.fromhex(object_id),
        bundle_hash(tip.bundle),
    )
    return seal_message(prefix, recipients, encode_entry(entry), signer(officer.signing_seed))


def open_entry(
    file: Path, object_id: str, tip: TipEntry, seeds: Mapping[bytes, bytes], signers: Signers
) -> tuple[Entry, bytes]:
    """A sealed entry of a tip, and its very octets.

    Raises:
        CannotOpen: another object, no key, changed, or signed by nobody known here.
        Malformed: no envelope, or no entry in it.
        Refusal: it cannot be read.
    """
    octets = read_bytes(file, ENTRY_LIMIT_BYTES)
    named = parse_prefix(octets[:PREFIX_BYTES]).bundle_hash
    if named not in bundles_of(tip):
        raise CannotOpen("open.wrong_prefix")
    expect = Expected(
        Kind.DESK_ENTRY, bytes.fromhex(tip.tip_id), bytes.fromhex(object_id), named
    )
    content = open_message(octets, seeds, expect=expect, verify_key=signers.key_for)
    return decode_entry(content), content

"""Drafts a directory: the first from cards, every further one from the note before it.

    the note before      every line of it, but weeks that are over
      - suspended        a name's lines are left out; a later card brings them back
      - revoked          likewise, and what they signed with is listed as revoked, for good
      + cards            a person's lines are put in place of those they had
      + entries          further public lines, each in place of the one that it replaces
    = the draft          under the next serial, of the same deployment

What is dropped is never dropped by forgetting: a line stays until somebody names it. A card or
line that would bring back a key that was revoked, or that the revoked person held beside it, is
refused. A draft is checked as its readers will check it, so that nobody is asked to sign what
clients would refuse.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.crypto import directory
from mustshare_api.crypto.cards import CARD_LIMIT_BYTES, parse_card
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.entries import REQUESTERS
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.home import read_bytes
from mustshare_api.keytool.refusal import Refusal, about

DEFAULT_DAYS: Final = 28
_NEW: Final = "new"
_DEPLOYMENT_BYTES: Final = 16
_TOGETHER: Final = {
    "signing": frozenset({"signing", "case", "intake"}),
    "agency-signing": frozenset({"agency-signing", "agency"}),
}
"""What stands on one card and is exchanged as one."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a directory is to say, besides who is in it."""

    deployment_id: bytes
    serial: int
    days: int
    evaluation: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change in who is listed: files and names as they were typed."""

    cards: Sequence[Path] = ()
    suspend: Sequence[str] = ()
    revoke: Sequence[str] = ()
    entries: Sequence[Path] = ()


@dataclass(slots=True)
class _Draft:
    """Lines on their way into a directory."""

    entries: list[Entry]
    gone: set[bytes] = field(default_factory=set[bytes])

    def drop(self, name: str) -> list[Entry]:
        """Leaves a name's lines out, but for what was revoked of it.

        Raises:
            Refusal: `directory.unknown_name`.
        """
        dropped = [e for e in self.entries if e.name == name and e.role != "revoked"]
        if not dropped:
            raise Refusal("directory.unknown_name", name=name)
        self.entries = [entry for entry in self.entries if entry not in dropped]
        return dropped

    def revoke(self, name: str) -> None:
        """Leaves a name's lines out, and lists as revoked what it signed with.

        Raises:
            Refusal: `directory.unknown_name`.
        """
        dropped = self.drop(name)
        self.gone.update(entry.kid for entry in dropped)
        self.entries += [
            Entry.of("revoked", name, None, entry.public_key)
            for entry in dropped
            if entry.role in REQUESTERS
        ]

    def put_card(self, card: Sequence[Entry]) -> None:
        """Puts a card's lines in the place of that person's."""
        role, name = card[0].role, card[0].name
        theirs = _TOGETHER.get(role, {role})
        self.entries = [e for e in self.entries if e.name != name or e.role not in theirs]
        self._put(card)

    def put_entries(self, entries: Sequence[Entry]) -> None:
        """Puts each line in the place of the one that stands where it belongs."""
        slots = {entry.slot() for entry in entries}
        self.entries = [entry for entry in self.entries if entry.slot() not in slots]
        self._put(entries)

    def _put(self, entries: Sequence[Entry]) -> None:
        revoked = {e.kid for e in self.entries if e.role == "revoked"} | self.gone
        if any(entry.kid in revoked for entry in entries if entry.role != "revoked"):
            raise Refusal("card.revoked")
        self.entries += entries


def propose(old: Directory | None, proposal: Proposal, changes: Changes, today: date) -> bytes:
    """A draft of a directory. Weeks that are over are left out.

    Args:
        old: the directory before, if there was one.
        proposal: what it is to say of itself.
        changes: who comes and who goes.
        today: its first day.

    Raises:
        Malformed: `directory.malformed`, `number.malformed`; in a file: `card.malformed`.
        Refusal: `directory.unknown_name`; in a file: `card.revoked`.
    """
    try:
        expires_on = today + timedelta(days=proposal.days)
    except OverflowError:
        raise Malformed("number.malformed") from None
    listed = _changed(old.entries if old else (), changes)
    return directory.compose(
        deployment_id=proposal.deployment_id,
        serial=proposal.serial,
        issued_on=today,
        expires_on=expires_on,
        entries=[e for e in listed if e.epoch is None or e.epoch >= week_of(today)],
        evaluation=proposal.evaluation,
    )


def _changed(entries: Iterable[Entry], changes: Changes) -> list[Entry]:
    draft = _Draft(list(entries))
    for name in changes.suspend:
        draft.drop(name)
    for name in changes.revoke:
        draft.revoke(name)
    for file in changes.cards:
        with about(file):
            draft.put_card(read_card(file))
    for file in changes.entries:
        with about(file):
            draft.put_entries(_read_entries(file))
    return draft.entries


def read_card(file: Path) -> tuple[Entry, ...]:
    """The entries of a card whose signature holds.

    Raises:
        Malformed: `card.malformed`.
    """
    return parse_card(read_bytes(file, CARD_LIMIT_BYTES))


def _read_entries(file: Path) -> list[Entry]:
    """Public lines, as a directory has them, one or more."""
    octets = read_bytes(file, directory.SIZE_LIMIT_BYTES)
    try:
        entries = [Entry.parse(line) for line in octets.decode("ascii").splitlines()]
    except (Malformed, UnicodeDecodeError):
        entries = []
    if not entries:
        raise Malformed("entry.malformed")
    return entries


def deployment_id_of(text: str) -> bytes:
    """The deployment's id as it was typed, or a new one.

    Raises:
        Malformed: `number.malformed`.
    """
    if text == _NEW:
        return secrets.token_bytes(_DEPLOYMENT_BYTES)
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Malformed("number.malformed") from None

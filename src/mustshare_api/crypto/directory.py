"""The signed directory: which keys tips are sealed to, and whose signatures count.

    mustshare/v1 directory
    deployment 6f1c...                     32 hex digits; receipts are salted with it
    serial 7
    issued 2026-11-23
    expires 2026-12-21                     30 days later at most
    evaluation                             only where nobody real is behind the keys
    intake somsri 2026-11-23 <kid> <key>   an officer's X-Wing key for the week of that Monday
    escrow vault - <kid> <key>             X-Wing, every week
    signing somsri - <kid> <key>           Ed25519: requests and replies
    ...                                    the other roles, see entries.py
                                           (blank line)
    — anan ...                             signatures of k of n roots, see notes.py

A hacked server can withhold this note but not change it, so a front end that seals for itself
cannot be given a stranger's key. A lower serial and a passed expiry are refused: an old note
that was good once may name an officer who has since left with the key. Whoever is suspended is
simply not listed. A revoked signing key is listed as such, from directory to directory, so that
nobody can hand it in again; no key stands in two places, so it is nothing else any more.

One directory has exactly one spelling. A note is read loosely, written out again and compared,
so every rule of order and form is in `_write` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.crypto import notes
from mustshare_api.crypto.entries import REQUESTERS, Entry
from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment

__all__ = [
    "Directory", "Entry", "RootKey", "Roots", "believe", "compose",
    "parse", "parse_roots", "sign", "verify",
]  # fmt: skip

LIFETIME_DAYS: Final = 30
"""How long a stolen root ceremony could at most hold clients to an old list."""

SIZE_LIMIT_BYTES: Final = 1 << 20
MAX_RECIPIENTS: Final = 16
"""As many stanzas as an envelope has room for."""

_ORIGIN: Final = "mustshare/v1 directory"
_HEAD_LINES: Final = 5
_DEPLOYMENT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory as read. `digest` is over the text that was signed, `octets` holds it all."""

    deployment_id: bytes
    serial: int
    issued_on: date
    expires_on: date
    evaluation: bool
    entries: tuple[Entry, ...]
    octets: bytes
    digest: bytes

    def recipients(self, day: date) -> tuple[Entry, ...]:
        """The keys that a tip of this Bangkok day is sealed to, to the letter.

        Empty past the last week: escrow alone would leave tips that nobody reads.
        """
        week = week_of(day)
        intake = tuple(e for e in self.entries if e.role == "intake" and e.epoch == week)
        escrow = tuple(e for e in self.entries if e.role == "escrow")
        return intake + escrow if intake else ()

    def signer(self, kid: bytes) -> Entry | None:
        """The officer whose signing key this is, if anyone's."""
        return next((e for e in self.entries if e.role == "signing" and e.kid == kid), None)

    def requester(self, kid: bytes) -> Entry | None:
        """Who may sign requests with this key: officer, auditor, recovery, agency or nobody."""
        return next((e for e in self.entries if e.role in REQUESTERS and e.kid == kid), None)

    def case_keys(self) -> tuple[Entry, ...]:
        """The keys that officers keep what they work on under."""
        return tuple(entry for entry in self.entries if entry.role == "case")

    def agency(self, name: str) -> Entry | None:
        """The key to which an agency's referrals are sealed, where it is listed."""
        return next((e for e in self.entries if e.role == "agency" and e.name == name), None)

    def agency_signer(self, kid: bytes) -> Entry | None:
        """The agency whose signing key this is, if any's."""
        mine = (e for e in self.entries if e.role == "agency-signing" and e.kid == kid)
        return next(mine, None)

    def revoked(self) -> frozenset[bytes]:
        """The kids of keys that count for nothing new any more."""
        return frozenset(entry.kid for entry in self.entries if entry.role == "revoked")

    def last_week(self) -> date:
        """The Monday of the last week that somebody has an intake key for."""
        return max(entry.epoch for entry in self.entries if entry.epoch)


def compose(  # noqa: PLR0913 - the head's lines, one by one
    *,
    deployment_id: bytes,
    serial: int,
    issued_on: date,
    expires_on: date,
    entries: Iterable[Entry],
    evaluation: bool = False,
) -> bytes:
    """A draft, to be signed by the roots.

    Raises:
        Malformed: `directory.malformed`, it would be refused by every reader.
    """
    text = _write(
        Directory(
            deployment_id, serial, issued_on, expires_on, evaluation, tuple(entries), b"", b""
        )
    )
    return parse(text + b"\n").octets


def sign(octets: bytes, name: str, seed: bytes) -> bytes:
    """Adds the signature of a root to a draft or note.

    Raises:
        Malformed: `directory.malformed`; roots sign nothing else with this.
    """
    parse(octets)
    return notes.sign(octets, name, seed)


def verify(octets: bytes, roots: Roots, *, today: date, newer_than: int | None) -> Directory:
    """Reads a directory and believes it, or refuses.

    Args:
        octets: the note.
        roots: what this client pinned.
        today: the Bangkok day.
        newer_than: the highest serial seen so far. That one itself passes again, so the caller
            compares digests if it could have been replaced by another of the same serial.

    Raises:
        Malformed: `directory.malformed`.
        CannotOpen: `directory.too_few_signatures`, also where a root's signature is wrong.
        WrongMoment: `directory.not_yet`, `directory.expired`, `directory.rolled_back`.
    """
    directory = believe(octets, roots)
    if today < directory.issued_on:
        raise WrongMoment("directory.not_yet")
    if today > directory.expires_on:
        raise WrongMoment("directory.expired")
    if newer_than is not None and directory.serial < newer_than:
        raise WrongMoment("directory.rolled_back")
    return directory


def believe(octets: bytes, roots: Roots) -> Directory:
    """Reads a directory of any day, once in force or not, that enough roots signed.

    Raises:
        Malformed: `directory.malformed`.
        CannotOpen: `directory.too_few_signatures`, also where a root's signature is wrong.
    """
    directory = parse(octets)
    try:
        roots.check(notes.split(octets))
    except CannotOpen:
        raise CannotOpen("directory.too_few_signatures") from None
    return directory


def parse(octets: bytes) -> Directory:
    """Reads a directory or draft *without believing it*.

    Raises:
        Malformed: `directory.malformed`.
    """
    if len(octets) > SIZE_LIMIT_BYTES:
        raise Malformed("directory.malformed")
    try:
        text = notes.split(octets).text
        return replace(_checked(text), octets=octets)
    except (Malformed, ValueError, OverflowError):
        raise Malformed("directory.malformed") from None


@lru_cache(maxsize=8)
def _checked(text: bytes) -> Directory:
    """Reads what is signed.

    To check every key of thirteen weeks takes milliseconds, and the same text is read for each
    signature and several times on its way into force. What was read is frozen, so it is kept.
    """
    directory = _read(text)
    if not _is_sound(directory) or _write(directory) != text:
        raise Malformed("directory.malformed")
    return directory


def _write(directory: Directory) -> bytes:
    """The one spelling of a directory's text."""
    ordered = sorted(directory.entries, key=Entry.rank)
    lines = [
        _ORIGIN,
        f"deployment {directory.deployment_id.hex()}",
        f"serial {directory.serial}",
        f"issued {directory.issued_on.isoformat()}",
        f"expires {directory.expires_on.isoformat()}",
        *(["evaluation"] if directory.evaluation else []),
        *(entry.encode() for entry in ordered),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _read(text: bytes) -> Directory:
    """Reads what may still be another spelling; `_checked` compares."""
    lines = text.decode("ascii").removesuffix("\n").split("\n")
    _, deployment, serial, issued, expires = (
        line.rpartition(" ")[2] for line in lines[:_HEAD_LINES]
    )
    below = lines[_HEAD_LINES:]
    evaluation = below[:1] == ["evaluation"]
    return Directory(
        deployment_id=bytes.fromhex(deployment),
        serial=int(serial),
        issued_on=date.fromisoformat(issued),
        expires_on=date.fromisoformat(expires),
        evaluation=evaluation,
        entries=tuple(Entry.read(line) for line in below[evaluation:]),
        octets=b"",
        digest=sha256(text),
    )


def _is_sound(directory: Directory) -> bool:
    """What holds of every directory, however it is spelled."""
    entries = directory.entries
    lifetime = directory.expires_on - directory.issued_on
    slots = {entry.slot() for entry in entries}
    weeks = {entry.epoch for entry in entries if entry.epoch}
    return (
        len(directory.deployment_id) == _DEPLOYMENT_BYTES
        and directory.serial >= 1
        and timedelta(0) < lifetime <= timedelta(days=LIFETIME_DAYS)
        and len(slots) == len({entry.kid for entry in entries}) == len(entries)
        and all(entry.is_sound() for entry in entries)
        and bool(weeks)
        and all(len(directory.recipients(week)) <= MAX_RECIPIENTS for week in weeks)
    )

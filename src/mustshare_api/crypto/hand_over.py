"""What every note about a hand-over says first: who vouches, for which agency, on which day.

    deployment 6f1c...                 32 hex digits
    directory 7                        the serial of the directory that lists the officer
    officer somsri <kid>               whose signing key signs the note, alone
    agency สำนักงาน ป.ป.ช.              one line, as a person wrote it
    day 2026-11-23                     in Bangkok; a finer time would match a server's records

Certificate and manifest are such notes. A note is believed when the directory of that serial,
signed by the pinned roots, lists the officer and was in force on that day. Officers leave and
directories run out; what they vouched for while they were listed stays vouched for.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.crypto import notes
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.notes import NAME, Note, Verifier
from mustshare_api.crypto.suite import KID_BYTES
from mustshare_api.errors import CannotOpen, Malformed

AGENCY_LIMIT_BYTES: Final = 200
HEAD_LINES: Final = 5

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")
_DEPLOYMENT_BYTES: Final = 16
_JOINERS: Final = frozenset("\u200b\u200c\u200d")
"""Without these three some Thai words and signs fall apart; nothing else unseen is let in."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """The head of a note: who hands over what follows, to whom, when."""

    deployment_id: bytes
    serial: int
    officer: str
    kid: bytes
    agency: str
    day: date

    def lines(self) -> list[str]:
        """Its five lines."""
        return [
            f"deployment {self.deployment_id.hex()}",
            f"directory {self.serial}",
            f"officer {self.officer} {self.kid.hex()}",
            f"agency {self.agency}",
            f"day {self.day.isoformat()}",
        ]

    @classmethod
    def parse(cls, lines: Sequence[str]) -> "Voucher":
        """Reads the five lines.

        Raises:
            ValueError: they are not, to the letter.
        """
        deployment, serial, officer, agency, day = lines
        name, kid = officer.removeprefix("officer ").split(" ")
        read = cls(
            bytes.fromhex(deployment.removeprefix("deployment ")),
            _number(serial.removeprefix("directory ")),
            name,
            bytes.fromhex(kid),
            agency.removeprefix("agency "),
            date.fromisoformat(day.removeprefix("day ")),
        )
        if read.lines() != [*lines] or not read.is_sound():
            raise ValueError
        return read

    def is_sound(self) -> bool:
        """What holds of every one, however it came about."""
        return (
            len(self.deployment_id) == _DEPLOYMENT_BYTES
            and len(self.kid) == KID_BYTES
            and NAME.fullmatch(self.officer) is not None
            and is_line(self.agency, AGENCY_LIMIT_BYTES)
        )


def is_line(text: str, limit_bytes: int) -> bool:
    """Whether this is one line of visible text: what is signed looks the same on paper."""
    if not text or text != text.strip():
        return False
    if any(unicodedata.category(c)[0] in "CZ" and c not in _JOINERS | {" "} for c in text):
        return False
    return len(text.encode()) <= limit_bytes


def check(head: Voucher, note: Note, directory_of: Callable[[int], Directory | None]) -> Entry:
    """Who vouches for a note, once everything about that holds.

    Args:
        head: what the note says.
        note: the note.
        directory_of: a directory by its serial, already believed under pinned roots.

    Raises:
        CannotOpen: `hand_over.unknown_directory`, `hand_over.other_deployment`,
            `hand_over.unknown_officer`, `hand_over.wrong_signature`.
    """
    directory = directory_of(head.serial)
    if directory is None:
        raise CannotOpen("hand_over.unknown_directory")
    if directory.deployment_id != head.deployment_id:
        raise CannotOpen("hand_over.other_deployment")
    entry = directory.signer(head.kid)
    in_force = directory.issued_on <= head.day <= directory.expires_on
    if entry is None or entry.name != head.officer or not in_force:
        raise CannotOpen("hand_over.unknown_officer")
    if not note.is_signed_by(Verifier(entry.name, entry.public_key)):
        raise CannotOpen("hand_over.wrong_signature")
    return entry


def sign(lines: Sequence[str], officer: str, seed: bytes) -> bytes:
    """A note of these lines, signed by the officer."""
    text = "".join(f"{line}\n" for line in lines).encode()
    return notes.sign(text + b"\n", officer, seed)


def lines_of(octets: bytes, origin: str, limit_bytes: int) -> tuple[Note, list[str]]:
    """A note and its lines after the first, which has to be `origin`.

    Raises:
        ValueError: not one, with one signature, of at most that many bytes.
    """
    if len(octets) > limit_bytes:
        raise ValueError
    try:
        note = notes.split(octets)
    except Malformed:
        raise ValueError from None
    first, *lines = note.text.decode().removesuffix("\n").split("\n")
    if first != origin or len(note.signatures) != 1 or len(lines) < HEAD_LINES:
        raise ValueError
    return note, lines


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError
    return int(text)

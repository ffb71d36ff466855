"""One line of a directory: a key, whose it is, and what it is good for.

    <role> <name> <Monday or -> <kid, 32 hex> <key, base64>

    role       key      what it is good for
    intake     X-Wing   tips of the week of that Monday are sealed to it
    escrow     X-Wing   tips of every week are sealed to it as well
    signing    Ed25519  an officer's requests and replies
    case       X-Wing   what an officer still works on is wrapped to it anew; no new tips
    auditor    Ed25519  requests that read the directory and the audit log, and no tips
    recovery   Ed25519  requests that read every sealed object and change its recipients;
                        listed only as long as a recovery from escrow goes on
    witness    Ed25519  cosigns checkpoints of the audit log
    log        Ed25519  signs checkpoints of the audit log
    agency     X-Wing   what is referred to an agency is sealed to it, as an age recipient
    agency-signing
               Ed25519  an agency's requests, which reach its own referrals and nothing else
    revoked    Ed25519  a signing key that is never believed again for anything new

A line has one spelling. What makes a role's key one of its kind is looked up in `_LOADERS`
alone, so that a role can't be added without saying so.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.crypto import xwing
from mustshare_api.crypto.notes import NAME
from mustshare_api.crypto.suite import kid_of, load_verify_key
from mustshare_api.errors import Malformed

_LOADERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    "intake": xwing.load_public,
    "escrow": xwing.load_public,
    "signing": load_verify_key,
    "case": xwing.load_public,
    "auditor": load_verify_key,
    "recovery": load_verify_key,
    "witness": load_verify_key,
    "log": load_verify_key,
    "agency": xwing.load_public,
    "agency-signing": load_verify_key,
    "revoked": load_verify_key,
}

ROLES: Final = tuple(_LOADERS)
"""All of them, in the order in which a directory lists them."""

REQUESTERS: Final = frozenset({"signing", "auditor", "recovery", "agency-signing"})
"""The roles whose keys sign requests to the staff door."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key. `epoch` is the Monday of an intake key's week, and None for other roles."""

    role: str
    name: str
    epoch: date | None
    kid: bytes
    public_key: bytes

    @classmethod
    def of(cls, role: str, name: str, epoch: date | None, public_key: bytes) -> "Entry":
        """An entry under the kid that belongs to the key."""
        return cls(role, name, epoch, kid_of(public_key), public_key)

    def encode(self) -> str:
        """Its line, without the newline."""
        epoch = self.epoch.isoformat() if self.epoch else "-"
        key = base64.b64encode(self.public_key).decode()
        return f"{self.role} {self.name} {epoch} {self.kid.hex()} {key}"

    @classmethod
    def parse(cls, line: str) -> "Entry":
        """Reads a line.

        Raises:
            Malformed: `directory.malformed`, also for another spelling of a good line.
        """
        try:
            entry = cls.read(line)
        except ValueError:
            raise Malformed("directory.malformed") from None
        if not entry.is_sound() or entry.encode() != line:
            raise Malformed("directory.malformed")
        return entry

    @classmethod
    def read(cls, line: str) -> "Entry":
        """Reads what may be unsound, or another spelling; the caller compares.

        Raises:
            ValueError: It is not five words, or one of them is nothing of its kind.
        """
        role, name, epoch, kid, key = line.split(" ")
        return cls(
            role=role,
            name=name,
            epoch=None if epoch == "-" else date.fromisoformat(epoch),
            kid=bytes.fromhex(kid),
            public_key=base64.b64decode(key, validate=True),
        )

    def rank(self) -> tuple[int, date, str, bytes]:
        """Its place in a directory: by role, then week, then name, then kid."""
        rank = ROLES.index(self.role) if self.role in ROLES else len(ROLES)
        return rank, self.epoch or date.min, self.name, self.kid

    def slot(self) -> tuple[str, str, date | None, bytes]:
        """What only one line of a directory may fill.

        Everyone has one key of a role, and of a week; but one person can lose many.
        """
        return self.role, self.name, self.epoch, self.kid if self.role == "revoked" else b""

    def is_sound(self) -> bool:
        """A known role, a plain name, a Monday where one belongs, and a key that is one."""
        monday = self.epoch is not None and self.epoch.weekday() == 0
        if self.role not in ROLES or (self.role == "intake") != (self.epoch is not None):
            return False
        if not (monday or self.epoch is None) or NAME.fullmatch(self.name) is None:
            return False
        try:
            _LOADERS[self.role](self.public_key)
        except Malformed:
            return False
        return self.kid == kid_of(self.public_key)

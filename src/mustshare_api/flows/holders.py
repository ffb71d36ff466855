"""Who holds what: learned from every directory that is kept, the one in force and those before.

    object --stanzas--> key ids --directories--> names --> what an officer is shown

An object may still be sealed to a key of two years ago, which the directory in force lists no
more. It is its officer's all the same, and an officer is a name: whoever holds the signing key
of a name today is shown what was ever sealed to that name. So a new laptop loses sight of
nothing, and a name must never be given to another person.

Learned anew whenever a directory comes into force, from exactly those that are stored, so that
all processes and every restart say the same. What only a forgotten directory lists is shown to
nobody but a recovery.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import Directory, Entry, Roots
from mustshare_api.store.rows import EVERYTHING, Reach

_HOLDING = frozenset({"intake", "case"})
_NOTHING = Reach(frozenset())


@dataclass(frozen=True, slots=True)
class _Learned:
    """What one directory tells. `directory` has its signing keys alone."""

    directory: Directory
    signers: tuple[Entry, ...]
    held: tuple[tuple[bytes, str], ...]


@dataclass(slots=True)
class Holders:
    """Names by key, keys by name."""

    _directories: dict[bytes, _Learned] = field(default_factory=dict[bytes, _Learned])
    _signers: dict[bytes, Entry] = field(default_factory=dict[bytes, Entry])
    _names: dict[bytes, str] = field(default_factory=dict[bytes, str])

    def learn(self, kept: Iterable[bytes], roots: Roots) -> None:
        """Takes up directories, and forgets what is in none of them.

        Raises:
            Malformed, CannotOpen: these roots never signed one of them.
        """
        learned: dict[bytes, _Learned] = {}
        for octets in kept:
            digest = hashlib.sha256(octets).digest()
            # Reading one costs a check of every key in it; most were read before.
            learned[digest] = self._directories.get(digest) or _read(octets, roots)
        self._directories = learned
        self._signers = {e.kid: e for one in learned.values() for e in one.signers}
        self._names = {kid: name for one in learned.values() for kid, name in one.held}

    def signer(self, kid: bytes) -> Entry | None:
        """Whose signing key this is, or was."""
        return self._signers.get(kid)

    def of_serial(self, serial: int) -> Directory | None:
        """Any directory that is kept, with its signing keys alone."""
        found = (each.directory for each in self._directories.values())
        return next((each for each in found if each.serial == serial), None)

    def name_of(self, kid: bytes) -> str | None:
        """Which officer an intake or case key belongs to."""
        return self._names.get(kid)

    def reach_of(self, requester: Entry) -> Reach:
        """Which objects are there for whoever signs with this key."""
        if requester.role == "recovery":
            return EVERYTHING
        if requester.role != "signing":
            return _NOTHING
        names = self._names.items()
        return Reach(frozenset(kid for kid, name in names if name == requester.name))


def _read(octets: bytes, roots: Roots) -> _Learned:
    directory = notes.believe(octets, roots)
    entries = directory.entries
    signers = tuple(entry for entry in entries if entry.role == "signing")
    return _Learned(
        directory=replace(directory, entries=signers, octets=b""),
        signers=signers,
        held=tuple((entry.kid, entry.name) for entry in entries if entry.role in _HOLDING),
    )

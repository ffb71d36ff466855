"""Makes keys, and the directory that lists them.

    root holder      `root init`                   root key file + public line
    anyone           `roots make`                  the pin file and its 30 digits
    officer          `init`                        officer.msk + card
    whoever leads    `directory propose`           a draft from the cards
    root holders     `directory sign`              one after another, on their own machines
    an officer       `directory publish`           checked here, then handed to the staff door

No step needs two secrets in one place. A proposal is checked as its readers will check it, so
that nobody is asked to sign what clients would refuse.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.crypto import directory, keys
from mustshare_api.crypto.cards import parse_card
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.notes import parse_verifier
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.signatory import RootSecret
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import Malformed
from mustshare_api.keytool.home import Home, check_private, read_bytes, write_bytes

DEFAULT_DAYS: Final = 28
_CARD_LIMIT_BYTES: Final = 1 << 18
_LINE_LIMIT_BYTES: Final = 1024
_NEW: Final = "new"
_DEPLOYMENT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a directory is to say, besides the cards."""

    serial: int
    deployment: str
    days: int
    evaluation: bool


def make_root(name: str, folder: Path, passphrase: str, memory_kib: int) -> tuple[Path, Path]:
    """Writes a root's key file and its public line.

    Raises:
        Malformed: `name.malformed`, `key_file.weak_passphrase`.
        Refusal: `file.exists`.
    """
    root = RootSecret.new(name)
    key_file, public = folder / f"{name}.root.msk", folder / f"{name}.root.pub"
    kid = kid_of(root.verifier.public_key)
    octets = keys.seal_key_file(root.encode(), passphrase, kid, memory_kib=memory_kib)
    write_bytes(key_file, octets, replace=False)
    write_bytes(public, f"{root.verifier.encode()}\n".encode(), replace=False)
    return key_file, public


def make_officer(
    name: str, home: Home, passphrase: str, today: date, memory_kib: int
) -> tuple[Path, Path]:
    """Writes an officer's key file and card.

    Raises:
        Malformed: `name.malformed`, `key_file.weak_passphrase`.
        Refusal: `file.exists`; a key file is never written over.
    """
    officer = Officer.new(name, today)
    card = home.path / f"{name}.card"
    octets = keys.seal_key_file(
        officer.encode(), passphrase, officer.signing_kid, memory_kib=memory_kib
    )
    write_bytes(home.officer, octets, replace=False)
    write_bytes(card, officer.card())
    return home.officer, card


def renew_officer(home: Home, passphrase: str, today: date, memory_kib: int) -> Path:
    """Adds the weeks that are missing to an officer's key file, and writes a new card.

    Raises:
        MustShareError: as `open_officer`; the old file then stays.
    """
    officer = open_officer(home, passphrase).renewed(today)
    card = home.path / f"{officer.name}.card"
    octets = keys.seal_key_file(
        officer.encode(), passphrase, officer.signing_kid, memory_kib=memory_kib
    )
    write_bytes(home.officer, octets)
    write_bytes(card, officer.card())
    return card


def open_officer(home: Home, passphrase: str) -> Officer:
    """The officer's secrets.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `key_file.malformed`, `key_file.wrong_kind`.
    """
    return Officer.parse(keys.open_key_file(read_key_file(home.officer), passphrase))


def read_key_file(file: Path) -> bytes:
    """A closed key file that only its owner can read. Asked before the passphrase is.

    Raises:
        Refusal: `file.cannot_read`, `file.exposed`.
        Malformed: `key_file.malformed`.
    """
    check_private(file)
    octets = read_bytes(file, keys.SIZE_LIMIT_BYTES)
    keys.kid_of_key_file(octets)
    return octets


def make_roots(files: Sequence[Path], k: int) -> Roots:
    """The roots of these public lines.

    Raises:
        Malformed: `roots.malformed`.
    """
    try:
        lines = [read_bytes(file, _LINE_LIMIT_BYTES).decode("ascii").strip() for file in files]
        return Roots(tuple(parse_verifier(line) for line in lines), k)
    except (Malformed, UnicodeDecodeError):
        raise Malformed("roots.malformed") from None


def propose(cards: Sequence[Path], proposal: Proposal, today: date) -> bytes:
    """A draft of a directory. Weeks that are over are left out.

    Raises:
        Malformed: `card.malformed`, `directory.malformed`, `number.malformed`.
    """
    listed = [entry for file in cards for entry in _entries(file)]
    try:
        expires_on = today + timedelta(days=proposal.days)
    except OverflowError:
        raise Malformed("number.malformed") from None
    return directory.compose(
        deployment_id=_deployment_id(proposal.deployment),
        serial=proposal.serial,
        issued_on=today,
        expires_on=expires_on,
        entries=[e for e in listed if e.epoch is None or e.epoch >= week_of(today)],
        evaluation=proposal.evaluation,
    )


def sign(note: Path, octets: bytes, passphrase: str) -> str:
    """Adds a root's signature to a note, and returns the root's name.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `directory.malformed`, `key_file.wrong_kind`.
    """
    draft = read_bytes(note, directory.SIZE_LIMIT_BYTES)
    directory.parse(draft)
    root = RootSecret.parse(keys.open_key_file(octets, passphrase))
    write_bytes(note, directory.sign(draft, root.name, root.seed))
    return root.name


def holders(shown: Directory) -> list[tuple[str, str, int]]:
    """Role, name and number of keys, in the order of the note."""
    counted = Counter((entry.role, entry.name) for entry in shown.entries)
    return [(role, name, count) for (role, name), count in counted.items()]


def _entries(file: Path) -> tuple[Entry, ...]:
    return parse_card(read_bytes(file, _CARD_LIMIT_BYTES))


def _deployment_id(text: str) -> bytes:
    if text == _NEW:
        return secrets.token_bytes(_DEPLOYMENT_BYTES)
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Malformed("number.malformed") from None

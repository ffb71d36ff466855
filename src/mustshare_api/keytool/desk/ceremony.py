"""Makes keys, and the directory that lists them.

    root holder      `root init`                   root key file + public line
    anyone           `roots make`                  the pin file and its 30 digits
    officer          `init`                        officer.msk + card
    officer          `epochs extend`               the next weeks + a new card
    whoever leads    `directory propose`           a draft from the cards, see proposing.py
    root holders     `directory sign`              one after another, on their own machines
    an officer       `directory publish`           checked here, then handed to the staff door

No step needs two secrets in one place.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias

from mustshare_api.crypto import directory, keys
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.notes import parse_verifier
from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.signatory import SIGNATORY_ROLES, RootSecret, Signatory
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.home import Home, check_private, read_bytes, write_bytes
from mustshare_api.keytool.refusal import InFile, Refusal, about

Role: TypeAlias = Literal["officer", "auditor", "recovery"]

ROLES: Final[tuple[Role, ...]] = ("officer", *SIGNATORY_ROLES)
"""Whose keys `init` makes."""

KEY_FILES: Final = (*ROLES, "agency")
"""Whose keys a folder can hold, one of them."""

_LINE_LIMIT_BYTES: Final = 1024


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


def make_keys(  # noqa: PLR0913 - who, for what, where to, and how costly
    role: Role, name: str, home: Home, passphrase: str, today: date, memory_kib: int
) -> tuple[Path, Path]:
    """Writes the key file and card of an officer, an auditor or a recovery.

    Raises:
        Malformed: `name.malformed`, `key_file.weak_passphrase`.
        Refusal: `file.exists`; a key file is never written over.
    """
    made = Officer.new(name, today) if role == "officer" else Signatory.new(role, name)
    key_file, card = home.key_file(role), home.path / f"{name}.card"
    octets = keys.seal_key_file(
        made.encode(), passphrase, made.signing_kid, memory_kib=memory_kib
    )
    write_bytes(key_file, octets, replace=False)
    write_bytes(card, made.card())
    return key_file, card


def own_key_file(home: Home) -> Path:
    """The one key file in a folder, of whatever role.

    Raises:
        Refusal: `home.missing`.
    """
    for role in KEY_FILES:
        if home.key_file(role).exists():
            return home.key_file(role)
    raise Refusal("home.missing", path=str(home.path))


def extend_officer(
    home: Home, passphrase: str, today: date, memory_kib: int
) -> tuple[Path, date]:
    """Adds the weeks that are missing to an officer's key file, and writes a new card.

    Returns:
        The card, and the Monday of the last week that there is a key for now.

    Raises:
        MustShareError: as `open_officer`; the old file then stays.
    """
    officer = open_officer(home, passphrase).renewed(today)
    return save_officer(home, officer, passphrase, memory_kib), max(officer.epochs)


def save_officer(home: Home, officer: Officer, passphrase: str, memory_kib: int) -> Path:
    """Writes a changed officer's key file in the place of the old one, and a new card.

    Raises:
        Refusal: `file.cannot_write`; the old file then stays.
    """
    card = home.path / f"{officer.name}.card"
    octets = keys.seal_key_file(
        officer.encode(), passphrase, officer.signing_kid, memory_kib=memory_kib
    )
    write_bytes(home.officer, octets)
    write_bytes(card, officer.card())
    return card


def change_passphrase(file: Path, old: str, new: str, memory_kib: int) -> None:
    """Seals a key file of any kind under another passphrase.

    The new file is durable under another name before it takes the old one's place.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `key_file.malformed`, `key_file.weak_passphrase`; the old file then stays.
    """
    octets = read_key_file(file)
    plain = keys.open_key_file(octets, old)
    kid = keys.kid_of_key_file(octets)
    write_bytes(file, keys.seal_key_file(plain, new, kid, memory_kib=memory_kib))


def open_officer(home: Home, passphrase: str) -> Officer:
    """The officer's secrets.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `key_file.malformed`, `key_file.wrong_kind`.
    """
    with about(home.officer):
        return Officer.parse(keys.open_key_file(read_key_file(home.officer), passphrase))


def open_requester(file: Path, passphrase: str) -> Officer | Signatory:
    """The secrets of whoever signs requests, by the role that the file is named for.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `key_file.malformed`, `key_file.wrong_kind`.
    """
    with about(file):
        plain = keys.open_key_file(read_key_file(file), passphrase)
        if file.stem == "officer":
            return Officer.parse(plain)
        return Signatory.parse(plain)


def read_key_file(file: Path) -> bytes:
    """A closed key file that only its owner can read. Asked before the passphrase is.

    Raises:
        Refusal: `file.cannot_read`, `file.exposed`.
        Malformed: `key_file.malformed`.
    """
    check_private(file)
    octets = read_bytes(file, keys.SIZE_LIMIT_BYTES)
    with about(file):
        keys.kid_of_key_file(octets)
    return octets


def make_roots(files: Sequence[Path], k: int) -> Roots:
    """The roots of these public lines.

    Raises:
        Malformed: `roots.malformed`.
    """
    return Roots(tuple(_public_line(file) for file in files), k)


def _public_line(file: Path) -> RootKey:
    try:
        return parse_verifier(read_bytes(file, _LINE_LIMIT_BYTES).decode("ascii").strip())
    except (Malformed, UnicodeDecodeError):
        raise InFile(file, Malformed("root.malformed")) from None


def sign(note: Path, draft: bytes, octets: bytes, passphrase: str) -> str:
    """Adds a root's signature to a note, and returns the root's name.

    Args:
        note: where it is written.
        draft: what was shown, and so what is signed, whatever has become of the file since.
        octets: of the root's key file.
        passphrase: of that.

    Raises:
        CannotOpen: `key_file.cannot_open`.
        Malformed: `directory.malformed`, `key_file.wrong_kind`.
    """
    root = RootSecret.parse(keys.open_key_file(octets, passphrase))
    write_bytes(note, directory.sign(draft, root.name, root.seed))
    return root.name


def holders(shown: Directory) -> list[tuple[str, str, int]]:
    """Role, name and number of keys, in the order of the note."""
    counted = Counter((entry.role, entry.name) for entry in shown.entries)
    return [(role, name, count) for (role, name), count in counted.items()]

"""Parts an escrow key among custodians, and brings it back when every officer's key is gone.

    custodian    `custodian init`    NAME.custodian.msk, and NAME.custodian to hand out
    an officer   `escrow make`       NAME.escrow (the set), NAME.escrow.entry for the directory
    recovery     `escrow begin`      NAME.box.msk, and NAME.box to hand out
    custodians   `escrow release`    each on their own machine: set + box -> NAME.release
    recovery     `escrow drill`      proves on the sealed objects here that it would work
                 `escrow restore`    adds an officer's key to every object, by the staff door

The seed of an escrow key is in memory while a set is made and while a recovery runs, and on no
disk ever. A set whose key the believed directory does not list is refused: it was superseded,
and what its custodians still hold must be worth nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.crypto import escrow, escrow_release, keys, xwing
from mustshare_api.crypto.custody import PUBLIC_LIMIT_BYTES, HolderKey, HolderSecret, Kind
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.escrow import Custodian, EscrowSet
from mustshare_api.crypto.escrow_release import Release
from mustshare_api.crypto.notes import NAME
from mustshare_api.errors import CannotOpen, Malformed, MustShareError
from mustshare_api.keytool.desk.ceremony import read_key_file
from mustshare_api.keytool.desk.home import read_bytes, write_bytes
from mustshare_api.keytool.refusal import InFile, Refusal, about

SUFFIXES: Final[dict[Kind, str]] = {"custodian": "custodian", "recovery_box": "box"}


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a recovery needs: the set, the releases that came, and the box they came to."""

    escrow: EscrowSet
    releases: Mapping[Path, Release]
    box: HolderSecret

    def seed(self) -> bytes:
        """The escrow key's seed. It stays in memory.

        Raises:
            CannotOpen: as `escrow_release.combine`.
            InFile: likewise, where it is about one of the releases.
        """
        try:
            return escrow_release.combine(
                self.escrow, list(self.releases.values()), self.box.seed
            )
        except CannotOpen as refused:
            raise self._named(refused) from None

    def _named(self, refused: CannotOpen) -> MustShareError:
        """With the file of the custodian whom a refusal names."""
        names: list[str] = getattr(refused, "__notes__", [])
        for file, released in self.releases.items():
            if self.escrow.custodians[released.custodian].name in names:
                return InFile(file, refused)
        return refused


def make_holder(
    kind: Kind, name: str, folder: Path, passphrase: str, memory_kib: int
) -> tuple[Path, Path, HolderKey]:
    """Writes a custodian's or a box's key file and what is handed out of it.

    Raises:
        Malformed: `name.malformed`, `key_file.weak_passphrase`.
        Refusal: `file.exists`.
    """
    holder = HolderSecret.new(kind, name)
    suffix = SUFFIXES[kind]
    key_file, public = folder / f"{name}.{suffix}.msk", folder / f"{name}.{suffix}"
    octets = keys.seal_key_file(
        holder.encode(), passphrase, holder.public.kid, memory_kib=memory_kib
    )
    write_bytes(key_file, octets, replace=False)
    write_bytes(public, holder.public.encode(), replace=False)
    return key_file, public, holder.public


def make_set(name: str, custodians: Sequence[HolderKey], m: int, folder: Path) -> Path:
    """Draws an escrow key, parts it, writes the set and its directory line, and forgets it.

    Raises:
        Malformed: `name.malformed`, `escrow.malformed`.
        Refusal: `file.exists`.
    """
    if NAME.fullmatch(name) is None:
        raise Malformed("name.malformed")
    public = [Custodian(each.name, each.public_key) for each in custodians]
    parted = escrow.make(xwing.new_seed(), public, m)
    entry = Entry.of("escrow", name, None, parted.public_key)
    file = folder / f"{name}.escrow"
    write_bytes(file, parted.encode(), replace=False)
    write_bytes(folder / f"{name}.escrow.entry", f"{entry.encode()}\n".encode(), replace=False)
    return file


def read_holder(file: Path, kind: Kind) -> HolderKey:
    """A custodian's or a box's public file.

    Raises:
        Refusal: it is none, by its name.
    """
    with about(file):
        return HolderKey.parse(read_bytes(file, PUBLIC_LIMIT_BYTES), kind)


def read_set(file: Path) -> EscrowSet:
    """A set.

    Raises:
        Refusal: it is none, by its name.
    """
    with about(file):
        return escrow.parse(read_bytes(file, escrow.SIZE_LIMIT_BYTES))


def read_releases(files: Sequence[Path], parted: EscrowSet) -> dict[Path, Release]:
    """What custodians released from this set.

    Raises:
        Refusal: one of them is not, by its name.
    """
    found: dict[Path, Release] = {}
    for file in files:
        with about(file):
            octets = read_bytes(file, escrow_release.SIZE_LIMIT_BYTES)
            found[file] = escrow_release.parse_release(octets, parted)
    return found


def open_holder(file: Path, octets: bytes, passphrase: str, kind: Kind) -> HolderSecret:
    """A custodian's or a box's secret.

    Raises:
        MustShareError: `key_file.cannot_open`, `key_file.wrong_kind`.
    """
    with about(file):
        return HolderSecret.parse(keys.open_key_file(octets, passphrase), kind)


def closed_holder(file: Path) -> bytes:
    """A key file that is still closed, in order and private. Asked before the passphrase is.

    Raises:
        Refusal: it is not, by its name.
    """
    with about(file):
        return read_key_file(file)


def check_in_force(parted: EscrowSet, believed: Directory) -> Entry:
    """The directory's line of this set's key.

    Raises:
        Refusal: `escrow.superseded`; after a rotation nobody releases the old shares.
    """
    for entry in believed.entries:
        if entry.role == "escrow" and entry.kid == parted.kid:
            return entry
    raise Refusal("escrow.superseded", serial=believed.serial)

"""The officer's folder: everything the tool keeps, and how it is written.

    officer.msk        the secrets, behind the passphrase; auditor.msk or recovery.msk instead
                       where somebody only signs
    roots              the pinned roots
    server.json        the staff door's address and certificate authority
    directory.note     the last directory that was believed
    directories/       every directory that was, to say whose an older key is
    listed.db          what the server last said of each tip and each object
    opened.json        the objects that were opened here
    objects/           sealed octets, one file an object
    fetching/          what has come of an object that was cut off, sealed as it is
    resealed/          octets under a new content key, until the door has taken them
    register.sealed    what was opened here, for search (inbox/register.py), and what lists need
    overview.sealed    of it (inbox/overview.py)
    outbox/            answers that are sealed and not yet sent, one folder each
    opened/            attachments in clear, one folder a tip

Every file is written under a temporary name, made durable and renamed, so that a power cut
leaves the old one or the new one. Files are 0600 and folders 0700, and a secret that others can
read is refused and not quietly put right: whoever could read it may have done so.
"""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec

from mustshare_api.keytool.refusal import Refusal

PART: Final = ".part-"
"""How the name of an unfinished file starts."""

_STATE_LIMIT_BYTES: Final = 1 << 28
_State = TypeVar("_State")


@dataclass(frozen=True, slots=True)
class Home:
    """Where things are. Nothing is made until something is written."""

    path: Path

    @property
    def officer(self) -> Path:
        """The key file."""
        return self.path / "officer.msk"

    def key_file(self, role: str) -> Path:
        """The key file of a role. A folder has one, of one role."""
        return self.path / f"{role}.msk"

    @property
    def roots(self) -> Path:
        """The pin file."""
        return self.path / "roots"

    @property
    def server(self) -> Path:
        """The staff door's address."""
        return self.path / "server.json"

    @property
    def directory(self) -> Path:
        """The last directory believed."""
        return self.path / "directory.note"

    @property
    def directories(self) -> Path:
        """Every directory believed, by serial."""
        return self.path / "directories"

    @property
    def listed(self) -> Path:
        """The tips and the objects, as the door lists them."""
        return self.path / "listed.db"

    @property
    def old_tips(self) -> Path:
        """The tips, as a tool of before kept them."""
        return self.path / "tips.json"

    @property
    def old_index(self) -> Path:
        """The objects, likewise."""
        return self.path / "index.json"

    @property
    def opened_ids(self) -> Path:
        """Which objects were opened."""
        return self.path / "opened.json"

    @property
    def outbox(self) -> Path:
        """Answers not yet sent."""
        return self.path / "outbox"

    def sealed(self, object_id: str) -> Path:
        """Where the sealed octets of an object are. The id is hex, checked by its reader."""
        return self.path / "objects" / object_id

    @property
    def fetching(self) -> Path:
        """What has come of objects that are not here whole."""
        return self.path / "fetching"

    def sealed_ids(self) -> set[str]:
        """The objects of which sealed octets are here: one look, however many there are."""
        try:
            with os.scandir(self.path / "objects") as found:
                return {each.name for each in found}
        except FileNotFoundError:
            return set()

    def resealed(self, object_id: str) -> Path:
        """Where an object that is sealed anew waits for the door."""
        return self.path / "resealed" / object_id

    def attachments(self, tip_id: str) -> Path:
        """Where the opened attachments of a tip go unless told otherwise."""
        return self.path / "opened" / tip_id

    @contextlib.contextmanager
    def locked(self) -> Generator[None]:
        """One command at a time writes here.

        Raises:
            Refusal: `home.in_use`, `home.missing`.
        """
        if not self.path.is_dir():
            raise Refusal("home.missing", path=str(self.path))
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal("home.in_use", path=str(self.path)) from None

    def load(self, file: Path, kind: type[_State], default: _State) -> _State:
        """One of the JSON files, or the default where there is none.

        Raises:
            Refusal: `home.malformed`.
        """
        if not file.exists():
            return default
        try:
            return msgspec.json.decode(read_bytes(file, _STATE_LIMIT_BYTES), type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Refusal("home.malformed", path=str(file)) from None

    def save(self, file: Path, state: object) -> None:
        """Writes one of the JSON files."""
        write_bytes(file, msgspec.json.encode(state))


def read_bytes(file: Path, limit_bytes: int) -> bytes:
    """A whole file that is no longer than that.

    Raises:
        Refusal: `file.cannot_read`.
    """
    try:
        with file.open("rb") as stream:
            # Asking for the limit would make room for it; a pipe has no size to ask for.
            held_bytes = os.fstat(stream.fileno()).st_size
            octets = stream.read(min(held_bytes or limit_bytes, limit_bytes) + 1)
    except OSError as failed:
        raise _cannot_read(file, failed) from None
    if len(octets) > limit_bytes:
        raise Refusal("file.cannot_read", path=str(file), reason=f"> {limit_bytes} B")
    return octets


def write_bytes(file: Path, octets: bytes, *, replace: bool = True) -> None:
    """Writes a file durably, or not at all.

    Raises:
        Refusal: `file.exists` where it may not be replaced, `file.cannot_write`.
    """
    if not replace and file.exists():
        raise Refusal("file.exists", path=str(file))
    with writing(file) as stream:
        stream.write(octets)


@contextlib.contextmanager
def writing(file: Path) -> Generator[BinaryIO]:
    """A stream into a temporary file that becomes `file` only when the block ends well.

    It can be read as well, to be checked before it gets its name.

    Raises:
        Refusal: `file.cannot_write`.
    """
    part = file.parent / f"{PART}{secrets.token_hex(8)}"
    try:
        make_folder(file.parent)
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
        sync_folder(file.parent)
    except OSError as failed:
        raise _cannot_write(file, failed) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def make_folder(folder: Path) -> None:
    """A folder that only its owner can look into; one that is there stays as it is.

    Raises:
        Refusal: `file.cannot_write`.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failed:
        raise _cannot_write(folder, failed) from None


def sync_folder(folder: Path) -> None:
    """Makes a rename in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> None:
    """Clears away what a killed command left unfinished."""
    for part in folder.glob(f"{PART}*"):
        with contextlib.suppress(OSError):
            part.unlink()


def check_private(file: Path) -> None:
    """Refuses a secret that others on this machine can read.

    Raises:
        Refusal: `file.exposed`, `file.cannot_read`.
    """
    try:
        mode = file.stat().st_mode
    except OSError as failed:
        raise _cannot_read(file, failed) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refusal("file.exposed", path=str(file))


def pieces(stream: BinaryIO, size_bytes: int = 1 << 18) -> Iterator[bytes]:
    """The rest of a stream, in pieces that fit in memory."""
    while piece := stream.read(size_bytes):
        yield piece


def _cannot_read(file: Path, failed: OSError) -> Refusal:
    return Refusal("file.cannot_read", path=str(file), reason=failed.strerror or "?")


def _cannot_write(file: Path, failed: OSError) -> Refusal:
    return Refusal("file.cannot_write", path=str(file), reason=failed.strerror or "?")

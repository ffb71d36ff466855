"""The sealed objects on this machine, and how each follows what the door has of it.

    listed with the digest it has here     nothing to do
    not here, or opened by no seed here    fetched whole
    fetched, and its key does not open it  kept, as it may be all there is; fetched once more
                                           when everything is compared
    another digest                         its head is fetched: prefix | stanzas
        the new head opens this payload    head and old payload are written as one file
        it does not                        fetched whole: it was sealed anew

A payload commits to its content key, so that the second question needs no word of the door's.
A copy that opens is never replaced by one that does not, or that opens to anything else: the
stanza of a week that is being retired may be all that there is, and a door that could talk the
tool out of it could destroy what it cannot read. What is not what the index says is left out,
said so, and tried again next time.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from mustshare_api.crypto import envelope
from mustshare_api.crypto.envelope import HEAD_LIMIT, PAYLOAD_HEADER_BYTES, Head
from mustshare_api.crypto.opening import content_keys
from mustshare_api.crypto.resealing import belongs, clear_digest
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.following import bundles_of
from mustshare_api.keytool.desk.home import Home, pieces, writing
from mustshare_api.keytool.desk.resuming import Partial
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry

Followed: TypeAlias = Literal["kept", "fetched", "doubtful", "rewrapped"]
"""What was done; `doubtful` was fetched whole, and the key that is here does not open it."""


class NotAsListed(Exception):
    """An object is not what the index says, or what it was. Never leaves the tool's files."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A sealed object on this disk."""

    file: Path
    head: Head
    payload_bytes: int

    @property
    def digest(self) -> str:
        """By which index and door name this state of its head."""
        return digest_of(self.head)

    def payload(self) -> Iterator[bytes]:
        """Its payload, in pieces."""
        with self.file.open("rb") as stream:
            stream.seek(self.head.length)
            yield from pieces(stream)

    def keys(self, seeds: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
        """The content key by each kid whose seed really opens this payload."""
        with self.file.open("rb") as stream:
            stream.seek(self.head.length)
            start = stream.read(PAYLOAD_HEADER_BYTES)
        return keys_to(self.head, start, seeds)

    def rewrite(self, head: Head) -> None:
        """Puts another head before the payload, durably.

        Raises:
            Refusal: `file.cannot_write`.
        """
        with writing(self.file) as target:
            target.write(head.octets)
            target.writelines(self.payload())


def read_copy(home: Home, object_id: str) -> Copy | None:
    """The copy of an object; None where there is none, or none that can be read."""
    file = home.sealed(object_id)
    try:
        with file.open("rb") as stream:
            head = envelope.parse_head(stream.read(HEAD_LIMIT))
            return Copy(file, head, stream.seek(0, 2) - head.length)
    except (OSError, Malformed):
        return None


def keys_to(
    head: Head, payload_start: bytes, seeds: Mapping[bytes, bytes]
) -> dict[bytes, bytes]:
    """The content key by each kid of the head whose seed opens a payload that begins so."""
    prefix = head.prefix_octets
    found = content_keys(head, seeds)
    return {kid: key for kid, key in found if belongs(key, prefix, payload_start)}


def digest_of(head: Head) -> str:
    """SHA-256 over prefix and stanzas, in hex."""
    return hashlib.sha256(head.octets).hexdigest()


@dataclass(frozen=True, slots=True)
class Follower:
    """Brings one copy after another to where the door is."""

    home: Home
    door: Door
    seeds: Mapping[bytes, bytes]

    def follow(self, entry: IndexEntry, tip: TipEntry | None) -> Followed:
        """Brings the copy of a listed object to the state that the index names.

        Raises:
            NotAsListed: the old copy stays.
            NotFound: it is gone from the door.
            Unreachable: cut off; the old copy stays.
        """
        copy = read_copy(self.home, entry.object_id)
        if copy and is_as_listed(copy, entry):
            return "kept"
        keys = copy.keys(self.seeds) if copy else {}
        if copy is None or not keys:
            return self.fetch(entry, tip)
        return self.catch_up(copy, entry, tip, self.door.head(entry.object_id))

    def catch_up(
        self, copy: Copy, entry: IndexEntry, tip: TipEntry | None, octets: bytes
    ) -> Followed:
        """Takes a head in place of a copy's, or a whole object if the payload is new too."""
        head = _checked_head(octets, entry, tip)
        if head.length != len(octets) or head.prefix_octets != copy.head.prefix_octets:
            raise NotAsListed
        with copy.file.open("rb") as stream:
            stream.seek(copy.head.length)
            start = stream.read(PAYLOAD_HEADER_BYTES)
        if not keys_to(head, start, self.seeds):
            return self.fetch(entry, tip, instead_of=copy)
        copy.rewrite(head)
        return "rewrapped"

    def fetch(
        self, entry: IndexEntry, tip: TipEntry | None, *, instead_of: Copy | None = None
    ) -> Followed:
        """Fetches, checks, and only then gives the object its name.

        What was joined of two downloads and is not one whole is fetched once more, whole.

        Raises:
            NotAsListed: there is no copy, or the old one stays.
            NotFound: it is gone from the door.
            Unreachable: cut off; what came is gone on from the next time.
        """
        partial = Partial.of(self.home, entry)
        joined = partial.fetch(self.door)
        try:
            followed = self._check(partial.file, entry, tip, instead_of, joined=joined)
        except NotAsListed:
            partial.drop()
            if not joined:
                raise
            return self.fetch(entry, tip, instead_of=instead_of)
        partial.keep_as(self.home.sealed(entry.object_id))
        return followed

    def _check(
        self,
        file: Path,
        entry: IndexEntry,
        tip: TipEntry | None,
        instead_of: Copy | None,
        *,
        joined: bool,
    ) -> Followed:
        """Holds what came, all of it, against what is listed and against the copy here."""
        with file.open("rb") as stream:
            first, octets = stream.read(HEAD_LIMIT), stream.seek(0, 2)
            if octets != entry.octets:
                raise NotAsListed
            head = _checked_head(first, entry, tip)
            if instead_of:
                _check_same(stream, head, instead_of, self.seeds)
            elif not _opens(stream, head, self.seeds):
                if joined:
                    raise NotAsListed
                return "doubtful"
        return "fetched"

    def take(
        self,
        entry: IndexEntry,
        tip: TipEntry | None,
        octets: Iterator[bytes],
    ) -> Followed:
        """Checks what came of an object, and only then gives it its name.

        Raises:
            NotAsListed: there is no copy.
        """
        with writing(self.home.sealed(entry.object_id)) as stream:
            head = _checked_head(_poured(octets, stream, entry.octets), entry, tip)
            return "fetched" if _opens(stream, head, self.seeds) else "doubtful"


def is_as_listed(copy: Copy, entry: IndexEntry) -> bool:
    """Whether a copy is in the state that the index names."""
    octets = copy.head.length + copy.payload_bytes
    return octets == entry.octets and copy.digest == entry.digest


def _poured(octets: Iterable[bytes], stream: BinaryIO, size_bytes: int) -> bytes:
    """Writes all of it, and returns as much as a head can be long."""
    first = b""
    written = 0
    for piece in octets:
        first += piece[: HEAD_LIMIT - len(first)]
        written += len(piece)
        if written > size_bytes:
            break
        stream.write(piece)
    if written != size_bytes:
        raise NotAsListed
    return first


def _checked_head(octets: bytes, entry: IndexEntry, tip: TipEntry | None) -> Head:
    """Holds a head against the index and the tip's own key."""
    try:
        head = envelope.parse_head(octets)
        envelope.check_payload_bytes(head.prefix.kind, entry.octets - head.length)
    except Malformed:
        raise NotAsListed from None
    prefix = head.prefix
    named = (prefix.object_id.hex(), prefix.tip_id.hex(), int(prefix.kind))
    if named != (entry.object_id, entry.tip_id, entry.kind) or digest_of(head) != entry.digest:
        raise NotAsListed
    if tip and tip.bundle and prefix.bundle_hash not in bundles_of(tip):
        raise NotAsListed
    return head


def _check_same(stream: BinaryIO, head: Head, old: Copy, seeds: Mapping[bytes, bytes]) -> None:
    """Refuses an object that does not open to the very octets that the old copy holds."""
    stream.seek(head.length)
    keys = keys_to(head, stream.read(PAYLOAD_HEADER_BYTES), seeds)
    stream.seek(head.length)
    new = _clear_digest(head, keys, pieces(stream))
    was = _clear_digest(old.head, old.keys(seeds), old.payload())
    # A copy that does not open to its end has nothing to lose.
    if new is None or was not in {new, None}:
        raise NotAsListed
    stream.seek(0, 2)


def _opens(stream: BinaryIO, head: Head, seeds: Mapping[bytes, bytes]) -> bool:
    """Whether an object opens to its end; where no key for it is here, nobody can say no."""
    found = dict(content_keys(head, seeds))
    if not found:
        return True
    stream.seek(head.length)
    start = stream.read(PAYLOAD_HEADER_BYTES)
    keys = {k: key for k, key in found.items() if belongs(key, head.prefix_octets, start)}
    stream.seek(head.length)
    opens = _clear_digest(head, keys, pieces(stream)) is not None
    stream.seek(0, 2)
    return opens


def _clear_digest(
    head: Head, keys: Mapping[bytes, bytes], payload: Iterable[bytes]
) -> bytes | None:
    """Over what a payload holds; None where it does not open to its end."""
    try:
        key = next(iter(keys.values()))
        return clear_digest(head.prefix_octets, key, payload)
    except (CannotOpen, StopIteration):
        return None

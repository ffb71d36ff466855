"""Reads the whole audit log and recomputes it: nothing in it is taken on the door's word.

    leaf      SHA-256(0x00 | nonce | event), or as told where the event was shredded
    tree      folded leaf by leaf; its root must be the one that the checkpoint signed
    event     of the day that its leaf says, in its one spelling
    signature by a key that could make requests when the deed was done

Who could make requests then is in the log itself: a directory counts from the leaf that vouches
for it. The one before it still counts for the deeds of requests that were on their way. Each is
fetched by its digest and believed only with the signatures of the pinned roots.

Memory holds the peaks of the tree and two directories, however long the log is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import events
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.events import Event
from mustshare_api.crypto.merkle import grown, leaf_hash, root_of
from mustshare_api.crypto.roots import Roots
from mustshare_api.errors import Malformed, MustShareError
from mustshare_api.keytool.staff_door.audit_log import AuditDoor, LeafEntry

_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class ReadLeaf:
    """One leaf as read. `event` is None where it was shredded; `by` is whose key signed it."""

    position: int
    event: Event | None
    by: str | None


class NotAsSigned(Exception):
    """The log is not what its checkpoint says, at some position. Its caller shouts."""

    def __init__(self, position: int, why: str) -> None:
        self.position = position
        self.why = why
        super().__init__()


@dataclass(slots=True)
class Reader:
    """One reading, from the first leaf to the last of a checkpoint."""

    door: AuditDoor
    roots: Roots
    checkpoint: Checkpoint
    _peaks: tuple[bytes, ...] = ()
    _in_force: list[Directory] = field(default_factory=list[Directory])

    def read(self) -> Iterator[ReadLeaf]:
        """Every leaf, checked; at the end the root.

        Raises:
            NotAsSigned: something does not hold.
            MustShareError: the door was not reached, or answers with nonsense.
        """
        count = 0
        for leaf in self.door.entries(self.checkpoint.size):
            if leaf.position != count:
                raise NotAsSigned(count, "missing")
            self._peaks = grown(count, self._peaks, bytes.fromhex(leaf.leaf_hash)).peaks
            count += 1
            yield self._checked(leaf)
        if count != self.checkpoint.size or root_of(self._peaks) != self.checkpoint.root:
            raise NotAsSigned(count, "root")

    def _checked(self, leaf: LeafEntry) -> ReadLeaf:
        if leaf.event is None or leaf.nonce is None:
            return ReadLeaf(leaf.position, None, None)
        octets = leaf.event.encode()
        if leaf_hash(bytes.fromhex(leaf.nonce) + octets).hex() != leaf.leaf_hash:
            raise NotAsSigned(leaf.position, "event")
        try:
            event = events.parse(octets)
        except Malformed:
            raise NotAsSigned(leaf.position, "event") from None
        if event.day != leaf.happened_on:
            raise NotAsSigned(leaf.position, "day")
        return ReadLeaf(leaf.position, event, self._who(leaf.position, event))

    def _who(self, position: int, event: Event) -> str | None:
        """The name of who did it; None for the server's own deeds."""
        if event.kid is None:
            self._take_up(position, event)
            return None
        for directory in self._in_force:
            entry = directory.requester(event.kid)
            if entry is not None and _signed(event, entry):
                return entry.name
        raise NotAsSigned(position, "signature")

    def _take_up(self, position: int, event: Event) -> None:
        words = event.did.split(" ")
        if words[0] != events.DIRECTORY_ACCEPTED:
            return
        try:
            digest = bytes.fromhex(words[-1]) if len(words) == _WORDS else b""
        except ValueError:
            raise NotAsSigned(position, "directory") from None
        self._in_force = [self._believed(position, digest), *self._in_force[:1]]

    def _believed(self, position: int, digest: bytes) -> Directory:
        octets = self.door.directory(digest)
        try:
            directory = notes.believe(octets, self.roots)
        except MustShareError:
            raise NotAsSigned(position, "directory") from None
        if directory.digest != digest:
            raise NotAsSigned(position, "directory")
        return directory


def _signed(event: Event, entry: Entry) -> bool:
    return event.holds(lambda _: entry.public_key)

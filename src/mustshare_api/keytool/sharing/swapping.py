"""Changes recipients at the door: from the head that was seen, or not at all.

    1. copy      as it is here, and the content key that opens it
    2. plan      which head it is to have; none: it is so already
    3. swap      PUT with the digest of the head the plan was made from
    4. changed?  somebody was quicker: fetch what they made of it, and plan again
    5. keep      the copy here is written anew, durably

Nothing is remembered of all this: what is done stands at the door, and a command that was
killed is run again. Between 3 and 5 the copy is behind the door; the next sync brings it up.

An object never leaves here without a stanza that opens for the officer's own seeds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mustshare_api.crypto.envelope import Head, parse_head
from mustshare_api.crypto.resealing import Resealer
from mustshare_api.errors import (
    CannotOpen,
    Malformed,
    MustShareError,
    NotFound,
    Unavailable,
    WrongMoment,
)
from mustshare_api.keytool.desk.copies import Copy, Follower, NotAsListed, digest_of, read_copy
from mustshare_api.keytool.desk.home import sync_folder, writing
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Refusal, Unreachable
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry

Swapped: TypeAlias = Literal["done", "already"]

Plan: TypeAlias = Callable[[Copy, Mapping[bytes, bytes]], Head | None]
"""The head an object is to have, from its copy and the content key by each kid that opens it;
None where it has that already."""

Recipients: TypeAlias = Callable[[Copy], Sequence[bytes]]
"""The public keys that an object is to be sealed anew to."""

_TRIES: Final = 8
"""How often somebody else may be quicker, object by object, before it looks like a fault."""

_CHANGED: Final = "object.changed"


@dataclass(slots=True)
class Tally:
    """What became of the objects that were gone through; `gone` ones were withdrawn since."""

    done: int = 0
    already: int = 0
    gone: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Swapper:
    """Changes one object after another."""

    follower: Follower
    tips: Mapping[str, TipEntry]

    def rewrap(self, entry: IndexEntry, plan: Plan) -> Swapped:
        """Puts the stanzas of the plan on an object.

        Raises:
            CannotOpen: `open.no_key`, no seed here opens it.
            Refusal: `share.own_key`, the plan would lock the officer out.
            WrongMoment: `object.changed`, again and again.
            NotFound: it is gone from the door.
            MustShareError: the door refused.
        """
        for _ in range(_TRIES):
            copy, keys = self._opened(entry)
            head = plan(copy, keys)
            if head is None or head.octets == copy.head.octets:
                return "already"
            self._check_own(head)
            try:
                stanzas = head.stanza_octets
                self.follower.door.replace_recipients(entry.object_id, stanzas, copy.digest)
            except WrongMoment as refused:
                self._catch_up(entry, copy, refused)
                continue
            copy.rewrite(head)
            return "done"
        raise WrongMoment(_CHANGED)

    def reseal(self, entry: IndexEntry, recipients_of: Recipients) -> Swapped:
        """Seals an object under a new content key, and puts it in its own place.

        Raises:
            MustShareError: as `rewrap`; `open.tampered` where the copy here is damaged.
        """
        for _ in range(_TRIES):
            copy, keys = self._opened(entry)
            key = next(iter(keys.values()))
            resealer = Resealer(copy.head.prefix, key, recipients_of(copy))
            self._check_own(resealer.head)
            try:
                self._put(entry, copy, resealer)
            except WrongMoment as refused:
                self._catch_up(entry, copy, refused)
                continue
            return "done"
        raise WrongMoment(_CHANGED)

    def _opened(self, entry: IndexEntry) -> tuple[Copy, dict[bytes, bytes]]:
        copy = read_copy(self.follower.home, entry.object_id)
        keys = copy.keys(self.follower.seeds) if copy else {}
        if copy is None or not keys:
            raise CannotOpen("open.no_key")
        return copy, keys

    def _check_own(self, head: Head) -> None:
        if head.kids.isdisjoint(self.follower.seeds):
            raise Refusal("share.own_key")

    def _put(self, entry: IndexEntry, copy: Copy, resealer: Resealer) -> None:
        """Writes the new object beside the old one, sends it, and then renames it."""
        file = self.follower.home.resealed(entry.object_id)
        try:
            with writing(file) as target:
                target.write(resealer.head.octets)
                target.writelines(resealer.update(piece) for piece in copy.payload())
                target.write(resealer.finalize())
            self.follower.door.replace_object(entry.object_id, file, copy.digest)
            file.replace(copy.file)
            sync_folder(copy.file.parent)
        finally:
            file.unlink(missing_ok=True)

    def _catch_up(self, entry: IndexEntry, copy: Copy, refused: WrongMoment) -> None:
        """Takes what somebody else made of the object, to plan from that."""
        if refused.code != _CHANGED:
            raise refused
        octets = self.follower.door.head(entry.object_id)
        try:
            head = parse_head(octets)
            size_bytes = head.length + copy.payload_bytes
            now = replace_listing(entry, digest_of(head), size_bytes)
            self.follower.catch_up(copy, now, self.tips.get(entry.tip_id), octets)
        except (Malformed, NotAsListed):
            raise Refusal("object.malformed", object=entry.object_id) from None


def each(
    entries: Sequence[IndexEntry],
    change: Callable[[IndexEntry], Swapped],
    console: Console,
    label: str,
) -> Tally:
    """Changes one object after another, with a bar. A refused one is a line and stops no other.

    Raises:
        Unreachable, Unavailable: the door is not there or is busy.
        Refusal: `file.cannot_write`, `file.cannot_read`; every other object would meet it too.
    """
    tally = Tally()
    progress = console.progress(label, len(entries))
    for entry in entries:
        try:
            swapped = change(entry)
        except (Unreachable, Unavailable):
            raise
        except NotFound:
            tally.gone += 1
        except MustShareError as refused:
            if refused.code.startswith("file."):
                raise
            tally.refused += 1
            _warn(console, entry, refused)
        else:
            tally.done += swapped == "done"
            tally.already += swapped == "already"
        progress.advance(1)
    progress.close()
    return tally


def _warn(console: Console, entry: IndexEntry, refused: MustShareError) -> None:
    values = refused.values if isinstance(refused, Refusal) else {}
    why = console.sentence(refused.code, **values)
    console.warn("share.refused", object=entry.object_id, why=why)


def replace_listing(entry: IndexEntry, digest: str, size_bytes: int) -> IndexEntry:
    """The listing of an object whose head was changed since."""
    return IndexEntry(
        entry.object_id, entry.tip_id, entry.kind, entry.received_on, size_bytes, digest
    )

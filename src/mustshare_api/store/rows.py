"""What goes into the table of sealed objects, and what is read back of it."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.domain.lifecycle import State
from mustshare_api.store.audit import NewLeaf

_STANZA_BYTES: Final = 1184
_KID_BYTES: Final = 16


def day_or_none(day: date) -> date | None:
    """A day as read; None for `infinity`, the one on which nothing ever happens."""
    return None if day == date.max else day


def kids_of(stanzas: bytes) -> frozenset[bytes]:
    """The key ids in a stanza block, whose form was checked before."""
    starts = range(1, len(stanzas), _STANZA_BYTES)
    return frozenset(stanzas[at : at + _KID_BYTES] for at in starts)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which objects somebody is shown: what is sealed to one of these keys, or every one.

    There is no default, so that nobody is shown all because a caller forgot to say whom.
    """

    kids: frozenset[bytes]
    everything: bool = False

    def holds(self, stanzas: bytes) -> bool:
        """Whether an object with these stanzas is shown."""
        return self.everything or not self.kids.isdisjoint(kids_of(stanzas))


EVERYTHING: Final = Reach(frozenset(), everything=True)


@dataclass(frozen=True, slots=True)
class NewEnvelope:
    """A sealed object to record; the payload of an attachment comes by itself, in pieces.

    Without a fingerprint a retry is known by its head, which no second sealing can equal.
    """

    object_id: bytes
    tip_id: bytes
    kind: int
    received_on: date
    prefix: bytes
    stanzas: bytes
    payload: bytes | None = None
    fingerprint: bytes | None = None
    follow_up_id: bytes | None = None

    @property
    def kids(self) -> frozenset[bytes]:
        """The keys it is sealed to."""
        return kids_of(self.stanzas)


@dataclass(frozen=True, slots=True)
class Beside:
    """An attachment that is recorded with another, or not at all."""

    envelope: NewEnvelope
    payload: AsyncIterable[bytes]


@dataclass(frozen=True, slots=True)
class Addition:
    """Who adds to a tip and what the tip may then hold.

    Attributes:
        access_hash: the reporter's; None for staff, who name the tip by its id.
        today: the Bangkok day.
        clocks: staff's; the day of expiry is put off to the one of the tip's state, never
            brought forward. A reporter has none: what they add has the clock stand still.
        limit_objects: of the same kind on this tip.
        limit_bytes: payload bytes of the same side on this tip.
        bundle_hash: staff's, of the bundle they sealed to; a tip whose receipt was rotated
            since takes nothing that its reporter can't open.
        leaf: what the audit log remembers of it, where it is a deed of staff.
        read: the hash over what the officer who answers has read of the tip; without the right
            one a clock that stands still goes on standing.
    """

    access_hash: bytes | None
    today: date
    clocks: Mapping[State, date]
    limit_objects: int
    limit_bytes: int
    leaf: NewLeaf | None = None
    bundle_hash: bytes | None = None
    read: bytes | None = None


@dataclass(frozen=True, slots=True)
class EnvelopeHead:
    """Everything about an object but its payload."""

    object_id: bytes
    tip_id: bytes
    kind: int
    received_on: date
    prefix: bytes
    stanzas: bytes
    payload_bytes: int
    follow_up_id: bytes | None

    @property
    def total_bytes(self) -> int:
        """The length of the whole object."""
        return len(self.prefix) + len(self.stanzas) + self.payload_bytes

    @property
    def octets(self) -> bytes:
        """What comes before the payload."""
        return self.prefix + self.stanzas

    @property
    def digest(self) -> bytes:
        """SHA-256 of that, by which the index tells one state of an object from another."""
        return hashlib.sha256(self.octets).digest()


@dataclass(frozen=True, slots=True)
class WaitingFollowUp:
    """A follow-up from staff that its reporter has not acknowledged."""

    object_id: bytes
    received_on: date
    octets: bytes


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A line of the staff's index. The digest is of prefix and stanzas."""

    object_id: bytes
    tip_id: bytes
    kind: int
    received_on: date
    total_bytes: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was at one moment; `part` reads its octets from one place to another."""

    head: EnvelopeHead
    part: Callable[[int, int], AsyncIterator[bytes]]

    @property
    def pieces(self) -> AsyncIterator[bytes]:
        """All of them, the head first."""
        return self.part(0, self.head.total_bytes)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Other stanzas for an object, and perhaps another payload of the same length.

    Attributes:
        was: the digest of prefix and stanzas that the object must still have.
        becomes: the digest that it has afterwards.
        today: the Bangkok day; nothing is changed on a tip that is due.
        payload: None where it stays; else called for the octets, and called again where the
            database has to be asked a second time.
        leaf: what the audit log remembers of it.
    """

    object_id: bytes
    tip_id: bytes
    was: bytes
    becomes: bytes
    stanzas: bytes
    today: date
    payload: Callable[[], AsyncIterable[bytes]] | None = None
    leaf: NewLeaf | None = None

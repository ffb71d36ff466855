"""What goes into the table of sealed objects, and what is read back of it."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import date


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
        extends_to: the day of expiry is put off to this one, never brought forward.
        limit_objects: of the same kind on this tip.
        limit_bytes: payload bytes of the same side on this tip.
        bundle_hash: staff's, of the bundle they sealed to; a tip whose receipt was rotated
            since takes nothing that its reporter can't open.
    """

    access_hash: bytes | None
    today: date
    extends_to: date
    limit_objects: int
    limit_bytes: int
    bundle_hash: bytes | None = None


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

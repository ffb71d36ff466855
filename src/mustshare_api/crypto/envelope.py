"""The layout of a sealed object, and its strict reader. Nothing here can open one.

    prefix, 72 B: never changes, and everything after it is bound to it
    +-------+---------+---------+----------+-----------+--------------+------------------+
    | MSO1  | suite 1 | kind    | flags    | tip id    | object id    | SHA-256 of the   |
    | 4 B   | u16 BE  | u8      | u8       | 16 B      | 16 B         | bundle, 32 B     |
    +-------+---------+---------+----------+-----------+--------------+------------------+
    stanzas: one a recipient, can be added and dropped without touching the rest
    +-----+------------------------------------------------------------------+
    | n   | n x ( kid 16 B | HPKE enc 1,120 B | wrapped content key 48 B )   |
    | u8  |                                                                  |
    +-----+------------------------------------------------------------------+
    payload: Cobblestone-256 under the content key, with the prefix as context
    +---------+---------------+----------------------------------------------+
    | salt    | commitment    | chunks of 16 KiB + 16 B tag, the last one    |
    | 24 B    | 32 B          | shorter than that                            |
    +---------+---------------+----------------------------------------------+

The direction is part of the kind, so that nothing a reporter wrote can be played back to them
as a word from staff. The bundle hash is there so that a body cannot be grafted onto the tip of
somebody who would like to read the answer.

Refused, always as `envelope.malformed`: another magic or suite, an unknown kind, an unknown
flag, a staff object that says the server sealed it, an agency's word that does not, no stanza
or more than sixteen, two stanzas for one key, anything short. Nothing is skipped over. Refused
as `envelope.not_padded`: a payload of a length that no padded content has.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from mustshare_api.crypto import padding
from mustshare_api.crypto.suite import KID_BYTES, SIGNATURE_BYTES
from mustshare_api.crypto.xwing import ENC_BYTES, TAG_BYTES
from mustshare_api.errors import CannotOpen, Malformed

MAGIC: Final = b"MSO1"
SUITE: Final = 1
ID_BYTES: Final = 16
HASH_BYTES: Final = 32
CONTENT_KEY_BYTES: Final = 32
WRAPPED_BYTES: Final = CONTENT_KEY_BYTES + TAG_BYTES

_PREFIX = struct.Struct(f">4sHBB{ID_BYTES}s{ID_BYTES}s{HASH_BYTES}s")
_STANZA = struct.Struct(f"{KID_BYTES}s{ENC_BYTES}s{WRAPPED_BYTES}s")

PREFIX_BYTES: Final = _PREFIX.size
STANZA_BYTES: Final = _STANZA.size

MAX_STANZAS: Final = 16
"""Five officers, an escrow key and as many again while keys are handed over."""

HEAD_LIMIT: Final = PREFIX_BYTES + 1 + MAX_STANZAS * STANZA_BYTES
"""The longest head: whoever streams an object reads at most this before `parse_head`."""

SERVER_SEALED: Final = 1
"""Flag: the server saw this in clear while sealing it. Staff are shown it."""

CHUNK_BYTES: Final = 16384
PAYLOAD_HEADER_BYTES: Final = 56


class Kind(IntEnum):
    """What an object is and which way it goes."""

    TIP = 1
    FOLLOW_UP_FROM_REPORTER = 2
    FOLLOW_UP_FROM_STAFF = 3
    ATTACHMENT_FROM_REPORTER = 4
    ATTACHMENT_FROM_STAFF = 5
    DESK_ENTRY = 6
    DOCKET = 7
    DRAFT = 8
    AGENCY_WORD = 9

    @property
    def is_attachment(self) -> bool:
        """Whether it carries a file: unsigned, as a signed message names its digest."""
        return self in {Kind.ATTACHMENT_FROM_REPORTER, Kind.ATTACHMENT_FROM_STAFF}

    @property
    def is_from_staff(self) -> bool:
        """Whether it goes from staff to a reporter."""
        return self in {Kind.FOLLOW_UP_FROM_STAFF, Kind.ATTACHMENT_FROM_STAFF, Kind.DOCKET}

    @property
    def is_by_staff(self) -> bool:
        """Whether staff seal it, on their own machines: to a reporter, or among themselves."""
        return self.is_from_staff or self in {Kind.DESK_ENTRY, Kind.DRAFT}

    @property
    def is_signed(self) -> bool:
        """Whether its author signs it; what an agency signed of its word lies inside."""
        return not self.is_attachment and self is not Kind.AGENCY_WORD

    @property
    def floor_bytes(self) -> int:
        """The least padded size of its content."""
        return padding.ATTACHMENT_FLOOR if self.is_attachment else padding.TEXT_FLOOR

    @property
    def signature_bytes(self) -> int:
        """How much of the opened payload comes before the content."""
        return SIGNATURE_BYTES if self.is_signed else 0

    def may_have(self, flags: int) -> bool:
        """Whether an object of this kind may carry these flags."""
        return flags in {int(self is Kind.AGENCY_WORD), int(not self.is_by_staff)}


@dataclass(frozen=True, slots=True)
class Prefix:
    """The 72 bytes that say what an object is and where it belongs."""

    kind: Kind
    flags: int
    tip_id: bytes
    object_id: bytes
    bundle_hash: bytes

    def encode(self) -> bytes:
        """The 72 bytes.

        Raises:
            Malformed: a field that no prefix can hold.
        """
        lengths = (len(self.tip_id), len(self.object_id), len(self.bundle_hash))
        if lengths != (ID_BYTES, ID_BYTES, HASH_BYTES) or not self.kind.may_have(self.flags):
            raise Malformed("envelope.malformed")
        return _PREFIX.pack(
            MAGIC, SUITE, self.kind, self.flags, self.tip_id, self.object_id, self.bundle_hash
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """What an opener asked for, against which the stored prefix is held."""

    kind: Kind
    tip_id: bytes
    object_id: bytes
    bundle_hash: bytes

    def check(self, prefix: Prefix) -> None:
        """Refuses any other object.

        Raises:
            CannotOpen: the object is another kind, or belongs to another tip, place or bundle.
        """
        stored = Expected(prefix.kind, prefix.tip_id, prefix.object_id, prefix.bundle_hash)
        if stored != self:
            raise CannotOpen("open.wrong_prefix")


@dataclass(frozen=True, slots=True)
class Stanza:
    """The content key, wrapped to one recipient."""

    kid: bytes
    enc: bytes
    wrapped: bytes

    def encode(self) -> bytes:
        """The 1,184 bytes.

        Raises:
            Malformed: a field of another length than the layout gives it.
        """
        lengths = (len(self.kid), len(self.enc), len(self.wrapped))
        if lengths != (KID_BYTES, ENC_BYTES, WRAPPED_BYTES):
            raise Malformed("envelope.malformed")
        return _STANZA.pack(self.kid, self.enc, self.wrapped)

    @property
    def sealed_key(self) -> bytes:
        """The content key as HPKE made it."""
        return self.enc + self.wrapped


@dataclass(frozen=True, slots=True)
class Head:
    """Everything before the payload. `stanza_octets` begins with the count."""

    prefix: Prefix
    prefix_octets: bytes
    stanzas: tuple[Stanza, ...]
    stanza_octets: bytes

    @classmethod
    def of(cls, prefix: Prefix, stanzas: tuple[Stanza, ...]) -> Self:
        """The head of these parts.

        Raises:
            Malformed: no stanza, too many, two for one key, or a field of a wrong length.
        """
        distinct = {stanza.kid for stanza in stanzas}
        if not 1 <= len(stanzas) <= MAX_STANZAS or len(distinct) != len(stanzas):
            raise Malformed("envelope.malformed")
        octets = bytes([len(stanzas)]) + b"".join(stanza.encode() for stanza in stanzas)
        return cls(prefix, prefix.encode(), stanzas, octets)

    @property
    def octets(self) -> bytes:
        """The head as it is stored."""
        return self.prefix_octets + self.stanza_octets

    @property
    def length(self) -> int:
        """How many bytes come before the payload."""
        return len(self.prefix_octets) + len(self.stanza_octets)

    @property
    def kids(self) -> frozenset[bytes]:
        """The keys it is sealed to."""
        return frozenset(stanza.kid for stanza in self.stanzas)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A whole object in memory."""

    head: Head
    payload: bytes


def parse_prefix(octets: bytes) -> Prefix:
    """Reads exactly 72 bytes.

    Raises:
        Malformed: anything that `Prefix.encode` would not have written.
    """
    if len(octets) != PREFIX_BYTES:
        raise Malformed("envelope.malformed")
    magic, suite, kind, flags, tip_id, object_id, bundle = _PREFIX.unpack(octets)
    if magic != MAGIC or suite != SUITE or kind not in set(Kind):
        raise Malformed("envelope.malformed")
    prefix = Prefix(Kind(kind), flags, tip_id, object_id, bundle)
    prefix.encode()
    return prefix


def parse_head(octets: bytes) -> Head:
    """Reads the head at the beginning of an object; what follows it is not looked at.

    Raises:
        Malformed: no head stands there, or only part of one.
    """
    prefix = parse_prefix(octets[:PREFIX_BYTES])
    count = int.from_bytes(octets[PREFIX_BYTES : PREFIX_BYTES + 1])
    end = PREFIX_BYTES + 1 + count * STANZA_BYTES
    if count > MAX_STANZAS or len(octets) < end:
        raise Malformed("envelope.malformed")
    fields = _STANZA.iter_unpack(octets[PREFIX_BYTES + 1 : end])
    return Head.of(prefix, tuple(Stanza(*field) for field in fields))


def parse_envelope(octets: bytes) -> Envelope:
    """Reads a whole object.

    Raises:
        Malformed: no head, or a payload of a length that no padded content has.
    """
    head = parse_head(octets)
    payload = octets[head.length :]
    check_payload_bytes(head.prefix.kind, len(payload))
    return Envelope(head, payload)


def parse_detached_head(octets: bytes) -> Head:
    """Reads a head that is kept apart from its payload, as that of an attachment is.

    Raises:
        Malformed: no head, or anything after it.
    """
    head = parse_head(octets)
    if head.length != len(octets):
        raise Malformed("envelope.malformed")
    return head


def payload_bytes_for(kind: Kind, content_bytes: int) -> int:
    """How long the payload of such an object is."""
    plain = kind.signature_bytes + padding.padded_bytes(content_bytes, kind.floor_bytes)
    return PAYLOAD_HEADER_BYTES + plain + TAG_BYTES * (plain // CHUNK_BYTES + 1)


def check_payload_bytes(kind: Kind, payload_bytes: int) -> None:
    """Refuses a payload length that would tell how long the content is.

    Raises:
        Malformed: no padded content of this kind is sealed in so many bytes.
    """
    body = payload_bytes - PAYLOAD_HEADER_BYTES
    whole_chunks, last = divmod(body, CHUNK_BYTES + TAG_BYTES)
    plain = whole_chunks * CHUNK_BYTES + last - TAG_BYTES
    padded = plain - kind.signature_bytes
    if last < TAG_BYTES or not padding.is_padded_size(padded, kind.floor_bytes):
        raise Malformed("envelope.not_padded")

"""What travels as JSON by the staff door."""

import msgspec


class IndexedObject(msgspec.Struct, frozen=True):
    """One sealed object; `digest` is SHA-256 over prefix and stanzas."""

    object_id: str
    tip_id: str
    kind: int
    received_on: str
    octets: int
    digest: str


class Index(msgspec.Struct, frozen=True):
    """A page of the index, in the order of random ids."""

    objects: list[IndexedObject]
    next: str | None


class ListedTip(msgspec.Struct, frozen=True):
    """One tip; `bundle` is null for one that was withdrawn or has expired.

    `rotations` is how often its receipt was exchanged for a new one.
    """

    tip_id: str
    state: str
    received_on: str
    expires_on: str
    answered: bool
    bundle: str | None
    rotations: int


class TipList(msgspec.Struct, frozen=True):
    """A page of tips, in the order of random ids."""

    tips: list[ListedTip]
    next: str | None

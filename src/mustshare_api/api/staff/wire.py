"""What travels as JSON by the staff door."""

import base64

import msgspec

from mustshare_api.store.rows import IndexEntry
from mustshare_api.store.tips import TipRow


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

    `rotations` is how often its receipt was exchanged for a new one, `steps` how many steps
    staff have made with it.
    """

    tip_id: str
    state: str
    received_on: str
    expires_on: str
    answered: bool
    bundle: str | None
    rotations: int
    steps: int


class TipList(msgspec.Struct, frozen=True):
    """A page of tips, in the order of random ids."""

    tips: list[ListedTip]
    next: str | None


class LogHead(msgspec.Struct, frozen=True):
    """How the audit log stands: its leaves, and the root over them in hex."""

    size: int
    root: str


class Changes(msgspec.Struct, frozen=True):
    """What came or was changed on a day or since.

    `on` is the Bangkok day by this service. `complete` is false where `since` lies so far back
    that tips which are gone may be told of no more: then compare with the index. `log` and
    `directory` (the digest of the one in force) tell whether there is reason to look at those.
    """

    on: str
    complete: bool
    tips: list[ListedTip]
    objects: list[IndexedObject]
    log: LogHead
    directory: str
    next: str | None


def listed_tip(row: TipRow) -> ListedTip:
    """A tip as it travels."""
    return ListedTip(
        row.tip_id.hex(),
        row.state,
        row.received_on.isoformat(),
        row.expires_on.isoformat(),
        row.answered,
        base64.b64encode(row.bundle).decode() if row.bundle else None,
        row.rotations,
        row.steps,
    )


def indexed_object(row: IndexEntry) -> IndexedObject:
    """A line of the index as it travels."""
    return IndexedObject(
        row.object_id.hex(),
        row.tip_id.hex(),
        row.kind,
        row.received_on.isoformat(),
        row.total_bytes,
        row.digest.hex(),
    )

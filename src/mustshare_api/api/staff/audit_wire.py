"""What travels as JSON about the audit log. Hashes and nonces are lower-case hex."""

import msgspec


class LoggedEvent(msgspec.Struct, frozen=True):
    """One leaf; `nonce` and `event` are null once the event was shredded."""

    position: int
    leaf_hash: str
    happened_on: str
    nonce: str | None
    event: str | None


class Entries(msgspec.Struct, frozen=True):
    """Leaves in order."""

    entries: list[LoggedEvent]


class Inclusion(msgspec.Struct, frozen=True):
    """A leaf and its proof in the tree of a size, the lowest hash first."""

    leaf: LoggedEvent
    size: int
    proof: list[str]


class Consistency(msgspec.Struct, frozen=True):
    """A proof, as RFC 9162 orders it."""

    proof: list[str]

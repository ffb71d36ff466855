"""What a reporter and staff may believe, from the answers they got and from nothing else.

sent   the request left; whether it was stored nobody knows
kept   it was acknowledged: it is stored, once, until it is taken away
going  taking it away was asked for; whether that happened nobody knows
gone   taking it away was acknowledged: it is not stored, and never comes back
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from mustshare_api.crypto.receipts import ReceiptKeys


class Belief(Enum):
    """What is known of a thing."""

    SENT = "sent"
    KEPT = "kept"
    GOING = "going"
    GONE = "gone"


@dataclass(frozen=True)
class Request:
    """What is sent, and sent again to the byte."""

    method: str
    target: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    door: str = "reporter"
    by: int = 0
    """Which officer, at the staff door."""


@dataclass
class Thing:
    """Something on a tip: a follow-up, an attachment, or a reply."""

    what: str
    said: str
    """A text, or the SHA-256 of the file as it was sent."""

    request: Request
    sealed_on: date | None = None
    """The day on which its sender sealed it; None where the server does."""

    belief: Belief = Belief.SENT
    names: tuple[str, ...] = ()
    """Of a reply, the ids of files that came with it."""

    overtaken: bool = False
    """Made under a receipt that was exchanged since, before it was known to be stored."""


@dataclass
class Tip:
    """A tip and all that is on it."""

    text: str
    request: Request
    sealed_on: date | None = None
    digits: str | None = None
    keys: ReceiptKeys | None = None
    belief: Belief = Belief.SENT
    active_from: date = date.min
    """The last day on which something is known to have been added."""

    active_to: date = date.min
    """The last day on which something may have been."""

    read: set[frozenset[bytes]] = field(default_factory=set)
    """All that its reporter had sent, each time that staff said to have read all of it."""

    staff_from: date = date.max
    """The first day on which staff may have seen to it: before, no clock runs."""

    things: dict[str, Thing] = field(default_factory=dict)
    left: list[ReceiptKeys] = field(default_factory=list)
    """The keys of receipts that were exchanged, the first one first."""

    @property
    def careful(self) -> bool:
        """Whether its front end derives and seals by itself."""
        return self.sealed_on is not None

    @property
    def usable(self) -> bool:
        """Whether its reporter has what they need to come back, and reason to."""
        return self.belief is Belief.KEPT and self.keys is not None

    def on_it(self, what: str, *beliefs: Belief) -> dict[str, Thing]:
        """The things of a kind of which one of these is believed."""
        return {
            object_id: thing
            for object_id, thing in self.things.items()
            if thing.what == what and thing.belief in beliefs
        }

"""What the staff door takes of desk entries, and what it says became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.crypto import frames
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Id

BATCH: Final = 100
"""Entries that the door takes at a time."""

BATCH_BYTES: Final = 8 << 20


class NotedEntry(msgspec.Struct):
    """One entry: 200 new, 208 there already; not taken with 409 or 429, and why."""

    object_id: Id
    status: Annotated[int, Meta(ge=100, le=599)]
    code: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the door has it, since now or since before."""
        return self.status in {200, 208}


class _Noted(msgspec.Struct):
    entries: list[NotedEntry]


@dataclass(frozen=True, slots=True)
class DeskDoor:
    """The desk's side of a door."""

    door: Door

    def note(self, entries: Sequence[bytes]) -> list[NotedEntry]:
        """Hands sealed entries in, and says what became of each, in their order.

        The same again is no harm: where this raises, send all of them again as they are.

        Raises:
            MustShareError: the door refused a batch, or was not reached.
        """
        told: list[NotedEntry] = []
        for batch in batches(entries):
            answer = self.door.hand_in("/v1/desk/entries", frames.joined(batch))
            told += _read(answer, len(batch))
        return told


def batches(entries: Sequence[bytes]) -> list[list[bytes]]:
    """Entries in as few requests as they fit in."""
    made: list[list[bytes]] = []
    size = 0
    for octets in entries:
        framed = len(octets) + frames.LENGTH_BYTES
        if not made or len(made[-1]) == BATCH or size + framed > BATCH_BYTES:
            made.append([])
            size = 0
        made[-1].append(octets)
        size += framed
    return made


def _read(answer: bytes, count: int) -> list[NotedEntry]:
    entries = read_as(answer, _Noted).entries
    if len(entries) != count:
        raise Refusal("door.nonsense")
    return entries

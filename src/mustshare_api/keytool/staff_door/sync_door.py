"""What the staff door tells a tool that syncs: what changed since a day, and many messages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from mustshare_api.crypto import frames
from mustshare_api.crypto.envelope import HEAD_LIMIT, parse_head
from mustshare_api.errors import Malformed
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import ChangesPage

PAGE: Final = 2000
BATCH: Final = 500
"""Messages that are asked for at a time; how many of them come is for the door to say."""

_MESSAGE_LIMIT_BYTES: Final = 1 << 22
"""As much as is opened of one. A door takes far less, but one that it took once has to come: it
would be in the way of every other of its batch, at every sync."""

_TAG: Final = re.compile(r'"[0-9a-f]{64}"')


@dataclass(frozen=True, slots=True)
class Told:
    """A page of changes, and the tag that it is known by."""

    page: ChangesPage
    tag: str


@dataclass(frozen=True, slots=True)
class SyncDoor:
    """The sync's side of a door."""

    door: Door

    def changes(self, since: date, after: str, tag: str) -> Told | None:
        """A page; None where it still is the one of this tag.

        Raises:
            Refusal: `door.nonsense`.
            MustShareError: the door refused, or was not reached.
        """
        query: dict[str, str | int] = {"since": since.isoformat(), "limit": PAGE}
        if after:
            query["after"] = after
        found = self.door.ask_if_other("/v1/changes", query, tag)
        if found is None:
            return None
        own, octets = found
        page = read_as(octets, ChangesPage)
        return Told(page, own if _TAG.fullmatch(own) else "")

    def messages(
        self, object_ids: Sequence[str]
    ) -> Iterator[tuple[list[str], dict[str, bytes] | None]]:
        """Messages, as many at a time as come: the ids that are settled, and what came.

        What stands before the last that came, and did not, is not there. Where the door sent
        nothing at all, or something that is no object or another than was asked for, None
        comes with the ids of that batch: each is to be asked for by itself. A body that was
        lost on its way would else take five hundred messages off the list.

        Raises:
            Refusal: `door.nonsense`, no frames.
            MustShareError: the door refused, or was not reached.
        """
        left = list(object_ids)
        while left:
            asked = left[:BATCH]
            found = self._batch(asked)
            # What was asked before the last that came is not there, or would have come.
            settled = asked[: max(map(asked.index, found)) + 1] if found else asked
            yield settled, found
            del left[: len(settled)]

    def _batch(self, asked: list[str]) -> dict[str, bytes] | None:
        wanted = msgspec.json.encode({"ids": asked})
        body = self.door.hand_in("/v1/objects/batch", wanted)
        if not body:
            return None
        try:
            sent = frames.read(body, most=len(asked), limit_bytes=_MESSAGE_LIMIT_BYTES)
        except Malformed:
            raise Refusal("door.nonsense") from None
        try:
            found = {
                parse_head(octets[:HEAD_LIMIT]).prefix.object_id.hex(): octets
                for octets in sent
            }
        except Malformed:
            return None
        return found if found.keys() <= set(asked) else None

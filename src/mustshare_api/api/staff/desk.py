"""The staff door's route for desk entries: what officers note among themselves, sealed.

Many at once, because an officer works without a network and sends when there is one; each told
apart, because one that cannot be taken must not keep the others from being.
"""

from typing import Any

import msgspec
from litestar import Response, post

from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.staff.permissions import WRITE_DESK
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.flows import desk

MULTI_STATUS = 207


class NotedEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one entry: 200 new, 208 there already, 409 and 429 not taken.

    `code` says why one was not taken, in the words of the problems.
    """

    object_id: str
    status: int
    code: str | None = None


class NotedEntries(msgspec.Struct, frozen=True):
    """Each entry, in the order in which they were sent."""

    entries: list[NotedEntry]


@post(
    "/v1/desk/entries",
    status_code=MULTI_STATUS,
    operation=Operation(
        "noteEntries",
        "Add desk entries",
        f"Sealed objects of kind desk entry, 1 to {desk.MOST}, as frames: a length of 4 bytes, "
        "big-endian, then the octets. Each to every current recipient and not to the reporter, "
        "who never sees one. Send what got no answer again as it was: 208 is as good as 200. "
        "409 with `id.in_use`, `tip.not_found`, `envelope.wrong_tip` or "
        "`envelope.wrong_recipients`, and 429 with `tip.full`, concern that entry alone.",
        {MULTI_STATUS: Answer("What became of each.", NotedEntries)},
        takes=(Octets("The frames."),),
        problems=(
            *SIGNED_DEED,
            "frames.malformed",
            "envelope.malformed",
            "envelope.not_padded",
            "envelope.wrong_kind",
            "directory.no_recipients",
        ),
        credential="staff",
    ),
    permission=WRITE_DESK,
)
async def note_entries(request: AnyRequest) -> Response[bytes]:
    """Takes desk entries."""
    body = await signed_body(request, desk.BODY_LIMIT)
    noted = await desk.note(state_of(request).bench, admitted(request), body)
    entries = [NotedEntry(one.object_id.hex(), one.status, one.code) for one in noted]
    return json_answer(NotedEntries(entries), MULTI_STATUS)


ROUTES: list[Any] = [note_entries]

"""The staff door's route for pictures of staff's own: stripped, handed back, never stored."""

import os
from contextlib import ExitStack
from typing import Any

from litestar import post

from mustshare_api.api import choices
from mustshare_api.api.answers import OctetStream, state_of
from mustshare_api.api.bodies import AnyRequest, content_type, is_of_a_file, stream
from mustshare_api.api.catalogue.sets import PICTURE, SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.staff.permissions import STRIP_PICTURES
from mustshare_api.api.staff.signed import admitted, digested
from mustshare_api.domain.evidence import Choice
from mustshare_api.errors import Malformed, Unsupported
from mustshare_api.flows import staff_pictures
from mustshare_api.flows.parking import chunks_of
from mustshare_api.media import gates
from mustshare_api.media.sniff import MEDIA_TYPES
from mustshare_api.media.strip import Stripped

OUT = tuple(dict.fromkeys(gates.MEDIA_TYPES.values()))


@post(
    "/v1/pictures",
    status_code=200,
    operation=Operation(
        "stripPicture",
        "Strip a picture of your own",
        "The bytes of a picture as they are; the answer is the same picture redrawn without "
        "anything beside it. Nothing of it is stored, so nothing is in the audit log. What "
        "kind a file is, its bytes tell, not its Content-Type.",
        {
            200: Answer(
                "The picture. `Removed` names the kinds of hidden data that were there, as a "
                "list of tokens (RFC 9651): `Removed: location, camera`. It is absent where "
                "there were none.",
                Octets("A JPEG or PNG, a PDF, an MP4 or an MP3.", OUT),
            )
        },
        takes=(
            Octets(
                "A picture, document, video or recording.",
                ("application/octet-stream", *MEDIA_TYPES.values()),
            ),
        ),
        parameters=(choices.FIRST_FRAME,),
        problems=(*SIGNED_DEED, *PICTURE, "choice.malformed"),
        credential="staff",
    ),
    permission=STRIP_PICTURES,
)
async def strip_picture(request: AnyRequest) -> OctetStream:
    """Strips a picture and hands it back."""
    door, kind = state_of(request), content_type(request)
    if not is_of_a_file(kind):
        raise Unsupported("request.wrong_content_type")
    choice = choices.chosen(request)
    if choice != Choice(first_frame=choice.first_frame):
        raise Malformed("choice.malformed")
    chunks = stream(request, door.bench.limits.attachment_bytes, door.patience)
    stripped = await staff_pictures.strip_picture(
        door.bench,
        admitted(request).entry.kid,
        digested(request, chunks),
        first_frame=choice.first_frame,
    )
    return _answer(stripped, door.patience.idle_s)


def _answer(stripped: Stripped, idle_s: float) -> OctetStream:
    held = ExitStack()
    held.callback(os.close, stripped.fd)
    removed = {"removed": ", ".join(stripped.removed)} if stripped.removed else {}
    chunks = chunks_of(stripped.fd)
    return OctetStream(chunks, stripped.size_bytes, idle_s, held, stripped.media_type, removed)


ROUTES: list[Any] = [strip_picture]

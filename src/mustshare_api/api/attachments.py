"""Reporter routes for files, both ways."""

from contextlib import ExitStack
from typing import Any

from litestar import Response, get, put
from litestar.params import FromPath

from mustshare_api.api import choices, credentials, wire
from mustshare_api.api.answers import (
    OctetStream,
    even_answer,
    state_of,
)
from mustshare_api.api.bodies import (
    AnyRequest,
    content_type,
    is_of_a_file,
    stream,
)
from mustshare_api.api.catalogue.sets import ATTACHED, RECEIPT
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.operation import Answer, Octets, Operation, id_in_path
from mustshare_api.errors import Unsupported
from mustshare_api.flows import attach, fetch
from mustshare_api.flows.credentials import claim
from mustshare_api.media.sniff import MEDIA_TYPES


@put(
    "/v1/tip/attachments/{attachment_id:str}",
    status_code=201,
    operation=Operation(
        "sendAttachment",
        "Attach a file",
        "The bytes of a picture, document, video or recording as they are, whatever their "
        "metadata: they are redrawn or packed anew without it and "
        "sealed; or a sealed object of kind attachment. The id is yours, so that a retry is "
        "the same file. "
        "What kind a file is, its bytes tell, not its Content-Type. Of a sealed object there "
        "is nothing that `keep` could keep.",
        {
            201: Answer(
                "Stored; what kinds of hidden data were removed, and what was kept.",
                wire.AttachmentTaken,
                example={
                    "id": "9f1c0e6b5a4d4c7e8f00112233445566",
                    "sealed": False,
                    "media_type": "image/jpeg",
                    "width": 4000,
                    "height": 3000,
                    "removed": ["location", "camera", "thumbnail"],
                    "kept": ["location"],
                },
            )
        },
        takes=(
            Octets(
                "A file of a type that `GET /v1/intake` lists, or a sealed object of kind "
                "attachment.",
                ("application/octet-stream", *MEDIA_TYPES.values()),
            ),
        ),
        parameters=(
            *STANDING,
            id_in_path("attachment_id", "128 random bits that you make."),
            *choices.PARAMETERS,
        ),
        problems=(*RECEIPT, *ATTACHED, "id.malformed", "choice.malformed"),
        credential="receipt",
    ),
)
async def send_attachment(request: AnyRequest, attachment_id: FromPath[str]) -> Response[bytes]:
    """Takes a file onto a tip."""
    door = state_of(request)
    kind = content_type(request)
    if not is_of_a_file(kind):
        raise Unsupported("request.wrong_content_type")
    object_id, choice = credentials.id_of(attachment_id), choices.chosen(request)
    claimed = await claim(door.bench, credentials.presented(request))
    body = stream(request, attach.sealed_limit(door.bench), door.patience)
    attached = await attach.attach(door.bench, claimed, object_id, body, choice)
    return even_answer(wire.taken_file(object_id, attached), 201)


@get(
    "/v1/tip/attachments/{attachment_id:str}",
    operation=Operation(
        "fetchAttachment",
        "Fetch a file from staff",
        "Opened for whoever presents the receipt, sealed for whoever presents an access token. "
        "Compare its "
        "SHA-256 with the one in the follow-up that names it.",
        {200: Answer("The file.", Octets("The file, opened or sealed."))},
        parameters=(*STANDING, id_in_path("attachment_id", "As the follow-up names it.")),
        problems=(*RECEIPT, "id.malformed", "attachment.not_found", "upload.busy"),
        credential="receipt",
    ),
)
async def fetch_attachment(request: AnyRequest, attachment_id: FromPath[str]) -> OctetStream:
    """Hands out a file that staff sent."""
    bench = state_of(request).bench
    object_id = credentials.id_of(attachment_id)
    claimed = await claim(bench, credentials.presented(request))
    with ExitStack() as kept:
        parked = kept.enter_context(bench.parking.park())
        await fetch.fetch(bench, claimed, object_id, parked)
        size, idle_s = parked.size_bytes, state_of(request).patience.idle_s
        return OctetStream(parked.handed_out(), size, idle_s, kept.pop_all())


ROUTES: list[Any] = [send_attachment, fetch_attachment]

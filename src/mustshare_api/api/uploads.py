"""Reporter routes for a file that comes in pieces, shaped like the IETF's resumable uploads.

    POST     begin, or find again      201   Upload-Offset
    HEAD     how far it has come       200   Upload-Offset, Upload-Length, Upload-Complete
    PATCH    the next chunk            204   Upload-Offset; with the last 201 as for a PUT
    DELETE   give up                   204

One path for all: which upload is meant stands in `Upload-Token`, for it is also the key under
which the chunks wait, and a path is written into logs that a header is not. HEAD reaches the
same handler as GET.
"""

import re
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, patch, post
from msgspec import Meta

from mustshare_api.api import credentials, wire
from mustshare_api.api.answers import empty_answer, even_answer, state_of
from mustshare_api.api.bodies import (
    JSON,
    OCTETS,
    AnyRequest,
    content_type,
    decode,
    read,
    stream,
)
from mustshare_api.api.catalogue.sets import ATTACHED, RECEIPT
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.ids import Id
from mustshare_api.api.operation import Answer, Octets, Operation, Parameter
from mustshare_api.api.problems import handle
from mustshare_api.api.sizes import even
from mustshare_api.domain.evidence import Closeness, Part, choose
from mustshare_api.domain.lanes import Errand
from mustshare_api.errors import Malformed, Unsupported
from mustshare_api.flows import uploads
from mustshare_api.flows.credentials import claim
from mustshare_api.flows.pictures import Attached
from mustshare_api.flows.uploads import Upload, WrongOffset

_OFFSET = re.compile(r"[0-9]{1,15}")
_CHUNK_MIN_BYTES = 1

TOKEN = Parameter(
    "Upload-Token",
    "header",
    "32 random bytes that you make, base64url without padding. It names the upload and is the "
    "key under which its chunks wait: keep it out of every log.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"},
    required=True,
)
OFFSET = Parameter(
    "Upload-Offset",
    "header",
    "How many bytes of the file come before this chunk.",
    {"type": "string", "pattern": "^[0-9]{1,15}$"},
    required=True,
)


class NewUpload(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What will be uploaded. The id is the attachment's, so that a retry is the same file."""

    id: Id
    # 177.0 is an integer to JSON Schema, so it has to be one here.
    size_bytes: Annotated[
        float, Meta(ge=1, le=2**40, multiple_of=1, description="A whole number of bytes.")
    ]
    keep: Annotated[
        list[Part],
        Meta(
            max_length=len(Part),
            description="See sendAttachment.",
            extra_json_schema={"uniqueItems": True},
        ),
    ] = []
    location: Closeness | None = None
    first_frame: bool = False


class UploadView(msgspec.Struct, frozen=True):
    """How far an upload has come. `expires_on` is the first Bangkok day on which it is gone."""

    id: Id
    offset: int
    size_bytes: int
    complete: bool
    chunk_min_bytes: int
    chunk_max_bytes: int
    expires_on: str


_NEW_UPLOAD = msgspec.json.Decoder(NewUpload, strict=True)
_TOKEN_PROBLEMS = (*RECEIPT, "upload.bad_token", "upload.not_found")


@post(
    "/v1/tip/uploads",
    operation=Operation(
        "beginUpload",
        "Begin a file in pieces",
        "For connections that do not last. The same token with the same body is the same "
        "upload, however often; the answer tells how far it has come. What is parked is "
        "ciphertext whose key, the token, is stored nowhere.",
        {201: Answer("Begun, or found again. `Upload-Offset` likewise.", UploadView)},
        takes=(NewUpload,),
        example={"id": "9f1c0e6b5a4d4c7e8f00112233445566", "size_bytes": 8_388_608},
        parameters=(*STANDING, TOKEN),
        problems=(
            *RECEIPT,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "choice.malformed",
            "upload.bad_token",
            "upload.in_use",
            "upload.too_many",
            "attachment.too_large",
            "upload.busy",
        ),
        credential="receipt",
    ),
)
async def begin_upload(request: AnyRequest) -> Response[bytes]:
    """Begins an upload."""
    door = state_of(request)
    if content_type(request) != JSON:
        raise Unsupported("request.wrong_content_type")
    token = credentials.upload_token(request)
    limit_bytes = door.bench.limits.json_bytes
    body = await read(request, limit_bytes, door.patience, door.bench.parking)
    wanted = decode(body, _NEW_UPLOAD)
    choice = choose(wanted.keep, wanted.location, first_frame=wanted.first_frame)
    about = (credentials.id_of(wanted.id), int(wanted.size_bytes), choice)
    claimed = await claim(door.bench, credentials.presented(request))
    bench = door.bench
    await uploads.look_for_room(bench, claimed, token)
    async with bench.each_tip.turn(claimed.tip.tip_id), bench.beginnings.turn(Errand.TIP):
        upload = await uploads.begin(bench, claimed, token, about)
    return _view(request, upload, 201)


@get(
    "/v1/tip/uploads",
    operation=Operation(
        "showUpload",
        "See how far an upload has come",
        "HEAD gets the same headers: `Upload-Offset`, `Upload-Length`, `Upload-Complete: ?0` "
        "or `?1`.",
        {200: Answer("The upload.", UploadView)},
        parameters=(*STANDING, TOKEN),
        problems=_TOKEN_PROBLEMS,
        credential="receipt",
    ),
)
async def show_upload(request: AnyRequest) -> Response[bytes]:
    """How far an upload has come."""
    bench, token = state_of(request).bench, credentials.upload_token(request)
    claimed = await claim(bench, credentials.presented(request))
    return _view(request, await uploads.look(bench, claimed, token), 200)


@patch(
    "/v1/tip/uploads",
    operation=Operation(
        "sendChunk",
        "Send the next chunk",
        "1 byte to 4 MiB, taken whole or not at all. A wrong offset is answered 409 with the "
        "right one in `Upload-Offset`. The last chunk attaches the file and is answered as "
        "sendAttachment is; sent again, it gets the same answer again, until the upload "
        "expires. Where the file is refused for good, its upload is gone.",
        {
            201: Answer(
                "The file is whole, and stored as an attachment.", wire.AttachmentTaken
            ),
            204: Answer("Parked. `Upload-Offset` tells where the next chunk begins."),
        },
        takes=(Octets("The next bytes of the file."),),
        parameters=(*STANDING, TOKEN, OFFSET),
        problems=(
            *_TOKEN_PROBLEMS,
            *ATTACHED,
            "upload.bad_offset",
            "upload.wrong_offset",
            "upload.complete",
            "upload.past_end",
            "upload.too_many",
        ),
        credential="receipt",
    ),
)
async def send_chunk(request: AnyRequest) -> Response[Any]:
    """Takes the next chunk."""
    door = state_of(request)
    if content_type(request) != OCTETS:
        raise Unsupported("request.wrong_content_type")
    token, offset = credentials.upload_token(request), _offset(request)
    claimed = await claim(door.bench, credentials.presented(request))
    body = stream(request, door.bench.limits.upload_chunk_bytes, door.patience)
    try:
        upload, answer = await uploads.append(door.bench, claimed, token, offset, body, _tell)
    except WrongOffset as wrong:
        refused = handle(request, wrong)
        refused.headers["upload-offset"] = str(wrong.offset)
        return refused
    if answer is None:
        return Response(None, status_code=204, headers=_headers(upload))
    return Response(
        answer, status_code=201, media_type="application/json", headers=_headers(upload)
    )


@delete(
    "/v1/tip/uploads",
    operation=Operation(
        "giveUpUpload",
        "Give an upload up",
        "Deletes what is parked. A file that is attached already stays.",
        {204: Answer("It is gone, or was already.")},
        parameters=(*STANDING, TOKEN),
        problems=(*RECEIPT, "upload.bad_token"),
        credential="receipt",
    ),
)
async def give_up_upload(request: AnyRequest) -> Response[None]:
    """Deletes an upload."""
    bench, token = state_of(request).bench, credentials.upload_token(request)
    claimed = await claim(bench, credentials.presented(request))
    await uploads.give_up(bench, claimed, token)
    return empty_answer()


def _offset(request: AnyRequest) -> int:
    given = request.headers.get("upload-offset", "")
    if not _OFFSET.fullmatch(given):
        raise Malformed("upload.bad_offset")
    return int(given)


def _tell(object_id: bytes, attached: Attached | None) -> bytes:
    # Even at rest, where it waits sealed for a retry.
    return even(msgspec.json.encode(wire.taken_file(object_id, attached)))


def _headers(upload: Upload) -> dict[str, str]:
    return {
        "upload-offset": str(upload.offset),
        "upload-length": str(upload.size_bytes),
        "upload-complete": "?1" if upload.is_complete else "?0",
    }


def _view(request: AnyRequest, upload: Upload, status: int) -> Response[bytes]:
    view = UploadView(
        id=upload.object_id.hex(),
        offset=upload.offset,
        size_bytes=upload.size_bytes,
        complete=upload.is_complete,
        chunk_min_bytes=_CHUNK_MIN_BYTES,
        chunk_max_bytes=state_of(request).bench.limits.upload_chunk_bytes,
        expires_on=upload.expires_on.isoformat(),
    )
    return even_answer(view, status, _headers(upload))


ROUTES: list[Any] = [begin_upload, show_upload, send_chunk, give_up_upload]

"""The staff door's routes that write: answers, their files, and a newer directory."""

from typing import Any

from litestar import Response, post, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import (
    empty_answer,
    state_of,
)
from mustshare_api.api.bodies import AnyRequest, stream
from mustshare_api.api.catalogue.sets import FROM_STAFF, SIGNED_DEED
from mustshare_api.api.operation import (
    ID_SCHEMA,
    Answer,
    Octets,
    Operation,
    Parameter,
    id_in_path,
)
from mustshare_api.api.staff.permissions import PUBLISH_DIRECTORY, WRITE_TO_REPORTERS
from mustshare_api.api.staff.seen import SEEN, seen_of
from mustshare_api.api.staff.signed import admitted, digested, signed_body
from mustshare_api.domain.limits import MEBIBYTE
from mustshare_api.flows import staff
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.attach import sealed_limit
from mustshare_api.store.outcome import Outcome

DIRECTORY_LIMIT = MEBIBYTE


@post(
    "/v1/tips/{tip_id:str}/follow-ups",
    operation=Operation(
        "answerTip",
        "Answer a tip",
        "A sealed object of kind follow-up from staff: to the reporter's bundle and every "
        "current recipient.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("The sealed follow-up."),),
        parameters=(id_in_path("tip_id", "As the list of tips names it."), SEEN),
        problems=(*SIGNED_DEED, *FROM_STAFF, "request.malformed"),
        credential="staff",
    ),
    permission=WRITE_TO_REPORTERS,
)
async def answer_tip(request: AnyRequest, tip_id: FromPath[str]) -> Response[None]:
    """Takes a follow-up from staff."""
    octets = await signed_body(request, MESSAGE_LIMIT)
    tip, read = credentials.id_of(tip_id), seen_of(request)
    bench, by = state_of(request).bench, admitted(request)
    outcome = await staff.answer(bench, by, tip, octets, read)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@put(
    "/v1/tips/{tip_id:str}/attachments/{object_id:str}",
    operation=Operation(
        "attachToAnswer",
        "Send a file with an answer",
        "A sealed object of kind attachment from staff. It waits for the follow-up that names "
        "it.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("The sealed file."),),
        parameters=(
            id_in_path("tip_id", "As the list of tips names it."),
            id_in_path("object_id", "The file's own id."),
            Parameter(
                "follow_up", "query", "The follow-up that names it.", ID_SCHEMA, required=True
            ),
        ),
        problems=(
            *SIGNED_DEED,
            *FROM_STAFF,
            "envelope.wrong_id",
            "attachment.too_large",
            "attachment.empty",
            "upload.busy",
            "busy",
        ),
        credential="staff",
    ),
    permission=WRITE_TO_REPORTERS,
)
async def attach_to_answer(
    request: AnyRequest, tip_id: FromPath[str], object_id: FromPath[str]
) -> Response[None]:
    """Takes a file from staff."""
    door = state_of(request)
    ids = (
        credentials.id_of(tip_id),
        credentials.id_of(object_id),
        credentials.id_of(request.query_params.get("follow_up", "")),
    )
    chunks = stream(request, sealed_limit(door.bench), door.patience)
    body = digested(request, chunks)
    outcome = await staff.attach(door.bench, admitted(request), ids, body)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@put(
    "/v1/directory",
    status_code=204,
    operation=Operation(
        "publishDirectory",
        "Put a newer directory in force",
        "The root signatures on it count, not who sends it.",
        {204: Answer("In force.")},
        takes=(Octets("The signed note."),),
        problems=(
            *SIGNED_DEED,
            "directory.malformed",
            "directory.too_few_signatures",
            "directory.rolled_back",
            "directory.out_of_date",
            "directory.other_deployment",
        ),
        credential="staff",
    ),
    permission=PUBLISH_DIRECTORY,
)
async def publish_directory(request: AnyRequest) -> Response[None]:
    """Takes a newer directory."""
    octets = await signed_body(request, DIRECTORY_LIMIT)
    await staff.publish(state_of(request).bench, octets, admitted(request).leaf)
    return empty_answer()


ROUTES: list[Any] = [answer_tip, attach_to_answer, publish_directory]

"""The staff door's routes that change which keys an object is sealed to.

Both say what they change: `If-Match` is the digest of prefix and stanzas, as the index has it.
Without it the later of two officers would undo what the earlier one did, and neither would
know.
"""

import re
from typing import Any, Final

from litestar import Response, get, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, state_of
from mustshare_api.api.bodies import AnyRequest, stream
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation, Parameter, id_in_path
from mustshare_api.api.staff.permissions import CHANGE_RECIPIENTS, READ_OBJECTS
from mustshare_api.api.staff.signed import admitted, digested, signed_body
from mustshare_api.errors import Malformed, Unconditional
from mustshare_api.flows import recipients
from mustshare_api.flows.attach import sealed_limit

_DIGEST: Final = re.compile(r'"([0-9a-f]{64})"')
_OBJECT: Final = id_in_path("object_id", "As the index names it.")
_IF_MATCH: Final = Parameter(
    "If-Match",
    "header",
    "The object's digest as the index has it, in quotation marks.",
    {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
    required=True,
)
_PROBLEMS: Final = (
    *SIGNED_DEED,
    "id.malformed",
    "precondition.missing",
    "object.not_found",
    "object.changed",
    "object.wrong_recipients",
    "envelope.malformed",
)


def _seen(request: AnyRequest) -> bytes:
    """The digest of what the requester saw.

    Raises:
        Unconditional: none was sent.
        Malformed: not one digest in quotation marks; there are no weak ones and no lists.
    """
    given = request.headers.getall("if-match", [])
    if not given:
        raise Unconditional
    found = _DIGEST.fullmatch(given[0])
    if found is None or len(given) > 1:
        raise Malformed
    return bytes.fromhex(found[1])


@get(
    "/v1/objects/{object_id:str}/head",
    operation=Operation(
        "fetchHead",
        "What comes before the payload of a sealed object",
        "Prefix and stanzas: all that it takes to wrap it to another key.",
        {200: Answer("The head.", Octets("Prefix and stanzas."))},
        parameters=(_OBJECT,),
        problems=(*SIGNED, "id.malformed", "object.not_found"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def fetch_head(request: AnyRequest, object_id: FromPath[str]) -> Response[bytes]:
    """A sealed object's head."""
    wanted = credentials.id_of(object_id)
    row = await recipients.held(state_of(request).bench, admitted(request), wanted)
    return Response(row.octets, media_type="application/octet-stream")


@put(
    "/v1/objects/{object_id:str}/recipients",
    status_code=204,
    operation=Operation(
        "wrapAnew",
        "Change which keys a sealed object is wrapped to",
        "All its stanzas, as docs/protocol.md lays them out. A key that is not on it yet has "
        "to be one of the directory in force. An officer's key has to be among them, and the "
        "reporter's stanza stays as it is.",
        {204: Answer("It is so.")},
        takes=(Octets("The stanzas: their count, then each of them."),),
        parameters=(_OBJECT, _IF_MATCH),
        problems=_PROBLEMS,
        credential="staff",
    ),
    permission=CHANGE_RECIPIENTS,
)
async def wrap_anew(request: AnyRequest, object_id: FromPath[str]) -> Response[None]:
    """Takes other stanzas for an object."""
    wanted, seen = credentials.id_of(object_id), _seen(request)
    stanzas = await signed_body(request, recipients.STANZAS_LIMIT)
    bench = state_of(request).bench
    await recipients.wrap_anew(bench, admitted(request), wanted, seen, stanzas)
    return empty_answer()


@put(
    "/v1/objects/{object_id:str}",
    status_code=204,
    operation=Operation(
        "sealAnew",
        "Put a sealed object in the place of itself",
        "The same content under a new content key, so that one who kept the old key has "
        "nothing of it. Prefix and length are those of before; the recipients as for wrapAnew.",
        {204: Answer("It is so.")},
        takes=(Octets("The sealed object."),),
        parameters=(_OBJECT, _IF_MATCH),
        problems=(
            *_PROBLEMS,
            "envelope.wrong_id",
            "object.wrong_size",
            "attachment.too_large",
            "attachment.empty",
            "upload.busy",
            "busy",
        ),
        credential="staff",
    ),
    permission=CHANGE_RECIPIENTS,
)
async def seal_anew(request: AnyRequest, object_id: FromPath[str]) -> Response[None]:
    """Takes an object that was sealed anew."""
    door = state_of(request)
    wanted, seen = credentials.id_of(object_id), _seen(request)
    chunks = stream(request, sealed_limit(door.bench), door.patience)
    await recipients.seal_anew(
        door.bench, admitted(request), wanted, seen, digested(request, chunks)
    )
    return empty_answer()


ROUTES: list[Any] = [fetch_head, wrap_anew, seal_anew]

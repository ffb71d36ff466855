"""The staff door's route for dockets: what staff tell a reporter of where their tip stands."""

import re
from typing import Any, Final

from litestar import Response, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import FROM_STAFF, SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation, Parameter, id_in_path
from mustshare_api.api.staff.permissions import WRITE_TO_REPORTERS
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.crypto.envelope import HEAD_LIMIT, Kind, payload_bytes_for
from mustshare_api.errors import Malformed, Unconditional
from mustshare_api.flows import dockets
from mustshare_api.store.outcome import Outcome

DOCKET_LIMIT: Final = HEAD_LIMIT + payload_bytes_for(Kind.DOCKET, 0)
_DIGEST: Final = re.compile(r'"([0-9a-f]{64})"')


@put(
    "/v1/tips/{tip_id:str}/docket",
    operation=Operation(
        "putDocket",
        "Tell a reporter where their tip stands",
        "A sealed object of kind docket: to the reporter's bundle and every current recipient, "
        "of the least padded size. It takes the place of the last one, whose digest in the "
        "index goes into If-Match; where there was none, send `If-None-Match: *`.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("The sealed docket."),),
        parameters=(
            id_in_path("tip_id", "As the list of tips names it."),
            Parameter(
                "If-Match",
                "header",
                "The last docket's digest as the index has it, in quotation marks.",
                {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
            ),
            Parameter(
                "If-None-Match",
                "header",
                "Where there is no docket yet.",
                {"type": "string", "enum": ["*"]},
            ),
        ),
        problems=(
            *SIGNED_DEED,
            *(one for one in FROM_STAFF if one != "tip.full"),
            "precondition.missing",
            "request.malformed",
            "request.too_large",
            "docket.changed",
            "docket.wrong_size",
        ),
        credential="staff",
    ),
    permission=WRITE_TO_REPORTERS,
)
async def put_docket(request: AnyRequest, tip_id: FromPath[str]) -> Response[None]:
    """Takes a docket."""
    tip, was = credentials.id_of(tip_id), _seen(request)
    octets = await signed_body(request, DOCKET_LIMIT)
    outcome = await dockets.put(state_of(request).bench, admitted(request), tip, octets, was)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


def _seen(request: AnyRequest) -> bytes | None:
    """The digest of the docket that the sender saw; None where they saw none.

    Raises:
        Unconditional: neither was said.
        Malformed: both, or not in these words.
    """
    given = request.headers.getall("if-match", [])
    none = request.headers.getall("if-none-match", [])
    if not given and not none:
        raise Unconditional
    if not given and none == ["*"]:
        return None
    found = _DIGEST.fullmatch(given[0]) if given else None
    if found is None or none or len(given) > 1:
        raise Malformed
    return bytes.fromhex(found[1])


ROUTES: list[Any] = [put_docket]

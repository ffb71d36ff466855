"""The staff door's route that tells how a tip's receipts followed one another."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from mustshare_api.api import credentials, rotation_wire
from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED
from mustshare_api.api.operation import Answer, Operation, id_in_path
from mustshare_api.api.rotation_wire import earlier, told
from mustshare_api.api.staff.permissions import READ_OBJECTS
from mustshare_api.api.staff.signed import reach_of
from mustshare_api.flows import chains


@get(
    "/v1/tips/{tip_id:str}/rotations",
    operation=Operation(
        "readRotations",
        "How a tip's receipts followed one another",
        "Each earlier bundle with the signatures of both receipts, the first one first. "
        "Believe another bundle than the one you know only where they lead from one to the "
        "other.",
        {200: Answer("The bundle in force and what led to it.", rotation_wire.Rotations)},
        parameters=(id_in_path("tip_id", "As the list of tips names it."),),
        problems=(*SIGNED, "id.malformed", "tip.not_found"),
        credential="staff",
    ),
    permission=READ_OBJECTS,
)
async def read_rotations(request: AnyRequest, tip_id: FromPath[str]) -> Response[bytes]:
    """The rotations of a tip."""
    bench, wanted = state_of(request).bench, credentials.id_of(tip_id)
    bundle, links = await chains.chain_for_staff(bench, reach_of(request), wanted)
    return json_answer(rotation_wire.Rotations(told(bundle), earlier(links)))


ROUTES: list[Any] = [read_rotations]

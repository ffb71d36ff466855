"""Reporter route to contest what an agency reported.

A dispute is a follow-up that names an outcome: sealed to staff like any other, and like any
other to whoever has the database. Only where it comes in clear is it held against the docket,
under the receipt that was presented.
"""

from typing import Any

import msgspec
from litestar import Response, post

from mustshare_api.api import credentials, wire
from mustshare_api.api.answers import state_of
from mustshare_api.api.bodies import AnyRequest, decode, read
from mustshare_api.api.catalogue.sets import RECEIPT, SEALED
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.checked import check_text
from mustshare_api.api.follow_ups import take
from mustshare_api.api.operation import Answer, Link, Octets, Operation
from mustshare_api.domain.message import DisputeBody
from mustshare_api.errors import Malformed
from mustshare_api.flows import dockets, follow_up
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.recording import instant

_NEW_DISPUTE = msgspec.json.Decoder(wire.NewDispute, strict=True)


@post(
    "/v1/tip/dispute",
    operation=Operation(
        "disputeOutcome",
        "Contest an outcome",
        "In clear as JSON: `about` is the id of an outcome in the tip's docket. Or a sealed "
        "object of kind follow-up whose message is a dispute. The id is yours, so that a retry "
        "is the same.",
        {
            201: Answer(
                "Stored.",
                wire.FollowUpTaken,
                example={"id": "9f1c0e6b5a4d4c7e8f00112233445566"},
                links=(Link("readFollowUps", "What staff answer will lie here."),),
            )
        },
        takes=(
            wire.NewDispute,
            Octets("A sealed object of kind follow-up from the reporter."),
        ),
        example={
            "id": "9f1c0e6b5a4d4c7e8f00112233445566",
            "about": "0f1c0e6b5a4d4c7e8f00112233445577",
            "text": "ถนนยังไม่ได้ซ่อม",
        },
        problems=(
            *RECEIPT,
            *SEALED,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "follow_up.not_sealed",
            "outcome.unknown",
        ),
        parameters=STANDING,
        credential="receipt",
    ),
)
async def dispute_outcome(request: AnyRequest) -> Response[bytes]:
    """Takes a dispute, in clear or sealed."""
    return await take(request, _in_clear)


async def _in_clear(request: AnyRequest, claimed: Claim) -> bytes:
    door = state_of(request)
    body = await read(request, door.bench.limits.json_bytes, door.patience, door.bench.parking)
    said = decode(body, _NEW_DISPUTE)
    check_text(said.text, door.bench.limits.text_bytes)
    object_id = credentials.id_of(said.id)
    if claimed.keys is None:
        raise Malformed("follow_up.not_sealed")
    # A retry after a lost answer is not held against a docket that was replaced meanwhile.
    if not await follow_up.is_there(door.bench, claimed, object_id):
        await dockets.check_disputable(door.bench, claimed, said.about)
    sent_at = instant(door.bench.clock.now())
    words = DisputeBody(sent_at=sent_at, about=said.about, text=said.text)
    await follow_up.write(door.bench, claimed, object_id, words)
    return object_id


ROUTES: list[Any] = [dispute_outcome]

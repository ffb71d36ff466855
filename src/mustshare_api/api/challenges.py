"""`POST /v1/challenges`: a proof-of-work challenge, in the wire format of ALTCHA version 2."""

from typing import Any

import msgspec
from litestar import Response, post

from mustshare_api.api.answers import state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer, Octets, Operation, Parameter

SOLUTION = Parameter(
    "Challenge-Solution",
    "header",
    "A solved challenge of POST /v1/challenges, as ALTCHA's clients encode it. Under a flood "
    "it lets this request go ahead; otherwise it is not looked at. Good for one request.",
    {"type": "string", "pattern": "^[A-Za-z0-9+/=]{1,2048}$"},
)
PARTNER_KEY = Parameter(
    "Partner-Key",
    "header",
    "The key of a partner, whose calls go ahead within its quota. For servers: a key that "
    "stands in a page is everybody's.",
    {"type": "string", "pattern": "^msp_[A-Za-z0-9_-]{43}$"},
)
STANDING = (SOLUTION, PARTNER_KEY)
"""Of every route that may have to wait in line."""


@post(
    "/v1/challenges",
    operation=Operation(
        "makeChallenge",
        "Get a challenge",
        "Proof of work in the wire format of ALTCHA, version 2: `{parameters, signature}`. "
        "While GET /v1/intake says that it helps, solve it and send the solution in "
        "Challenge-Solution with a request that takes that header. Valid for 10 minutes, for "
        "one request, for whoever has it; at most 2 seconds of a slow phone. Nothing is ever "
        "refused for want of one while there is room.",
        {201: Answer("A challenge.", Octets("ALTCHA v2 challenge.", ("application/json",)))},
        problems=("directory.missing", "challenge.busy"),
    ),
)
async def make_challenge(request: AnyRequest) -> Response[bytes]:
    """Makes a challenge, which is remembered nowhere."""
    made = await state_of(request).bench.gate.challenge()
    octets = msgspec.json.encode(made)
    return Response(octets, status_code=201, media_type="application/json")


ROUTES: list[Any] = [make_challenge]

"""The staff door's routes by which a tip is moved, by one officer or by two.

`If-Match` is the tip's version, `steps` in the list of tips, in quotation marks: what the
officer saw when deciding. A step that takes two is answered with 202 and nothing done, until
another officer sends the very same.
"""

import re
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath
from msgspec import Meta

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest, decode
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Link, Operation, Parameter, id_in_path
from mustshare_api.api.staff.permissions import MOVE_TIPS
from mustshare_api.api.staff.seen import SeenDigest
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.domain.lifecycle import State, Step
from mustshare_api.errors import Malformed, Unconditional
from mustshare_api.flows import seconding, steps
from mustshare_api.store.seconding import OpenProposal

BODY_LIMIT: Final = 1024
_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,4})"')
_ACT: Final = re.compile(r"[a-z][a-z0-9._-]{0,31}")
_SUBJECT: Final = re.compile(r"(?:[0-9a-f]{2}){1,256}")
_IF_MATCH: Final = Parameter(
    "If-Match",
    "header",
    "The tip's `steps` as the list of tips has it, in quotation marks.",
    {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,4})"$'},
    required=True,
)


class NewStep(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What an officer wants done with a tip."""

    step: Annotated[
        Step, Meta(description="`withdraw` and `expire` are refused: they are not for staff.")
    ]
    seen: SeenDigest | None = None


class StepMade(msgspec.Struct, frozen=True):
    """Where the tip stands now. `steps` is its version from now on.

    `proposed` where nothing was done, and a second officer is waited for.
    """

    tip_id: str
    state: Annotated[str, Meta(extra_json_schema={"enum": [*State]})]
    steps: int
    proposed: bool
    expires_on: Annotated[
        str | None,
        Meta(description="The first Bangkok day on which it is gone, if any."),
    ]


class Waiting(msgspec.Struct, frozen=True):
    """What one officer proposed and a second has not done yet."""

    act: Annotated[str, Meta(examples=["tip.publish"])]
    subject: Annotated[str, Meta(description="What it is about: of `tip.*` the tip's id.")]
    digest: Annotated[str, Meta(description="SHA-256 of exactly what is to be done.")]
    officer: Annotated[str, Meta(description="Who proposed it: a name of the directory.")]
    proposed_on: str
    expires_on: Annotated[str, Meta(description="The first day on which it has lapsed.")]
    yours: bool


class WaitingList(msgspec.Struct, frozen=True):
    """What waits for a second officer."""

    seconds: list[Waiting]


_NEW_STEP: Final = msgspec.json.Decoder(NewStep, strict=True)


def _seen(request: AnyRequest) -> int:
    """The version that the requester saw.

    Raises:
        Unconditional: none was sent.
        Malformed: not one number in quotation marks; there are no weak ones and no lists.
    """
    given = request.headers.getall("if-match", [])
    if not given:
        raise Unconditional
    found = _VERSION.fullmatch(given[0])
    if found is None or len(given) > 1:
        raise Malformed
    return int(found[1])


@post(
    "/v1/tips/{tip_id:str}/steps",
    status_code=200,
    operation=Operation(
        "makeStep",
        "Move a tip",
        "`verify`, `set_aside` and `close` are done at once. `publish`, `refer` and `erase` "
        "take two: the first officer's request is a proposal (202), good for seven days, and "
        "the very same request of another officer does it. Whoever repeats their own is told "
        "how it stands. docs/lifecycle.md has which step there is from where.",
        {
            200: Answer("Done.", StepMade),
            202: Answer(
                "Proposed: another officer has to send the same.",
                StepMade,
                links=(Link("listSeconds", "What waits for a second officer."),),
            ),
        },
        takes=(NewStep,),
        example={"step": "verify"},
        parameters=(id_in_path("tip_id", "As the list of tips names it."), _IF_MATCH),
        problems=(
            *SIGNED_DEED,
            "id.malformed",
            "precondition.missing",
            "request.malformed",
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "tip.not_found",
            "tip.changed",
            "step.wrong_state",
            "step.not_for_staff",
            "step.unread",
            "second.other_content",
        ),
        credential="staff",
    ),
    permission=MOVE_TIPS,
)
async def make_step(request: AnyRequest, tip_id: FromPath[str]) -> Response[bytes]:
    """Makes a step, or proposes it."""
    tip, seen = credentials.id_of(tip_id), _seen(request)
    asked = decode(await signed_body(request, BODY_LIMIT), _NEW_STEP)
    read = bytes.fromhex(asked.seen) if asked.seen else None
    bench, by = state_of(request).bench, admitted(request)
    made = await steps.make(bench, by, tip, asked.step, seen, read)
    expires_on = made.expires_on.isoformat() if made.expires_on else None
    told = StepMade(tip.hex(), made.state, made.steps, made.is_proposed, expires_on)
    return json_answer(told, 202 if made.is_proposed else 200)


@get(
    "/v1/seconds",
    operation=Operation(
        "listSeconds",
        "What waits for a second officer",
        "Proposals of the last seven days; of steps of tips, those of tips on which something "
        "is sealed to the requester.",
        {200: Answer("All of them.", WaitingList)},
        problems=SIGNED,
        credential="staff",
    ),
    permission=MOVE_TIPS,
)
async def list_seconds(request: AnyRequest) -> Response[bytes]:
    """What waits."""
    by = admitted(request)
    found = await seconding.waiting(state_of(request).bench, by)
    return json_answer(WaitingList([_waiting(one, by.entry.name) for one in found]))


def _waiting(one: OpenProposal, asking: str) -> Waiting:
    return Waiting(
        one.act,
        one.subject.hex(),
        one.digest.hex(),
        one.officer,
        one.proposed_on.isoformat(),
        one.expires_on.isoformat(),
        one.officer == asking,
    )


@delete(
    "/v1/seconds/{act:str}/{subject:str}",
    status_code=204,
    operation=Operation(
        "takeBack",
        "Take your own proposal back",
        "Nobody takes back another officer's; it lapses after seven days.",
        {204: Answer("It is gone.")},
        parameters=(
            Parameter(
                "act",
                "path",
                "As the list names it.",
                {"type": "string", "pattern": f"^{_ACT.pattern}$"},
                required=True,
            ),
            Parameter(
                "subject",
                "path",
                "As the list names it.",
                {"type": "string", "pattern": "^([0-9a-f]{2}){1,256}$"},
                required=True,
            ),
        ),
        problems=(*SIGNED_DEED, "id.malformed", "second.not_found"),
        credential="staff",
    ),
    permission=MOVE_TIPS,
)
async def take_back(
    request: AnyRequest, act: FromPath[str], subject: FromPath[str]
) -> Response[None]:
    """Drops a proposal."""
    if not (_ACT.fullmatch(act) and _SUBJECT.fullmatch(subject)):
        raise Malformed("id.malformed")
    await signed_body(request, BODY_LIMIT)
    about = bytes.fromhex(subject)
    await seconding.take_back(state_of(request).bench, admitted(request), act, about)
    return empty_answer()


ROUTES: list[Any] = [make_step, list_seconds, take_back]

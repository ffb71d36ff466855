"""The staff door's routes for referrals that officers and agencies read, and officers write.

What is sent is an age file, sealed on the first officer's machine to the agency and to
officers. It lies here unseen by the agency until a second officer has looked at it and says its
digest.
"""

import re
from typing import Any, Final

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import OctetStream, empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest, decode, stream
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Link, Octets, Operation, Parameter, id_in_path
from mustshare_api.api.staff import referral_wire as wire
from mustshare_api.api.staff.permissions import READ_REFERRALS, REFER
from mustshare_api.api.staff.queries import AFTER, LIMIT, page_of
from mustshare_api.api.staff.signed import admitted, digested, signed_body
from mustshare_api.api.staff.versions import IF_VERSION, seen_version
from mustshare_api.domain.limits import KIBIBYTE
from mustshare_api.domain.referral import Step
from mustshare_api.errors import Malformed
from mustshare_api.flows import referrals
from mustshare_api.flows.referrals import Asked
from mustshare_api.store.seconding import Seconded

REFERRAL: Final = id_in_path("referral_id", "Random, made by the officer who proposes it.")
THERE: Final = (*SIGNED, "id.malformed", "referral.not_found")
CHANGED: Final = (
    *SIGNED_DEED,
    "id.malformed",
    "precondition.missing",
    "request.malformed",
    "referral.not_found",
    "referral.changed",
    "referral.wrong_state",
)
"""Of every change of a referral."""

_SECONDED: Final = ("second.same_person", "second.other_content")
_AGENCY: Final = Parameter(
    "agency",
    "query",
    "The directory's name of the agency.",
    {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$"},
    required=True,
)
_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")
_TIPS: Final = Parameter(
    "tips",
    "query",
    "A commitment to the tips that it is of, whom nothing here names: SHA-256 of "
    "`mustshare/v1 tips of a referral`, 16 random octets, and of each tip in the order of its "
    "id the 16 octets of it and its version as u32.",
    {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    required=True,
)
_CONFIRM_LIMIT: Final = 4 * KIBIBYTE
_CONFIRMATIONS: Final = msgspec.json.Decoder(wire.Confirmation, strict=True)


@get(
    "/v1/referrals",
    operation=Operation(
        "listReferrals",
        "What referrals there are",
        "An officer is shown all, an agency those that were sent to it.",
        {
            200: Answer(
                "A page.",
                wire.ReferralList,
                links=(
                    Link(
                        "showReferral",
                        "What was said of one.",
                        {"referral_id": "$response.body#/referrals/0/id"},
                    ),
                    Link("listReferrals", "The next page.", {"after": "$response.body#/next"}),
                ),
            )
        },
        parameters=(AFTER, LIMIT),
        problems=(*SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
    permission=READ_REFERRALS,
)
async def list_referrals(request: AnyRequest) -> Response[bytes]:
    """A page of referrals."""
    after, limit = page_of(request)
    bench = state_of(request).bench
    rows = await referrals.listed(bench, admitted(request), after, limit)
    found = [wire.referral_of(row, bench.retention.referral_days) for row in rows]
    return json_answer(wire.ReferralList(found, found[-1].id if len(found) == limit else None))


@get(
    "/v1/referrals/{referral_id:str}",
    operation=Operation(
        "showReferral",
        "One referral",
        "How far it has come, and what was said of it: that, and never what.",
        {200: Answer("The referral.", wire.ReferralView)},
        parameters=(REFERRAL,),
        problems=THERE,
        credential="staff",
    ),
    permission=READ_REFERRALS,
)
async def show_referral(request: AnyRequest, referral_id: FromPath[str]) -> Response[bytes]:
    """A referral."""
    wanted = credentials.id_of(referral_id)
    bench = state_of(request).bench
    shown = await referrals.show(bench, admitted(request), wanted)
    return json_answer(wire.view_of(shown, bench.retention.referral_days))


@get(
    "/v1/referrals/{referral_id:str}/bundle",
    operation=Operation(
        "fetchReferral",
        "The age file of a referral",
        "Sealed to the agency's key of the directory, and to officers. Open it with age 1.3 or "
        "later. Once the referral is concluded or taken back, the file is gone.",
        {200: Answer("The file.", Octets("An age v1 file."))},
        parameters=(REFERRAL,),
        problems=(*THERE, "referral.wrong_state"),
        credential="staff",
    ),
    permission=READ_REFERRALS,
)
async def fetch_referral(request: AnyRequest, referral_id: FromPath[str]) -> OctetStream:
    """The octets of an age file."""
    door = state_of(request)
    wanted = credentials.id_of(referral_id)
    size_bytes, pieces = await referrals.fetch(door.bench, admitted(request), wanted)
    return OctetStream(pieces, size_bytes, door.patience.idle_s)


@put(
    "/v1/referrals/{referral_id:str}",
    status_code=202,
    operation=Operation(
        "proposeReferral",
        "Propose a referral",
        "An age file for an agency of the directory in force, to post-quantum keys alone. It "
        "waits for another officer, for a week; no agency is shown it before.",
        {202: Answer("It waits for another officer. So does the same again.")},
        takes=(Octets("An age v1 file."),),
        parameters=(REFERRAL, _AGENCY, _TIPS),
        problems=(
            *SIGNED_DEED,
            *("id.malformed", "id.in_use", "request.malformed", "request.too_large"),
            *("agency.unknown", "referral.not_sealed", *_SECONDED, "busy"),
        ),
        credential="staff",
    ),
    permission=REFER,
)
async def propose_referral(request: AnyRequest, referral_id: FromPath[str]) -> Response[None]:
    """Takes an age file."""
    door = state_of(request)
    new_id = credentials.id_of(referral_id)
    chunks = stream(request, referrals.FILE_LIMIT_BYTES, door.patience)
    await referrals.propose(
        door.bench,
        admitted(request),
        new_id,
        _asked(request),
        digested(request, chunks),
    )
    return empty_answer(202)


def _asked(request: AnyRequest) -> Asked:
    """Agency and tips, as the query names them.

    Raises:
        Malformed: no commitment, or one that is none.
    """
    tips = request.query_params.get("tips", "")
    if not _COMMITMENT.fullmatch(tips):
        raise Malformed
    return Asked(request.query_params.get("agency", ""), bytes.fromhex(tips))


@post(
    "/v1/referrals/{referral_id:str}/confirmation",
    status_code=204,
    operation=Operation(
        "confirmReferral",
        "Send a referral that another officer proposed",
        "With the digest of the file that you looked at, and the tips that it is of. From then "
        "on the agency is shown it, and every tip has taken the step `refer`: all of them, or "
        "none, and then each that did not is named. The same again is told that it is done.",
        {
            204: Answer("It is sent."),
            202: Answer("The proposal had run out: yours waits for another officer now."),
        },
        takes=(wire.Confirmation,),
        example={
            "sha256": "ab" * 32,
            "nonce": "cd" * 16,
            "tips": [{"tip_id": "9f1c0e6b5a4d4c7e8f00112233445566", "steps": 1}],
        },
        parameters=(REFERRAL, IF_VERSION),
        problems=(
            *CHANGED,
            *("request.bad_json", "request.duplicate_key", "request.invalid_fields"),
            *("agency.unknown", "referral.tip_refused", *_SECONDED),
        ),
        credential="staff",
    ),
    permission=REFER,
)
async def confirm_referral(request: AnyRequest, referral_id: FromPath[str]) -> Response[None]:
    """The second officer's word."""
    wanted, version = credentials.id_of(referral_id), seen_version(request)
    said = decode(await signed_body(request, _CONFIRM_LIMIT), _CONFIRMATIONS)
    done = await referrals.confirm(
        state_of(request).bench,
        admitted(request),
        wanted,
        version,
        said.agreed(),
    )
    return empty_answer(204 if done is Seconded.CONFIRMED else 202)


@delete(
    "/v1/referrals/{referral_id:str}",
    status_code=204,
    operation=Operation(
        "takeBackReferral",
        "Take a referral back",
        "Its file is deleted here; what the agency has fetched, it has. Not once concluded. "
        "The same again is told that it is done.",
        {204: Answer("It is taken back.")},
        parameters=(REFERRAL, IF_VERSION),
        problems=CHANGED,
        credential="staff",
    ),
    permission=REFER,
)
async def take_back_referral(request: AnyRequest, referral_id: FromPath[str]) -> Response[None]:
    """Takes it back."""
    wanted, version = credentials.id_of(referral_id), seen_version(request)
    bench = state_of(request).bench
    await referrals.step(bench, admitted(request), wanted, version, Step.TAKE_BACK)
    return empty_answer()


ROUTES: list[Any] = [
    list_referrals,
    show_referral,
    fetch_referral,
    propose_referral,
    confirm_referral,
    take_back_referral,
]

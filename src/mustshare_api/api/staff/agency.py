"""The staff door's routes that an agency alone uses, and those about what agencies are called.

An agency writes in clear, over a request that it signed; what it says is sealed to officers
before it is stored. It reaches its own referrals by these routes and by those that read, and
nothing else.
"""

from typing import Any, Final

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import JSON, AnyRequest, content_type, decode
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Operation, Parameter
from mustshare_api.api.staff import referral_wire as wire
from mustshare_api.api.staff.permissions import REFER, WORK_ON_REFERRALS
from mustshare_api.api.staff.referrals import CHANGED, REFERRAL
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.api.staff.versions import IF_VERSION, seen_version
from mustshare_api.crypto import age
from mustshare_api.domain import agency_word
from mustshare_api.domain.agency_word import Outcome, Question
from mustshare_api.domain.limits import KIBIBYTE
from mustshare_api.domain.referral import Step
from mustshare_api.errors import NotFound, Unsupported
from mustshare_api.flows import agency_words, referrals
from mustshare_api.store import outcome as stored
from mustshare_api.store.agencies import AgencyRow

_RECORDS: Final = msgspec.json.Decoder(wire.AgencyRecord, strict=True)
_JSON: Final = (
    "request.wrong_content_type",
    "request.bad_json",
    "request.duplicate_key",
    "request.invalid_fields",
    "request.too_large",
)
_SAID: Final = (*CHANGED, *_JSON, "id.in_use", "referral.full", "directory.no_recipients")
_WORD_EXAMPLE: Final = {"id": "ab" * 16, "nonce": "cd" * 16}


@post(
    "/v1/referrals/{referral_id:str}/acknowledgement",
    status_code=204,
    operation=Operation(
        "acknowledgeReferral",
        "Acknowledge a referral",
        "The agency has the file and looks into it. No body. The same again is no harm.",
        {204: Answer("It is acknowledged.")},
        parameters=(REFERRAL, IF_VERSION),
        problems=CHANGED,
        credential="staff",
    ),
    permission=WORK_ON_REFERRALS,
)
async def acknowledge_referral(
    request: AnyRequest, referral_id: FromPath[str]
) -> Response[None]:
    """The agency's word that it has it."""
    wanted, version = credentials.id_of(referral_id), seen_version(request)
    await signed_body(request, KIBIBYTE)
    bench = state_of(request).bench
    await referrals.step(bench, admitted(request), wanted, version, Step.ACKNOWLEDGE)
    return empty_answer()


@post(
    "/v1/referrals/{referral_id:str}/questions",
    operation=Operation(
        "askOfficers",
        "Ask about a referral",
        "Officers read it, and pass it on to the reporter as they see fit. Sealed to officers "
        "with your signature before it is stored. The id is yours: a retry is the same word.",
        {201: Answer("Stored.", wire.WordTaken), 200: Answer("Stored before.", wire.WordTaken)},
        takes=(Question,),
        example={**_WORD_EXAMPLE, "text_th": "มีรายงานการตรวจรับงานหรือไม่"},
        parameters=(REFERRAL, IF_VERSION),
        problems=_SAID,
        credential="staff",
    ),
    permission=WORK_ON_REFERRALS,
)
async def ask_officers(request: AnyRequest, referral_id: FromPath[str]) -> Response[bytes]:
    """Takes a question."""
    body = await _json_body(request)
    return await _say(request, referral_id, decode(body, agency_word.QUESTIONS), body)


@post(
    "/v1/referrals/{referral_id:str}/outcomes",
    operation=Operation(
        "reportOutcome",
        "Report what came of a referral",
        "Officers tell the reporter, who may dispute it. `under_inquiry` leaves the referral "
        "open; every other kind concludes it, and later ones may correct it.",
        {201: Answer("Stored.", wire.WordTaken), 200: Answer("Stored before.", wire.WordTaken)},
        takes=(Outcome,),
        example={
            **_WORD_EXAMPLE,
            "kind": "disciplined",
            "on": "2026-11-20",
            "text_th": "ลงโทษทางวินัยผู้ตรวจรับงานสองราย",
        },
        parameters=(REFERRAL, IF_VERSION),
        problems=_SAID,
        credential="staff",
    ),
    permission=WORK_ON_REFERRALS,
)
async def report_outcome(request: AnyRequest, referral_id: FromPath[str]) -> Response[bytes]:
    """Takes an outcome."""
    body = await _json_body(request)
    return await _say(request, referral_id, decode(body, agency_word.OUTCOMES), body)


async def _json_body(request: AnyRequest) -> bytes:
    if content_type(request) != JSON:
        raise Unsupported("request.wrong_content_type")
    return await signed_body(request, agency_word.SIZE_LIMIT_BYTES)


async def _say(
    request: AnyRequest, referral_id: str, word: Question | Outcome, body: bytes
) -> Response[bytes]:
    wanted, version = credentials.id_of(referral_id), seen_version(request)
    bench = state_of(request).bench
    said = await agency_words.say(bench, admitted(request), wanted, version, (word, body))
    status = 201 if said is stored.Outcome.RECORDED else 200
    return json_answer(wire.WordTaken(word.id), status)


@get(
    "/v1/agencies",
    operation=Operation(
        "listAgencies",
        "The agencies of the directory",
        "With their keys, and what officers wrote of them.",
        {200: Answer("All of them.", wire.AgencyList)},
        problems=SIGNED,
        credential="staff",
    ),
    permission=REFER,
)
async def list_agencies(request: AnyRequest) -> Response[bytes]:
    """The agencies there are."""
    bench = state_of(request).bench
    records = {row.name: row for row in await bench.agencies.all()}
    entries = bench.directory.current().entries
    return json_answer(
        wire.AgencyList(
            [
                _listed(entry.name, entry.public_key, records.get(entry.name))
                for entry in entries
                if entry.role == "agency"
            ]
        )
    )


def _listed(name: str, public_key: bytes, row: AgencyRow | None) -> wire.ListedAgency:
    record = (
        msgspec.convert(
            {"title_th": row.title_th, "title_en": row.title_en, "kind": row.kind},
            wire.AgencyRecord,
        )
        if row
        else None
    )
    return wire.ListedAgency(
        name, age.recipient_of(public_key), row.version if row else 0, record
    )


@put(
    "/v1/agencies/{agency:str}",
    status_code=204,
    operation=Operation(
        "describeAgency",
        "Say what an agency is called",
        'Of one that the directory in force lists. `If-Match: "0"` where nothing was said yet.',
        {204: Answer("It is so.")},
        takes=(wire.AgencyRecord,),
        example={
            "title_th": "สำนักงาน ป.ป.ช.",
            "title_en": "National Anti-Corruption Commission",
            "kind": "anti_corruption",
        },
        parameters=(
            Parameter(
                "agency",
                "path",
                "The directory's name of the agency.",
                {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$"},
                required=True,
            ),
            IF_VERSION,
        ),
        problems=(
            *SIGNED_DEED,
            *_JSON,
            "precondition.missing",
            "request.malformed",
            "agency.unknown",
            "agency.changed",
        ),
        credential="staff",
    ),
    permission=REFER,
)
async def describe_agency(request: AnyRequest, agency: FromPath[str]) -> Response[None]:
    """Takes a record."""
    version = seen_version(request)
    record = decode(await _json_body(request), _RECORDS)
    bench = state_of(request).bench
    if bench.directory.current().agency(agency) is None:
        raise NotFound("agency.unknown")
    row = AgencyRow(agency, record.title_th, record.title_en, record.kind, version)
    await bench.agencies.put(row, admitted(request).leaf)
    return empty_answer()


ROUTES: list[Any] = [
    acknowledge_referral,
    ask_officers,
    report_outcome,
    list_agencies,
    describe_agency,
]

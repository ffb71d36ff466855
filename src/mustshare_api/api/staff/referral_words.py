"""The staff door's routes for what agencies said and were answered, all of it sealed."""

from typing import Any, Final

from litestar import Response, get, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer, Octets, Operation, id_in_path
from mustshare_api.api.staff.permissions import READ_REFERRALS, REFER
from mustshare_api.api.staff.referrals import CHANGED, REFERRAL, THERE
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.api.staff.versions import IF_VERSION, seen_version
from mustshare_api.flows import agency_words
from mustshare_api.store.outcome import Outcome

ANSWER: Final = id_in_path("answer_id", "Random, made by the officer who answers.")
WORD: Final = id_in_path("word_id", "As the referral names it.")


@put(
    "/v1/referrals/{referral_id:str}/answers/{answer_id:str}",
    operation=Operation(
        "answerAgency",
        "Answer an agency's question",
        "A short age file with words in it, sealed to the agency. Files of a tip are a further "
        "referral, for which it takes two officers.",
        {201: Answer("Stored."), 200: Answer("Stored before.")},
        takes=(Octets("An age v1 file."),),
        parameters=(REFERRAL, ANSWER, IF_VERSION),
        problems=(
            *CHANGED,
            *("id.in_use", "referral.not_sealed", "referral.full", "request.too_large"),
        ),
        credential="staff",
    ),
    permission=REFER,
)
async def answer_agency(
    request: AnyRequest, referral_id: FromPath[str], answer_id: FromPath[str]
) -> Response[None]:
    """Takes an answer."""
    ids = (credentials.id_of(referral_id), credentials.id_of(answer_id))
    version = seen_version(request)
    octets = await signed_body(request, agency_words.ANSWER_LIMIT_BYTES)
    bench = state_of(request).bench
    outcome = await agency_words.answer(bench, admitted(request), ids, version, octets)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@get(
    "/v1/referrals/{referral_id:str}/answers/{answer_id:str}",
    operation=Operation(
        "fetchAgencyAnswer",
        "What an officer answered",
        "Open it with age, as the referral's own file.",
        {200: Answer("The answer.", Octets("An age v1 file."))},
        parameters=(REFERRAL, ANSWER),
        problems=THERE,
        credential="staff",
    ),
    permission=READ_REFERRALS,
)
async def fetch_agency_answer(
    request: AnyRequest, referral_id: FromPath[str], answer_id: FromPath[str]
) -> Response[bytes]:
    """The octets of an answer."""
    ids = (credentials.id_of(referral_id), credentials.id_of(answer_id))
    octets = await agency_words.answered(state_of(request).bench, admitted(request), ids)
    return Response(octets, media_type="application/octet-stream")


@get(
    "/v1/referrals/{referral_id:str}/words/{word_id:str}",
    operation=Operation(
        "fetchAgencyWord",
        "What an agency said, sealed",
        "A sealed object of kind agency's word, as docs/protocol.md lays it out.",
        {200: Answer("The word.", Octets("The sealed object."))},
        parameters=(REFERRAL, WORD),
        problems=THERE,
        credential="staff",
    ),
    permission=REFER,
)
async def fetch_agency_word(
    request: AnyRequest, referral_id: FromPath[str], word_id: FromPath[str]
) -> Response[bytes]:
    """The octets of a word."""
    ids = (credentials.id_of(referral_id), credentials.id_of(word_id))
    octets = await agency_words.word(state_of(request).bench, admitted(request), ids)
    return Response(octets, media_type="application/octet-stream")


ROUTES: list[Any] = [answer_agency, fetch_agency_answer, fetch_agency_word]

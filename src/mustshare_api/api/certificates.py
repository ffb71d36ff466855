"""Hand-over certificates by the public door: a proof for its holder, a check for anyone.

Neither route looks anything up about a tip. Receipt and documents travel in the header and in
bodies, never in an address; nothing of either is kept or logged.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from msgspec import Meta

from mustshare_api.api import credentials
from mustshare_api.api.answers import even_answer, json_answer, state_of
from mustshare_api.api.bodies import JSON, AnyRequest, content_type, decode, read, stream
from mustshare_api.api.catalogue.flood import IN_LINE
from mustshare_api.api.certificate_page import checked_page, empty_page, refused_page
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.form.multipart import Bounds, Form
from mustshare_api.api.form.page import HEADERS
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.problems import handle
from mustshare_api.crypto.certificates import LIMIT_BYTES
from mustshare_api.crypto.proofs import PURPOSE_LIMIT_BYTES
from mustshare_api.errors import MustShareError, Unsupported
from mustshare_api.flows import certificates
from mustshare_api.flows.certificates import Checked

_BODY_BYTES = 16 * LIMIT_BYTES
"""A document whose every character is escaped in JSON still fits."""

_HTML = "text/html"
_PAGE = Octets("HTML.", (_HTML,))
_REFUSED = (
    "certificate.malformed",
    "certificate.wrong_proof",
    "hand_over.unknown_directory",
    "hand_over.other_deployment",
    "hand_over.unknown_officer",
    "hand_over.wrong_signature",
)

Document = Annotated[str, Meta(min_length=1, max_length=LIMIT_BYTES)]


class ProofWanted(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a proof is made from, besides the receipt in the header."""

    certificate: Annotated[
        Document,
        Meta(description="The reporter's copy, with or without the words it came with."),
    ]
    purpose: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=PURPOSE_LIMIT_BYTES,
            description="To whom and why, one line; it is part of what is signed.",
            examples=["ศาลอาญา คดีหมายเลขดำที่ 1/2570"],
        ),
    ] = msgspec.field(name="for")


class ProofMade(msgspec.Struct, frozen=True):
    """The proof: a text to be kept as it is and handed to whom it is for."""

    proof: str


class Presented(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A certificate or a proof, as text."""

    document: Document


class CertificateChecked(msgspec.Struct, frozen=True):
    """A certificate that holds; `proof_for` is there when it came with a proof that holds."""

    kind: Literal["certificate", "proof"]
    certificate_id: str
    deployment_id: str
    agency: str
    day: date
    officer: str
    officer_kid: str
    directory_serial: int
    officer_listed: Annotated[
        Literal["now", "earlier", "revoked"],
        Meta(
            description="Whether the newest directory lists the officer's key. A revoked key "
            "may have been stolen, and the certificate dated back: ask the organisation."
        ),
    ]
    proof_for: str | None


_PROOF_WANTED = msgspec.json.Decoder(ProofWanted, strict=True)
_PRESENTED = msgspec.json.Decoder(Presented, strict=True)


@post(
    "/v1/certificates/proof",
    operation=Operation(
        "proveSource",
        "Prove to have been the source",
        "For whoever chooses to: from the receipt and the reporter's copy of a hand-over "
        "certificate. Works after the tip was withdrawn or has expired. A front end that "
        "derives the receipt's keys makes the proof itself.",
        {200: Answer("The proof.", ProofMade)},
        takes=(ProofWanted,),
        problems=(
            "receipt.missing",
            *IN_LINE,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
            "certificate.malformed",
            "certificate.bad_purpose",
            "certificate.not_yours",
            "directory.missing",
        ),
        parameters=STANDING,
        credential="receipt",
    ),
    status_code=200,
)
async def prove_source(request: AnyRequest) -> Response[bytes]:
    """Makes a proof."""
    _check_json(request)
    door = state_of(request)
    typed = credentials.presented_receipt(request)
    body = await read(request, _BODY_BYTES, door.patience, door.bench.parking)
    wanted = decode(body, _PROOF_WANTED)
    proof = await certificates.prove(door.bench, typed, wanted.certificate, wanted.purpose)
    return even_answer(ProofMade(proof.encode().decode()))


@post(
    "/v1/certificates/verify",
    operation=Operation(
        "verifyCertificate",
        "Check a certificate or a proof",
        "Who issued it by which directory, for which agency, on which day; and, of a proof, "
        "that the holder of the receipt made it for that purpose.",
        {200: Answer("It holds.", CertificateChecked)},
        takes=(Presented,),
        problems=(
            *_REFUSED,
            "request.bad_json",
            "request.duplicate_key",
            "request.invalid_fields",
        ),
    ),
    status_code=200,
)
async def verify_certificate(request: AnyRequest) -> Response[bytes]:
    """Checks a certificate or a proof."""
    _check_json(request)
    door = state_of(request)
    body = await read(request, _BODY_BYTES, door.patience, door.bench.parking)
    checked = certificates.check(door.bench, decode(body, _PRESENTED).document)
    return json_answer(_shown(checked))


@get(
    "/v1/certificates/check",
    operation=Operation(
        "showCertificateForm",
        "A page to check a certificate on",
        "HTML without a script, in Thai and English.",
        {200: Answer("The page.", _PAGE)},
    ),
)
async def show_certificate_form(request: AnyRequest) -> Response[Any]:
    """The empty page."""
    del request
    return _html(empty_page(), 200)


@post(
    "/v1/certificates/check",
    operation=Operation(
        "checkCertificateForm",
        "Check a certificate on a page",
        "Field: `document`. Problems come as a page to whoever accepts text/html.",
        {200: Answer("A page that says what it is worth.", _PAGE)},
        takes=(Octets("The form.", ("multipart/form-data",)),),
        problems=(*_REFUSED, "form.malformed"),
    ),
    status_code=200,
)
async def check_certificate_form(request: AnyRequest) -> Response[Any]:
    """The page with the answer."""
    try:
        return _html(checked_page(await _checked(request)), 200)
    except MustShareError as error:
        problem = handle(request, error)
        if _HTML not in request.headers.get("accept", ""):
            return problem
        return _html(refused_page(error), problem.status_code or 500)


async def _checked(request: AnyRequest) -> Checked:
    door = state_of(request)
    bounds = Bounds(("document",), (), None, _BODY_BYTES, photo_bytes=0, photos=0)
    with Form(bounds, door.bench.parking) as form:
        body = stream(request, 2 * _BODY_BYTES, door.patience)
        await form.read(request.headers.get("content-type", ""), body)
        return certificates.check(door.bench, form.one("document"))


def _shown(checked: Checked) -> CertificateChecked:
    certificate, head = checked.certificate, checked.certificate.head
    return CertificateChecked(
        kind="certificate" if checked.purpose is None else "proof",
        certificate_id=certificate.certificate_id.hex(),
        deployment_id=head.deployment_id.hex(),
        agency=head.agency,
        day=head.day,
        officer=head.officer,
        officer_kid=head.kid.hex(),
        directory_serial=head.serial,
        officer_listed=checked.listed,
        proof_for=checked.purpose,
    )


def _check_json(request: AnyRequest) -> None:
    if content_type(request) != JSON:
        raise Unsupported("request.wrong_content_type")


def _html(page: str, status: int) -> Response[bytes]:
    return Response(page.encode(), status_code=status, media_type=_HTML, headers=HEADERS)


ROUTES: list[Any] = [
    prove_source,
    verify_certificate,
    show_certificate_form,
    check_certificate_form,
]

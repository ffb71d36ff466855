"""Turns errors into RFC 9457 problems; nothing else picks a status.

    {"type": "urn:mustshare:problem:receipt.unknown", "title": ..., "status": 401,
     "code": "receipt.unknown", "detail": ...,
     "errors": [{"pointer": "/text", "code": ..., "detail": ...}]}

Spaces follow, up to one size: a watcher of the wire learns from the head's length about which
status it was, and not which problem.

Litestar's own handler swaps title and detail, leaves unhandled errors as plain JSON and
echoes values. Here nothing that a sender wrote comes back, not even the name of a field.
"""

from collections.abc import Mapping
from datetime import date
from typing import cast

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.fields import FIELD_CODES
from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.languages import Language, preferred
from mustshare_api.api.sizes import even
from mustshare_api.domain.pages import Change
from mustshare_api.errors import Busy, FieldError, MustShareError, Skewed, Unavailable
from mustshare_api.flows.plane import PageGone
from mustshare_api.logs import log

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:mustshare:problem:"


WAITING = frozenset({429, *range(500, 600)})
"""Statuses after which to wait: what is wrong is not in what was sent."""


class FieldProblem(msgspec.Struct, omit_defaults=True):
    """One field that is not right: an RFC 6901 pointer, a code, and what the code means."""

    pointer: str
    code: str
    detail: str = ""


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457, with a stable `code` and, for a JSON body, where in it.

    `reason` and `on` tell why and when a page was taken down.
    `skew_s` is how many seconds a staff request's signature is ahead of the door's clock.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []
    reason: Change | None = None
    on: date | None = None
    skew_s: int | None = None


def problem(error: MustShareError, language: Language) -> tuple[Problem, dict[str, str]]:
    """The problem and the headers that an error becomes."""
    code = error.code if error.code in CATALOGUE else "internal"
    told = CATALOGUE[code]
    body = Problem(
        type=TYPE_PREFIX + code,
        title=told.title_th if language == "th" else told.title_en,
        status=told.status,
        code=code,
        detail=told.advice_th if language == "th" else told.advice_en,
        errors=[_field(found, language) for found in error.errors],
        reason=error.reason if isinstance(error, PageGone) else None,
        on=error.on if isinstance(error, PageGone) else None,
        skew_s=error.skew_s if isinstance(error, Skewed) else None,
    )
    headers: dict[str, str] = {"content-language": language}
    if body.status in WAITING:
        wait_s = error.retry_after_s if isinstance(error, Busy | Unavailable) else 60
        headers["retry-after"] = str(wait_s)
    if body.status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1 asks for a challenge
        headers["www-authenticate"] = _challenge(code)
    return body, headers


def _field(found: FieldError, language: Language) -> FieldProblem:
    in_thai, in_english = FIELD_CODES.get(found.code, ("", ""))
    return FieldProblem(found.pointer, found.code, in_thai if language == "th" else in_english)


def _challenge(code: str) -> str:
    asked = {"signature": "Signature", "partner": "Partner-Key"}
    return asked.get(code.partition(".")[0], "Receipt, Bearer")


DOOR = "mustshare.door"
"""Scope key: which door a request came through, for the log of our own faults."""


def handle(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Litestar's exception handler for everything."""
    ours = _ours(error)
    if ours.code == "internal" or ours.code not in CATALOGUE:
        scope = cast("Mapping[str, object]", request.scope)
        log("request_failed", kind=type(error).__name__, door=scope.get(DOOR))
    body, headers = problem(ours, preferred(request.headers.get("accept-language")))
    return Response(
        even(msgspec.json.encode(body)),
        status_code=body.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _ours(error: Exception) -> MustShareError:
    if isinstance(error, MustShareError):
        return error
    if isinstance(error, NotFoundException):
        return MustShareError("request.not_found")
    if isinstance(error, MethodNotAllowedException):
        return MustShareError("request.wrong_method")
    if isinstance(error, HTTPException) and 400 <= error.status_code < 500:  # noqa: PLR2004
        return MustShareError("request.malformed")
    return MustShareError("internal")


Plain = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""


def plain_answer(code: str, language: Language) -> Plain:
    """Status, headers, body of a problem, for where no Litestar is; it ends the connection."""
    body, headers = problem(MustShareError(code), language)
    octets = even(msgspec.json.encode(body))
    lines = {
        **headers,
        "content-type": MEDIA_TYPE,
        "content-length": str(len(octets)),
        "connection": "close",
    }
    return body.status, [(k.encode(), v.encode()) for k, v in lines.items()], octets


FAILURE = plain_answer("internal", "th")
"""For what went wrong where nothing else answers."""

ENDING = plain_answer("unavailable", "th")
"""For whoever is cut off because the service stops."""

"""Reads what the staff door answers: bounded, to its end, and refusals by their code alone."""

import http.client
import re
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec

from mustshare_api.errors import (
    FieldError,
    Malformed,
    MustShareError,
    NotFound,
    TooLarge,
    Unavailable,
    Unsigned,
    WrongMoment,
)
from mustshare_api.keytool.refusal import AskedToWait, Refusal, Unreachable
from mustshare_api.keytool.staff_door.wire import Problem
from mustshare_api.keytool.words.wording import stands_alone

_Answer = TypeVar("_Answer")

_ANSWER_LIMIT_BYTES: Final = 1 << 24
_WAIT_MOST_S: Final = 86_400
"""A door that says more than a day says nothing that anybody would wait for."""

_CODE: Final = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}")


def read_piece(response: http.client.HTTPResponse, size_bytes: int) -> bytes:
    """The next octets.

    Raises:
        Unreachable: cut off. A body that ends before its length is a lost connection.
    """
    try:
        octets = response.read(size_bytes)
    except (OSError, http.client.HTTPException) as failed:
        raise Unreachable(reason=reason_of(failed)) from None
    if not octets and response.length:
        raise Unreachable(reason="IncompleteRead")
    return octets


def read_whole(response: http.client.HTTPResponse) -> bytes:
    """A whole answer, which is never long.

    Raises:
        Refusal: `door.nonsense`, it is.
        Unreachable: as `read_piece`.
    """
    octets = read_piece(response, _ANSWER_LIMIT_BYTES)
    if read_piece(response, 1):
        raise Refusal("door.nonsense")
    return octets


def read_as(octets: bytes, kind: type[_Answer]) -> _Answer:
    """What an answer says, of a form that is known.

    Raises:
        Refusal: `door.nonsense`, it is of another.
    """
    return read_by(octets, msgspec.json.Decoder(kind))


def read_by(octets: bytes, decoder: "msgspec.json.Decoder[_Answer]") -> _Answer:
    """The same by a decoder that is there already.

    Raises:
        Refusal: as `read_as`.
    """
    try:
        return decoder.decode(octets)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refusal("door.nonsense") from None


def refusal_of(status: int, octets: bytes, wait_s: int = 0) -> MustShareError:
    """What the door's problem means here; only a code of known form is shown of it.

    `wait_s` is for how long it asks to be left alone, 0 where it does not say.
    """
    try:
        problem = msgspec.json.decode(octets, type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        problem = Problem()
    code = problem.code
    if _CODE.fullmatch(code) is None or not stands_alone(code):
        return Refusal("door.refused", reason=status)
    if code == "signature.skewed" and problem.skew_s:
        return _clock_refusal(problem.skew_s)
    named = [one for one in problem.errors if stands_alone(one.code)]
    errors = tuple(FieldError(one.pointer, one.code) for one in named)
    kind = _BY_STATUS.get(status, Malformed)
    asked = kind is Unavailable and 0 < wait_s <= _WAIT_MOST_S
    refused = AskedToWait(code, retry_after_s=wait_s) if asked else kind(code)
    refused.errors = errors
    return refused


def _clock_refusal(skew_s: int) -> Refusal:
    """How far off this machine's clock is, in the largest unit of which there are two."""
    way = "ahead" if skew_s > 0 else "behind"
    for unit, seconds in _UNITS:
        if abs(skew_s) >= 2 * seconds:
            return Refusal(f"clock.{way}_{unit}", count=round(abs(skew_s) / seconds))
    return Refusal(f"clock.{way}_seconds", count=abs(skew_s))


_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60))

_BY_STATUS: Final[Mapping[int, type[MustShareError]]] = {
    HTTPStatus.UNAUTHORIZED: Unsigned,
    HTTPStatus.FORBIDDEN: Unsigned,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.GONE: NotFound,
    HTTPStatus.CONFLICT: WrongMoment,
    HTTPStatus.PRECONDITION_FAILED: WrongMoment,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: Unavailable,
    HTTPStatus.SERVICE_UNAVAILABLE: Unavailable,
}


def reason_of(failed: Exception) -> str:
    """A few plain words about a failed connection."""
    if isinstance(failed, ssl.SSLCertVerificationError):
        return "TLS: " + failed.verify_message
    if isinstance(failed, ssl.SSLError):
        return f"TLS: {failed.reason or 'failed'}"
    if isinstance(failed, OSError) and failed.strerror:
        return failed.strerror
    return type(failed).__name__

"""Reads the `Authorization` header, the only place where a receipt may stand.

A header that names one of our schemes is a credential, however broken: what is wrong with it
is found out later, after the same work as for a good one.
"""

import base64
import binascii
import re

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.crypto.parking import TOKEN_BYTES
from mustshare_api.errors import Malformed, UnknownReceipt
from mustshare_api.flows.credentials import AccessToken, Credential, TypedReceipt

_ID = re.compile(r"[0-9a-f]{32}")
_RETRY_KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")


def presented(request: AnyRequest) -> Credential:
    """The credential of a request.

    Raises:
        UnknownReceipt: `receipt.missing` when there is none of our schemes.
    """
    scheme, _, value = _header(request).partition(" ")
    if scheme.lower() == "receipt":
        return TypedReceipt(value)
    if scheme.lower() == "bearer":
        return AccessToken(_access(value.strip()))
    raise UnknownReceipt("receipt.missing")


def presented_receipt(request: AnyRequest) -> TypedReceipt:
    """The receipt of a request that needs its keys and not only its access.

    Raises:
        UnknownReceipt: `receipt.missing` when there is none; an access token signs nothing.
    """
    credential = presented(request)
    if isinstance(credential, AccessToken):
        raise UnknownReceipt("receipt.missing")
    return credential


def new_receipt(request: AnyRequest) -> str | None:
    """The receipt that a front end minted for a new tip, as typed; None when it sent none.

    Raises:
        UnknownReceipt: another scheme, which cannot begin a tip.
    """
    header = _header(request)
    if not header:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "receipt":
        raise UnknownReceipt("receipt.missing")
    return value


def _header(request: AnyRequest) -> str:
    """The header as text: UTF-8 where a front end sent Thai numerals, which are no ASCII."""
    raw = request.headers.get("authorization", "").encode("latin-1")
    return raw.decode("utf-8", "replace").strip()


def upload_token(request: AnyRequest) -> bytes:
    """The Upload-Token: the key under which a file waits, minted by its sender.

    Raises:
        Malformed: missing, or not 32 bytes as base64url without padding.
    """
    token = _access(request.headers.get("upload-token", ""))
    if len(token) != TOKEN_BYTES:
        raise Malformed("upload.bad_token")
    return token


def _access(value: str) -> bytes:
    """32 bytes as base64url without padding, or nothing."""
    try:
        octets = base64.b64decode(
            value + "=" * (-len(value) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return b""
    return octets if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() == value else b""


def id_of(text: str) -> bytes:
    """An id from a path or a body.

    Raises:
        Malformed: not 32 lower-case hexadecimal digits.
    """
    if not _ID.fullmatch(text):
        raise Malformed("id.malformed")
    return bytes.fromhex(text)


def retry_key(request: AnyRequest) -> str | None:
    """The Idempotency-Key; so long and so random that nobody guesses another's.

    Raises:
        Malformed: not of that form.
    """
    given = request.headers.get("idempotency-key")
    if given is not None and not _RETRY_KEY.fullmatch(given):
        raise Malformed("request.bad_retry_key")
    return given

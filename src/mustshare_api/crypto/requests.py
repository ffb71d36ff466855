"""Signs a staff request, and tells whether a signature on one holds (RFC 9421, one profile).

What is signed, always these and in this order, the last where the request has the header:

    "@method": POST
    "@authority": staff.example.org
    "@path": /v1/tips/5f.../follow-ups
    "@query": ?
    "content-digest": sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
    "if-match": "9f86d081..."
    "@signature-params": ("@method" ...);created=..;keyid="..";alg="ed25519";nonce="..";tag=".."

RFC 9421 lets the sender choose what a signature covers, and a verifier that believes the
choice accepts a signature over nothing. Here the list is fixed: anything else is malformed. An
empty body has a digest too, so that a signed GET cannot be turned into a request with a body.
`If-Match` says of what a change was made: without it in the list, whoever sits in between could
make a change that was meant for one state of an object fit another.

Freshness is half done here (`created` within a minute); whoever calls `verify` must also keep
each nonce while its `created` could still pass, and refuse it a second time. The body is
checked apart, by `BodyDigest`: it may be a hundred megabytes and arrives after the headers.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from mustshare_api.errors import Skewed, Unsigned

MAX_SKEW_S: Final = 60
"""Longer than a slow link, shorter than a stolen request stays interesting."""

TAG: Final = "mustshare-staff"
LABEL: Final = "mustshare"
COVERED: Final = ("@method", "@authority", "@path", "@query", "content-digest")
CONDITION: Final = "if-match"

_HEADER_LIMIT: Final = 1024
_INPUT: Final = re.compile(r"([a-z][a-z0-9_-]{0,31})=(\([^()]*\))((?:;[a-z]+=[^;]*)+)")
_SIGNATURE: Final = re.compile(r"([a-z][a-z0-9_-]{0,31})=:([A-Za-z0-9+/]{86}==):")
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_PARAMETERS: Final = {
    "created": re.compile(r"([0-9]{1,12})"),
    "keyid": re.compile(r'"([A-Za-z0-9._-]{1,64})"'),
    "alg": re.compile(r'"(ed25519)"'),
    "nonce": re.compile(r'"([A-Za-z0-9+/=_-]{16,64})"'),
    "tag": re.compile(rf'"({TAG})"'),
}


@dataclass(frozen=True, slots=True)
class Verified:
    """Who signed and when (Unix seconds); the nonce is to be remembered for twice the skew.

    `body_sha256` is what was signed of the body; that it is this body, `BodyDigest` says.
    """

    keyid: str
    nonce: str
    created: int
    body_sha256: bytes


class BodyDigest:
    """Compares a body with the digest its headers promised, as it streams by.

    Raises:
        Unsigned: at once, when the headers promise nothing readable.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._promised = _promised_digest(_lower(headers))
        self._seen = hashlib.sha256()

    def update(self, chunk: bytes | bytearray | memoryview) -> None:
        """Takes the next part of the body."""
        self._seen.update(chunk)

    def check(self) -> None:
        """To be called at the end of the body, before anything comes of it.

        Raises:
            Unsigned: it was another body that was signed.
        """
        if not hmac.compare_digest(self._promised, self._seen.digest()):
            raise Unsigned("signature.invalid")


def content_digest(body: bytes) -> str:
    """The `Content-Digest` of a body (RFC 9530), SHA-256 alone."""
    return content_digest_header(hashlib.sha256(body).digest())


def content_digest_header(sha256: bytes) -> str:
    """The same, for a body that was hashed while it was read."""
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def sign(  # noqa: PLR0913 - the parts of a request line, and of a signature
    method: str,
    authority: str,
    path: str,
    query: str,
    content_digest: str,
    *,
    keyid: str,
    seed: bytes,
    created: int,
    nonce: str,
    if_match: str | None = None,
) -> dict[str, str]:
    """The three headers that make a request a signed one, and `If-Match` where there is one.

    Args:
        method: in capitals.
        authority: host, and port unless it is 443.
        path: as in the request line, percent-encoded.
        query: as in the request line, without its question mark; may be empty.
        content_digest: the header's value, from `content_digest` or `content_digest_header`.
        keyid: by which the other side finds the public key.
        seed: 32 bytes, Ed25519.
        created: Unix seconds.
        nonce: 16 to 64 characters that this key never signed before.
        if_match: the header's value, where the request has it.
    """
    condition = {} if if_match is None else {"If-Match": if_match}
    covered = _covered((method, authority, path, query), content_digest, if_match)
    parameters = (
        f'{_listed(covered)};created={created};keyid="{keyid}";alg="ed25519"'
        f';nonce="{nonce}";tag="{TAG}"'
    )
    base = signature_base(covered, parameters)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(base)
    return {
        **condition,
        "Content-Digest": content_digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def verify(  # noqa: PLR0913 - likewise
    method: str,
    authority: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    *,
    now: int,
    public_key_of: Callable[[str], bytes | None],
) -> Verified:
    """Says who signed a request, or refuses it.

    Header names may be in any case. A header that came twice is passed joined by `", "`, as
    RFC 9110 has it, and is then malformed: two signatures are one too many.

    Raises:
        Unsigned: `signature.missing`, `.malformed`, `.skewed`, `.unknown_key`, `.invalid`.
    """
    lowered = _lower(headers)
    parameters, signature = _read_signature(lowered)
    found = _read_parameters(parameters)
    body_sha256 = _promised_digest(lowered)
    digest = content_digest_header(body_sha256)
    covered = _covered((method, authority, path, query), digest, lowered.get(CONDITION))
    created = int(found["created"])
    if abs(now - created) > MAX_SKEW_S:
        raise Skewed(created - now)
    public_key = public_key_of(found["keyid"])
    if public_key is None:
        raise Unsigned("signature.unknown_key")
    _check(public_key, signature, covered, parameters)
    return Verified(found["keyid"], found["nonce"], created, body_sha256)


def signature_base(covered: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """The octets that are signed (RFC 9421, 2.5), for whatever list of components."""
    lines = [f'"{name}": {value}' for name, value in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def _covered(
    line: tuple[str, str, str, str], digest: str, if_match: str | None
) -> list[tuple[str, str]]:
    """The components with their values, in the one spelling that both sides sign."""
    method, authority, path, query = line
    name = authority.lower().removesuffix(":443")
    values = [method, name, path or "/", f"?{query}", digest]
    condition = [] if if_match is None else [(CONDITION, if_match.strip(" \t"))]
    return [*zip(COVERED, values, strict=True), *condition]


def _listed(covered: Sequence[tuple[str, str]]) -> str:
    return "(" + " ".join(f'"{name}"' for name, _ in covered) + ")"


def _check(
    public_key: bytes, signature: bytes, covered: list[tuple[str, str]], parameters: str
) -> None:
    """Verifies, with every way of failing made one."""
    try:
        base = signature_base(covered, parameters)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, base)
    except (InvalidSignature, ValueError):
        raise Unsigned("signature.invalid") from None


def _read_signature(headers: Mapping[str, str]) -> tuple[str, bytes]:
    """The parameters as they were sent, and the signature of the same label."""
    signature_input = headers.get("signature-input")
    signature = headers.get("signature")
    if signature_input is None or signature is None:
        raise Unsigned("signature.missing")
    if len(signature_input) > _HEADER_LIMIT:
        raise Unsigned("signature.malformed")
    named = _INPUT.fullmatch(signature_input)
    given = _SIGNATURE.fullmatch(signature)
    if named is None or given is None or named[1] != given[1]:
        raise Unsigned("signature.malformed")
    condition = [CONDITION] if CONDITION in headers else []
    if named[2] != _listed([(name, "") for name in (*COVERED, *condition)]):
        raise Unsigned("signature.malformed")
    return named[2] + named[3], _from_base64(given[2])


def _read_parameters(parameters: str) -> dict[str, str]:
    """Every parameter of the profile exactly once, in any order, and no other."""
    found: dict[str, str] = {}
    for part in parameters.split(";")[1:]:
        name, _, value = part.partition("=")
        pattern = _PARAMETERS.get(name)
        matched = pattern and pattern.fullmatch(value)
        if not matched or name in found:
            raise Unsigned("signature.malformed")
        found[name] = matched[1]
    if len(found) != len(_PARAMETERS):
        raise Unsigned("signature.malformed")
    return found


def _promised_digest(headers: Mapping[str, str]) -> bytes:
    """The SHA-256 in a `Content-Digest` header."""
    value = headers.get("content-digest")
    if value is None:
        raise Unsigned("signature.missing")
    matched = _DIGEST.fullmatch(value)
    if matched is None:
        raise Unsigned("signature.malformed")
    return _from_base64(matched[1])


def _from_base64(text: str) -> bytes:
    """Strict: spare bits in the last letter are zero, so one value has one spelling."""
    octets = base64.b64decode(text)  # cannot fail: the patterns give whole groups of letters
    if base64.b64encode(octets).decode() != text:
        raise Unsigned("signature.malformed")
    return octets


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}

"""Proofs: that whoever holds a tip's receipt was the source of what was handed over.

    mustshare/v1 proof
    for <whom and why>          one line
    salt <64 hex>               as in the reporter's copy (certificates.py)
    content <64 hex>
    bundle <base64>             the reporter's public keys
    signature <base64>
    (blank line)
    the certificate, to the letter

    signature = Ed25519(receipt's sign key, "mustshare/v1 proof" | SHA-256(certificate) | salt
                        | SHA-256(content) | bundle hash | SHA-256(for))

A proof takes the receipt: the certificate's source names the bundle, and the bundle holds the
key that signs. What it is `for` is signed with the rest, so that a proof shown to a court is
worth nothing in another's hands. Everything is derived and nothing looked up: it holds after
the tip has gone.
"""

import base64
import hmac
from dataclasses import dataclass, replace
from typing import Final

from mustshare_api.crypto.certificates import (
    DIGEST_BYTES,
    LIMIT_BYTES,
    SALT_BYTES,
    Certificate,
    ReporterCopy,
    parse_certificate,
    source_of,
    unbase64,
    unhex,
)
from mustshare_api.crypto.hand_over import is_line
from mustshare_api.crypto.receipts import (
    BUNDLE_BYTES,
    ReceiptKeys,
    bundle_hash,
    parse_bundle,
)
from mustshare_api.crypto.suite import SIGNATURE_BYTES, is_signed_by, sha256
from mustshare_api.errors import CannotOpen, Malformed

PURPOSE_LIMIT_BYTES: Final = 1000

_ORIGIN: Final = "mustshare/v1 proof"
_LABEL: Final = b"mustshare/v1 proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """That the holder of the receipt made this, for that purpose. Read, not yet believed."""

    certificate: Certificate
    purpose: str
    salt: bytes
    content_sha256: bytes
    bundle: bytes
    signature: bytes

    def check(self) -> None:
        """Refuses a proof that the receipt's holder did not make.

        Raises:
            CannotOpen: `certificate.wrong_proof`.
        """
        owner = bundle_hash(self.bundle)
        matches = source_of(self.salt, owner, self.content_sha256) == self.certificate.source
        if not matches or not is_signed_by(
            parse_bundle(self.bundle).verify_key, self.signature, self.signed()
        ):
            raise CannotOpen("certificate.wrong_proof")

    def signed(self) -> bytes:
        """What the receipt's key signs."""
        return b"".join(
            (
                _LABEL,
                sha256(self.certificate.octets),
                self.salt,
                self.content_sha256,
                bundle_hash(self.bundle),
                sha256(self.purpose.encode()),
            )
        )

    def encode(self) -> bytes:
        """The document."""
        lines = [
            _ORIGIN,
            f"for {self.purpose}",
            f"salt {self.salt.hex()}",
            f"content {self.content_sha256.hex()}",
            f"bundle {base64.b64encode(self.bundle).decode()}",
            f"signature {base64.b64encode(self.signature).decode()}",
        ]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.certificate.octets


def prove(copy: ReporterCopy, keys: ReceiptKeys, purpose: str) -> Proof:
    """The proof that the holder of this receipt was the source.

    Raises:
        CannotOpen: `certificate.not_yours`.
        Malformed: `certificate.bad_purpose`.
    """
    if not is_line(purpose, PURPOSE_LIMIT_BYTES):
        raise Malformed("certificate.bad_purpose")
    source = source_of(copy.salt, bundle_hash(keys.bundle), copy.content_sha256)
    if not hmac.compare_digest(source, copy.certificate.source):
        raise CannotOpen("certificate.not_yours")
    proof = Proof(copy.certificate, purpose, copy.salt, copy.content_sha256, keys.bundle, b"")
    return replace(proof, signature=keys.sign(proof.signed()))


def settled(text: str) -> bytes:
    """A pasted document with the line ends and the last newline that it was written with.

    Raises:
        Malformed: `certificate.malformed`, longer than any.
    """
    try:
        octets = text.replace("\r\n", "\n").strip("\ufeff \t\n").encode() + b"\n"
    except UnicodeEncodeError:
        raise Malformed("certificate.malformed") from None
    if len(octets) > LIMIT_BYTES:
        raise Malformed("certificate.malformed")
    return octets


def parse_document(octets: bytes) -> Certificate | Proof:
    """Reads a certificate or a proof.

    Raises:
        Malformed: `certificate.malformed`.
    """
    is_proof = octets.startswith(f"{_ORIGIN}\n".encode())
    return parse_proof(octets) if is_proof else parse_certificate(octets)


def parse_proof(octets: bytes) -> Proof:
    """Reads a proof.

    Raises:
        Malformed: `certificate.malformed`, also for another spelling of a good one.
    """
    above, _, certificate = octets.partition(b"\n\n")
    try:
        lines = above.decode().split("\n")
        _, purpose, salt, content, bundle, signature = lines
        proof = Proof(
            parse_certificate(certificate),
            purpose.removeprefix("for "),
            unhex(salt, "salt ", SALT_BYTES),
            unhex(content, "content ", DIGEST_BYTES),
            unbase64(bundle.removeprefix("bundle ")),
            unbase64(signature.removeprefix("signature ")),
        )
        _check_proof(proof)
    except ValueError:
        raise Malformed("certificate.malformed") from None
    if proof.encode() != octets:
        raise Malformed("certificate.malformed")
    return proof


def _check_proof(proof: Proof) -> None:
    sizes = (len(proof.bundle), len(proof.signature))
    if sizes != (BUNDLE_BYTES, SIGNATURE_BYTES):
        raise ValueError
    if not is_line(proof.purpose, PURPOSE_LIMIT_BYTES):
        raise ValueError
    try:
        parse_bundle(proof.bundle)
    except Malformed:
        raise ValueError from None

"""The hand-over certificate: lets a reporter prove, later and by choice, to be the source.

    certificate, the agency's           copy, the reporter's alone        proof, made by choice
    mustshare/v1 hand-over              MSC1                              mustshare/v1 proof
    ... five lines (hand_over.py)       salt 32                           for <whom and why>
    id <32 hex>                         SHA-256(tip's content) 32         salt, content, bundle
    source <64 hex>                     certificate                       signature
    — somsri ...                        in base64 between two marks       (blank), certificate

    source    = SHA-256("mustshare/v1 source" | salt | bundle hash | SHA-256(content))
    signature = Ed25519(receipt's sign key, "mustshare/v1 proof" | SHA-256(certificate) | salt
                        | SHA-256(content) | bundle hash | SHA-256(for))

Whoever has the agency's files and a seized database cannot tell which tip a certificate is of:
the salt is in neither. It travels sealed to the reporter. A proof takes the receipt, because
the source names the bundle and the bundle holds the key that signs. What it is `for` is signed
with the rest, so that a proof shown to a court is worth nothing in another's hands. Everything
is derived and nothing looked up: it holds after the tip has gone.
"""

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.crypto import hand_over
from mustshare_api.crypto.hand_over import HEAD_LINES, Voucher, is_line
from mustshare_api.crypto.notes import Note
from mustshare_api.crypto.receipts import (
    BUNDLE_BYTES,
    ReceiptKeys,
    bundle_hash,
    parse_bundle,
)
from mustshare_api.crypto.suite import SIGNATURE_BYTES, is_signed_by, sha256
from mustshare_api.errors import CannotOpen, Malformed

LIMIT_BYTES: Final = 8192
"""Of a certificate, a copy with words around it, or a proof."""

PURPOSE_LIMIT_BYTES: Final = 1000
SALT_BYTES: Final = 32
DIGEST_BYTES: Final = 32

_ORIGIN: Final = "mustshare/v1 hand-over"
_PROOF_ORIGIN: Final = "mustshare/v1 proof"
_LABEL_SOURCE: Final = b"mustshare/v1 source"
_LABEL_PROOF: Final = b"mustshare/v1 proof"
_MAGIC: Final = b"MSC1"
_ID_BYTES: Final = 16
_COLUMNS: Final = 64
_BEGIN: Final = "-----BEGIN MUSTSHARE CERTIFICATE-----"
_END: Final = "-----END MUSTSHARE CERTIFICATE-----"
_ARMOUR: Final = re.compile(f"{_BEGIN}([A-Za-z0-9+/=\\s]*){_END}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """That something of one tip was handed to an agency. Read, and not yet believed."""

    head: Voucher
    certificate_id: bytes
    source: bytes
    note: Note
    octets: bytes

    @property
    def text(self) -> str:
        """The note, as it is handed out."""
        return self.octets.decode()


@dataclass(frozen=True, slots=True)
class ReporterCopy:
    """What the reporter gets: the certificate, and what ties it to their tip."""

    certificate: Certificate
    salt: bytes = field(repr=False)
    content_sha256: bytes = field(repr=False)

    def encode(self) -> str:
        """The copy in base64, which survives being pasted, wrapped and pasted again."""
        octets = _MAGIC + self.salt + self.content_sha256 + self.certificate.octets
        text = base64.b64encode(octets).decode()
        lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
        return "\n".join([_BEGIN, *lines, _END])


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
        matches = _source(self.salt, owner, self.content_sha256) == self.certificate.source
        if not matches or not is_signed_by(
            parse_bundle(self.bundle).verify_key, self.signature, self.signed()
        ):
            raise CannotOpen("certificate.wrong_proof")

    def signed(self) -> bytes:
        """What the receipt's key signs."""
        return b"".join(
            (
                _LABEL_PROOF,
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
            _PROOF_ORIGIN,
            f"for {self.purpose}",
            f"salt {self.salt.hex()}",
            f"content {self.content_sha256.hex()}",
            f"bundle {base64.b64encode(self.bundle).decode()}",
            f"signature {base64.b64encode(self.signature).decode()}",
        ]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.certificate.octets


def issue(
    head: Voucher, seed: bytes, bundle_digest: bytes, content_sha256: bytes
) -> ReporterCopy:
    """A new certificate, with what only the reporter gets.

    Args:
        head: who hands over, to whom, when.
        seed: the officer's signing seed.
        bundle_digest: the bundle hash in the tip's first object.
        content_sha256: of the content of that object.

    Raises:
        Malformed: `certificate.malformed`, an agency's name that is no line.
    """
    if not head.is_sound():
        raise Malformed("certificate.malformed")
    salt = secrets.token_bytes(SALT_BYTES)
    source = _source(salt, bundle_digest, content_sha256)
    certificate_id = secrets.token_bytes(_ID_BYTES)
    lines = [_ORIGIN, *head.lines(), f"id {certificate_id.hex()}", f"source {source.hex()}"]
    octets = hand_over.sign(lines, head.officer, seed)
    return ReporterCopy(parse_certificate(octets), salt, content_sha256)


def prove(copy: ReporterCopy, keys: ReceiptKeys, purpose: str) -> Proof:
    """The proof that the holder of this receipt was the source.

    Raises:
        CannotOpen: `certificate.not_yours`.
        Malformed: `certificate.bad_purpose`.
    """
    if not is_line(purpose, PURPOSE_LIMIT_BYTES):
        raise Malformed("certificate.bad_purpose")
    source = _source(copy.salt, bundle_hash(keys.bundle), copy.content_sha256)
    if not hmac.compare_digest(source, copy.certificate.source):
        raise CannotOpen("certificate.not_yours")
    unsigned = Proof(
        copy.certificate, purpose, copy.salt, copy.content_sha256, keys.bundle, b""
    )
    return Proof(
        copy.certificate,
        purpose,
        copy.salt,
        copy.content_sha256,
        keys.bundle,
        keys.sign(unsigned.signed()),
    )


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
    is_proof = octets.startswith(f"{_PROOF_ORIGIN}\n".encode())
    return parse_proof(octets) if is_proof else parse_certificate(octets)


def parse_certificate(octets: bytes) -> Certificate:
    """Reads a certificate.

    Raises:
        Malformed: `certificate.malformed`, also for another spelling of a good one.
    """
    try:
        note, lines = hand_over.lines_of(octets, _ORIGIN, LIMIT_BYTES)
        head = Voucher.parse(lines[:HEAD_LINES])
        certificate_id, source = lines[HEAD_LINES:]
        return Certificate(
            head,
            _unhex(certificate_id, "id ", _ID_BYTES),
            _unhex(source, "source ", DIGEST_BYTES),
            note,
            octets,
        )
    except ValueError:
        raise Malformed("certificate.malformed") from None


def parse_copy(text: str) -> ReporterCopy:
    """Reads a reporter's copy out of the words it came with.

    Raises:
        Malformed: `certificate.malformed`.
    """
    found = _ARMOUR.findall(text) if len(text) <= LIMIT_BYTES else []
    if len(found) != 1:
        raise Malformed("certificate.malformed")
    octets = _unbase64("".join(found[0].split()))
    if not octets.startswith(_MAGIC):
        raise Malformed("certificate.malformed")
    salt_at = len(_MAGIC)
    content_at, note_at = salt_at + SALT_BYTES, salt_at + SALT_BYTES + DIGEST_BYTES
    certificate = parse_certificate(octets[note_at:])
    return ReporterCopy(certificate, octets[salt_at:content_at], octets[content_at:note_at])


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
            _unhex(salt, "salt ", SALT_BYTES),
            _unhex(content, "content ", DIGEST_BYTES),
            _unbase64(bundle.removeprefix("bundle ")),
            _unbase64(signature.removeprefix("signature ")),
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


def _source(salt: bytes, bundle_digest: bytes, content_sha256: bytes) -> bytes:
    return sha256(_LABEL_SOURCE, salt, bundle_digest, content_sha256)


def _unhex(line: str, keyword: str, size_bytes: int) -> bytes:
    octets = bytes.fromhex(line.removeprefix(keyword))
    if f"{keyword}{octets.hex()}" != line or len(octets) != size_bytes:
        raise ValueError
    return octets


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("certificate.malformed") from None

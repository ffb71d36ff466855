"""The hand-over certificate: that something of one tip was handed to an agency.

    certificate, the agency's half      copy, the reporter's alone
    mustshare/v1 hand-over              MSC1
    ... five lines (hand_over.py)       salt 32
    id <32 hex>                         SHA-256(content of the tip's first message) 32
    source <64 hex>                     certificate
    — somsri ...                        in base64 between two marks

    source = SHA-256("mustshare/v1 source" | salt | bundle hash | SHA-256(content))

Whoever has the agency's files and a seized database cannot tell which tip a certificate is of:
the salt is in neither. It travels sealed to the reporter, who can then prove to have been the
source (proofs.py), and need not.
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.crypto import hand_over
from mustshare_api.crypto.hand_over import HEAD_LINES, Voucher
from mustshare_api.crypto.notes import Note
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import Malformed

LIMIT_BYTES: Final = 8192
"""Of a certificate, a copy with words around it, or a proof."""

SALT_BYTES: Final = 32
DIGEST_BYTES: Final = 32

_ORIGIN: Final = "mustshare/v1 hand-over"
_LABEL_SOURCE: Final = b"mustshare/v1 source"
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
    source = source_of(salt, bundle_digest, content_sha256)
    certificate_id = secrets.token_bytes(_ID_BYTES)
    lines = [_ORIGIN, *head.lines(), f"id {certificate_id.hex()}", f"source {source.hex()}"]
    octets = hand_over.sign(lines, head.officer, seed)
    return ReporterCopy(parse_certificate(octets), salt, content_sha256)


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
            unhex(certificate_id, "id ", _ID_BYTES),
            unhex(source, "source ", DIGEST_BYTES),
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
    octets = unbase64("".join(found[0].split()))
    if not octets.startswith(_MAGIC):
        raise Malformed("certificate.malformed")
    salt_at = len(_MAGIC)
    content_at, note_at = salt_at + SALT_BYTES, salt_at + SALT_BYTES + DIGEST_BYTES
    certificate = parse_certificate(octets[note_at:])
    return ReporterCopy(certificate, octets[salt_at:content_at], octets[content_at:note_at])


def source_of(salt: bytes, bundle_digest: bytes, content_sha256: bytes) -> bytes:
    """What a certificate says of its tip: nothing, to whoever lacks the salt."""
    return sha256(_LABEL_SOURCE, salt, bundle_digest, content_sha256)


def unhex(line: str, keyword: str, size_bytes: int) -> bytes:
    """The octets of a line such as `salt 00ff`.

    Raises:
        ValueError: another keyword, size or spelling.
    """
    octets = bytes.fromhex(line.removeprefix(keyword))
    if f"{keyword}{octets.hex()}" != line or len(octets) != size_bytes:
        raise ValueError
    return octets


def unbase64(text: str) -> bytes:
    """Strict base64.

    Raises:
        Malformed: `certificate.malformed`.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("certificate.malformed") from None

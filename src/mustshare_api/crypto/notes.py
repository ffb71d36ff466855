r"""Signed notes (C2SP signed-note): a text that people can read, and signatures beneath it.

    text, one or more lines, each ended by a newline
    <blank line>
    — <name> <base64( key id 4 B | Ed25519 signature 64 B )>
    — ...

The signature is over the text with its last newline. The key id is the first four bytes of
SHA-256(name | "\n" | 0x01 | public key): it only says which key to try. A line by a key that
nobody here knows is passed over, so that old and new roots can sign one note while the change
goes round; a line by a known key that does not hold spoils the note.

The format is a public one, so that an auditor can check a directory with tools not ours.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto.suite import is_signed_by, load_verify_key, signer, verify_key_of
from mustshare_api.errors import CannotOpen, Malformed

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
"""Who signs, and who is listed: ASCII, so that two names never merely look alike."""

_ED25519: Final = b"\x01"
_MARK: Final = "— "
_SIGNATURES_LIMIT: Final = 64
_CONTROL: Final = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_KEY_ID_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and the Ed25519 key (32 bytes) that signs under it."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line starts with."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]

    def encode(self) -> str:
        """The verifier key as C2SP writes it: `name+key id+base64(0x01 | key)`."""
        key = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line beneath a note; not yet believed."""

    name: str
    key_id: bytes
    octets: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart; not yet believed."""

    text: bytes
    signatures: tuple[Signature, ...]

    def signers_among(self, verifiers: Iterable[Verifier]) -> frozenset[Verifier]:
        """Those of the verifiers who signed. One that signed twice counts once.

        Raises:
            CannotOpen: `note.wrong_signature`, one of them is named but did not sign this.
        """
        known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
        found: set[Verifier] = set()
        for signature in self.signatures:
            verifier = known.get((signature.name, signature.key_id))
            if verifier is None:
                continue
            if not is_signed_by(verifier.public_key, signature.octets, self.text):
                raise CannotOpen("note.wrong_signature")
            found.add(verifier)
        return frozenset(found)

    def is_signed_by(self, verifier: Verifier) -> bool:
        """Whether this one signed, with every way of not having done so made one."""
        try:
            return bool(self.signers_among([verifier]))
        except CannotOpen:
            return False


def parse_verifier(line: str) -> Verifier:
    """Reads a C2SP verifier key.

    Raises:
        Malformed: `note.malformed`.
    """
    parts = line.split("+", 2)
    if len(parts) != 3 or NAME.fullmatch(parts[0]) is None:  # noqa: PLR2004 - name, id, key
        raise Malformed("note.malformed")
    verifier = Verifier(parts[0], _from_base64(parts[2])[1:])
    load_verify_key(verifier.public_key)
    if verifier.encode() != line:
        raise Malformed("note.malformed")
    return verifier


def split(octets: bytes) -> Note:
    """Takes a note apart. One without signatures passes: it is a draft.

    Raises:
        Malformed: `note.malformed`.
    """
    text, blank, below = octets.rpartition(b"\n\n")
    if not blank or _CONTROL.search(octets):
        raise Malformed("note.malformed")
    try:
        text.decode()
        lines = below.decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("note.malformed") from None
    if lines.pop() or len(lines) > _SIGNATURES_LIMIT:
        raise Malformed("note.malformed")
    return Note(text + b"\n", tuple(_parse_signature(line) for line in lines))


def sign(octets: bytes, name: str, seed: bytes) -> bytes:
    """Adds a signature line to a note or draft; a note that has this line stays as it is.

    Raises:
        Malformed: `note.malformed`, or the name or seed is none.
    """
    if NAME.fullmatch(name) is None:
        raise Malformed("note.malformed")
    note = split(octets)
    verifier = Verifier(name, verify_key_of(seed))
    signed = base64.b64encode(verifier.key_id + signer(seed)(note.text)).decode()
    line = f"{_MARK}{name} {signed}\n".encode()
    return octets if line in octets[len(note.text) :] else octets + line


def _parse_signature(line: str) -> Signature:
    """Any algorithm's line is read; only Ed25519's can hold."""
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    octets = _from_base64(encoded)
    if not line.startswith(_MARK) or not name or "+" in name or len(octets) <= _KEY_ID_BYTES:
        raise Malformed("note.malformed")
    return Signature(name, octets[:_KEY_ID_BYTES], octets[_KEY_ID_BYTES:])


def _from_base64(text: str) -> bytes:
    """Strict base64, so that one signature has one spelling."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("note.malformed") from None
    if base64.b64encode(octets).decode() != text:
        raise Malformed("note.malformed")
    return octets

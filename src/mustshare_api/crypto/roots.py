"""The root keys that a client pins, and how many of them must sign a directory.

    mustshare/v1 roots
    k 2
    anan+1d2f0c3b+AY...
    busaba+77e01f52+AS...
    chai+c74f20a3+AR...

This small file is the one thing that has to reach a client by a way other than the service. Its
fingerprint is 30 digits, the length of a receipt, so that it can be read out over a telephone.
Lines are sorted by name: the same roots make the same file and so the same fingerprint.
"""

from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import notes
from mustshare_api.crypto.notes import Note, Verifier
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import CannotOpen, Malformed

RootKey = Verifier
"""A root is a name and the Ed25519 key that signs under it."""

FINGERPRINT_DIGITS: Final = 30
MAX_ROOTS: Final = 16

_FIRST_LINE: Final = "mustshare/v1 roots"
_SIZE_LIMIT: Final = 4096
_MIN_LINES: Final = 4  # the first, k, one root, and the end of the last


@dataclass(frozen=True, slots=True)
class Roots:
    """The pinned root keys, sorted by name, of which `k` must have signed.

    Raises:
        Malformed: none or more than sixteen, two of one name or of one key (which would let
            one holder count twice), or a `k` that is not within them.
    """

    keys: tuple[RootKey, ...]
    k: int

    def __post_init__(self) -> None:
        """Sorts, and refuses what could never protect anyone."""
        object.__setattr__(self, "keys", tuple(sorted(self.keys, key=lambda key: key.name)))
        names = {key.name for key in self.keys}
        public_keys = {key.public_key for key in self.keys}
        if not len(names) == len(public_keys) == len(self.keys):
            raise Malformed("roots.malformed")
        if not 1 <= self.k <= len(self.keys) <= MAX_ROOTS:
            raise Malformed("roots.malformed")

    def encode(self) -> bytes:
        """The pin file."""
        lines = [_FIRST_LINE, f"k {self.k}", *(key.encode() for key in self.keys)]
        return "".join(f"{line}\n" for line in lines).encode()

    def fingerprint(self) -> str:
        """30 digits that stand for these roots and this `k`."""
        number = int.from_bytes(sha256(b"mustshare/v1 roots fingerprint", self.encode()), "big")
        return str(number % 10**FINGERPRINT_DIGITS).zfill(FINGERPRINT_DIGITS)

    def check(self, note: Note) -> None:
        """Refuses a note that fewer than `k` of these roots signed.

        Raises:
            CannotOpen: `note.too_few_signatures` or `note.wrong_signature`.
        """
        if len(note.signers_among(self.keys)) < self.k:
            raise CannotOpen("note.too_few_signatures")


def parse(octets: bytes) -> Roots:
    """Reads a pin file.

    Raises:
        Malformed: `roots.malformed`.
    """
    try:
        roots = _read(octets)
    except (Malformed, ValueError):
        raise Malformed("roots.malformed") from None
    # One set of roots has one spelling, or it would have two fingerprints.
    if roots.encode() != octets:
        raise Malformed("roots.malformed")
    return roots


def _read(octets: bytes) -> Roots:
    """Reads what may still be another spelling; its caller compares."""
    lines = octets.decode("ascii").split("\n")
    if len(octets) > _SIZE_LIMIT or len(lines) < _MIN_LINES:
        raise Malformed("roots.malformed")
    k = int(lines[1].removeprefix("k "))
    return Roots(tuple(notes.parse_verifier(line) for line in lines[2:-1]), k)

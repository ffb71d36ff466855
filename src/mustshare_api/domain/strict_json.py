"""Strict JSON: what is sealed or signed is read to the letter, or refused with one code.

A reader of sealed octets meets whatever an attacker could have sealed: no JSON, another shape,
a lone surrogate, nesting without end. Each kind of text says what it is and which code refuses
it; how it is read, and what may go wrong on the way, stands here once.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from mustshare_api.errors import Malformed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StrictJson(Generic[T]):
    """One kind of text: its decoder, and the code of whatever is not of this kind."""

    decoder: msgspec.json.Decoder[T]
    code: str

    def encode(self, said: T) -> bytes:
        """The octets, which their reader takes.

        Raises:
            Malformed: with this kind's code, it breaks a rule that its reader holds it to.
        """
        octets = self.write(said)
        self.read(octets)
        return octets

    def write(self, said: T) -> bytes:
        """The octets, not yet held against the rules of their reader.

        Raises:
            Malformed: with this kind's code, it holds a lone surrogate, which is no text.
        """
        try:
            return msgspec.json.encode(said)
        except (TypeError, ValueError):
            raise Malformed(self.code) from None

    def read(self, octets: bytes) -> T:
        """What the octets say.

        Raises:
            Malformed: with this kind's code, whichever rule they break.
        """
        try:
            return self.decoder.decode(octets)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Malformed):
            raise Malformed(self.code) from None

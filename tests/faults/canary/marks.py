"""Marks that go in, and every writing in which they may come out again.

All marks of a run share three stems, so that one search for a stem finds them all:

    leak1f0c9a7b33d2-user_agent      lower-case ASCII: fit for a header's name as for a text
    ลับกขคงจฉชซ                       Thai: three bytes a letter, and escaped in JSON and URLs
    481029384756 + 18 more digits    receipts

What cannot be chosen (keys that a receipt is stretched into, receipts that the server makes,
the pixels of a redrawn picture) is searched for by itself.
"""

import base64
import re
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from mustshare_api.domain import receipt

_THAI = "กขคงจฉชซญดตถทธนบปผพฟมยรลวสหอ"
_INFLATED_BYTES = 1 << 20


@dataclass
class Marks:
    """The marks of one run."""

    stem: str = field(default_factory=lambda: "leak" + secrets.token_hex(6))
    thai: str = field(
        default_factory=lambda: "ลับ" + "".join(secrets.choice(_THAI) for _ in range(10))
    )
    digits: str = field(default_factory=lambda: str(10**11 + secrets.randbelow(9 * 10**11)))
    secrets_: dict[str, bytes] = field(default_factory=dict)

    def of(self, what: str) -> str:
        """A mark in ASCII that tells what it was."""
        return f"{self.stem}-{what}"

    def text(self, what: str) -> str:
        """A text in Thai and ASCII."""
        return f"{self.thai} {self.of(what)} ถนนพัง {self.thai}"

    def receipt(self) -> str:
        """A receipt that begins with the stem."""
        return receipt.from_number(int(self.digits) * 10**16 + secrets.randbelow(10**16))

    def access(self, what: str) -> bytes:
        """32 bytes for a front end that sends an access token."""
        return self.of(what).encode().ljust(32, b".")[:32]

    def watch(self, what: str, octets: bytes) -> None:
        """Has something searched for that could not be chosen."""
        self.secrets_[what] = octets

    def forms(self) -> dict[str, bytes]:
        """Every writing -> the octets to look for."""
        grouped = receipt.grouped(self.digits)
        found = {
            **_forms("mark", self.stem.encode(), self.stem),
            **_forms("Thai", self.thai.encode(), self.thai),
            **_forms("receipt", self.digits.encode(), self.digits),
            "mark, upper case": self.stem.upper().encode(),
            "Thai, in JSON": self.thai.encode("ascii", "backslashreplace"),
            "Thai, in JSON, upper case": self.thai.encode("ascii", "backslashreplace")
            .upper()
            .replace(b"\\U", b"\\u"),
            "receipt, grouped": grouped.encode(),
            "receipt, grouped, UTF-16": grouped.encode("utf-16-le"),
            "receipt, Thai numerals": _thai_numerals(self.digits).encode(),
        }
        for what, octets in self.secrets_.items():
            found |= _forms(what, octets, None)
        return found


def _thai_numerals(digits: str) -> str:
    return "".join(chr(ord("๐") + int(one)) for one in digits)


def _forms(what: str, octets: bytes, text: str | None) -> dict[str, bytes]:
    found = {
        what: octets,
        f"{what}, hex": octets.hex().encode(),
        f"{what}, HEX": octets.hex().upper().encode(),
        f"{what}, in a URL": quote(octets, safe="").encode(),
    }
    for shift in range(3):
        for name, alphabet in (("base64", b"+/"), ("base64url", b"-_")):
            found[f"{what}, {name} {shift}"] = _inside_base64(octets, shift, alphabet)
    if text is not None:
        found[f"{what}, UTF-16LE"] = text.encode("utf-16-le")
        found[f"{what}, UTF-16BE"] = text.encode("utf-16-be")
    return found


def _inside_base64(octets: bytes, shift: int, alphabet: bytes) -> bytes:
    """What is sure to stand there wherever the octets begin within a group of three."""
    before = b"\0" * shift
    whole = (len(before) + len(octets)) // 3 * 3
    encoded = base64.b64encode((before + octets)[:whole], alphabet)
    return encoded[4:] if shift else encoded


class Search:
    """Looks for all forms in octets of any length."""

    def __init__(self, marks: Marks) -> None:
        # Forms that are the same (a digit is itself in a URL) are looked for once.
        self._forms = {octets: what for what, octets in reversed(marks.forms().items())}
        self.overlap = max(map(len, self._forms)) + 64

    def __call__(self, octets: bytes) -> list[str]:
        """What was found, each with the octets around it."""
        found = list(self._plain(octets))
        for stream in _inflated(octets):
            found += [f"deflated {hit}" for hit in self._plain(stream)]
        return found

    def _plain(self, octets: bytes) -> Iterator[str]:
        for form, what in self._forms.items():
            at = octets.find(form)
            if at >= 0:
                around = octets[max(0, at - 48) : at + len(form) + 48]
                yield f"{what} x{octets.count(form)}: {around!r}"


def _inflated(octets: bytes) -> Iterator[bytes]:
    """Every zlib or gzip stream that begins anywhere, as far as it goes."""
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", octets):
        wbits = 31 if start[0][0] == 0x1F else 15
        try:
            yield zlib.decompressobj(wbits).decompress(
                octets[start.start() : start.start() + _INFLATED_BYTES], _INFLATED_BYTES
            )
        except zlib.error:
            continue

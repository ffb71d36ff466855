"""Damages files without any help: seeded, so that a failure is the same failure everywhere.

one to six of: a bit, a byte that parsers trip over, a run gone, a run twice, a number made
extreme, a word of the target's put in, a piece of another seed spliced in, an end cut off
"""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

_TRAPS: Final = (b"\0", b"\xff", b"\n", b"\r", b" ", b'"', b"{", b"[", b"-", b"9", b"\xe0\xb9")
_NUMBERS: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_MOST_CHANGES: Final = 6
_LONGEST_RUN: Final = 64


class Mutator:
    """Makes inputs for one target."""

    def __init__(
        self, name: str, seeds: Sequence[bytes], words: Sequence[bytes], longest_bytes: int
    ) -> None:
        self._dice = random.Random(name)  # noqa: S311 - made-up files are no secrets
        self._seeds = seeds or [b""]
        self._words = words or [b"\0\0\0\0"]
        self._longest_bytes = longest_bytes
        self._ways: tuple[Callable[[bytearray, int], None], ...] = (
            *(self._flip, self._trap, self._drop, self._twice),
            *(self._number, self._word, self._splice, self._cut),
        )

    def inputs(self, count: int) -> Iterator[bytes]:
        """So many damaged files."""
        for _ in range(count):
            changed = bytearray(self._dice.choice(self._seeds))
            for _ in range(self._dice.randint(1, _MOST_CHANGES)):
                at = self._dice.randrange(len(changed) + 1)
                self._dice.choice(self._ways)(changed, at)
            yield bytes(changed[: self._longest_bytes])

    def _run(self) -> int:
        return self._dice.randint(1, _LONGEST_RUN)

    def _flip(self, octets: bytearray, at: int) -> None:
        if at < len(octets):
            octets[at] ^= 1 << self._dice.randrange(8)

    def _trap(self, octets: bytearray, at: int) -> None:
        octets[at : at + 1] = self._dice.choice(_TRAPS)

    def _drop(self, octets: bytearray, at: int) -> None:
        del octets[at : at + self._run()]

    def _twice(self, octets: bytearray, at: int) -> None:
        octets[at:at] = octets[at : at + self._run()]

    def _number(self, octets: bytearray, at: int) -> None:
        size = self._dice.choice((1, 2, 4))
        number = self._dice.choice(_NUMBERS) & ((1 << 8 * size) - 1)
        octets[at : at + size] = number.to_bytes(size, self._dice.choice(("big", "little")))

    def _word(self, octets: bytearray, at: int) -> None:
        octets[at:at] = self._dice.choice(self._words)

    def _splice(self, octets: bytearray, at: int) -> None:
        other = self._dice.choice(self._seeds)
        start = self._dice.randrange(len(other) + 1)
        octets[at:at] = other[start : start + self._run()]

    def _cut(self, octets: bytearray, at: int) -> None:
        del octets[at:]

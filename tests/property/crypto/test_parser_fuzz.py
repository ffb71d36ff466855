"""The parser under octets that were made up, cut, spliced and turned over.

Seeded, so that a failure here is the same failure everywhere; bounded by a count, so that it
takes a few seconds. Whatever comes in, only `Malformed` comes out, or an envelope that encodes
to the very octets it was read from.
"""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from mustshare_api.crypto import envelope
from mustshare_api.crypto.envelope import Kind
from mustshare_api.errors import Malformed
from tests.unit.crypto.objects import OFFICER_KEYS, seal

ROUNDS = 8000


class Dice:
    """Numbers that look random and are the same on every run."""

    def __init__(self, name: str) -> None:
        self._octets = self._stream(name)

    @staticmethod
    def _stream(name: str) -> Iterator[int]:
        for count in range(1 << 40):
            yield from hashlib.sha256(f"{name} {count}".encode()).digest()

    def number(self, below: int) -> int:
        return int.from_bytes(self.octets(5)) % below

    def octets(self, length: int) -> bytes:
        return bytes(next(self._octets) for _ in range(length))


def noise(dice: Dice, _whole: bytes) -> bytes:
    return dice.octets(dice.number(300))


def noise_after_magic(dice: Dice, whole: bytes) -> bytes:
    return whole[: dice.number(90)] + dice.octets(dice.number(1500))


def turned_over(dice: Dice, whole: bytes) -> bytes:
    changed = bytearray(whole)
    for _ in range(1 + dice.number(4)):
        changed[dice.number(80)] = dice.number(256)
    return bytes(changed)


def cut(dice: Dice, whole: bytes) -> bytes:
    return whole[: dice.number(len(whole))]


def spliced(dice: Dice, whole: bytes) -> bytes:
    start, end = sorted(dice.number(len(whole)) for _ in range(2))
    at = dice.number(len(whole))
    return whole[:at] + whole[start:end] + whole[at:]


def recounted(dice: Dice, whole: bytes) -> bytes:
    return whole[:72] + bytes([dice.number(256)]) + whole[73:]


@pytest.mark.parametrize(
    "change", [noise, noise_after_magic, turned_over, cut, spliced, recounted]
)
def test_only_a_refusal_or_the_same_octets_come_out(
    change: Callable[[Dice, bytes], bytes],
) -> None:
    """No input ends in another error, and none is read as something it does not say."""
    dice = Dice(change.__name__)
    wholes = [seal(Kind.TIP, b"words", OFFICER_KEYS[:count]) for count in (1, 2)]
    codes: list[str] = []
    for number in range(ROUNDS):
        octets = change(dice, wholes[number % 2])
        try:
            read = envelope.parse_envelope(octets)
        except Malformed as malformed:
            codes.append(malformed.code)
        else:
            again = envelope.Head.of(read.head.prefix, read.head.stanzas)
            assert again.octets + read.payload == octets

    assert len(codes) > ROUNDS // 20
    assert set(codes) <= {"envelope.malformed", "envelope.not_padded"}

"""Bech32 (BIP 173), by which age writes its keys, read to the letter.

    age1pq        1        qpzry9x8...           6 characters
    `- prefix     `- sep   `- octets, 5 bits     `- checksum over prefix and data
                              a character

Without the length limit of BIP 173, as age has it: a post-quantum key takes 1,959 characters.
Refuses capitals, another prefix, a wrong checksum, and bits left over that are not zero, so
that one key has one spelling and a slip of the pen never makes another key.
"""

from collections.abc import Iterable
from typing import Final

from mustshare_api.errors import Malformed

_CHARACTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {character: value for value, character in enumerate(_CHARACTERS)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_CHARACTERS: Final = 6


def encode(prefix: str, octets: bytes) -> str:
    """The text, in small letters."""
    data = list(_regrouped(octets, 8, 5))
    if len(octets) * 8 % 5:
        left = len(octets) * 8 % 5
        data.append(octets[-1] << (5 - left) & 31)
    rest = _polymod([*_expanded(prefix), *data, *[0] * _CHECKSUM_CHARACTERS]) ^ 1
    checksum = [rest >> 5 * (5 - n) & 31 for n in range(_CHECKSUM_CHARACTERS)]
    return f"{prefix}1" + "".join(_CHARACTERS[value] for value in [*data, *checksum])


def decode(prefix: str, text: str) -> bytes:
    """The octets of a text under this prefix.

    Raises:
        Malformed: `age.malformed`, another prefix or not the one spelling of any octets.
    """
    try:
        data = [_VALUES[character] for character in text.removeprefix(f"{prefix}1")]
    except KeyError:
        raise Malformed("age.malformed") from None
    octets = bytes(_regrouped(data[:-_CHECKSUM_CHARACTERS], 5, 8))
    # Written out again, whatever was wrong with prefix, checksum or last bits shows.
    if encode(prefix, octets) != text:
        raise Malformed("age.malformed")
    return octets


def _regrouped(values: Iterable[int], take_bits: int, give_bits: int) -> Iterable[int]:
    """The same bits in other groups; what does not fill the last one is left out."""
    held, held_bits = 0, 0
    for value in values:
        held, held_bits = held << take_bits | value, held_bits + take_bits
        while held_bits >= give_bits:
            held_bits -= give_bits
            yield held >> held_bits
            held &= (1 << held_bits) - 1


def _expanded(prefix: str) -> list[int]:
    high = [ord(character) >> 5 for character in prefix]
    return [*high, 0, *(ord(character) & 31 for character in prefix)]


def _polymod(values: Iterable[int]) -> int:
    """BIP 173's checksum: a BCH code over 32 symbols."""
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate(_GENERATOR):
            rest ^= term if top >> bit & 1 else 0
    return rest

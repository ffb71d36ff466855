"""The receipt: thirty digits, shown once, with which a reporter comes back.

    1 2 3 4 5   6 7 8 9 0   ...   4 5 6 C C
    `------ 28 random digits ------'  `-- check digits, ISO 7064 MOD 97-10

Digits, because a Thai reporter types them without changing the keyboard; 28 of them, because
93 bits cannot be guessed against a server that stretches each try. The check digits catch a
slip before any costly work, at the front end or in a reporter's own head: the whole number
leaves 1 when divided by 97.

Refuses anything that is not thirty digits once spaces and dashes are gone. Thai numerals and
full-width ones are digits here; nothing else that Unicode calls a number is.
"""

import secrets
import unicodedata

from mustshare_api.errors import Malformed

RANDOM_DIGITS = 28
"""93 bits: under a stretch of 19 MiB a guess costs a server's 20 ms, and there are 10^28."""

DIGITS = RANDOM_DIGITS + 2
GROUP = 5

_LONGEST_TYPED = 200
_SEPARATORS = dict.fromkeys(
    map(ord, " \t\u00a0\u2009\u200b\u202f-\u2010\u2011\u2012\u2013\u2014\u2212")
)
_THAI = {ord("๐") + n: ord("0") + n for n in range(10)}


def mint() -> str:
    """A new receipt: thirty ASCII digits."""
    return from_number(secrets.randbelow(10**RANDOM_DIGITS))


def from_number(number: int) -> str:
    """The receipt whose random part is `number`, 0 <= number < 10**28."""
    check = 98 - number * 100 % 97
    return f"{number:0{RANDOM_DIGITS}d}{check:02d}"


def normalise(typed: str) -> str:
    """The thirty ASCII digits that somebody typed.

    Raises:
        Malformed: not thirty digits, or the check digits do not fit.
    """
    if len(typed) > _LONGEST_TYPED:
        raise Malformed("receipt.malformed")
    digits = unicodedata.normalize("NFKC", typed).translate(_SEPARATORS).translate(_THAI)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise Malformed("receipt.malformed")
    # Both 01 and 98 leave the same remainder; only check digits 02 to 98 are ever minted.
    if from_number(int(digits[:RANDOM_DIGITS])) != digits:
        raise Malformed("receipt.malformed")
    return digits


def grouped(digits: str) -> str:
    """Six groups of five, as shown to a person."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))

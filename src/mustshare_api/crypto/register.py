"""Seals an officer's register, the opened words kept for lists and search, under a case key.

    +------+---------------+-----------------------------------------------------+
    | MSR1 | kid of the    | Cobblestone-256(HKDF-Expand(case seed, "register"), |
    | 4 B  | case key 16 B |   context = header)( padded content )               |
    +------+---------------+-----------------------------------------------------+

The overview, from which lists are made, and what was asked of reporters are sealed likewise
with "overview" and "asked" in that place: none opens as another.

Under a case key and nothing older: whoever retires that key destroys with it what any earlier
state of the file, still lying about on the disk, would have told. Content is padded, so that
the file's length does not say how much came since yesterday.

A register that does not open is no loss: it is made again from the sealed objects.
"""

from collections.abc import Sequence
from typing import Final

from mustshare_api.crypto import xwing
from mustshare_api.crypto.padding import pad, unpad
from mustshare_api.crypto.payload import PayloadReader, PayloadWriter
from mustshare_api.crypto.suite import KID_BYTES, hkdf_expand, kid_of
from mustshare_api.errors import CannotOpen

MAGIC: Final = b"MSR1"
HEADER_BYTES: Final = len(MAGIC) + KID_BYTES
FLOOR_BYTES: Final = 1 << 18
REGISTER: Final = "register"
OVERVIEW: Final = "overview"
ASKED: Final = "asked"


def seal_register(content: bytes, case_seed: bytes, what: str = REGISTER) -> bytes:
    """A register's octets under a case key.

    Args:
        content: what is kept.
        case_seed: the newest one, which is the last to be retired.
        what: which of the three it is.
    """
    header = MAGIC + kid_of(xwing.public_key_of(case_seed))
    writer = PayloadWriter(header, hkdf_expand(case_seed, what))
    return header + writer.update(pad(content, FLOOR_BYTES)) + writer.finalize()


def is_sealed_under(octets: bytes, case_seed: bytes) -> bool:
    """Whether a register says that it is sealed under this key."""
    return octets[:HEADER_BYTES] == MAGIC + kid_of(xwing.public_key_of(case_seed))


def open_register(octets: bytes, case_seeds: Sequence[bytes], what: str = REGISTER) -> bytes:
    """The content of a register.

    Args:
        octets: the whole file.
        case_seeds: those that are still there.
        what: which of the three it is.

    Raises:
        CannotOpen: no register, under none of the seeds, or changed.
    """
    header = octets[:HEADER_BYTES]
    for seed in case_seeds:
        if is_sealed_under(header, seed):
            reader = PayloadReader(header, hkdf_expand(seed, what))
            padded = reader.update(octets[HEADER_BYTES:]) + reader.finalize()
            return unpad(padded, FLOOR_BYTES)
    raise CannotOpen("open.no_key")

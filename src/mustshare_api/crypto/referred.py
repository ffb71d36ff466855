"""The tips of a referral, as two officers agree on them while nothing at rest names one.

    commitment = SHA-256("mustshare/v1 tips of a referral" | nonce 16 | tip 16 | seen u32 | ...)

The first officer's request carries the commitment alone, the second one's what it is of: each
tip in the order of its id, with the version that both saw. Digests of requests are kept (by the
audit log for one), and whoever seized the database has every tip id to try: the nonce, 128
random bits that lie in sealed notes alone, is what keeps them from finding the right ones.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NONCE_BYTES: Final = 16
_LABEL: Final = b"mustshare/v1 tips of a referral"


@dataclass(frozen=True, slots=True, order=True)
class NamedTip:
    """A tip, and the version of it that the officers saw."""

    tip_id: bytes
    seen: int


def commitment(nonce: bytes, tips: Sequence[NamedTip]) -> bytes:
    """What stands for some tips where they are not named. Their order does not count."""
    named = b"".join(one.tip_id + one.seen.to_bytes(4) for one in sorted(tips))
    return hashlib.sha256(_LABEL + nonce + named).digest()

"""Who has just had many turns, by the network they come from; where the edge tells it.

    header Edge-Bucket, from loopback --> /24 or /56 --HMAC(salt)--> a bucket of turns

Off unless it is set. The proxy in front knows addresses anyway; this process is told one only
to forget it: what is kept is a keyed hash of its prefix, in memory, under a salt that is
dropped within ten minutes, and all that was counted with it. None of it is written.

A bucket that is empty puts its network behind the others (`domain.lanes`) and shuts out nobody:
a village behind one address waits longer under a flood, and is served. Where there is no
header, as for all who come through Tor, there is no bucket, and nobody empties it for others.
"""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.clock import Clock

TURNS: Final = 20.0
"""At once, before a network stands behind: a family, an office, a bus."""

TURN_EVERY_S: Final = 5.0
SALT_EVERY_S: Final = 480.0
"""Ten minutes are what we say; where nobody comes, upkeep drops it, in a round or two."""

NETWORKS: Final = 50_000
"""As many buckets are kept (some 10 MB); a network beyond that has none, as through Tor."""

_LONGEST: Final = 64
_PREFIX: Final = {4: 24, 6: 56}


@dataclass(slots=True)
class EdgeBuckets:
    """The buckets of one process."""

    clock: Clock
    _salt: bytes = field(default=b"", repr=False)
    _made_at: float = float("-inf")
    _turns: dict[bytes, tuple[float, float]] = field(
        default_factory=dict[bytes, tuple[float, float]], repr=False
    )

    def bucket_of(self, told: str) -> bytes | None:
        """The bucket of what the edge told; None where that is nothing to go by.

        Takes an address, a prefix, or a hash that the edge made of one.
        """
        if not told or len(told) > _LONGEST or not told.isascii():
            return None
        self._renew()
        return hmac.digest(self._salt, _network(told), "sha256")[:16]

    def draw(self, bucket: bytes) -> bool:
        """Takes a turn; False when there was none left."""
        now = self.clock.monotonic()
        if bucket not in self._turns and len(self._turns) >= NETWORKS:
            return True
        left, at = self._turns.get(bucket, (TURNS, now))
        left = min(TURNS, left + (now - at) / TURN_EVERY_S)
        self._turns[bucket] = (max(0.0, left - 1), now)
        return left >= 1

    def forget(self) -> None:
        """Drops salt and counts once their time is over, whether or not anybody comes."""
        if self.clock.monotonic() - self._made_at >= SALT_EVERY_S:
            self._salt, self._made_at = b"", float("-inf")
            self._turns.clear()

    def _renew(self) -> None:
        self.forget()
        if not self._salt:
            self._salt, self._made_at = secrets.token_bytes(32), self.clock.monotonic()


def _network(told: str) -> bytes:
    """The prefix of an address, or the octets of what is none."""
    bare = told.partition("/")[0].removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return b"?" + told.encode()
    mapped = getattr(address, "ipv4_mapped", None) or address
    network = ipaddress.ip_network((mapped, _PREFIX[mapped.version]), strict=False)
    return network.network_address.packed

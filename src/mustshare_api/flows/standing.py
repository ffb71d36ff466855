"""How well whoever asks stands, when something is scarce.

    1. partner    a key within its quota: partner. Without quota left: go on as anyone
    2. solution   only while the level is above calm; checked, worth enough, not used: ahead
    3. network    where the edge tells it, and it has just had many turns: behind
    4. plain      all others

It is found out once a request, when the request first needs something scarce, and it is never a
reason to refuse. What is wrong with a solution is remembered and told only if there is no room.

Who visits is held in a context variable, set by the door for the time of a request: a dozen
flows stretch receipts, and none of them has any business with keys, solutions or networks.
"""

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from mustshare_api.clock import Clock
from mustshare_api.crypto import challenges
from mustshare_api.domain.lanes import Lane
from mustshare_api.domain.pressure import TRIES, Pressure, cost_of, goes_ahead
from mustshare_api.errors import Busy, MustShareError
from mustshare_api.flows.buckets import EdgeBuckets
from mustshare_api.flows.challenging import ChallengeMaker
from mustshare_api.flows.mint import ReceiptMint
from mustshare_api.store.partners import PartnerStore, Usage
from mustshare_api.store.spent import SpentStore

PATIENCE_S: Final = 20.0
"""How long a request waits in line. Longer, and a phone has given up before."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lane, what to say if there is no room, and what was spent to get there."""

    lane: Lane
    refusal: str = "receipt.busy"
    spent: bytes | None = None


@dataclass(slots=True)
class Visitor:
    """What came with a request that has to do with its place in line, and what became of it.

    `is_persistent` is who cannot come back by themselves: a form without a script. They are
    put in line again until `patience_s` is over.
    """

    solution: str | None = None
    key_hash: bytes | None = None
    bucket: bytes | None = None
    usage: Usage | None = None
    standing: Standing | None = None
    patience_s: float = PATIENCE_S
    is_persistent: bool = False

    def forget(self) -> None:
        """Lets go of all that came with the request."""
        self.solution = self.key_hash = self.bucket = self.usage = self.standing = None


VISITOR: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""Whoever the present request is from."""


def visitor() -> Visitor:
    """Whoever the present request is from; somebody of whom nothing is known, outside one."""
    return VISITOR.get() or Visitor()


@dataclass(slots=True)
class Gate:
    """Tells how visitors stand, and what a solution has to cost, in one process."""

    clock: Clock
    mint: ReceiptMint
    spent: SpentStore
    partners: PartnerStore
    buckets: EdgeBuckets | None
    asks: bool
    pressure: Pressure
    maker: ChallengeMaker

    def level(self) -> int:
        """The level in force; calm where no solution is ever asked for."""
        return self.pressure.level(self.clock.monotonic()) if self.asks else 0

    def observe(self, wait_s: float) -> None:
        """Takes note of how long somebody who comes now would wait."""
        self.pressure.observe(wait_s, self.clock.monotonic())

    async def challenge(self) -> dict[str, object]:
        """A challenge of the cost that goes ahead now.

        Raises:
            Unavailable: there is no directory yet, so no key.
            Busy: `challenge.busy`, too many ask for one.
        """
        key, cost, now_s = await self.mint.key(), cost_of(self.level()), self._now_s()
        return await self.maker.made(lambda: challenges.make(key, cost, TRIES, now_s))

    async def standing(self) -> Standing:
        """How the present visitor stands."""
        asking = visitor()
        if asking.standing is None:
            asking.standing = await self._found(asking)
        return asking.standing

    async def give_back(self, standing: Standing) -> None:
        """Lets a solution be used again whose sender got nothing for it."""
        asking = visitor()
        asking.standing = None
        if standing.spent is not None:
            await self.spent.give_back(standing.spent)

    async def _found(self, asking: Visitor) -> Standing:
        refusal = None
        if asking.key_hash is not None:
            if await self._is_charged(asking):
                return Standing(Lane.PARTNER)
            refusal = "partner.quota_spent"
        try:
            if (spent := await self._spent(asking)) is not None:
                return Standing(Lane.AHEAD, spent=spent)
        except Busy as wrong:
            refusal = wrong.code
        refusal = refusal or ("challenge.required" if self.level() else "receipt.busy")
        if asking.bucket is None or self.buckets is None or self.buckets.draw(asking.bucket):
            return Standing(Lane.PLAIN, refusal)
        return Standing(Lane.BEHIND, refusal)

    async def _is_charged(self, asking: Visitor) -> bool:
        assert asking.key_hash is not None
        if asking.usage is not None and not asking.usage.is_left:
            return False  # as was read a moment ago; to count anew locks the partner's row
        asking.usage = await self.partners.charge(asking.key_hash, self.clock.now())
        return asking.usage is not None and asking.usage.charged

    async def _spent(self, asking: Visitor) -> bytes | None:
        """The digest of a solution that goes ahead; None where none is asked for or brought.

        Raises:
            Busy: it is worth nothing here; the code says why.
        """
        level = self.level()
        if not level or asking.solution is None:
            return None
        solved = challenges.check(await self.mint.key(), asking.solution, self._now_s())
        if not goes_ahead(solved.cost, level):
            raise Busy("challenge.too_cheap")
        try:
            is_new = await self.spent.spend(solved.digest, solved.expires_at_s)
        except MustShareError:  # the database is away, which is no fault of a tip's
            return None
        if not is_new:
            raise Busy("challenge.replayed")
        return solved.digest

    def _now_s(self) -> int:
        return int(self.clock.now().timestamp())


def hash_of_key(key: str) -> bytes:
    """What is kept of a partner's key. It is random, so nothing slower is needed."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()

"""Who calls with a partner's key, and from whose pages a browser may call.

A key is read anew at every call that shows one, so a stopped partner is stopped from the next
call on, in every process. The origins are read at most once a second; browsers keep the answer
to a preflight for longer than that anyway.

    key of nobody, or broken     refused: a front end with a wrong key should learn it at once
    stopped                      refused: whoever stops a partner does not trust what it sends
    no quota left                served, as anybody without a key: the quota is the partner's,
                                 and the tip is a reporter's
"""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from mustshare_api.clock import Clock
from mustshare_api.errors import MustShareError, NotPermitted
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.store.partners import PartnerStore, Usage

ORIGINS_EVERY_S: Final = 1.0
_KEY: Final = re.compile(r"msp_[A-Za-z0-9_-]{43}")
_KEY_BYTES: Final = 32


def new_key() -> str:
    """A key: 256 bits, and a beginning by which it is known where it should not be."""
    return "msp_" + secrets.token_urlsafe(_KEY_BYTES)


@dataclass(slots=True)
class PartnerDesk:
    """Partners as one process knows them."""

    store: PartnerStore
    clock: Clock
    origins: frozenset[str] = frozenset()
    """Of all partners' front ends, as of the last `refresh`."""

    _read_at: float = float("-inf")

    async def present(self, key: str) -> Usage:
        """The partner whose key it is, and what is left to it.

        Raises:
            NotPermitted: `partner.unknown`, `partner.stopped`.
        """
        found = None
        if _KEY.fullmatch(key):
            found = await self.store.find(hash_of_key(key), self.clock.now())
        if found is None:
            raise NotPermitted("partner.unknown")
        if found.partner.stopped:
            raise NotPermitted("partner.stopped")
        return found

    async def refresh(self) -> None:
        """Reads the origins, unless that was just done. Where it fails, those known go on."""
        now = self.clock.monotonic()
        if now - self._read_at < ORIGINS_EVERY_S:
            return
        self._read_at = now
        try:
            self.origins = await self.store.origins()
        except MustShareError:
            return

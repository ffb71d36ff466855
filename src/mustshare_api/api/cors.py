"""Which pages of other origins a browser may show our answers to: partners', exactly.

    any answer of the door   Vary: Origin
    to a partner's origin    Access-Control-Allow-Origin: that origin, and which headers it sees
    its preflight            the route's methods; the headers that the method asked about takes

No credentials and no `*`: a receipt goes in a header that the page itself sets, so no browser
ever has to add something of its own. An origin is compared octet by octet; `null`, which any
sandboxed page can be, is nobody's. The list is asked for at every request, so that a partner
can be let go without a restart.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from mustshare_api.api.harden import Headers, Scope

Origins = Callable[[], Collection[str]]

SHOWN = b"Content-Language, Retry-After, Upload-Complete, Upload-Length, Upload-Offset"
MAX_AGE_S = b"600"
VARY = (b"vary", b"Origin")
EVERYBODY = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
"""Of the public plane: the same for whoever asks, so nothing varies."""

Taken = Mapping[str, frozenset[str]]
"""By method, the names of the headers that a page may send with it."""


def _nothing(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins of a door; None for one that no browser has any business at."""

    origins: Origins | None = None
    is_public: Callable[[str], bool] = _nothing
    """Paths that the pages of every origin may read: those of the public plane."""

    def of_answer(self, scope: Scope) -> Headers:
        """What stands on every answer."""
        if self.origins is None:
            return []
        if self.is_public(scope["path"]):
            return EVERYBODY
        origin = self._partner(scope["headers"])
        if origin is None:
            return [VARY]
        return [
            VARY,
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", SHOWN),
        ]

    def of_preflight(self, scope: Scope, taken: Taken) -> Headers:
        """What an answer to OPTIONS has besides, where a browser asks before it sends."""
        is_anyone = self.is_public(scope["path"])
        if not is_anyone and self._partner(scope["headers"]) is None:
            return []
        asked = _only(scope["headers"], b"access-control-request-method") or b""
        headers = taken.get(asked.decode("latin-1"))
        if headers is None:
            return []
        methods = sorted(method for method in taken if method != "OPTIONS")
        return [
            (b"access-control-allow-methods", ", ".join(methods).encode()),
            (b"access-control-allow-headers", ", ".join(sorted(headers)).encode()),
            (b"access-control-max-age", MAX_AGE_S),
        ]

    def _partner(self, headers: Headers) -> bytes | None:
        """The origin of a request, when it is a partner's."""
        origin = _only(headers, b"origin")
        known = self.origins() if self.origins is not None and origin is not None else ()
        return origin if origin in {one.encode() for one in known} else None


NO_BROWSERS = Cors()


def _only(headers: Headers, name: bytes) -> bytes | None:
    """The value of a header that came once."""
    values = [value for found, value in headers if found == name]
    return values[0] if len(values) == 1 else None

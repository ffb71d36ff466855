"""Overwrites what requests leave behind in memory, soon after they have ended.

    in a cycle   a connection and its protocol object hold one another, and with them the last
                 headers, until the collector comes round: which may be hours on a quiet night
    in a cache   the web framework keeps the last 1,024 paths and query strings, also those
                 into which a front end put a receipt by mistake

Freed memory is overwritten (`hardening`); this sees to it that it is freed. What the service
is made of is set aside first, so that a round looks at live requests alone and takes about a
millisecond. With a thousand connections open it takes 90 (our measurement), in which nobody is
served. A round then looks at what came since the last one, which is most of what ends within
it; a whole one is made so seldom that it takes a hundredth of the time.
Every bounded cache of the process is emptied, whosever it is: which libraries keep requests in
one, changes from version to version.
"""

import asyncio
import functools
import gc
import time
from collections.abc import Sequence
from typing import Any, Final, Protocol

EVERY_S: Final = 1.0
"""Between two rounds, while they are short."""

_REST: Final = 100
"""How many times as long as a whole round took, it and the next one are apart."""

_LONGEST_S: Final = 10.0
"""Between two whole rounds, however long they take."""

_YOUNG: Final = 1
"""The collector's generations that hold what came since the last round."""


class Cache(Protocol):
    """What `functools.lru_cache` makes."""

    def cache_clear(self) -> None:
        """Empties it."""
        ...


_CACHES: Final[type[Any]] = type(functools.lru_cache(maxsize=1)(len))
"""The class of them all, which has no public name."""


def set_aside() -> list[Cache]:
    """Has the collector pass over what is there now; returns the caches to empty.

    For when everything is put together and no request was taken yet.
    """
    gc.collect()
    caches = [found for found in gc.get_objects() if isinstance(found, _CACHES)]
    bounded = [one for one in caches if one.cache_parameters()["maxsize"] is not None]
    gc.freeze()
    return bounded


async def keep_forgetting(caches: Sequence[Cache]) -> None:
    """Runs until cancelled."""
    loop = asyncio.get_running_loop()
    whole_from = 0.0
    while True:
        await asyncio.sleep(EVERY_S)
        for cache in caches:
            cache.cache_clear()
        if loop.time() < whole_from:
            gc.collect(_YOUNG)
            continue
        began = time.thread_time()
        gc.collect()
        whole_from = loop.time() + rest_s(time.thread_time() - began)


def rest_s(took_s: float) -> float:
    """For how long no whole round is made after one that took so many seconds of CPU."""
    return min(took_s * _REST, _LONGEST_S)

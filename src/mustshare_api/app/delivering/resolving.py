"""Asks this machine's resolver for hosts, without waiting for one host in another's name.

`getaddrinfo` blocks a thread for as long as name servers take, half a minute and more, and
cannot be broken off. In the pool that Python shares among everything, a few slow names would
hold up all deliveries. Here:

    a thread a look-up     its own; it holds up neither the end of the process nor a pool
    a look-up a host       whoever asks for the same one meanwhile waits for the same answer
    LOOKUPS at one time    the next one waits its turn, and its attempt's clock goes on

Whoever has stopped waiting leaves the look-up to its end.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

LOOKUPS: Final = 64
"""Twice the endpoints that are spoken to at one time: those that were left, and those now."""

LookUp = Callable[[str, int], Sequence[str]]
Key = tuple[str, int]


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine's resolver has them.

    Raises:
        OSError, UnicodeError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(slots=True)
class Resolver:
    """Look-ups of one event loop. A test gives a look-up of its own."""

    look_up: LookUp = looked_up
    lookups: int = LOOKUPS
    _under_way: "dict[Key, asyncio.Task[Sequence[str]]]" = field(
        default_factory=dict[Key, "asyncio.Task[Sequence[str]]"]
    )
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.lookups)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, none of them judged.

        Raises:
            OSError, UnicodeError: it has none.
        """
        key = (host, port)
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(self._turn(key))
            task.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(task)

    def _over(self, key: Key, task: "asyncio.Task[Sequence[str]]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # nobody may be left who would take it

    async def _turn(self, key: Key) -> Sequence[str]:
        async with self._free:
            found: asyncio.Future[Sequence[str]] = asyncio.get_running_loop().create_future()
            threading.Thread(target=_look, args=(self.look_up, key, found), daemon=True).start()
            return await found


def _look(look_up: LookUp, key: Key, found: "asyncio.Future[Sequence[str]]") -> None:
    """What a look-up's thread does."""
    told: Callable[[], None]
    try:
        told = partial(_tell, found, look_up(*key))
    except Exception as failure:  # noqa: BLE001 - whatever it is, somebody waits for an end
        refused = failure if isinstance(failure, OSError | UnicodeError) else OSError()
        told = partial(_fail, found, refused)
    with suppress(RuntimeError):  # the loop has ended meanwhile
        found.get_loop().call_soon_threadsafe(told)


def _tell(found: "asyncio.Future[Sequence[str]]", addresses: Sequence[str]) -> None:
    if not found.done():
        found.set_result(addresses)


def _fail(found: "asyncio.Future[Sequence[str]]", failure: Exception) -> None:
    if not found.done():
        found.set_exception(failure)

"""The three doors on loopback, by the server that we ship, for what only a wire shows.

They run in a thread with a loop of their own: a test then talks to them with plain sockets,
as slow or as wrong as it likes, and its own pauses do not stop them.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import pytest
import uvloop

from mustshare_api.api import doors as api_doors
from mustshare_api.api.bodies import Patience
from mustshare_api.api.harden import App
from mustshare_api.app import composition
from mustshare_api.app.server import serving
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Address, Settings
from tests.lazily import routes_once
from tests.organisation import Organisation, organisation

T = TypeVar("T")
SHORT = Patience(idle_s=0.4, total_s=1.0)
LONG = Patience(idle_s=20, total_s=60)


@dataclass
class Served:
    """Doors that listen. `port` of each, and the workbench behind them all."""

    port: dict[str, int]
    bench: Workbench
    org: Organisation
    loop: asyncio.AbstractEventLoop

    def url(self, door: str) -> str:
        """Where a door is."""
        return f"http://127.0.0.1:{self.port[door]}"

    def run(self, work: Awaitable[T]) -> T:
        """Does something on the doors' own loop, where the workbench belongs."""

        async def done() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(30)

    def dial(self, door: str = "reporter") -> socket.socket:
        """A plain connection."""
        return socket.create_connection(("127.0.0.1", self.port[door]), timeout=10)

    def say(self, octets: bytes, door: str = "reporter") -> bytes:
        """All that comes back for some octets, until the other side closes."""
        with self.dial(door) as wire:
            wire.sendall(octets)
            return until_closed(wire)


def until_closed(wire: socket.socket) -> bytes:
    """Everything that still comes on a connection; a reset is an end like any other."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while octets := wire.recv(65536):
            found += octets
    return found


@dataclass
class _Started:
    ready: threading.Event = field(default_factory=threading.Event)
    stop: asyncio.Event | None = None
    served: Served | None = None
    failure: BaseException | None = None


@contextmanager
def served_doors(
    dsn: str,
    org: Organisation,
    stripper: Stripper,
    patience: Patience = LONG,
    tls: ssl.SSLContext | None = None,
) -> Generator[Served]:
    """The doors, over a migrated database, with the organisation's directory in force."""
    state = _Started()
    thread = threading.Thread(target=_live, args=(state, dsn, org, stripper, patience, tls))
    thread.start()
    state.ready.wait(30)
    try:
        assert state.served is not None, state.failure
        yield state.served
    finally:
        if state.served is not None and state.stop is not None:
            state.served.loop.call_soon_threadsafe(state.stop.set)
        thread.join(30)


def _live(
    state: _Started,
    dsn: str,
    org: Organisation,
    stripper: Stripper,
    patience: Patience,
    tls: ssl.SSLContext | None,
) -> None:
    # The service runs on uvloop. asyncio's own loop leaves Nagle's algorithm on for sockets
    # like ours: an answer in two pieces then waits 40 ms, which spoils what is measured.
    factory = uvloop.new_event_loop if tls else None
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(_serve(state, dsn, org, stripper, patience, tls))
    except BaseException as failure:  # noqa: BLE001 - told to the test, which fails of it
        state.failure = failure
    finally:
        state.ready.set()


async def _serve(
    state: _Started,
    dsn: str,
    org: Organisation,
    stripper: Stripper,
    patience: Patience,
    tls: ssl.SSLContext | None,
) -> None:
    state.stop = asyncio.Event()
    async with composition.workbench(Settings(), dsn, org.roots, stripper) as bench:
        await bench.directory.accept(org.note())
        origins = ["https://tip.example"]
        makers: dict[str, Callable[[], App]] = {
            "reporter": lambda: api_doors.reporter_door(
                bench, patience, lambda: origins, "test"
            ),
            "staff": lambda: api_doors.staff_door(bench, patience),
            "operator": lambda: api_doors.operator_door(bench, patience),
        }
        bounds = Bounds(late_s=min(Bounds().late_s, patience.idle_s / 2))
        listening = {
            door: serving.listen(
                routes_once(make), serving.bound(Address("127.0.0.1", 0)), tls, bounds
            )
            for door, make in makers.items()
        }
        ports = {door: one.sockets[0].getsockname()[1] for door, one in listening.items()}
        state.served = Served(ports, bench, org, asyncio.get_running_loop())
        tasks = [
            asyncio.create_task(one.server.serve(one.sockets)) for one in listening.values()
        ]
        state.ready.set()
        await state.stop.wait()
        for one in listening.values():
            one.server.force_exit = one.server.should_exit = True
        await asyncio.gather(*tasks)


@pytest.fixture
def served(dsn: str, stripper: Stripper) -> Iterator[Served]:
    """The doors on loopback."""
    with served_doors(dsn, organisation(datetime.now(UTC)), stripper) as opened:
        yield opened


@pytest.fixture
def dripped(dsn: str, stripper: Stripper) -> Iterator[Served]:
    """The doors on loopback, with little patience."""
    with served_doors(dsn, organisation(datetime.now(UTC)), stripper, SHORT) as opened:
        yield opened

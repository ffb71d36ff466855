"""The real flows and the real store behind in-process doors, on a clock that is moved.

Faults come in here: a request that never arrives, an answer that never does, a task that is
cancelled half-way, database connections that are cut under it, two clicks at one moment.
"""

import asyncio
import secrets
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import asyncpg
import httpx

from mustshare_api.app import composition
from mustshare_api.clock import bangkok_day
from mustshare_api.flows import upkeep
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from tests.doors import STARTED_AT, Doors, MovedClock, doors_of
from tests.lived import live_until_now
from tests.organisation import Organisation
from tests.postgres import in_database
from tests.simulation.model import Request

RETENTION_DAYS = 90
CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""
FAULTS = (
    *("none", "none", "none", "lost answer", "lost request", "cancelled", "hung up"),
    *("cut", "twice"),
)
TURNS_A_MS = 3
"""Of the event loop, by which a client hangs up: few, as most of what matters comes early."""


class World:
    """One deployment for one story."""

    def __init__(
        self, server: str, template: str, org: Organisation, stripper: Stripper
    ) -> None:
        self.clock = MovedClock(STARTED_AT)
        self.org = org
        self.serial = 1
        self._server = server
        self._template = template
        self._stripper = stripper
        self._name = f"story_{secrets.token_hex(8)}"
        self._running = AsyncExitStack()
        self.doors: Doors
        self.aside: asyncpg.Connection[Any]

    async def begin(self) -> None:
        """Makes the database and starts."""
        self._maker = await asyncpg.connect(self._server)
        await self._maker.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        self.aside = await asyncpg.connect(in_database(self._server, self._name))
        await self.start()
        await self.doors.bench.directory.accept(self.org.note())

    async def start(self) -> None:
        """Connects everything anew, as a started process does."""
        dsn = in_database(self._server, self._name)
        settings = Settings(
            retention_days=RETENTION_DAYS,
            retention_referred_days=RETENTION_DAYS,
            retention_set_aside_days=RETENTION_DAYS,
            retention_closed_days=RETENTION_DAYS,
        )
        bench = await self._running.enter_async_context(
            composition.workbench(settings, dsn, self.org.roots, self._stripper, self.clock)
        )
        self.doors = await self._running.enter_async_context(
            doors_of(bench, self.org, self.clock)
        )

    async def restart(self) -> None:
        """Ends the process and starts another."""
        await self._running.aclose()
        await self.start()

    async def end(self) -> None:
        """Stops, and takes the database away."""
        await self._running.aclose()
        await self.aside.close()
        await self._maker.execute(f"DROP DATABASE {self._name} WITH (FORCE)")
        await self._maker.close()

    async def live(self) -> None:
        """Upkeep has seen each of the days that went by."""
        await live_until_now(self.doors.bench)

    async def sweep(self) -> None:
        """A round of upkeep, as there was one on each of the days before."""
        await self.live()
        await upkeep.once(self.doors.bench)

    async def roll_directory(self) -> None:
        """A newer directory, as an operator puts it in force when the old has run out."""
        self.serial += 1
        today = bangkok_day(self.clock.now())
        note = replace(self.org, today=today).note(self.serial)
        await self.doors.bench.directory.accept(note)

    async def deliver(
        self, request: Request, fault: str, after_s: float
    ) -> httpx.Response | None:
        """The answer that the sender gets to see; None when they see none."""
        if fault == "lost request":
            return None
        if fault == "twice":
            first, second = await asyncio.gather(self.send(request), self.send(request))
            # Staff are told which of the two was the first: 201, then 200.
            assert (first.status_code < 300) == (second.status_code < 300)
            return second
        if fault == "cancelled":
            await self._cancelled(request, after_s)
            return None
        if fault == "hung up":
            await self._hung_up(request, round(after_s * 1000 * TURNS_A_MS))
            return None
        if fault == "cut":
            return await self._cut(request, after_s)
        answer = await self.insist(request)
        return None if fault == "lost answer" else answer

    async def insist(self, request: Request) -> httpx.Response:
        """Sends again while the database is said to be away, as the documentation says."""
        for _ in range(4):
            answer = await self.send(request)
            if answer.status_code != 503 or code_of(answer) != "database.unavailable":
                return answer
        raise AssertionError("the database does not come back")

    async def send(self, request: Request) -> httpx.Response:
        """One try. Staff sign each try anew; nothing may ever be our own fault."""
        headers = dict(request.headers)
        client = self.doors.reporter
        if request.door == "staff":
            client = self.doors.staff
            headers |= self.doors.signature(
                request.method,
                request.target,
                request.body,
                if_match=headers.pop("if-match", None),
            )
        answer = await client.request(
            request.method, request.target, content=request.body, headers=headers
        )
        assert answer.status_code != 500, answer.text
        return answer

    async def _cancelled(self, request: Request, after_s: float) -> None:
        task = asyncio.create_task(self.send(request))
        await asyncio.sleep(after_s)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _hung_up(self, request: Request, turns: int) -> None:
        """Gone at a turn of the loop, whatever the request was waiting for by then."""
        task = asyncio.create_task(self.send(request))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _cut(self, request: Request, after_s: float) -> httpx.Response | None:
        task = asyncio.create_task(self.send(request))
        await asyncio.sleep(after_s)
        await self.aside.fetchval(CUT)
        answer = await task
        return None if answer.status_code == 503 else answer


def code_of(answer: httpx.Response) -> str:
    """A problem's code; empty for an answer that is none."""
    if not answer.headers.get("content-type", "").startswith("application/problem"):
        return ""
    return str(answer.json()["code"])

"""What a page costs a staff tool at a thousand, a hundred thousand and a million tips.

    python -m tests.bench.inbox_bench                          1,000 and 100,000
    python -m tests.bench.inbox_bench --tips 1000 1000000      others; a million takes 6 GB
    python -m tests.bench.inbox_bench --rounds 20              fewer questions

One PostgreSQL a size, each as `mustshare serve` starts it, with nothing in it but those tips,
vacuumed and analysed as the nightly mixing leaves it; the doors in this process. Every answer
has as many rows at every size. The sizes take turns, question by question, so that whatever
else the machine does troubles all alike, and in each round another size begins.

Held to three goals: as many statements at every size, a median at most 1.3 times that of the
smallest, and no table that grows read whole for any statement. Ends with 1 if one is missed.
Beside the time by the clock stands the CPU time of this process and of PostgreSQL: a busy
machine moves it less. The case page is made from the database each time, as by a process that
has just started; one that is ready costs no question at all.

A page that others add is measured by a line in `QUESTIONS`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import httpx
import psutil

from mustshare_api.app import composition
from mustshare_api.crypto import frames
from mustshare_api.flows.changes import Cursor
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.changes import Place
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate
from tests.bench import many
from tests.doors import STARTED_AT, Doors, MovedClock, doors_of
from tests.organisation import Organisation, organisation
from tests.pages import Desk, case

RATIO = 1.3
ROWS = 100
"""Of a page: as many at a thousand tips as at a million."""

TODAY = STARTED_AT.date()


PLACES = 8
"""Asked in turns, again and again: what is measured is the work, and not the disk."""


def changes(_: int) -> str:
    """A page of changes, from the first day asked for."""
    return f"/v1/changes?since={(TODAY - timedelta(days=300)).isoformat()}&limit={ROWS}"


def changes_on(number: int) -> str:
    """A page of changes, from somewhere in the middle of a walk."""
    since = TODAY - timedelta(days=650)
    place = Place(since + timedelta(days=60 * number), bytes([17 * number]) * 16)
    after = Cursor(place, place).encode(since)
    return f"/v1/changes?since={since.isoformat()}&limit={ROWS}&after={after}"


def tips(number: int) -> str:
    """A page of tips, from somewhere in the first half."""
    return f"/v1/tips?limit={ROWS}&after={_somewhere(number)}"


def index(number: int) -> str:
    """A page of the index, likewise."""
    return f"/v1/index?limit={ROWS}&after={_somewhere(number)}"


def case_page(_: int) -> str:
    """What everybody may read of a case."""
    return f"/v1/cases/{case()['slug']}"


def _somewhere(number: int) -> str:
    return (bytes([13 * number]) * 16).hex()


QUESTIONS: dict[str, Callable[[int], str]] = {
    "changes, first": changes,
    "changes, on": changes_on,
    "tips": tips,
    "index": index,
    "messages": lambda _: "/v1/objects/batch",
    "case page": case_page,
}


@dataclass
class Cost:
    """Milliseconds: by the clock, and of CPU, here and in PostgreSQL."""

    wall: float
    cpu: float


@dataclass
class Measured:
    """What was found of one size."""

    doors: Doors
    server: EmbeddedPostgres
    batches: list[bytes] = field(default_factory=list)
    backends: list[int] = field(default_factory=list)
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    statements: dict[str, set[int]] = field(default_factory=dict)
    scanned: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """A case in public, and the objects that are fetched in one request."""
        assert (await Desk(self.doors).publish(case())).status_code == 201
        assert (await self.doors.reporter.get(case_page(0))).status_code == 200
        for number in range(PLACES):
            page = (await self.doors.signed("GET", index(number))).json()
            wanted = {"ids": [one["object_id"] for one in page["objects"]]}
            self.batches.append(json.dumps(wanted).encode())

    async def ask(self, name: str, number: int) -> None:
        """One question, timed."""
        send = self._prepared(name, number)
        self.backends = [one.pid for one in psutil.Process(self.server.pid).children()]
        before, began = self._cpu_ms(), time.perf_counter()
        answer = await send()
        wall = (time.perf_counter() - began) * 1000
        # A worker of the database's own that came or went meanwhile is none of the question's.
        spent = [now - before[pid] for pid, now in self._cpu_ms().items() if pid in before]
        self.costs.setdefault(name, []).append(Cost(wall, sum(spent)))
        assert answer.status_code == 200, answer.text
        if name == "messages":
            assert len(frames.read(answer.content, most=ROWS, limit_bytes=1 << 20)) == ROWS
        elif name != "case page":
            body = answer.json()
            assert len(body.get("tips", body.get("objects"))) == ROWS

    def _prepared(self, name: str, number: int) -> Callable[[], Awaitable[httpx.Response]]:
        target = QUESTIONS[name](number)
        if name == "case page":
            self.doors.bench.plane.forget()
            return partial(self.doors.reporter.get, target)
        body = self.batches[number] if name == "messages" else b""
        method = "POST" if body else "GET"
        headers = self.doors.signature(method, target, body)
        return partial(self.doors.staff.request, method, target, content=body, headers=headers)

    def _cpu_ms(self) -> dict[int, float]:
        """CPU so far of this process, 0, and of each of the database's, to the nanosecond."""
        found = {0: time.process_time() * 1000}
        for pid in self.backends:
            with suppress(OSError):
                stat = Path(f"/proc/{pid}/schedstat").read_text("ascii")
                found[pid] = int(stat.split()[0]) / 1e6
        return found

    async def look(self, name: str, number: int) -> None:
        """One question, with an eye on what the database is asked for it."""
        database = self.doors.bench.tips._database
        async with many.watching(database) as watched:
            await self.ask(name, number)
        self.costs[name].pop()
        self.statements.setdefault(name, set()).add(watched.statements())
        async with database.connection() as connection:
            self.scanned |= await watched.scanned(connection)


async def opened(
    server: EmbeddedPostgres,
    tips: int,
    org: Organisation,
    stripper: Stripper,
    to: AsyncExitStack,
) -> Measured:
    """The doors over a database of so many tips."""
    await migrate(server.dsn)
    began = time.monotonic()
    kids = [entry.kid for entry in org.directory().recipients(TODAY)]
    await many.fill(server.dsn, tips, kids, TODAY)
    print(f"{tips:,} tips made in {time.monotonic() - began:.0f} s", flush=True)
    clock = MovedClock()
    bench = await to.enter_async_context(
        composition.workbench(Settings(), server.dsn, org.roots, stripper, clock)
    )
    await bench.directory.accept(org.note())
    return Measured(await to.enter_async_context(doors_of(bench, org, clock)), server)


async def measured(
    servers: dict[int, EmbeddedPostgres], rounds: int, stripper: Stripper
) -> dict[int, Measured]:
    """All sizes, in turns."""
    org = organisation(STARTED_AT)
    async with AsyncExitStack() as stack:
        found = {
            size: await opened(server, size, org, stripper, stack)
            for size, server in servers.items()
        }
        for one in found.values():
            await one.begin()
        for number in range(rounds + PLACES):
            turns = list(found.values())[:: 1 if number % 2 else -1]
            for name, one in product(QUESTIONS, turns):
                # The first few warm caches up and settle plans.
                ask = one.look if number < PLACES else one.ask
                await ask(name, number % PLACES)
        return found


def judged(found: dict[int, Measured]) -> list[str]:
    """The table, and what is missed of the goals."""
    missed: list[str] = []
    print(
        f"{'page of ' + str(ROWS):16}"
        + "".join(f"{size:>12,}   (cpu)" for size in found)
        + "   ratio   (cpu)"
    )
    for name in QUESTIONS:
        walls = [statistics.median(c.wall for c in one.costs[name]) for one in found.values()]
        cpus = [statistics.median(c.cpu for c in one.costs[name]) for one in found.values()]
        ratio, of_cpu = max(walls) / walls[0], max(cpus) / cpus[0]
        asked = set[int]().union(*(one.statements[name] for one in found.values()))
        shown = "".join(
            f"{wall:9.1f} ms{cpu:8.1f}" for wall, cpu in zip(walls, cpus, strict=True)
        )
        print(f"{name:16}{shown}{ratio:8.2f}{of_cpu:8.2f}   statements {sorted(asked)}")
        if ratio > RATIO:
            missed.append(f"{name}: {ratio:.2f} times the median of {min(found):,} tips")
        if len(asked) > 1:
            missed.append(f"{name}: not as many statements each time")
    for size, one in found.items():
        if one.scanned:
            missed.append(f"{size:,} tips: {', '.join(sorted(one.scanned))} read whole")
    return missed


def main() -> int:
    """Measures, prints, and says what is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.inbox_bench")
    parser.add_argument("--tips", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=60)
    args = parser.parse_args()
    stripper = Stripper.start()
    try:
        with tempfile.TemporaryDirectory(prefix="mustshare-") as home, ExitStack() as stack:
            servers = {
                size: stack.enter_context(EmbeddedPostgres.start(Path(home) / str(size)))
                for size in sorted(args.tips)
            }
            found = asyncio.run(measured(servers, args.rounds, stripper))
    finally:
        stripper.close()
    missed = judged(found)
    for one in missed:
        print(f"MISSED {one}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What a page costs a staff tool at a thousand, a hundred thousand and a million tips.

    python -m tests.bench.inbox_bench                          1,000 and 100,000
    python -m tests.bench.inbox_bench --tips 1000 1000000      others
    python -m tests.bench.inbox_bench --rounds 20              fewer questions

One PostgreSQL of its own, one database a size, the staff door in this process. The sizes take
turns, so that whatever else the machine does troubles all alike. Held to three goals: as many
statements at every size, a median at most 1.3 times that of the smallest, and no table that
grows with the tips read whole for any statement. Ends with 1 if one is missed.

A page that others add is measured by a line in `QUESTIONS`.
"""

import argparse
import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from mustshare_api.app import composition
from mustshare_api.flows.changes import Cursor
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.changes import Place
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate
from tests.bench import many
from tests.doors import STARTED_AT, Doors, MovedClock, doors_of
from tests.organisation import Organisation, organisation

RATIO = 1.3
ROWS = 100
"""Of a page: as many at a thousand tips as at a million."""

TODAY = STARTED_AT.date()


def _since() -> str:
    return (TODAY - timedelta(days=300)).isoformat()


def changes() -> str:
    """A page of changes, from the first day asked for."""
    return f"/v1/changes?since={_since()}&limit={ROWS}"


def changes_on() -> str:
    """A page of changes, from somewhere in the middle of a walk."""
    since = TODAY - timedelta(days=650)
    place = Place(TODAY - timedelta(days=secrets.randbelow(500) + 100), secrets.token_bytes(16))
    after = Cursor(place, place).encode(since)
    return f"/v1/changes?since={since.isoformat()}&limit={ROWS}&after={after}"


def tips() -> str:
    """A page of tips, from anywhere in the first half."""
    return f"/v1/tips?limit={ROWS}&after={_somewhere()}"


def index() -> str:
    """A page of the index, likewise."""
    return f"/v1/index?limit={ROWS}&after={_somewhere()}"


def _somewhere() -> str:
    return bytes([secrets.randbelow(100), *secrets.token_bytes(15)]).hex()


QUESTIONS: dict[str, Callable[[], str]] = {
    "changes, first": changes,
    "changes, on": changes_on,
    "tips": tips,
    "index": index,
}


@dataclass
class Measured:
    """What was found of one size."""

    doors: Doors
    times_ms: dict[str, list[float]] = field(default_factory=dict)
    statements: dict[str, set[int]] = field(default_factory=dict)
    scanned: set[str] = field(default_factory=set)

    async def ask(self, name: str, target: str) -> None:
        """One question, timed by the clock on the wall."""
        headers = self.doors.signature("GET", target)
        began = time.perf_counter()
        answer = await self.doors.staff.get(target, headers=headers)
        self.times_ms.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert len(body.get("tips", body.get("objects"))) == ROWS

    async def look(self, name: str, target: str) -> None:
        """One question, with an eye on what the database is asked for it."""
        database = self.doors.bench.tips._database
        async with many.watching(database) as watched:
            await self.ask(name, target)
        self.times_ms[name].pop()
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
    name = f"inbox_{tips}"
    dsn = await _made(server.dsn, name)
    await migrate(dsn)
    began = time.monotonic()
    kids = [entry.kid for entry in org.directory().recipients(TODAY)]
    await many.fill(dsn, tips, kids, TODAY)
    print(f"{tips:,} tips made in {time.monotonic() - began:.0f} s", flush=True)
    clock = MovedClock()
    bench = await to.enter_async_context(
        composition.workbench(Settings(), dsn, org.roots, stripper, clock)
    )
    await bench.directory.accept(org.note())
    return Measured(await to.enter_async_context(doors_of(bench, org, clock)))


async def _made(dsn: str, name: str) -> str:
    connection = await many.asyncpg.connect(dsn)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    head, _, query = dsn.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


async def measured(
    server: EmbeddedPostgres, sizes: list[int], rounds: int, stripper: Stripper
) -> dict[int, Measured]:
    """All sizes, in turns."""
    org = organisation(STARTED_AT)
    async with AsyncExitStack() as stack:
        found = {size: await opened(server, size, org, stripper, stack) for size in sizes}
        for number in range(rounds + 8):
            for one in found.values():
                for name, target in QUESTIONS.items():
                    # The first few warm caches up and settle plans.
                    await (one.look if number < 8 else one.ask)(name, target())
        return found


def judged(found: dict[int, Measured]) -> list[str]:
    """The table, and what is missed of the goals."""
    missed: list[str] = []
    smallest = min(found)
    print(
        f"{'page of ' + str(ROWS):16}" + "".join(f"{size:>12,}" for size in found) + "   ratio"
    )
    for name in QUESTIONS:
        medians = {size: statistics.median(one.times_ms[name]) for size, one in found.items()}
        ratio = max(medians.values()) / medians[smallest]
        asked = set[int]().union(*(one.statements[name] for one in found.values()))
        shown = "".join(f"{one:9.1f} ms" for one in medians.values())
        print(f"{name:16}{shown}{ratio:8.2f}   statements {sorted(asked)}")
        if ratio > RATIO:
            missed.append(f"{name}: {ratio:.2f} times the median of {smallest:,} tips")
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
        with (
            tempfile.TemporaryDirectory(prefix="mustshare-") as home,
            EmbeddedPostgres.start(Path(home)) as server,
        ):
            found = asyncio.run(measured(server, args.tips, args.rounds, stripper))
    finally:
        stripper.close()
    missed = judged(found)
    for one in missed:
        print(f"MISSED {one}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

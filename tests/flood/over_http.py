"""A flood over real HTTP: `mustshare serve` with TLS, PostgreSQL and Argon2id at full strength.

    make flood ARGS="--http"                                        about three minutes
    make flood ARGS="--http --seconds 4 --attackers 20 --kinds guess,hammer"

    calm ─> an attack rises (2 s) ─> attack ─> calm ─> ...      one kind at a time, two turns

Each attacker has six connections, so that sixty of them are more than the room holds. The
service and its database have every other core, honest clients and attackers the rest. Attackers
are nicer than honest clients, who have machines of their own. It is one machine all the same:
compare within a row.
"""

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from mustshare_api.crypto import challenges
from mustshare_api.domain import receipt
from mustshare_api.domain.pressure import COSTS, TRIES, cost_of
from tests.bench import meters
from tests.faults.reporters import OCTETS, sealed_tip
from tests.flood.honest import ATTACK, CALM, CLEAR, RISING, SEALED, FrontEnd, Tally, Turn, fresh
from tests.flood.row import QUOTA, WHAT, Row, in_ms
from tests.flood.solving import packed, phones, rounds_a_second, solved
from tests.service import SRC, Service, running

CONNECTIONS_EACH = 6
RISE_S = 2.0
SETTLE_S = 2.0
"""For what is left of an attack to be worked off, before it is calm."""

EVERY_S = {"hammer": 0.0, "asks": 0.0, "solve": 0.0}
SELDOM_S = 0.5
NICE = "10"
FRONT_ENDS = (CLEAR, CLEAR, SEALED, SEALED)


@dataclass
class Flood:
    """A running service, and what its attackers have in hand."""

    service: Service
    mint_key: bytes
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    taken_s: float = 0.0

    @property
    def cpu_s(self) -> float:
        """Of the whole tree so far: service, database, picture workers; user and system."""
        assert self.service.process is not None
        spent = meters.cost(self.service.process.pid)
        return spent.serving + spent.database + spent.worker

    def level(self) -> int:
        """The level in force, by what a challenge costs."""
        challenge = self.service.request("POST", "/v1/challenges").json()
        return COSTS.index(challenge["parameters"]["cost"])

    def job(self, kind: str) -> dict[str, Any]:
        """What attackers of a kind need; made when it is first asked for."""
        if kind not in self.jobs:
            makers: dict[str, Callable[[], dict[str, Any]]] = {
                "replay": lambda: {"solutions": [self._solution(COSTS[-1]) for _ in range(4)]},
                "forged": lambda: {"solutions": self._forged()},
                "key": lambda: {"key": partner(self.service)},
                "uploads": lambda: {"tokens": [self._token() for _ in range(10)]},
            }
            self.jobs[kind] = makers.get(kind, dict)()
        return self.jobs[kind]

    def calibrate(self, tips: int = 20) -> None:
        """What one tip in clear costs the service."""
        before = self.cpu_s
        for _ in range(tips):
            assert self.service.send_tip("ถนนพัง").status == 201
        self.taken_s = (self.cpu_s - before) / tips

    def _solution(self, cost: int, age_s: int = 0) -> str:
        made = challenges.make(self.mint_key, cost, TRIES, int(time.time()) - age_s)
        return solved(made)[0]

    def _forged(self) -> list[str]:
        """Wrong, foreign, expired and too cheap: each right but for one thing."""
        ours = challenges.make(self.mint_key, COSTS[-1], TRIES, int(time.time()))
        theirs = challenges.make(bytes(32), 1, TRIES, int(time.time()))
        wrong = packed(ours, {"counter": 1, "derivedKey": "00" * 32})
        return [wrong, solved(theirs)[0], self._solution(1, age_s=700), self._solution(1)]

    def _token(self) -> str:
        body, access = fresh(sealed_tip(self.service, "ขยะ", receipt.mint()))
        assert self.service.request("POST", "/v1/tips", body, OCTETS).status == 201
        return base64.urlsafe_b64encode(access).rstrip(b"=").decode()


def partner(service: Service) -> str:
    """A new partner's key."""
    deed = ("partner", "add", f"stolen-{time.monotonic_ns()}", "--quota", str(QUOTA))
    done = subprocess.run(
        service.command(*deed, "--per-minute", str(QUOTA)),
        cwd=service.folder,
        env=service.environment(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def begun(service: Service) -> Flood:
    """A flood against a service that runs; its key is read from its database."""
    socket = service.data / "postgres" / "socket"

    async def read() -> bytes:
        connection = await asyncpg.connect(f"postgresql://mustshare@/postgres?host={socket}")
        try:
            key: bytes = await connection.fetchval("SELECT receipt_mint_key FROM deployment")
            return key
        finally:
            await connection.close()

    service.request("POST", "/v1/challenges")
    flood = Flood(service, asyncio.run(read()))
    flood.calibrate()
    return flood


def measure(flood: Flood, kind: str, connections: int, seconds: float, turns: int = 2) -> Row:
    """Calm and attack in turns, with honest front ends all the while."""
    with phones() as solvers:
        return _measured(flood, kind, connections, (seconds, turns), solvers)


def _measured(
    flood: Flood, kind: str, connections: int, long: tuple[float, int], solvers: Executor
) -> Row:
    (seconds, turns), tally, turn = long, Tally(), Turn()
    threads = [
        threading.Thread(target=FrontEnd(flood.service, tally, turn, way, solvers).run)
        for way in FRONT_ENDS
    ]
    flood.job(kind)
    total: dict[str, float] = {}
    excess_s, level = 0.0, 0
    for thread in threads:
        thread.start()
    try:
        for _ in range(turns):
            found, more_s = _take_turns(
                flood, (tally, turn), kind, connections, seconds / turns
            )
            excess_s, level = excess_s + more_s, max(level, flood.level())
            total = {name: total.get(name, 0.0) + value for name, value in found.items()}
    finally:
        turn.over = True
        for thread in threads:
            thread.join()
    return Row(kind, tally, total, excess_s, flood.taken_s, level)


def _take_turns(
    flood: Flood, honest_ones: tuple[Tally, Turn], kind: str, connections: int, seconds: float
) -> tuple[dict[str, float], float]:
    """What attackers got, and the CPU beyond what the honest errands cost in calm."""
    tally, turn = honest_ones
    turn.when = CALM
    calm_s = _spent(flood, tally, lambda: time.sleep(seconds))
    turn.when = RISING  # an idle connection is not kept for long, so they come only now
    attackers = _attackers(flood, kind, connections, seconds)
    before, cpu_s = sum(tally.errands.values()), flood.cpu_s
    assert attackers.stdin is not None
    attackers.stdin.write(b"go\n")
    attackers.stdin.flush()
    time.sleep(RISE_S)
    turn.when = ATTACK
    found: dict[str, float] = json.loads(attackers.communicate()[0])
    spent_s, errands = flood.cpu_s - cpu_s, sum(tally.errands.values()) - before
    turn.when = RISING  # what was under way belongs to neither
    time.sleep(SETTLE_S)
    return found, spent_s - calm_s * errands


def _spent(flood: Flood, tally: Tally, act: Callable[[], None]) -> float:
    """CPU of an honest errand while something goes on, in s."""
    before, cpu_s = sum(tally.errands.values()), flood.cpu_s
    act()
    return (flood.cpu_s - cpu_s) / max(1, sum(tally.errands.values()) - before)


def _attackers(
    flood: Flood, kind: str, connections: int, seconds: float
) -> "subprocess.Popen[bytes]":
    """The attackers' process, connected and waiting for the word."""
    job = {
        "kind": kind,
        "port": flood.service.ports[0],
        "connections": min(4, connections) if kind == "solve" else connections,
        "seconds": seconds + RISE_S,
        "every_s": EVERY_S.get(kind, SELDOM_S),
        **flood.job(kind),
    }
    process = subprocess.Popen(
        ["nice", "-n", NICE, sys.executable, "-m", "tests.flood.attackers"],
        cwd=SRC.parent,
        env={"PYTHONPATH": f"{SRC}:{SRC.parent}", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(job).encode() + b"\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"ready\n"
    return process


def price(rate: float) -> str:
    """What going ahead costs whoever pays for it, by level."""
    each = [
        f"level {level} {1e3 * cost_of(level) * TRIES / 2 / rate:.0f} ms"
        for level in range(1, len(COSTS))
    ]
    return f"a solution, of a core here ({rate / 1e6:.1f} M rounds/s): " + ", ".join(each)


def main(arguments: list[str]) -> int:
    """Prints all rows; 1 when an honest request was lost."""
    asked = argparse.ArgumentParser(prog="make flood", description=__doc__.partition("\n")[0])
    asked.add_argument("--seconds", type=float, default=6.0, help="of calm, and of each attack")
    asked.add_argument("--attackers", type=int, default=60)
    asked.add_argument("--kinds", default=",".join(WHAT))
    given = asked.parse_args(arguments)
    kinds = given.kinds.split(",")
    if not set(kinds) <= WHAT.keys() or given.attackers < 1 or given.seconds <= 0:
        asked.error(f"kinds are {', '.join(WHAT)}; the numbers are above 0")
    connections, lost = given.attackers * CONNECTIONS_EACH, 0
    print(f"{given.attackers} attackers, {connections} connections; load {_load()}")
    print(price(rounds_a_second()))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[::2])
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as service:
        os.sched_setaffinity(0, cores[1::2] or cores)
        flood = begun(service)
        print(f"a tip in clear that is taken: {in_ms(flood.taken_s)} of the service's CPU")
        for kind in kinds:
            row = measure(flood, kind, connections, given.seconds)
            print(row, *row.tally.lost[:3], sep="\n", flush=True)
            lost += len(row.tally.lost)
    print(f"load {_load()}")
    return int(lost > 0)


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())

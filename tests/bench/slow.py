"""Slow and greedy clients against a real service, while honest ones go on.

    make slow                            1,000 connections of each kind, a minute each
    make slow ARGS="--connections 200 --seconds 8 --kinds headers,silence"
    make slow ARGS="--front haproxy"     the same through a shipped front; or nginx, or caddy

`mustshare serve` runs with its own PostgreSQL and with TLS, on loopback. Calm and attack take
turns in one run, so that a machine that has other work slows both. Honest clients send a tip,
read it back, and attach a photo to every eighth, each request on a connection of its own. The
kinds are slowhttptest's four, and what it lacks (`attackers`). The service has every other core
to itself, honest clients and attackers the rest, calm or not: attackers bring machines. They
are nicer than the honest clients, whose phones are their own and do nothing else meanwhile.
The first row is of attackers who attack nobody: cores of one machine slow one another, and so
much of every other row's ratio is not the attack's doing (`decoy`).
"""

import argparse
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from typing_extensions import override

from tests.bench.attackers import KINDS as OURS
from tests.bench.attackers import NOBODY
from tests.bench.fronted import Fronted, fronted
from tests.deploy.fronts.shipped import KINDS as FRONTS
from tests.deploy.fronts.shipped import NAME
from tests.pictures import jpegs
from tests.programs import program
from tests.service import SRC, Service, running

SLOWHTTPTEST = {
    "headers": ["-H", "-i", "2", "-x", "16"],
    "body": ["-B", "-i", "2", "-x", "8", "-s", "60000", "-f", "application/json"],
    "range": ["-R", "-a", "5", "-b", "2000"],
    "read": ["-X", "-w", "10", "-y", "512", "-n", "2", "-z", "16", "-k", "3"],
}
KINDS = (NOBODY, *SLOWHTTPTEST, *(kind for kind in OURS if kind != NOBODY))
TARGET = {"body": "/v1/tips", "read": "/openapi.json"}
PHOTO_EVERY = 8
CLIENTS = 2
NICE = "10"


@dataclass
class Tally:
    """What came of honest requests, apart for calm and for attack."""

    took_s: dict[str, list[float]] = field(default_factory=lambda: {"calm": [], "attack": []})
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, when: str, began: float, failure: str | None) -> None:
        """Counts one request."""
        with self.lock:
            if failure is None:
                self.took_s[when].append(time.monotonic() - began)
            else:
                self.failures.append(f"{when}: {failure}")

    def p99_ms(self, when: str) -> float:
        """The 99th percentile; with fewer than a hundred, the slowest."""
        ordered = sorted(self.took_s[when]) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


@dataclass
class Honest:
    """Clients that go on whatever happens; `when` says which turn it is."""

    service: Service
    tally: Tally
    when: str = "calm"
    over: bool = False
    photo: bytes = field(default_factory=jpegs.phone)

    def run(self) -> None:
        """Sends until it is over."""
        number = 0
        while not self.over:
            number += 1
            receipt = self._tip(number)
            if receipt is not None:
                header = {"Authorization": f"Receipt {receipt}"}
                self._ask("GET", "/v1/tip", None, header, 200)
                if number % PHOTO_EVERY == 0:
                    kind = header | {"Content-Type": "image/jpeg"}
                    target = f"/v1/tip/attachments/{time.monotonic_ns():032x}"
                    self._ask("PUT", target, self.photo, kind, 201)
            time.sleep(0.05)

    def _tip(self, number: int) -> str | None:
        body = json.dumps({"text": f"ถนนพัง {number}"}).encode()
        found = self._ask("POST", "/v1/tips", body, {"Content-Type": "application/json"}, 201)
        return None if found is None else str(json.loads(found)["receipt"])

    def _ask(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str], want: int
    ) -> bytes | None:
        began, when = time.monotonic(), self.when
        try:
            answer = self.service.request(method, target, body, headers)
        except (OSError, ssl.SSLError) as error:
            self.tally.count(when, began, f"{method} {target}: {type(error).__name__}")
            return None
        failure = None if answer.status == want else f"{method} {target}: {answer.status}"
        self.tally.count(when, began, failure)
        return answer.content if failure is None else None


@dataclass
class Watch:
    """The most that a process held, with those below it."""

    process: psutil.Process
    files: int = 0
    memory_mib: float = 0.0
    over: bool = False
    with_children: bool = False

    def run(self) -> None:
        """Looks four times a second."""
        below = self.process.children() if self.with_children else []
        while not self.over:
            held = [(one.num_fds(), one.memory_info().rss) for one in (self.process, *below)]
            self.files = max(self.files, sum(files for files, _ in held))
            self.memory_mib = max(self.memory_mib, sum(rss for _, rss in held) / (1 << 20))
            time.sleep(0.25)


@dataclass
class Row:
    """What one kind of attack did."""

    kind: str
    tally: Tally
    service: Watch
    fronts: list[Watch]

    @property
    def files(self) -> int:
        """The most descriptors that the service held."""
        return self.service.files

    @property
    def ratio(self) -> float:
        """Honest p99 under attack, of that in calm."""
        return self.tally.p99_ms("attack") / max(self.tally.p99_ms("calm"), 1.0)

    @override
    def __str__(self) -> str:
        calm, attack = self.tally.took_s["calm"], self.tally.took_s["attack"]
        return (
            f"{self.kind:11} {len(calm):6} {len(attack):7} {len(self.tally.failures):7}"
            f" {self.tally.p99_ms('calm'):9.0f} {self.tally.p99_ms('attack'):11.0f}"
            f" {self.ratio:6.2f}"
            + "".join(f" {one.files:6} {one.memory_mib:8.0f}" for one in self.watched)
        )

    @property
    def watched(self) -> list[Watch]:
        """The service, and what stands before it."""
        return [self.service, *self.fronts]


HEAD = (
    "attack      calm ok  att ok  failed  p99 calm  p99 attack  ratio    fds  RSS MiB\n"
    + "-" * 80
)


def attack(kind: str, service: Service, connections: int, seconds: float) -> list[str]:
    """The command that makes one turn of an attack."""
    front = service.front if isinstance(service, Fronted) else None
    if kind in OURS:
        port = service.ports[0] if front is None else front.tls
        numbers = [str(port), kind, str(connections), str(seconds)]
        return [sys.executable, "-m", "tests.bench.attackers", *numbers]
    there = service.ports[0] if front is None else front.onion
    scheme = "https" if front is None else "http"
    return [
        str(program("slowhttptest")),
        *SLOWHTTPTEST[kind],
        *("-c", str(connections), "-r", str(max(50, connections // 4))),
        *("-l", str(max(1, round(seconds))), "-p", "3", "-v", "0"),
        *("-u", f"{scheme}://127.0.0.1:{there}{TARGET.get(kind, '/v1/intake')}"),
    ]


def measure(
    service: Service, kind: str, connections: int, seconds: float, turns: int = 2
) -> Row:
    """Calm and attack in turns, with honest clients all the while."""
    assert service.process is not None
    tally = Tally()
    honest = [Honest(service, tally) for _ in range(CLIENTS)]
    watch = Watch(psutil.Process(service.process.pid))
    fronts = service.pids if isinstance(service, Fronted) else []
    before = [Watch(psutil.Process(pid), with_children=True) for pid in fronts]
    going_on: list[Honest | Watch] = [*honest, watch, *before]
    threads = [threading.Thread(target=one.run) for one in going_on]
    for thread in threads:
        thread.start()
    try:
        for _ in range(turns):
            _take_turns(service, honest, kind, connections, seconds / turns)
    finally:
        for one in going_on:
            one.over = True
        for thread in threads:
            thread.join()
    return Row(kind, tally, watch, before)


def _take_turns(
    service: Service, honest: list[Honest], kind: str, connections: int, seconds: float
) -> None:
    for one in honest:
        one.when = "calm"
    time.sleep(seconds)
    command = ["nice", "-n", NICE, *attack(kind, service, connections, seconds)]
    name = {"ATTACKED_NAME": NAME} if isinstance(service, Fronted) else {}
    attacker = subprocess.Popen(
        command,
        cwd=SRC.parent,
        env=os.environ | name,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for one in honest:
        one.when = "attack"
    try:
        attacker.wait(seconds)
    except subprocess.TimeoutExpired:
        attacker.kill()
        attacker.wait()
    time.sleep(0.5)


@contextmanager
def started(folder: Path, front: str | None) -> Iterator[Service]:
    """The service as it is, or behind a front."""
    with fronted(folder, front) if front else running(folder) as service:
        yield service


def main() -> int:
    """Prints the table; 1 when an honest request failed."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--connections", type=int, default=1000)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--kinds", default=",".join(KINDS))
    asked.add_argument("--front", choices=FRONTS, help="a shipped front before the service")
    given = asked.parse_args()
    kinds = given.kinds.split(",")
    if unknown := sorted({*kinds} - {*KINDS}):
        asked.error(f"no kind of attack: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    failed, cores = 0, sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[::2])
    through = f" through {given.front}: its descriptors and memory last" if given.front else ""
    print(f"{given.connections} connections of each kind, {given.seconds:.0f} s each{through}")
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder, started(Path(folder), given.front) as service:
        os.sched_setaffinity(0, cores[1::2] or cores)
        for kind in kinds:
            row = measure(service, kind, given.connections, given.seconds)
            print(row, flush=True)
            for failure in row.tally.failures[:3]:
                print(f"    {failure}", flush=True)
            failed += len(row.tally.failures)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

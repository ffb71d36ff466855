"""Reads what processes have cost, from /proc: in nanoseconds where the kernel tells them."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


@dataclass(frozen=True)
class Cost:
    """CPU seconds of the three parts of a service."""

    serving: float
    database: float
    worker: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            self.serving - other.serving,
            self.database - other.database,
            self.worker - other.worker,
        )


def cost(pid: int) -> Cost:
    """What a service has cost so far."""
    main = psutil.Process(pid)
    database = worker = 0.0
    for child in main.children():
        if "zygote" in " ".join(child.cmdline()):
            # Its children live for one picture; what they cost is known once they are reaped.
            worker = _on_cpu(child.pid) + _reaped(child.pid)
        else:
            family = [child, *child.children(recursive=True)]
            database = sum(_on_cpu(one.pid) for one in family) + _reaped(child.pid)
    return Cost(_on_cpu(pid), database, worker)


def _on_cpu(pid: int) -> float:
    """Seconds that the threads of a process were on a CPU."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            total += int((task / "schedstat").read_text("ascii").split()[0])
        except OSError:
            continue
    return total / 1e9


def _reaped(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) * TICK_S


@dataclass
class Memory:
    """The most that was held, in MiB over what was held before."""

    rss: float = 0.0
    parked: float = 0.0


@contextmanager
def watched(pid: int) -> Iterator[Memory]:
    """Samples memory every few milliseconds."""
    most, done = Memory(), threading.Event()
    before = _rss(pid)

    def sample() -> None:
        while not done.is_set():
            most.rss = max(most.rss, _rss(pid) - before)
            most.parked = max(most.parked, _parked(pid))
            time.sleep(0.004)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield most
    finally:
        done.set()
        sampler.join()


def _rss(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def _parked(pid: int) -> float:
    """Memory files, which no process has mapped and no RSS counts; each once."""
    found = {}
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if str(link.readlink()).startswith("/memfd:"):
                facts = link.stat()
                found[facts.st_ino] = facts.st_blocks * 512
        except OSError:
            continue
    return sum(found.values()) / MIB

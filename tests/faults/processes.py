"""What runs because of a service, found from outside, and ended one by one."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.service import Service


@dataclass(frozen=True)
class Alive:
    """A process that cannot be mistaken for a later one with its pid."""

    pid: int
    began: float
    what: str

    @property
    def running(self) -> bool:
        """Whether it still runs; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            same = process.create_time() == self.began
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def family(service: Service) -> list[Alive]:
    """The serving process and everything it started, directly or not."""
    assert service.process is not None
    main = psutil.Process(service.process.pid)
    found = []
    for process in [main, *main.children(recursive=True)]:
        try:
            what = " ".join(process.cmdline()[:6]) or process.name()
            found.append(Alive(process.pid, process.create_time(), what))
        except psutil.NoSuchProcess:
            continue
    return found


def postmaster(service: Service) -> int:
    """The pid of the embedded database."""
    pid_file = service.data / "postgres" / "cluster" / "postmaster.pid"
    return int(pid_file.read_text(encoding="ascii").split()[0])


def zygote(service: Service) -> int:
    """The pid of the process that picture workers are forked from."""
    (found,) = [one.pid for one in family(service) if "zygote" in one.what]
    return found


def held_by(folder: Path) -> list[str]:
    """Every process with its command line, working directory or an open file in a folder."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        if int(directory.name) == os.getpid():
            continue
        try:
            named = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            links = [directory / "cwd", *(directory / "fd").iterdir()]
            places = [named, *(str(link.readlink()) for link in links)]
        except OSError:
            continue
        if any(str(folder) in place for place in places):
            found.append(f"{directory.name} {named}")
    return found


def wait_until_gone(processes: list[Alive], folder: Path, patience_s: float = 20) -> list[str]:
    """What is left of them and of anything in a folder, when the time is up; else nothing."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        left = [one.what for one in processes if one.running] + held_by(folder)
        if not left:
            return []
        time.sleep(0.05)
    return [one.what for one in processes if one.running] + held_by(folder)


def end(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Ends one process of ours."""
    os.kill(pid, how)

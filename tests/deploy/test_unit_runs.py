"""The shipped unit is tight and the service still works in it: a tip with a photo goes through.

systemd does not run where the tests do, so `held.py` does to the service what systemd would.
"""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from mustshare_api.store.embedded import EmbeddedPostgres
from tests.deploy.opened import TO, unpacked
from tests.deploy.unit_file import FOLDER, UNIT, allowed_calls, directives
from tests.faults.desk import check_against, read_everything
from tests.faults.reporters import FrontEnd, Journal
from tests.postgres import in_database, run
from tests.service import Service, installed
from tests.shape.tree import ROOT

NOTIFY = "notify"
"""Where systemd would hear, in the folder of a service."""

ROAD = (ROOT / "tests" / "data" / "road.jpg").read_bytes()

UNITS = {
    "serve": UNIT,
    "backup": FOLDER / "mustshare-backup.service",
    "deliver": FOLDER / "mustshare-deliver.service",
}
"""What each command is held to."""


@dataclass
class HeldService(Service):
    """A service within what its unit allows."""

    @override
    def spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        doors = self.ports if arguments[0] == "serve" else ()
        sockets = [socket.create_server(("127.0.0.1", port)) for port in doors]
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps(self._plan(sockets, list(arguments))))
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.deploy.held", str(plan)],
                cwd=self.folder,
                env={
                    **self.environment(),
                    "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
                    "NOTIFY_SOCKET": str(self.folder / NOTIFY),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[one.fileno() for one in sockets],
            )
        for one in sockets:
            one.close()
        return process

    def _plan(self, sockets: list[socket.socket], arguments: list[str]) -> dict[str, Any]:
        path = UNITS[arguments[0]]
        unit = directives(path)
        (self.folder / "nothing").mkdir(exist_ok=True)
        (self.folder / "backups").mkdir(exist_ok=True)
        return {
            "sockets": [one.fileno() for one in sockets],
            "writable": [str(self.data), str(self.folder / "backups")],
            "nothing": str(self.folder / "nothing"),
            "files": int(unit.get("LimitNOFILE", ["1024"])[0]),
            "umask": int(unit["UMask"][0], 8),
            "calls": allowed_calls(path),
            "families": unit["RestrictAddressFamilies"],
            "namespaces": [one for one in unit["RestrictNamespaces"] if one != "yes"],
            "command": self.command(*arguments),
        }


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    """What systemd heard."""
    return []


@pytest.fixture(scope="module")
def held(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, told: list[bytes]
) -> Iterator[Service]:
    """A service under the unit, on a PostgreSQL of its own reached by a socket."""
    asyncio.run(run(postgres.dsn, "CREATE DATABASE held"))
    dsn = in_database(postgres.dsn, "held")
    made = installed(tmp_path_factory.mktemp("held"), {"MUSTSHARE_DATABASE_URL": dsn})
    service = HeldService(**{one.name: getattr(made, one.name) for one in fields(made)})
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(str(made.folder / NOTIFY))
            systemd.settimeout(30)
            service.start()
            told.append(systemd.recv(100))
        yield service
    finally:
        service.stop(signal.SIGKILL)


def test_a_tip_with_a_photo_goes_through_under_the_unit(held: Service) -> None:
    """Intake, receipt, stripping and the staff door: the filter stands in nobody's way."""
    journal = Journal()
    front = FrontEnd(held, journal)

    digits = front.tip("ถนนพัง งบ 4 ล้าน")
    front.photo("ถนนพัง งบ 4 ล้าน", digits, ROAD)
    front.close()

    check_against(read_everything(held), journal)
    assert len(journal.photos) == 1


@pytest.mark.usefixtures("held")
def test_systemd_is_told_that_the_doors_are_open(told: list[bytes]) -> None:
    """Else a start that is refused would count as one that went well."""
    assert told == [b"READY=1"]
    assert (directives()["Type"], directives()["NotifyAccess"]) == (["notify"], ["main"])


def test_every_lock_of_our_own_is_in_force_under_the_unit(held: Service) -> None:
    """What the unit takes away is not what service and workers lock themselves in with."""
    health = held.request("GET", "/health/ready", door=2).json()

    assert health["sandbox_missing"] == health["confinement_missing"] == []


def test_a_backup_is_made_under_its_unit(held: Service, tmp_path: Path) -> None:
    """`pg_dump` and what reads it need no more either."""
    into = held.folder / "backups"
    held.run("backup", "--to", TO, "--into", str(into))
    (made,) = into.glob("*.age")

    assert (unpacked(made, tmp_path) / "database" / "00000").stat().st_size > 0


def test_webhooks_are_looked_for_under_their_unit(held: Service) -> None:
    """It starts, is locked in as well as it can be, finds the outbox, and ends when asked."""
    process = held.spawn("deliver")
    started = '"event": "webhooks_started"'
    for _ in range(200):
        if started in held.log.read_text() or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    ended = process.wait(20)
    told = [json.loads(line) for line in held.log.read_text().splitlines() if line[:1] == "{"]
    locked = [one for one in told if one["event"] == "confinement_reported"]

    assert (ended, told[-1]["event"]) == (0, "webhooks_stopped"), told[-3:]
    assert [one["missing"] for one in locked] == [None] * len(locked)


def test_the_service_has_no_capability_and_cannot_gain_one(held: Service) -> None:
    """The emulation holds: these lines are the kernel's own."""
    assert held.process is not None
    status = Path(f"/proc/{held.process.pid}/status").read_text()

    for line in ("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
        assert line in status

"""`mustshare deliver` as it ships: a process of its own, locked in, with nothing to say."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from mustshare_api.app.delivering import process
from mustshare_api.app.process import confinement
from mustshare_api.clock import bangkok_day
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.webhooks import Outbox
from tests.postgres import in_database, run
from tests.service import SRC
from tests.webhooks.conftest import Keep, Tell

MARK = "kinnari-canary"
ROOT = SRC.parent
ROLE = "mustshare_deliver_test"
UNIT = ROOT / "deploy" / "systemd" / "mustshare-deliver.service"


async def tried(database: Database) -> bool:
    """Whether an attempt was made and put off."""
    async with database.connection() as connection:
        found = await connection.fetchval("SELECT max(attempts) FROM webhook_deliveries")
    return bool(found)


RIGHTS = re.findall(r"(?m)^GRANT .*;$", (ROOT / "docs" / "webhooks.md").read_text())


@pytest.fixture
async def own_role(dsn: str) -> AsyncGenerator[str]:
    """The database as the user sees it whom the documentation gives to the process."""
    places = urlsplit(dsn)
    name = places.path.strip("/")
    grants = [
        line.replace("mustshare_deliver", ROLE).replace(
            "DATABASE mustshare ", f"DATABASE {name} "
        )
        for line in RIGHTS
    ]
    # As role.sql has it.
    closed = [
        f"REVOKE ALL ON {one} FROM PUBLIC" for one in (f"DATABASE {name}", "SCHEMA public")
    ]
    await run(dsn, *closed, f"CREATE ROLE {ROLE} LOGIN PASSWORD 'a'", *grants)
    user = f"{ROLE}:a@{places.netloc.rpartition('@')[2]}"
    yield urlunsplit(places._replace(netloc=user))
    await run(dsn, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


async def test_the_process_tries_what_is_due_and_says_nothing_of_it(
    own_role: str, database: Database, keep: Keep, tell: Tell, tmp_path: Path
) -> None:
    """An attempt is made and fails; no line names a slug, a host or a partner.

    With the rights that the documentation gives it, and no others.
    """
    await keep(f"https://{MARK}.invalid.example/{MARK}")
    await tell(about=MARK, day=bangkok_day(datetime.now(UTC)))
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mustshare_api", "deliver"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SRC), "MUSTSHARE_DATABASE_URL": own_role},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        while running.returncode is None and not await tried(database):
            await asyncio.sleep(0.1)
    with contextlib.suppress(ProcessLookupError):
        running.send_signal(signal.SIGTERM)
    said, _ = await running.communicate()

    events = [json.loads(line)["event"] for line in said.decode().splitlines()]
    assert running.returncode == 0
    assert events == ["confinement_reported", "webhooks_started", "webhooks_stopped"]
    assert MARK.encode() not in said
    assert b"river-watch" not in said


LOCKED_IN = """
import errno, json, socket, sys
from pathlib import Path
from mustshare_api.app.delivering.process import plan
from mustshare_api.app.process import confinement, hardening
from mustshare_api.settings import Settings

here, one, other = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
(here / "secret").write_text("a")
chosen = Settings(data_dir=here, webhook_ports=(one,))
hardening.hide()
found = confinement.lock_in(plan(chosen, "postgresql:///tips?host=/run/postgresql"))

def tried(attempt):
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    return "done"

def connect(port):
    socket.create_connection(("127.0.0.1", port), 2).close()

print(json.dumps({
    "measures": found,
    "a webhook's port": tried(lambda: connect(one)),
    "another port": tried(lambda: connect(other)),
    "the data folder": tried(lambda: (here / "secret").read_text()),
    "writing": tried(lambda: (here / "new").write_text("a")),
    "its authorities": tried(lambda: __import__("ssl").create_default_context()),
    "a raw socket": tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
}))
"""


def test_it_connects_to_the_ports_of_webhooks_and_reads_no_data(tmp_path: Path) -> None:
    """Locked in as the service is: other ports and all of its files are out of reach."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        ports = [str(door.getsockname()[1]) for door in (one, other)]
        ran = subprocess.run(
            [sys.executable, "-c", LOCKED_IN, tmp_path, *ports],
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(ran.stdout)

    assert {told["measures"][name] for name in ("files", "calls", "privileges")} == {"in force"}
    assert (told["a webhook's port"], told["another port"]) == ("done", "EACCES")
    assert (told["the data folder"], told["writing"]) == ("EACCES", "EACCES")
    assert (told["its authorities"], told["a raw socket"]) == ("done", "EACCES")


def test_an_embedded_database_that_does_not_run_is_left_alone(tmp_path: Path) -> None:
    """It belongs to the service: starting it here would keep that from starting."""
    with pytest.raises(Misconfigured, match="start the service first"):
        process.database_of(Settings(data_dir=tmp_path))


def test_strict_refuses_to_run_with_a_measure_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And names it. What a name has to be asked for by is no gap here: it is the purpose."""
    found = {"files": "this kernel has none", "connections": "by UDP", "calls": "in force"}
    monkeypatch.setattr(confinement, "lock_in", lambda _: found)
    dsn = "postgresql:///tips?host=/run/postgresql"
    with pytest.raises(Misconfigured, match="is files"):
        process._confine(Settings(data_dir=tmp_path, confinement="strict"), dsn)
    found["files"] = "in force"

    process._confine(Settings(data_dir=tmp_path, confinement="strict"), dsn)
    assert confinement.missing_of(found) == ["connections"]


async def test_a_database_that_the_service_never_set_up_is_left_alone(
    postgres: EmbeddedPostgres,
) -> None:
    """The process brings no schema up: its user may not, and the service does."""
    database = await Database.connect(in_database(postgres.dsn, "template1"))
    with pytest.raises(Misconfigured, match="start the service"):
        await Outbox(database).check_there()
    await database.close()


def test_its_unit_lets_it_lock_its_memory_as_strict_wants() -> None:
    """It cannot see there that nothing swaps, so without the right it would not start."""
    lines = UNIT.read_text().splitlines()
    assert {"ProcSubset=pid", "LimitMEMLOCK=infinity"} <= set(lines)

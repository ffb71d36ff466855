"""The restore drill: a machine is lost, and what was acknowledged is there again.

    serve, tips with photos, a case, a webhook, a referral -> backup -> a newer directory
        -> all is lost -> restore -> open, read, fetch

Once for the whole file; each test looks at what came back from its own side.
"""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from mustshare_api.app.backups.backup import STAMP
from mustshare_api.domain import receipt
from mustshare_api.store.embedded import EmbeddedPostgres
from tests.api.referring import Agency
from tests.deploy.handed_over import HandedOver, handed_over
from tests.deploy.opened import TO, unpacked
from tests.faults.desk import check_against, read_everything
from tests.faults.reporters import FrontEnd, Journal
from tests.postgres import in_database, run
from tests.service import Response, Service, free_ports, installed
from tests.shape.tree import ROOT

ROAD = (ROOT / "tests" / "data" / "road.jpg").read_bytes()
WAYS = {"ถนนพัง งบ 4 ล้าน": "receipt", "สะพานร้าว": "sealed", "ครุภัณฑ์หาย": "retry key"}
TEXTS = tuple(WAYS)


@dataclass
class Lost:
    """What is left when the machine is gone: a backup, a journal, an officer's directory."""

    service: Service
    journal: Journal
    backup: Path
    newest: Path
    digits: str
    handed: HandedOver
    told: tuple[Response, ...]
    """What was answered about that before."""


@pytest.fixture(scope="module")
def lost(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """A service that took tips, was backed up, got a newer directory, and was lost."""
    folder = tmp_path_factory.mktemp("lost")
    asyncio.run(run(postgres.dsn, "CREATE DATABASE lost"))
    dsn = in_database(postgres.dsn, "lost")
    service = installed(folder, {"MUSTSHARE_DATABASE_URL": dsn})
    journal, agency = Journal(), Agency("nacc")
    service.org.others += agency.entries()
    (folder / "with-agency.note").write_bytes(service.org.note(serial=2))
    service.run("directory", str(folder / "with-agency.note"))
    try:
        service.start()
        digits = _tell(service, journal)
        handed = handed_over(service, agency)
        told = handed.told(service)
        service.run("backup", "--to", TO, "--into", str(folder / "backups"))
    finally:
        service.stop(signal.SIGKILL)
    newest = folder / "newest.note"
    newest.write_bytes(service.org.note(serial=3))
    service.run("directory", str(newest))
    (backup,) = (folder / "backups").glob("*.age")
    asyncio.run(run(postgres.dsn, "DROP DATABASE lost WITH (FORCE)"))
    return Lost(service, journal, backup, newest, digits, handed, told)


def _tell(service: Service, journal: Journal) -> str:
    """Tips in several ways, one with a photo; the receipt of the first."""
    front = FrontEnd(service, journal)
    digits = [front.tip(text, how) for text, how in WAYS.items()]
    front.photo(TEXTS[0], digits[0], ROAD)
    front.close()
    return digits[0]


@pytest.fixture(scope="module")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Another cluster: nothing of the old one is in it."""
    with EmbeddedPostgres.start(tmp_path_factory.mktemp("new")) as server:
        yield server


@pytest.fixture
def new_database(new_server: EmbeddedPostgres) -> Iterator[str]:
    """An empty database there, whose owner may do nothing else."""
    made = ("CREATE ROLE plain LOGIN", "CREATE DATABASE fresh OWNER plain")
    asyncio.run(run(new_server.dsn, *made))
    parts = urlsplit(in_database(new_server.dsn, "fresh"))
    yield urlunsplit(parts._replace(netloc="plain@"))
    gone = ("DROP DATABASE fresh WITH (FORCE)", "DROP ROLE plain")
    asyncio.run(run(new_server.dsn, *gone))


@pytest.fixture
def opened(lost: Lost, tmp_path: Path) -> Path:
    """The backup, opened with the key that was never on the server."""
    return unpacked(lost.backup, tmp_path / "opened")


@pytest.fixture
def machine(lost: Lost, new_database: str, tmp_path: Path) -> Iterator[Service]:
    """A new machine: settings, roots and certificates, no data."""
    folder = tmp_path / "machine"
    shutil.copytree(lost.service.folder, folder, ignore=shutil.ignore_patterns("data"))
    settings = {"MUSTSHARE_DATABASE_URL": new_database}
    service = replace(
        lost.service, folder=folder, ports=free_ports(), process=None, settings=settings
    )
    yield service
    service.stop(signal.SIGKILL)


def refused(machine: Service, *command: str) -> str:
    """What a command says that ends with 2."""
    ended = subprocess.run(
        machine.command(*command),
        cwd=machine.folder,
        env=machine.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    return ended.stderr


def test_what_was_acknowledged_is_there_again_and_opens(
    lost: Lost, machine: Service, opened: Path
) -> None:
    """With the officer's keys, on another machine: the tips and the photo.

    A retry finds its tip, its receipt reads on, and one that never was does not. The case is
    read, the partner keeps its secret, the agency fetches its file: each as it was.
    """
    machine.run("restore", str(opened))
    machine.run("directory", str(lost.newest))
    machine.start()

    retried = machine.send_tip(TEXTS[0], lost.digits)
    read, unknown = (
        machine.request("GET", "/v1/tip", headers={"Authorization": f"Receipt {digits}"})
        for digits in (lost.digits, receipt.mint())
    )

    assert retried.status in (200, 201)
    assert (read.status, unknown.status) == (200, 401)
    check_against(read_everything(machine), lost.journal)
    assert [_said(one) for one in lost.handed.told(machine)] == [_said(x) for x in lost.told]


def _said(answer: Response) -> tuple[int, bytes]:
    return answer.status, answer.content


def test_a_machine_that_knows_a_newer_directory_takes_nothing_until_it_is_handed_in(
    lost: Lost, machine: Service, opened: Path
) -> None:
    """The backup's directory may list officers who were struck off since."""
    shutil.copytree(lost.service.data, machine.data)
    machine.run("restore", str(opened))
    machine.process = machine.spawn("serve")
    _wait_for_answer(machine)
    before = machine.request("GET", "/v1/intake").json()["open"]
    machine.stop()

    machine.run("directory", str(lost.newest))
    machine.start()

    assert not before


def _wait_for_answer(machine: Service) -> None:
    for _ in range(600):
        try:
            machine.request("GET", "/health/live", door=2)
        except OSError:
            assert machine.process is not None
            assert machine.process.poll() is None, machine.log.read_text()[-500:]
            asyncio.run(asyncio.sleep(0.05))
        else:
            return
    raise AssertionError("no answer")


def test_a_database_with_tips_in_it_is_never_written_over(
    machine: Service, opened: Path
) -> None:
    """A restore on the wrong machine is refused before it changes anything."""
    machine.run("restore", str(opened))

    assert "the database is in use already" in refused(machine, "restore", str(opened))


@pytest.mark.parametrize("name", ["database/00000", "settings.env", "manifest"])
def test_a_backup_with_a_changed_file_is_refused(
    machine: Service, opened: Path, name: str
) -> None:
    """Nothing of it reaches the database."""
    octets = bytearray((opened / name).read_bytes())
    octets[len(octets) // 2] ^= 1
    (opened / name).write_bytes(octets)

    assert "another backup" in refused(machine, "restore", str(opened))


def test_a_backup_of_another_organisation_is_refused(machine: Service, opened: Path) -> None:
    """Its roots are not those that this machine is told to trust."""
    roots = machine.folder / "roots.pin"
    roots.write_bytes(roots.read_bytes() + b"\n")

    assert "the roots of this backup differ" in refused(machine, "restore", str(opened))


def test_a_backup_tells_no_word_and_names_its_day(lost: Lost, opened: Path) -> None:
    """Opened it is what the database holds: sealed tips. The stamp is for the doctor."""
    octets = b"".join(path.read_bytes() for path in opened.rglob("*") if path.is_file())

    assert not [text for text in TEXTS if text.encode() in octets]
    assert lost.digits.encode() not in octets
    day = (lost.service.data / STAMP).read_text().strip()
    assert lost.backup.name == f"mustshare-{day}.age"
    assert lost.backup.stat().st_mode & 0o777 == 0o600


def test_an_older_program_refuses_a_newer_database_in_one_line(
    machine: Service, new_database: str, opened: Path
) -> None:
    """A rollback past a migration needs the backup from before it; nothing is written."""
    machine.run("restore", str(opened))
    statement = "INSERT INTO migrations VALUES ('9999_of_tomorrow.sql', '')"
    asyncio.run(run(new_database, statement))

    said = refused(machine, "serve").splitlines()

    assert said[-1] == (
        "mustshare: the database is newer than this program: run the newer program"
    )
    assert not [line for line in said[:-1] if "event" not in json.loads(line)]

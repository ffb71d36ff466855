"""PostgreSQL under the settings we ship: it lets one role in and its log tells nothing."""

import asyncio
import re
import signal
from collections.abc import Iterator

import asyncpg
import pytest

from mustshare_api.app.doctor import database
from mustshare_api.app.doctor.wanted import WANTED
from mustshare_api.domain import receipt
from mustshare_api.settings import Settings
from tests.deploy.configured import SHIPPED, Server, configured
from tests.faults.reporters import FrontEnd, Journal
from tests.service import Service, installed
from tests.shape.tree import ROOT

ROAD = (ROOT / "tests" / "data" / "road.jpg").read_bytes()
MARK = "ปลาทูนึ่ง-7431"
"""What is in each statement and each value that must not be in the log."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Set up as docs/deploy.md says."""
    folder = tmp_path_factory.mktemp("pg")
    with configured(folder) as started:
        yield started


@pytest.fixture(scope="module")
def service(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service in the role that was made for it."""
    dsn = server.dsn("mustshare", "mustshare")
    made = installed(tmp_path_factory.mktemp("service"), {"MUSTSHARE_DATABASE_URL": dsn})
    made.start()
    yield made
    made.stop(signal.SIGKILL)


def fragment() -> dict[str, str]:
    """What the shipped fragment sets."""
    text = (SHIPPED / "mustshare.conf").read_text()
    return {
        name: value.strip("'")
        for name, value in re.findall(r"^([a-z_]+) = (\S+)", text, re.MULTILINE)
    }


def test_the_fragment_sets_what_the_doctor_asks_for() -> None:
    """Neither knows of a setting that the other has forgotten."""
    ours = fragment()

    assert {n: ours.get(n) for n in WANTED if n != "data_checksums"} == {
        n: wanted.values[0] for n, wanted in WANTED.items() if n != "data_checksums"
    }


def test_the_socket_can_be_reached_by_the_service_s_own_user(server: Server) -> None:
    """It is neither PostgreSQL's user nor in its group; who comes in is for pg_hba.conf."""
    mode = (server.folder / ".s.PGSQL.5432").stat().st_mode & 0o777
    lines = (SHIPPED / "pg_hba.conf").read_text().splitlines()

    assert mode == 0o777
    assert {line.split()[-1] for line in lines if line and line[0] != "#"} == {"peer"}


def test_the_doctor_finds_nothing_amiss(service: Service) -> None:
    """With the service's own role, on the live server."""
    dsn = service.environment()["MUSTSHARE_DATABASE_URL"]
    found = list(database.look(Settings(database_url=dsn), dsn))

    assert [one for one in found if one.verdict in ("mend", "think")] == []
    assert any(one.about == "role" for one in found)


async def test_the_role_may_have_its_own_tables_counted_anew(
    server: Server, service: Service
) -> None:
    """Counters tell how often receipts were presented; every night they are set back."""
    connection = await asyncpg.connect(service.environment()["MUSTSHARE_DATABASE_URL"])
    try:
        await connection.execute("SELECT pg_stat_reset_single_table_counters('tips'::regclass)")
        sampled = await connection.fetch(
            "SELECT attname FROM pg_stats WHERE tablename = 'tips'"
        )
    finally:
        await connection.close()

    assert not {row["attname"] for row in sampled} & {"access_hash", "tip_id", "fingerprint"}


def test_the_log_tells_nothing_after_hostile_traffic(server: Server, service: Service) -> None:
    """Tips, a photo, retries, nonsense, and statements that fail with a mark in them."""
    front = FrontEnd(service, Journal())
    front.photo(MARK, front.tip(MARK), ROAD)
    front.close()
    for body in (b"", b"{", MARK.encode(), b'{"text": "\\u0000"}'):
        service.request("POST", "/v1/tips", body, {"Content-Type": "application/json"})
    for digits in (MARK.encode().hex(), receipt.mint()):
        service.request("GET", "/v1/tip", headers={"Authorization": f"Receipt {digits}"})
    asyncio.run(_fail(server.dsn("mustshare", "mustshare")))

    log = server.log.read_text(errors="replace")

    assert MARK not in log
    assert not re.search(r"STATEMENT|DETAIL|parameters|ERROR|INSERT|SELECT|connection", log)


def test_the_service_writes_no_line_for_a_request(service: Service) -> None:
    """The journal puts an instant beside each line, which no row of ours has."""
    before = service.log.read_bytes()
    front = FrontEnd(service, Journal())
    digits = front.tip("another")
    front.photo("another", digits, ROAD)
    front.close()
    for target in ("/v1/tip", "/v1/nowhere", "/v1/intake?x=1"):
        service.request("GET", target, headers={"Authorization": f"Receipt {receipt.mint()}"})
    for door in (1, 2):
        service.request("GET", "/v1/index", door=door)

    assert service.log.read_bytes() == before


async def _fail(dsn: str) -> None:
    """Errors of each kind: of syntax, of values, of a rule, of a time that is up, of a lock."""
    connection = await asyncpg.connect(dsn)
    for statement in (
        f"SELECT '{MARK}' FROM nowhere",  # noqa: S608 - our own mark
        f"SELECT '{MARK}'::integer",
        f"INSERT INTO migrations VALUES ('{MARK}', NULL)",  # noqa: S608
        f"SET statement_timeout = 20; SELECT pg_sleep(9), '{MARK}'",
        f"DO $$ BEGIN RAISE EXCEPTION '{MARK}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{MARK}'; END $$",
    ):
        try:
            await connection.execute(statement)
        except asyncpg.PostgresError:
            continue
    with pytest.raises(asyncpg.PostgresError):
        await connection.fetch("SELECT $1::text::integer", MARK)
    connection.terminate()


def test_the_log_would_have_told_without_the_fragment(server: Server) -> None:
    """The search above finds what it looks for, once a superuser turns the log on."""
    server.psql("-c", f"SET log_min_messages = warning; DO $$ BEGIN RAISE LOG '{MARK}'; END $$")

    assert MARK in server.log.read_text(errors="replace")


@pytest.mark.parametrize(
    ("role", "name"),
    [("postgres", "mustshare"), ("mustshare", "postgres"), ("mustshare", "template1")],
)
async def test_a_role_has_its_own_database_and_no_other(
    server: Server, service: Service, role: str, name: str
) -> None:
    """The administrator may look; the service's role may go nowhere else."""
    connects = asyncpg.connect(server.dsn(role, name))
    if role == "postgres":
        await (await connects).close()
        assert service.process is not None
        return
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await connects


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "ALTER SYSTEM SET log_statement = 'all'",
        "SET log_min_messages = debug5",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT * FROM pg_authid",
    ],
)
async def test_the_services_role_may_nothing_beyond_its_tables(
    server: Server, service: Service, statement: str
) -> None:
    """Whoever takes the service over gets no further than the service."""
    connection = await asyncpg.connect(service.environment()["MUSTSHARE_DATABASE_URL"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()

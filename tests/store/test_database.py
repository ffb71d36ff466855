"""What failures of the database are called, and what is done about them."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from mustshare_api.errors import Misconfigured, MustShareError, Unavailable
from mustshare_api.store.database import Database, Tuning, mapped_errors, retried
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.tips import TipStore
from tests.postgres import in_database, run
from tests.store import made


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.AdminShutdownError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DiskFullError(),
        asyncpg.QueryCanceledError(),
        asyncpg.ReadOnlySQLTransactionError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cache"),
        asyncpg.DeadlockDetectedError(),
    ],
)
def test_a_database_that_is_away_is_unavailable(error: Exception) -> None:
    """Whatever the driver calls it; and the caller hears when to come back."""
    with pytest.raises(Unavailable) as raised, mapped_errors():
        raise error

    assert raised.value.code == "database.unavailable"
    assert raised.value.retry_after_s > 0
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [asyncpg.CheckViolationError, asyncpg.DataError])
def test_a_statement_that_is_wrong_is_our_bug_and_quotes_nothing(
    error: type[Exception],
) -> None:
    """A driver's text quotes the row; ours never does."""
    with pytest.raises(MustShareError) as raised, mapped_errors():
        raise error("Failing row contains (เบาะแส)")

    assert str(raised.value) == "internal"


@pytest.mark.parametrize(
    ("cause", "idempotent", "runs"),
    [
        (asyncpg.DeadlockDetectedError(), False, 2),
        (asyncpg.SerializationError(), False, 2),
        (asyncpg.InternalClientError(), True, 2),
        (asyncpg.ConnectionDoesNotExistError(), True, 2),
        (asyncpg.InternalClientError(), False, 1),
        (asyncpg.ConnectionDoesNotExistError(), False, 1),
        (asyncpg.TooManyConnectionsError(), True, 1),
    ],
)
async def test_a_method_is_run_again_once_where_that_is_safe(
    cause: Exception, *, idempotent: bool, runs: int
) -> None:
    """Where the first run may have been committed, only if a second does no harm."""
    count = 0

    @retried(idempotent=idempotent)
    async def method(_: None) -> None:
        nonlocal count
        count += 1
        with mapped_errors():
            raise cause

    with pytest.raises(Unavailable):
        await method(None)
    assert count == runs


async def test_a_second_run_that_succeeds_is_all_that_is_seen() -> None:
    """A deadlock is nobody's business."""
    runs = iter([asyncpg.DeadlockDetectedError(), None])

    @retried(idempotent=False)
    async def method(_: None) -> str:
        with mapped_errors():
            if error := next(runs):
                raise error
        return "done"

    assert await method(None) == "done"


async def _refused(dsn: str) -> str:
    with pytest.raises(Misconfigured) as raised:
        await Database.connect(dsn)
    return raised.value.advice


async def test_a_database_that_does_not_exist_is_named_to_the_operator(
    postgres: EmbeddedPostgres,
) -> None:
    """At start-up, in one line."""
    assert "no such database" in await _refused(in_database(postgres.dsn, "nowhere"))


async def test_a_user_without_a_name_is_told_to_write_the_role_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a container there may be a number and no name, which the driver would take."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.delenv("PGUSER", raising=False)
    with pytest.raises(Misconfigured, match="put the role into MUSTSHARE_DATABASE_URL"):
        await Database.connect(f"postgresql:///mustshare?host={tmp_path}")


@pytest.mark.parametrize("dsn", ["mysql://localhost/x", "nonsense", "postgresql://h:port/x"])
async def test_an_address_that_is_none_is_refused(dsn: str) -> None:
    """Before anything is served, and without quoting it: it may hold a password."""
    advice = await _refused(dsn)

    assert "MUSTSHARE_DATABASE_URL" in advice
    assert dsn not in advice


async def test_nobody_listening_is_told_to_the_operator() -> None:
    """At the start somebody is there to mend it, so one line says what is silent."""
    with pytest.raises(Misconfigured, match="does not answer"):
        await Database.connect("postgresql://u@127.0.0.1:9/tips")


async def test_a_server_that_would_lose_tips_is_refused(dsn: str) -> None:
    """A commit that is not on disk is no promise to a reporter."""
    name = urlsplit(dsn).path.removeprefix("/")
    await run(dsn, f"ALTER DATABASE {name} SET synchronous_commit = off")

    assert "synchronous_commit=off" in await _refused(dsn)


@pytest.mark.parametrize(("found", "right"), [(14, False), (15, True), (18, True), (19, False)])
async def test_only_versions_that_were_tried_are_used(
    dsn: str, monkeypatch: pytest.MonkeyPatch, found: int, *, right: bool
) -> None:
    """15 to 18."""
    real = asyncpg.Connection.get_server_version
    monkeypatch.setattr(
        asyncpg.Connection, "get_server_version", lambda c: real(c)._replace(major=found)
    )

    if right:
        await (await Database.connect(dsn)).close()
    else:
        assert f"PostgreSQL {found} is not supported" in await _refused(dsn)


async def test_everything_works_without_a_statement_cache(dsn: str) -> None:
    """Behind a pooler in transaction mode the next statement may meet another server."""
    database = await Database.connect(dsn, Tuning(statement_cache_size=0))
    tips, envelopes = TipStore(database), EnvelopeStore(database)
    tip = made.tip()
    file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)

    for expected in (Outcome.RECORDED, Outcome.SAME):
        assert await tips.record(tip, made.envelope(tip.tip_id)) is expected
    await envelopes.record_attachment(file, made.pieces(b"x" * 70_000), made.addition())
    pieces = [len(piece) async for piece in envelopes.stream(file.object_id)]

    assert pieces[1:] == [70_000]
    await database.close()


async def test_connections_cut_by_the_server_are_replaced(dsn: str) -> None:
    """After a failover the next call works, or says that it cannot, and then does."""
    database = await Database.connect(dsn, Tuning(connections=4))
    tips = TipStore(database)
    tip = made.tip()
    await asyncio.gather(*(tips.find(tip.access_hash, made.TODAY) for _ in range(4)))
    await run(
        dsn,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    async def patient(call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        for _ in range(20):
            try:
                return await call()
            except Unavailable:
                await asyncio.sleep(0.05)
        raise AssertionError

    outcomes = [
        await patient(lambda: tips.record(tip, made.envelope(tip.tip_id))) for _ in range(2)
    ]
    assert outcomes == [Outcome.RECORDED, Outcome.SAME]
    await database.close()


async def test_a_call_cut_off_leaves_its_connection_fit_for_the_next(dsn: str) -> None:
    """A reporter who closes the page holds nothing: neither a lock nor a connection."""
    database = await Database.connect(dsn, Tuning(connections=1))
    tips = TipStore(database)
    tip = made.tip()
    await tips.record(tip, made.envelope(tip.tip_id))

    for _ in range(20):
        call = asyncio.create_task(tips.withdraw(tip.access_hash, tip.expires_on))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    assert await asyncio.wait_for(tips.withdraw(tip.access_hash, made.TODAY), 5)
    await database.close()


async def test_closing_does_not_wait_for_ever(dsn: str) -> None:
    """A connection that somebody holds is cut after the time that a command may take."""
    database = await Database.connect(dsn, Tuning(command_timeout_s=0.2))

    async def hold() -> None:
        async with database.connection():
            await asyncio.sleep(30)

    held = asyncio.create_task(hold())
    await asyncio.sleep(0.05)

    await asyncio.wait_for(database.close(), 5)
    held.cancel()
    await asyncio.gather(held, return_exceptions=True)


async def test_a_refused_row_shows_nothing_of_itself(
    tips: TipStore, postgres: EmbeddedPostgres
) -> None:
    """Neither in the error nor in what the server writes."""
    marker = b"MARKER-IN-A-ROW-" + b"x" * 15
    tip = dataclasses.replace(made.tip(), access_hash=marker)
    with pytest.raises(MustShareError) as raised:
        await tips.record(tip, made.envelope(tip.tip_id))

    sockets = Path(parse_qs(urlsplit(postgres.dsn).query)["host"][0])
    log = (sockets.parent / "server.log").read_bytes()
    assert str(raised.value) == "internal"
    assert b"MARKER" not in log
    assert marker.hex().encode() not in log

"""`mustshare audit`: the key's line for the directory, and old events shredded for good."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import auditing
from mustshare_api.crypto import checkpoints, events
from mustshare_api.errors import Misconfigured
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.audit_log import AuditStore
from mustshare_api.store.database import Database
from mustshare_api.store.directories import DirectoryStore
from tests.organisation import organisation
from tests.store import made

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
SECRET = "POST /v1/tips/a-deed-to-be-forgotten/follow-ups"


def deed(day: date) -> NewLeaf:
    return NewLeaf(events.of_server(day, SECRET).encode(), day)


async def test_the_key_is_named_for_the_deployment(dsn: str, database: Database) -> None:
    """As the directory has to list it, and the same every time."""
    org = organisation(NOON)
    directory = org.directory()
    await DirectoryStore(database).accept(1, directory.octets, directory.digest, org.today)

    first, again = [await auditing.verifier_of(dsn) for _ in range(2)]

    assert first == again
    assert first.name == checkpoints.origin_of(org.deployment_id)


async def test_without_a_directory_the_log_has_no_name(dsn: str) -> None:
    """And says what to do first."""
    with pytest.raises(Misconfigured, match="put one in force"):
        await auditing.verifier_of(dsn)


async def test_what_was_shredded_is_nowhere_in_the_table(dsn: str, database: Database) -> None:
    """Only days before the one that was named, and once."""
    store, today = AuditStore(database), made.TODAY
    await store.remember(deed(today - timedelta(days=1)))
    await store.remember(deed(today))
    before = await store.head()

    assert await auditing.shred_in(dsn, today, today) == 1
    assert await auditing.shred_in(dsn, today, today) == 0

    texts = [leaf.event for leaf in await store.entries(0, 100) if leaf.event]
    assert sum(SECRET.encode() in text for text in texts) == 1
    assert (await store.head())[0] == before[0] + 1


async def test_no_dead_row_of_a_shredded_event_is_left_in_the_files(
    dsn: str, database: Database
) -> None:
    """The table is written anew, so its file has the text no more."""
    store, today = AuditStore(database), made.TODAY
    await store.remember(deed(today - timedelta(days=1)))
    async with database.connection() as connection:
        await connection.execute("CHECKPOINT")
    await auditing.shred_in(dsn, today, today)
    async with database.connection() as connection:
        await connection.execute("CHECKPOINT")
        home = await connection.fetchval("SELECT current_setting('data_directory')")
        file = await connection.fetchval("SELECT pg_relation_filepath('audit_leaves')")

    assert SECRET.encode() not in (Path(home) / file).read_bytes()


@pytest.mark.parametrize("day", ["yesterday", "20260101", "2026-13-01", "2999-01-01"])
def test_a_day_that_is_none_or_to_come_is_refused(
    day: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In one line, before anything is opened."""
    assert program.main(["audit", "shred", "--before", day]) == 2
    assert capsys.readouterr().err.count("\n") == 1

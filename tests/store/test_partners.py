"""Partners: a quota that is never overdrawn, a switch that holds at once, and no history."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from mustshare_api.flows import deeds
from mustshare_api.store.audit_log import AuditStore
from mustshare_api.store.database import Database
from mustshare_api.store.partners import Partner, PartnerStore
from tests.store.made import TODAY

NOON = datetime(2026, 11, 23, 5, 0, 30, tzinfo=UTC)
KEY = hashlib.sha256(b"msp_key").digest()
LEAF = deeds.of_operator("operator-partner-added", TODAY, "river-watch")
Add = Callable[..., Awaitable[bool]]


@pytest.fixture
def store(database: Database) -> PartnerStore:
    return PartnerStore(database)


@pytest.fixture
def add(store: PartnerStore) -> Add:
    """Adds a partner."""

    async def added(name: str = "river-watch", a_day: int = 100, a_minute: int = 100) -> bool:
        partner = Partner(name, ("https://river.example",), a_day, a_minute, stopped=False)
        key_hash = KEY if name == "river-watch" else hashlib.sha256(name.encode()).digest()
        return await store.add(partner, key_hash, TODAY, LEAF)

    return added


async def charged(store: PartnerStore, times: int, now: datetime = NOON) -> int:
    """How many of so many calls at one moment were let through."""
    found = await asyncio.gather(*(store.charge(KEY, now) for _ in range(times)))
    return [one.charged for one in found if one is not None].count(True)


async def test_of_200_calls_at_once_exactly_the_quota_is_let_through(
    store: PartnerStore, add: Add
) -> None:
    """Neither one more nor one less, on eight connections."""
    await add(a_day=20)

    assert await charged(store, 200) == 20
    assert await charged(store, 5) == 0


async def test_of_200_calls_at_once_exactly_a_minute_s_are_let_through(
    store: PartnerStore, add: Add
) -> None:
    """And in the next minute as many again, until the day's are used."""
    await add(a_day=50, a_minute=20)
    minutes = [await charged(store, 200, NOON + timedelta(minutes=n)) for n in range(4)]

    assert minutes == [20, 20, 10, 0]


async def test_the_next_day_in_bangkok_begins_anew(store: PartnerStore, add: Add) -> None:
    """At 17:00 UTC, not at midnight in London."""
    await add(a_day=1)
    before = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)

    assert await charged(store, 2, before) == 1
    assert await charged(store, 2, before + timedelta(minutes=1)) == 1


async def test_what_is_left_is_told(store: PartnerStore, add: Add) -> None:
    """Asking uses none of it."""
    await add(a_day=10, a_minute=5)
    await charged(store, 3)
    told = [await store.find(KEY, NOON) for _ in range(2)]

    assert [(one.left_today, one.left_in_minute) for one in told if one] == [(7, 2), (7, 2)]


async def test_a_stopped_partner_is_charged_nothing_until_it_is_started(
    store: PartnerStore, add: Add
) -> None:
    """From the very next call on."""
    await add()
    assert await store.stop("river-watch", LEAF, stopped=True)
    while_stopped = await charged(store, 3)
    found = await store.find(KEY, NOON)
    assert await store.stop("river-watch", LEAF, stopped=False)

    assert (while_stopped, await charged(store, 3)) == (0, 3)
    assert found is not None
    assert found.partner.stopped


async def test_a_removed_partner_is_nobody(store: PartnerStore, add: Add) -> None:
    """Its key and its counts go; removing again finds nothing."""
    await add()
    await charged(store, 1)

    assert await store.remove("river-watch", LEAF)
    assert not await store.remove("river-watch", LEAF)
    assert await store.find(KEY, NOON) is None


async def test_a_name_is_given_once(store: PartnerStore, add: Add) -> None:
    """The one that is there keeps its key and quota."""
    assert await add(a_day=5)
    assert not await add(a_day=500)

    found = await store.find(KEY, NOON)
    assert found is not None
    assert found.partner.quota_per_day == 5


async def test_origins_are_those_of_partners_that_are_not_stopped(
    store: PartnerStore, add: Add
) -> None:
    """A stopped partner's pages lose the door with it."""
    await add()
    before = await store.origins()
    await store.stop("river-watch", LEAF, stopped=True)

    assert (before, await store.origins()) == (
        frozenset({"https://river.example"}),
        frozenset(),
    )


async def test_no_minute_is_kept_once_it_is_over(
    store: PartnerStore, add: Add, database: Database
) -> None:
    """A row would otherwise tell in which minute somebody last sent something."""
    await add()
    await charged(store, 3)
    await store.sweep(NOON)
    during = await _usage(database)
    await store.sweep(NOON + timedelta(minutes=1))

    assert (during, await _usage(database)) == ((0, 3), (-1, 0))
    found = await store.find(KEY, NOON)
    assert found is not None
    assert found.left_today == 97


async def _usage(database: Database) -> tuple[int, int]:
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT minute, used_in_minute FROM partner_usage")
    assert row is not None
    return row["minute"], row["used_in_minute"]


async def test_what_operators_do_to_partners_is_in_the_audit_log(
    store: PartnerStore, add: Add, database: Database
) -> None:
    """In the same transaction: no deed without its leaf, no leaf without its deed."""
    before, _ = await AuditStore(database).head()
    await add()
    await add()
    await store.stop("nobody", LEAF, stopped=True)
    await store.stop("river-watch", LEAF, stopped=True)
    await store.remove("river-watch", LEAF)
    after, _ = await AuditStore(database).head()

    assert after - before == 3


async def test_what_moves_with_tips_is_not_in_the_write_ahead_log(database: Database) -> None:
    """That log has the time of each commit."""
    async with database.connection() as connection:
        kept = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'"
        )

    assert {"partner_usage", "challenges_spent"} <= {row["relname"] for row in kept}

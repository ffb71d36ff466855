"""What tests of webhooks are given: a database with a partner, a receiver, a clock."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest

from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.domain.webhooks import TYPES
from mustshare_api.flows import deeds
from mustshare_api.store.database import Database
from mustshare_api.store.partners import Partner, PartnerStore
from mustshare_api.store.webhook_endpoints import Endpoint, EndpointStore
from mustshare_api.store.webhooks import Outbox, enqueue
from tests.doors import MovedClock
from tests.postgres import database, dsn, postgres, template
from tests.webhooks.receiver import Receiver, receiving

__all__ = ["database", "dsn", "postgres", "template"]

TODAY = date(2026, 11, 23)
LEAF = deeds.of_operator("operator-webhook-added", TODAY, "river-watch")
SEED = bytes(range(32))
SECRET = bytes(range(32, 64))

Tell = Callable[..., Awaitable[None]]
Keep = Callable[..., Awaitable[Endpoint]]


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncGenerator[Receiver]:
    async with receiving(tmp_path) as found:
        yield found


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


@pytest.fixture
async def endpoints(database: Database) -> EndpointStore:
    """The store, with two partners in the database."""
    for name in ("river-watch", "nacc"):
        partner = Partner(name, (), 100, 100, stopped=False)
        await PartnerStore(database).add(partner, secrets.token_bytes(32), TODAY, LEAF)
    return EndpointStore(database)


@pytest.fixture
def keep(endpoints: EndpointStore) -> Keep:
    """Adds an endpoint."""

    async def kept(
        url: str, partner: str = "river-watch", types: tuple[str, ...] = TYPES
    ) -> Endpoint:
        endpoint = Endpoint(partner, url, types)
        assert await endpoints.add(endpoint, (secrets.token_bytes(16), SECRET), TODAY, LEAF)
        return endpoint

    return kept


@pytest.fixture
def tell(database: Database) -> Tell:
    """Puts an event into the outbox."""

    async def told(
        kind: str = "case.published",
        about: str = "kinnari",
        day: date = TODAY,
        partner: str | None = None,
    ) -> None:
        async with database.transaction() as connection:
            await enqueue(connection, kind, about, day, partner)

    return told


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def rounds(outbox: Outbox, receiver: Receiver, clock: MovedClock) -> Rounds:
    ports = frozenset({443, receiver.port})
    return Rounds(outbox, receiver.sender(), clock, SEED, ports)


async def play(rounds: Rounds) -> None:
    """Lets everything that is due be tried."""
    await rounds.begin()
    for task in list(rounds._busy.values()):
        await task

"""The outbox: beside what it tells of, whole or not at all, told to whom it is for."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from mustshare_api.domain.webhooks import KEPT_DAYS, TYPES
from mustshare_api.errors import MustShareError, NotFound, WrongMoment
from mustshare_api.store.database import Database
from mustshare_api.store.partners import PartnerStore
from mustshare_api.store.webhook_endpoints import OVERLAP, Endpoint, EndpointStore
from mustshare_api.store.webhooks import Outbox, enqueue, enqueue_for, midnight
from tests.webhooks.conftest import LEAF, SECRET, TODAY, Keep, Tell

NOON = midnight(TODAY) + timedelta(hours=12)
URL = "https://hooks.example.org/a"
OTHER = "https://nacc.example.org/b"


async def count(database: Database, query: str) -> int:
    async with database.connection() as connection:
        found: int = await connection.fetchval(query)
    return found


async def events(database: Database) -> int:
    return await count(database, "SELECT count(*) FROM webhook_events")


async def test_an_act_that_is_rolled_back_tells_nobody(
    database: Database, outbox: Outbox, keep: Keep
) -> None:
    """The event is in the act's own transaction."""
    await keep(URL)

    async def fails() -> None:
        async with database.transaction() as connection:
            await enqueue(connection, "case.published", "kinnari", TODAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()

    assert (await events(database), await outbox.due(NOON)) == (0, set())


async def test_an_event_without_anybody_to_tell_is_kept_for_a_replay(
    database: Database, endpoints: EndpointStore, keep: Keep, tell: Tell, outbox: Outbox
) -> None:
    """Who comes later may ask for what was told before."""
    await tell()
    await keep(URL)
    assert await outbox.due(NOON) == set()

    assert await endpoints.replay("river-watch", URL, TODAY, since=TODAY) == 1
    assert len(await outbox.due(NOON)) == 1


async def test_nothing_is_replayed_to_an_address_that_was_given_up(
    keep: Keep, tell: Tell, outbox: Outbox, endpoints: EndpointStore
) -> None:
    """It would wait for good, and whoever asked would believe that it was told."""
    await keep(URL)
    await tell()
    (endpoint_id,) = await outbox.due(NOON)
    delivery = await outbox.claim(endpoint_id, NOON, 60)
    assert delivery is not None
    await outbox.give_up(delivery, "gone", TODAY)

    with pytest.raises(WrongMoment):
        await endpoints.replay("river-watch", URL, TODAY, since=TODAY)
    await endpoints.start("river-watch", URL, LEAF)
    assert await endpoints.replay("river-watch", URL, TODAY, since=TODAY) == 1


@pytest.mark.parametrize("kind", ["case.published", "referral.sent"])
async def test_a_partner_that_is_removed_meanwhile_spoils_no_publication(
    database: Database, keep: Keep, kind: str
) -> None:
    """The act waits for the removal, and then tells whoever is left: no error for staff."""
    await keep(OTHER, "nacc")
    told = asyncio.Event()

    async def act() -> None:
        async with database.transaction() as connection:
            told.set()
            if kind == "referral.sent":
                await enqueue_for(connection, kind, "ab" * 16, TODAY, "nacc")
            else:
                await enqueue(connection, kind, "kinnari", TODAY)

    async with database.transaction() as connection:
        await connection.execute("DELETE FROM partners WHERE name = 'nacc'")
        acting = asyncio.create_task(act())
        await told.wait()
        await asyncio.sleep(0.05)
    await acting

    assert await count(database, "SELECT count(*) FROM webhook_deliveries") == 0


async def test_each_endpoint_is_told_what_it_asked_for(
    keep: Keep, tell: Tell, endpoints: EndpointStore
) -> None:
    await keep(URL, types=("case.published",))
    await keep(OTHER, "nacc", types=("campaign.published", "case.published"))
    await tell("case.published")
    await tell("campaign.published")

    assert [one.waiting for one in await endpoints.all()] == [2, 1]


async def test_what_is_for_one_partner_is_told_to_no_other(
    keep: Keep, tell: Tell, endpoints: EndpointStore
) -> None:
    """Not by asking for every type, and not by a replay."""
    await keep(URL)
    await keep(OTHER, "nacc")
    await tell("referral.sent", "ab" * 16, partner="nacc")

    assert [(one.partner, one.waiting) for one in await endpoints.all()] == [
        ("nacc", 1),
        ("river-watch", 0),
    ]
    assert await endpoints.replay("river-watch", URL, TODAY, since=TODAY) == 0


@pytest.mark.parametrize(
    ("kind", "about", "partner"),
    [
        ("tip.received", "kinnari", None),
        ("referral.sent", "ab" * 16, None),
        ("case.published", "kinnari", "nacc"),
        ("case.published", "a b", None),
        ("referral.sent", "ab" * 16, "nobody"),
    ],
)
async def test_the_database_itself_refuses_what_is_not_to_be_told(
    endpoints: EndpointStore, tell: Tell, kind: str, about: str, partner: str | None
) -> None:
    """An event of a tip, a referral for all, a slug that is none, a partner that is none."""
    assert await endpoints.all() == []
    with pytest.raises(MustShareError) as refused:
        await tell(kind, about, partner=partner)

    assert isinstance(refused.value.__cause__, asyncpg.IntegrityConstraintViolationError)


async def test_a_claim_is_an_attempt_with_a_lease(
    keep: Keep, tell: Tell, outbox: Outbox
) -> None:
    """A sender that dies half-way leaves it to the next one, under the same id."""
    await keep(URL)
    await tell()
    (endpoint_id,) = await outbox.due(NOON)
    first = await outbox.claim(endpoint_id, NOON, 60)
    nothing = await outbox.claim(endpoint_id, NOON + timedelta(seconds=59), 60)
    second = await outbox.claim(endpoint_id, NOON + timedelta(seconds=60), 60)

    assert first is not None
    assert second is not None
    assert nothing is None
    assert (first.event_id, first.url, first.shared) == (second.event_id, URL, (SECRET,))
    assert (first.attempts, second.attempts) == (1, 2)


async def test_what_is_given_up_is_left_alone_until_it_is_started(
    keep: Keep, tell: Tell, outbox: Outbox, endpoints: EndpointStore
) -> None:
    """Neither what waited nor what comes is sent; a replay brings both."""
    await keep(URL)
    await tell()
    (endpoint_id,) = await outbox.due(NOON)
    claimed = await outbox.claim(endpoint_id, NOON, 60)
    assert claimed is not None
    await outbox.give_up(claimed, "gone", TODAY)
    await tell(about="another")

    (shown,) = await endpoints.all()
    assert (shown.disabled_for, shown.disabled_on, shown.waiting) == ("gone", TODAY, 0)
    assert (await outbox.due(NOON + timedelta(days=9)), await outbox.disabled()) == (set(), 1)

    assert await endpoints.start("river-watch", URL, LEAF)
    assert await endpoints.replay("river-watch", URL, TODAY, since=TODAY) == 2
    assert await outbox.due(NOON) == {endpoint_id}
    again = await outbox.claim(endpoint_id, NOON, 60)
    assert again is not None
    assert again.attempts == 1


async def test_both_secrets_sign_for_two_days_after_a_rotation(
    keep: Keep, tell: Tell, outbox: Outbox, endpoints: EndpointStore
) -> None:
    await keep(URL)
    await tell()
    new = bytes(32)
    assert await endpoints.rotate("river-watch", URL, new, TODAY, LEAF)
    (endpoint_id,) = await outbox.due(NOON)
    during = await outbox.claim(endpoint_id, NOON, 0)
    after = await outbox.claim(endpoint_id, NOON + OVERLAP + timedelta(days=1), 0)

    assert during is not None
    assert after is not None
    assert (during.shared, after.shared) == ((new, SECRET), (new,))
    found = await endpoints.signing("river-watch", URL, TODAY)
    assert found is not None
    assert found.shared == (new, SECRET)


async def test_an_old_event_and_a_replaced_secret_are_forgotten(
    database: Database, keep: Keep, tell: Tell, outbox: Outbox, endpoints: EndpointStore
) -> None:
    await keep(URL)
    await tell()
    await endpoints.rotate("river-watch", URL, bytes(32), TODAY, LEAF)
    await outbox.sweep(TODAY + timedelta(days=KEPT_DAYS))
    assert await events(database) == 1
    await outbox.sweep(TODAY + timedelta(days=KEPT_DAYS + 1))

    assert await events(database) == 0
    held = "SELECT count(*) FROM webhook_endpoints WHERE previous_secret IS NOT NULL"
    assert await count(database, held) == 0


async def test_an_event_can_be_told_again_by_its_id(
    database: Database, keep: Keep, tell: Tell, outbox: Outbox, endpoints: EndpointStore
) -> None:
    """One of two, under the id that it had."""
    await keep(URL)
    await tell()
    await tell(about="another")
    (endpoint_id,) = await outbox.due(NOON)
    ids: list[bytes] = []
    while claimed := await outbox.claim(endpoint_id, NOON, 60):
        await outbox.delivered(claimed)
        ids.append(claimed.event_id)
    assert (len(ids), await outbox.due(NOON)) == (2, set())

    told = await endpoints.replay("river-watch", URL, TODAY, event_id=ids[0])
    again = await outbox.claim(endpoint_id, NOON, 60)

    assert again is not None
    assert (told, again.event_id) == (1, ids[0])


async def test_an_endpoint_without_a_partner_or_twice_is_refused(
    keep: Keep, endpoints: EndpointStore
) -> None:
    await keep(URL)

    assert not await endpoints.add(
        Endpoint("river-watch", URL, TYPES), (bytes(16), SECRET), TODAY, LEAF
    )
    with pytest.raises(NotFound):
        await endpoints.add(Endpoint("nobody", URL, TYPES), (bytes(16), SECRET), TODAY, LEAF)
    with pytest.raises(NotFound):
        await endpoints.replay("river-watch", OTHER, TODAY)
    assert not await endpoints.remove("nacc", URL, LEAF)
    assert not await endpoints.rotate("nacc", URL, bytes(32), TODAY, LEAF)
    assert not await endpoints.start("nacc", URL, LEAF)
    assert await endpoints.signing("nacc", URL, TODAY) is None


async def test_with_a_partner_goes_all_that_it_was_told(
    database: Database, keep: Keep, tell: Tell, endpoints: EndpointStore
) -> None:
    """Its endpoints, and what was for it alone."""
    await keep(OTHER, "nacc")
    await tell("referral.sent", "ab" * 16, partner="nacc")
    await PartnerStore(database).remove("nacc", LEAF)

    assert (await events(database), await endpoints.all()) == (0, [])


async def test_the_service_has_one_key_whoever_asks_first(outbox: Outbox) -> None:
    first, second = (bytes(32), bytes([1]) * 32), (bytes([2]) * 32, bytes([3]) * 32)

    assert await outbox.key(*first) == await outbox.key(*second) == first[0]
    assert await outbox.public_key(*second) == first[1]


async def test_a_partner_that_is_stopped_is_told_once_it_is_started(
    database: Database, keep: Keep, tell: Tell, outbox: Outbox
) -> None:
    """What waits for it waits, and neither due nor claimed is any of it."""
    await keep(URL)
    await tell()
    (endpoint_id,) = await outbox.due(NOON)
    partners = PartnerStore(database)
    await partners.stop("river-watch", LEAF, stopped=True)
    while_stopped = await outbox.due(NOON), await outbox.claim(endpoint_id, NOON, 120)
    await partners.stop("river-watch", LEAF, stopped=False)

    assert while_stopped == (set(), None)
    assert await outbox.due(NOON) == {endpoint_id}

"""A partner's own webhooks while somebody else changes the same rows, or what they tell of."""

import asyncio
import secrets
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from mustshare_api.domain.webhooks import KEPT_DAYS
from mustshare_api.flows import deeds
from mustshare_api.store.webhook_endpoints import EndpointStore
from tests.api.asking_webhooks import URL, Ask, ask, listed, new_id, wanted
from tests.doors import Doors
from tests.pages import Desk, case, photo, picture
from tests.store.made import TODAY

__all__ = ["ask"]

_INSERT = (
    "INSERT INTO webhook_endpoints (endpoint_id, partner, url, types, secret, added_on)"
    " VALUES ($1, $2, $3, '{}', $4, $5)"
)
ROTATED = deeds.of_operator("operator-webhook-rotated", TODAY, "river-watch")


async def _until_it_waits(connection: Any) -> None:
    """Until somebody waits for a lock."""
    while not await connection.fetchval("SELECT true FROM pg_locks WHERE NOT granted LIMIT 1"):
        await asyncio.sleep(0.01)


async def _meanwhile(
    dsn: str, held: tuple[Any, ...], asked: Awaitable[httpx.Response]
) -> httpx.Response:
    """The answer to a request that had to wait for a statement, which is then committed."""
    other = await asyncpg.connect(dsn)
    try:
        async with other.transaction():
            await other.execute(*held)
            answer = asyncio.ensure_future(asked)
            async with asyncio.timeout(10):
                await _until_it_waits(other)
        return await answer
    finally:
        await other.close()


@pytest.mark.parametrize(
    ("by", "code"), [("river-watch", "webhook.url_in_use"), ("nacc", "id.in_use")]
)
async def test_whoever_is_second_by_a_moment_is_told_so(
    ask: Ask, dsn: str, by: str, code: str
) -> None:
    """An operator at the same address, another partner under the same id: 409, never 500."""
    webhook = new_id()
    theirs = bytes.fromhex(webhook) if by == "nacc" else secrets.token_bytes(16)
    refused = await _meanwhile(
        dsn, (_INSERT, theirs, by, URL, bytes(32), TODAY), ask("PUT", f"/{webhook}", wanted())
    )

    assert (refused.status_code, refused.json()["code"]) == (409, code)


async def test_a_secret_that_an_operator_made_does_not_go_by_a_partner_s_name(
    doors: Doors, ask: Ask
) -> None:
    """A late repetition gets no secret that it did not ask for, and replaces none."""
    path, first = f"/{new_id()}", wanted()
    await ask("PUT", path, first)
    endpoints = EndpointStore(doors.bench.outbox._database)
    new = secrets.token_bytes(32)
    assert await endpoints.rotate("river-watch", URL, new, TODAY, ROTATED)
    late = await ask("PUT", path, first)
    stale = await ask("PUT", f"{path}/secret", {"secret_id": first["secret_id"]})

    assert (late.status_code, late.json()["secret"]) == (200, None)
    assert (stale.status_code, stale.json()["code"]) == (409, "webhook.secret_replaced")


@pytest.mark.parametrize("is_picture", [False, True])
async def test_a_publication_takes_the_audit_log_after_whom_it_tells(
    doors: Doors, ask: Ask, dsn: str, *, is_picture: bool
) -> None:
    """Whoever removes an endpoint holds that, then the log: the other order is a deadlock."""
    octets, desk = photo(), Desk(doors)
    named = picture(octets)
    content = case(pictures=[named] if is_picture else [])
    await ask("PUT", f"/{new_id()}", wanted())
    (shown,) = await listed(ask)
    await desk.propose(content)
    if is_picture:
        await desk.second(content)
    other = await asyncpg.connect(dsn)
    await other.execute("UPDATE webhook_endpoints SET proven = true")
    async with other.transaction():
        await other.execute(
            "DELETE FROM webhook_endpoints WHERE endpoint_id = $1", bytes.fromhex(shown["id"])
        )
        asked = desk.send_picture(named, octets) if is_picture else desk.second(content)
        answer = asyncio.create_task(asked)
        async with asyncio.timeout(10):
            await _until_it_waits(other)
        free = await other.fetchval("SELECT size FROM audit_head FOR UPDATE NOWAIT")
    await other.close()

    assert free is not None
    assert (await answer).is_success


async def test_forgetting_holds_no_event_while_it_waits_for_an_endpoint(
    doors: Doors, ask: Ask, dsn: str
) -> None:
    """A replay holds its endpoint and then asks for events: the other order is a deadlock."""
    path = f"/{new_id()}"
    await ask("PUT", path, wanted())
    await ask("PUT", f"{path}/secret", {"secret_id": new_id()})
    long_after = TODAY + timedelta(days=KEPT_DAYS + 9)
    other = await asyncpg.connect(dsn)
    async with other.transaction():
        await other.execute("SELECT FROM webhook_endpoints FOR NO KEY UPDATE")
        swept = asyncio.create_task(doors.bench.outbox.sweep(long_after))
        async with asyncio.timeout(10):
            await _until_it_waits(other)
        left = await other.fetch("SELECT FROM webhook_events FOR KEY SHARE NOWAIT")
    await other.close()
    await swept

    assert left == []

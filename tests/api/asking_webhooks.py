"""Two partners that keep webhooks of their own, and how they ask."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from mustshare_api.flows import deeds
from mustshare_api.flows.partners import new_key
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.store.partners import Partner
from tests.doors import Doors
from tests.store.made import TODAY
from tests.webhooks.receiver import HOST

URL = f"https://{HOST}/new"
LEAF = deeds.of_operator("operator-partner-added", TODAY, "river-watch")
Ask = Callable[..., Awaitable[httpx.Response]]


async def partner(doors: Doors, name: str) -> dict[str, str]:
    """The header of a new partner."""
    key = new_key()
    added = Partner(name, (), 100, 100, stopped=False)
    assert await doors.bench.partners.store.add(added, hash_of_key(key), TODAY, LEAF)
    return {"partner-key": key}


@pytest.fixture
async def ask(doors: Doors) -> Ask:
    """Asks as one partner, or as another."""
    keys = {name: await partner(doors, name) for name in ("river-watch", "nacc")}

    async def asked(
        method: str, path: str = "", body: Any = None, by: str = "river-watch"
    ) -> httpx.Response:
        return await doors.reporter.request(
            method, f"/v1/partner/webhooks{path}", json=body, headers=keys[by]
        )

    return asked


def new_id() -> str:
    return secrets.token_hex(16)


def wanted(url: str = URL, **more: Any) -> dict[str, Any]:
    return {"url": url, "secret_id": new_id(), **more}


async def listed(ask: Ask, by: str = "river-watch") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ask("GET", by=by)).json()["endpoints"]
    return found

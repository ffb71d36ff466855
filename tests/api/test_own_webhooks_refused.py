"""What a partner may not have of webhooks: our own network, too many, anything malformed."""

import asyncio
from typing import Any

from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.app.delivering.sending import Sender
from mustshare_api.domain.outward import HTTPS
from mustshare_api.flows.partners import new_key
from mustshare_api.store.own_webhooks import CHANGES_A_DAY, ENDPOINTS
from tests.api.asking_webhooks import URL, Ask, ask, listed, new_id, wanted
from tests.doors import Doors

__all__ = ["ask"]

SEED = bytes(range(32))

REFUSED = {
    "http://hooks.example.org/": "webhook.url_malformed",
    "https://user@hooks.example.org/": "webhook.url_malformed",
    "https://hooks.example.org:8443/": "webhook.port_refused",
    "https://127.0.0.1/": "webhook.host_refused",
    "https://169.254.169.254/latest": "webhook.host_refused",
    "https://[::ffff:10.0.0.1]/": "webhook.url_malformed",
    "https://[64:ff9b::a00:1]/": "webhook.url_malformed",
    "https://2130706433/": "webhook.host_refused",
    "https://\uff11\uff10.0.0.1/": "webhook.host_refused",
    "https://localhost/": "webhook.host_refused",
    "https://db.internal/": "webhook.host_refused",
    # Within the bound as they are written, and beyond it as they are kept.
    "https://hooks.example.org?" + "a" * 486: "webhook.url_malformed",
    "https://" + "กขค." * 12 + "com/" + "a" * 440: "webhook.url_malformed",
}


async def test_an_address_of_our_own_is_refused_at_set_up(ask: Ask) -> None:
    """As far as letters tell; nothing is kept, and nothing quoted."""
    for url, code in REFUSED.items():
        refused = await ask("PUT", f"/{new_id()}", wanted(url))
        assert (refused.status_code, refused.json()["code"]) == (400, code), url
        assert url not in refused.text

    assert await listed(ask) == []


async def test_a_name_that_leads_into_our_own_network_is_refused_before_anything_is_sent(
    doors: Doors, ask: Ask
) -> None:
    """By the process that sends, which alone asks where a name leads."""
    ours = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "fd00::1", "2002:a00:1::")
    for number in range(len(ours)):
        await ask("PUT", f"/{new_id()}", wanted(f"https://x{number}.example.org/"))

    async def resolve(host: str, port: int) -> list[str]:
        del port
        return [ours[int(host[1])]]

    sender, ports = Sender(resolve), frozenset({HTTPS})
    rounds = Rounds(doors.bench.outbox, sender, doors.clock, SEED, ports)
    await rounds.begin()
    await asyncio.gather(*rounds._busy.values())

    shown = await listed(ask)
    assert {one["test_why"] for one in shown} == {"webhook.address_refused"}
    assert {(one["proven"], one["test_status"]) for one in shown} == {(False, None)}


async def test_a_partner_has_so_many_and_each_address_once(ask: Ask) -> None:
    """Another partner's do not count."""
    many = [await ask("PUT", f"/{new_id()}", wanted(f"{URL}{n}")) for n in range(ENDPOINTS)]
    twice = await ask("PUT", f"/{new_id()}", wanted(f"{URL}0"))
    beyond = await ask("PUT", f"/{new_id()}", wanted(URL))
    other = await ask("PUT", f"/{new_id()}", wanted(URL), by="nacc")

    assert {one.status_code for one in many} == {201}
    assert (twice.status_code, twice.json()["code"]) == (409, "webhook.url_in_use")
    assert (beyond.status_code, beyond.json()["code"]) == (409, "webhook.too_many")
    assert other.status_code == 201


async def test_a_day_has_so_many_changes_and_a_removal_is_always_one_more(
    doors: Doors, ask: Ask
) -> None:
    """One key cannot fill the audit log; what it wants to be rid of goes all the same."""
    path = f"/{new_id()}"
    await ask("PUT", path, wanted())
    async with doors.bench.outbox._database.connection() as connection:
        await connection.execute("UPDATE partners SET webhook_changes = $1", CHANGES_A_DAY)
    beyond = await ask("PUT", f"{path}/secret", {"secret_id": new_id()})
    removed = await ask("DELETE", path)
    doors.clock.advance(days=1)
    tomorrow = await ask("PUT", path, wanted())

    assert (beyond.status_code, beyond.json()["code"]) == (429, "webhook.changed_too_often")
    assert (removed.status_code, tomorrow.status_code) == (204, 201)


AB = "ab" * 16
MALFORMED: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "/x", {"url": URL, "secret_id": AB}),
    ("PUT", f"/{AB}", {"url": URL}),
    ("PUT", f"/{AB}", {"url": URL, "secret_id": "short"}),
    ("PUT", f"/{AB}", {"url": URL, "secret_id": AB, "types": []}),
    ("PUT", f"/{AB}", {"url": URL, "secret_id": AB, "types": ["tip.new"]}),
    ("PUT", f"/{AB}", {"url": "https://" + "a" * 600, "secret_id": AB}),
    ("POST", f"/{AB}/replay", {"since": "yesterday"}),
    ("POST", f"/{AB}/replay", {"event": "msg_x"}),
    ("POST", f"/{AB}/replay", {"event": "msg_" + "é" * 32}),
]


async def test_what_is_malformed_is_refused_and_keeps_nothing(ask: Ask) -> None:
    """Every field, and the id in the path."""
    for method, path, body in MALFORMED:
        refused = await ask(method, path, body)
        assert refused.status_code == 400, (path, body)

    assert await listed(ask) == []


async def test_without_a_key_there_is_nothing_to_do(doors: Doors) -> None:
    """And with the key of nobody neither."""
    path = f"/v1/partner/webhooks/{new_id()}"
    bare = await doors.reporter.put(path, json=wanted())
    made_up = await doors.reporter.put(path, json=wanted(), headers={"partner-key": new_key()})

    assert (bare.status_code, bare.json()["code"]) == (401, "partner.missing")
    assert (made_up.status_code, made_up.json()["code"]) == (401, "partner.unknown")

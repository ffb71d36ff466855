"""A partner keeps its own webhooks with its own key: set up, test, rotate, replay, remove."""

import asyncio
import json
from datetime import UTC, datetime

from standardwebhooks import Webhook

from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.crypto.webhooks import shown_key
from mustshare_api.domain.outward import HTTPS
from mustshare_api.store.webhooks import enqueue
from tests.api.asking_webhooks import Ask, ask, listed, new_id, wanted
from tests.doors import Doors
from tests.store.made import TODAY
from tests.webhooks.conftest import receiver
from tests.webhooks.receiver import HOST, Receiver, answer

__all__ = ["ask", "receiver"]

SEED = bytes(range(32))


async def sent(doors: Doors, receiver: Receiver) -> None:
    """What is due is sent, by a sender that takes this machine for the Internet."""
    outbox, clock = doors.bench.outbox, doors.clock
    rounds = Rounds(outbox, receiver.sender(), clock, SEED, frozenset({HTTPS, receiver.port}))
    await rounds.begin()
    await asyncio.gather(*rounds._busy.values())


def signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the reference library signs as this was signed."""
    at_ = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    code = Webhook(secret).sign(headers["webhook-id"], at_, body.decode())
    return code in headers["webhook-signature"].split(" ")


def at(receiver: Receiver) -> str:
    return f"https://{HOST}:{receiver.port}/hook"


async def test_a_partner_sets_a_webhook_up_and_is_told_once_it_took_a_test(
    doors: Doors, ask: Ask, receiver: Receiver
) -> None:
    """The secret is in the one answer; before the test nothing else is sent there."""
    object.__setattr__(doors.bench, "webhook_ports", frozenset({receiver.port}))
    made = await ask("PUT", f"/{(webhook := new_id())}", wanted(at(receiver)))
    async with doors.bench.outbox._database.transaction() as connection:
        await enqueue(connection, "case.published", "too-early", TODAY)
    await sent(doors, receiver)
    async with doors.bench.outbox._database.transaction() as connection:
        await enqueue(connection, "case.published", "kinnari", TODAY)
    await sent(doors, receiver)

    assert (made.status_code, made.json()["id"]) == (201, webhook)
    assert [json.loads(body)["data"]["id"] for _, body in receiver.requests] == [
        "test",
        "kinnari",
    ]
    assert all(signed(made.json()["secret"], *told) for told in receiver.requests)
    (shown,) = await listed(ask)
    assert (shown["proven"], shown["test_status"], shown["waiting"]) == (True, 204, 0)
    assert made.json()["secret"] not in (await ask("GET")).text


async def test_a_test_that_is_not_taken_proves_nothing_and_says_why(
    doors: Doors, ask: Ask, receiver: Receiver
) -> None:
    """It is tried once; the next one is asked for by the partner."""
    object.__setattr__(doors.bench, "webhook_ports", frozenset({receiver.port}))
    receiver.answers = [answer(404), answer(200)]
    await ask("PUT", f"/{(webhook := new_id())}", wanted(at(receiver)))
    await sent(doors, receiver)
    (failed,) = await listed(ask)
    early = await ask("POST", f"/{webhook}/replay", {"since": "2026-11-01"})
    again = await ask("POST", f"/{webhook}/test")
    same = await ask("POST", f"/{webhook}/test")
    await sent(doors, receiver)
    (taken,) = await listed(ask)

    assert (failed["proven"], failed["test_status"], failed["waiting"]) == (False, 404, 0)
    assert (early.status_code, early.json()["code"]) == (409, "webhook.unproven")
    assert (again.status_code, same.json()) == (202, again.json())
    assert (taken["proven"], taken["test_status"]) == (True, 200)
    assert receiver.requests[-1][0]["webhook-id"] == again.json()["event"]


async def test_whoever_asks_again_gets_the_answer_that_was_lost(ask: Ask) -> None:
    """Set up, rotated, removed: the same request is the same, the secret included."""
    path, first, second = f"/{new_id()}", wanted(), {"secret_id": new_id()}
    made = [await ask("PUT", path, first) for _ in range(2)]
    rotated = [await ask("PUT", f"{path}/secret", second) for _ in range(2)]
    late = await ask("PUT", path, first)
    stale = await ask("PUT", f"{path}/secret", {"secret_id": first["secret_id"]})
    removed = [await ask("DELETE", path) for _ in range(2)]

    assert [one.status_code for one in made + rotated] == [201, 200, 201, 200]
    assert made[0].json() == made[1].json()
    assert rotated[0].json() == rotated[1].json()
    assert rotated[0].json()["secret"] != made[0].json()["secret"]
    assert (late.status_code, late.json()["secret"]) == (200, None)
    assert (stale.status_code, stale.json()["code"]) == (409, "webhook.secret_replaced")
    assert [one.status_code for one in removed] == [204, 204]
    assert await listed(ask) == []


async def test_no_partner_sees_or_touches_another_s(ask: Ask) -> None:
    """A stranger's endpoint is 404, as one that never was; its removal removes nothing."""
    path = f"/{new_id()}"
    await ask("PUT", path, wanted())
    tried = [
        await ask("PUT", f"{path}/secret", {"secret_id": new_id()}, by="nacc"),
        await ask("POST", f"{path}/test", by="nacc"),
        await ask("POST", f"{path}/start", by="nacc"),
        await ask("POST", f"{path}/replay", {}, by="nacc"),
    ]
    taken = await ask("PUT", path, wanted(), by="nacc")
    removed = await ask("DELETE", path, by="nacc")

    assert {one.status_code for one in tried} == {404}
    assert (taken.status_code, taken.json()["code"]) == (409, "id.in_use")
    assert (removed.status_code, await listed(ask, "nacc")) == (204, [])
    assert len(await listed(ask)) == 1


async def test_what_was_given_up_is_started_and_replayed_by_its_partner(
    doors: Doors, ask: Ask, receiver: Receiver
) -> None:
    """410 ends it; a replay before a start is refused, since nothing would be sent."""
    object.__setattr__(doors.bench, "webhook_ports", frozenset({receiver.port}))
    path = f"/{new_id()}"
    await ask("PUT", path, wanted(at(receiver)))
    await sent(doors, receiver)
    receiver.answers = [answer(410), answer(200)]
    async with doors.bench.outbox._database.transaction() as connection:
        await enqueue(connection, "case.published", "kinnari", TODAY)
    await sent(doors, receiver)
    (gone,) = await listed(ask)
    early = [await ask("POST", f"{path}/{deed}", {}) for deed in ("replay", "test")]
    started = await ask("POST", f"{path}/start")
    again = await ask("POST", f"{path}/replay", {"since": TODAY.isoformat()})
    await sent(doors, receiver)

    assert gone["given_up_for"] == "gone"
    assert {one.json()["code"] for one in early} == {"webhook.given_up"}
    assert (started.status_code, again.status_code, again.json()) == (204, 202, {"told": 1})
    ids = [headers["webhook-id"] for headers, _ in receiver.requests]
    assert (len(ids), ids[1]) == (3, ids[2])


async def test_each_change_is_in_the_audit_log_by_the_partner_s_name(
    doors: Doors, ask: Ask
) -> None:
    """And never an address or a secret."""
    path = f"/{new_id()}"
    secret = (await ask("PUT", path, wanted())).json()["secret"]
    await ask("PUT", f"{path}/secret", {"secret_id": new_id()})
    await ask("DELETE", path)
    async with doors.bench.outbox._database.connection() as connection:
        rows = await connection.fetch("SELECT event FROM audit_leaves ORDER BY position")
    said = b"\n".join(bytes(row["event"]) for row in rows if row["event"])

    for act in ("added", "rotated", "removed"):
        assert f"partner-webhook-{act} river-watch".encode() in said
    assert HOST.encode() not in said
    assert secret.encode() not in said


async def test_the_key_of_the_answer_is_the_service_s_own(doors: Doors, ask: Ask) -> None:
    """`v1a` holds under what anybody may fetch."""
    made = await ask("PUT", f"/{new_id()}", wanted())
    public = (await doors.reporter.get("/v1/webhooks")).json()["public_key"]

    assert made.json()["public_key"] == public
    assert public.startswith(shown_key(b"")[:5])

"""What a refusal costs the connection that gets it."""

import asyncio

import pytest

from mustshare_api.api.harden import Message, Receive, Scope, Send
from mustshare_api.app.server.charges import charging
from mustshare_api.app.server.turns import MOST, Place
from mustshare_api.store.line import BEHIND
from tests.unit.app.street import Client, Street


async def answer(place: Place, status: int) -> list[Message]:
    """What a client is sent by an app that answers so, over this connection."""
    sent: list[Message] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await charging(app, place)({}, receive, send)
    return sent


async def ask(client: Client, status: int) -> None:
    """Asks once, and is answered."""
    assert client.ask()
    await answer(client.place, status)
    client.end()


@pytest.mark.parametrize("status", [404, 409, 429, 503])
async def test_who_is_refused_and_asks_again_at_once_is_hasty(status: int) -> None:
    """Two refusals in one second are more than a page and its form."""
    client = Street().client("attacker")
    await ask(client, status)
    await ask(client, status)

    assert client.place.is_hasty()


async def test_who_comes_back_when_told_to_is_never_hasty() -> None:
    """Two seconds is the shortest that anybody is told."""
    street = Street()
    client = street.client("honest")
    for _ in range(20):
        await ask(client, 503)
        street.loop.run(2.0)

    assert not client.place.is_hasty()


async def test_who_does_not_read_an_answer_keeps_nobody_waiting() -> None:
    """A request is under way until its answer begins, however long that takes to end."""
    street = Street()
    for number in range(2 * MOST):
        deaf = street.client(f"{number:02}")
        deaf.place.begin()
        deaf.place.whole()
        await answer(deaf.place, 200)

    assert street.client("newcomer").ask()


async def test_what_is_answered_costs_what_was_asked() -> None:
    """A page, its form and a tip; and every octet of an answer is passed on."""
    client = Street().client("honest")
    for _ in range(3):
        await ask(client, 200)

    assert not client.place.is_hasty()
    assert [one["type"] for one in await answer(client.place, 201)] == [
        "http.response.start",
        "http.response.body",
    ]


async def test_who_asks_much_stands_behind_others_before_the_database() -> None:
    """A newcomer hardly, who is furthest ahead by a second."""
    street, told = Street(), list[float]()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        told.append(BEHIND.get())

    async def ask(client: Client) -> None:
        await charging(app, client.place)({}, nothing, nobody)

    for client in (street.client("newcomer"), street.client("hasty", hasty=True)):
        await asyncio.create_task(ask(client))

    assert told == [0.0, pytest.approx(1.0)]


async def nothing() -> Message:
    """A body without an octet."""
    return {"type": "http.request"}


async def nobody(_: Message) -> None:
    """Reads none of it."""

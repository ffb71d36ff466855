"""The sending process at work: taken, put off, given up; none holds up another."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook

from mustshare_api.app.delivering import rounds as rounds_module
from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.crypto.webhooks import shown_secret
from mustshare_api.domain.webhooks import PAUSES_S
from mustshare_api.errors import Unavailable
from mustshare_api.store.webhook_endpoints import EndpointStore
from tests.doors import MovedClock
from tests.webhooks.conftest import SECRET, Keep, Tell, play
from tests.webhooks.receiver import HOST, Receiver, answer


@pytest.fixture
async def url(receiver: Receiver, keep: Keep) -> str:
    """An endpoint at the receiver."""
    return (await keep(f"https://{HOST}:{receiver.port}/hook")).url


def ids(receiver: Receiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.requests]


@pytest.mark.usefixtures("url")
async def test_what_is_told_arrives_signed_and_thin(
    rounds: Rounds, tell: Tell, receiver: Receiver, clock: MovedClock
) -> None:
    """And once: what was taken is not sent again."""
    await tell("case.published", "kinnari")
    await play(rounds)
    clock.advance(days=2)
    await play(rounds)

    ((headers, body),) = receiver.requests
    assert json.loads(body) == {
        "type": "case.published",
        "timestamp": "2026-11-23T00:00:00+07:00",
        "data": {"id": "kinnari"},
    }
    signature = Webhook(shown_secret(SECRET)).sign(
        headers["webhook-id"], clock.at.replace(day=23), body.decode()
    )
    assert headers["webhook-signature"].split(" ")[0] == signature
    assert headers["webhook-signature"].split(" ")[1].startswith("v1a,")


@pytest.mark.usefixtures("url")
async def test_several_events_go_out_one_after_another(
    rounds: Rounds, tell: Tell, receiver: Receiver
) -> None:
    for about in ("one", "two", "three"):
        await tell(about=about)
    await play(rounds)

    told = {json.loads(body)["data"]["id"] for _, body in receiver.requests}
    assert told == {"one", "two", "three"}
    assert len(set(ids(receiver))) == 3


async def test_a_failure_is_tried_again_on_the_schedule_under_the_same_id(
    rounds: Rounds,
    url: str,
    tell: Tell,
    receiver: Receiver,
    clock: MovedClock,
    endpoints: EndpointStore,
) -> None:
    """Ten attempts over four days; then the endpoint is given up, and says so."""
    receiver.answers = [answer(500)]
    await tell()
    await play(rounds)
    for attempts, pause_s in enumerate(PAUSES_S, start=1):
        clock.advance(seconds=pause_s - 1)
        await play(rounds)
        assert len(receiver.requests) == attempts
        clock.advance(seconds=pause_s * 0.1 + 2)
        await play(rounds)
    clock.advance(days=30)
    await play(rounds)

    assert len(receiver.requests) == 10
    assert len(set(ids(receiver))) == 1
    (shown,) = await endpoints.all()
    assert (shown.url, shown.disabled_for, shown.waiting) == (url, "exhausted", 0)


@pytest.mark.usefixtures("url")
async def test_a_failure_that_passes_costs_nothing_but_time(
    rounds: Rounds,
    tell: Tell,
    receiver: Receiver,
    clock: MovedClock,
    endpoints: EndpointStore,
) -> None:
    receiver.answers = [answer(503), answer(200)]
    await tell()
    await play(rounds)
    clock.advance(seconds=6)
    await play(rounds)

    assert len(receiver.requests) == 2
    (shown,) = await endpoints.all()
    assert (shown.disabled_for, shown.waiting) == (None, 0)


@pytest.mark.usefixtures("url")
async def test_a_receiver_that_asks_us_to_wait_is_waited_for(
    rounds: Rounds, tell: Tell, receiver: Receiver, clock: MovedClock
) -> None:
    """By seconds or by a date; longer than the schedule has it, never longer than a day."""
    later = clock.now().astimezone(UTC) + timedelta(seconds=661 + 4000)
    at = format_datetime(later, usegmt=True)
    receiver.answers = [
        answer(429, "retry-after: 600\r\n"),
        answer(429, f"retry-after: {at}\r\n"),
        answer(503, "retry-after: 999999999\r\n"),
        answer(200),
    ]
    await tell()
    await play(rounds)
    waits = ((599, 1), (62, 2), (3998, 2), (403, 3), (86_399, 3), (8642, 4))
    for seconds, attempts in waits:
        clock.advance(seconds=seconds)
        await play(rounds)
        assert len(receiver.requests) == attempts


@pytest.mark.usefixtures("url")
async def test_410_ends_it_at_once(
    rounds: Rounds, tell: Tell, receiver: Receiver, endpoints: EndpointStore
) -> None:
    receiver.answers = [answer(410)]
    await tell(about="one")
    await tell(about="two")
    await play(rounds)

    assert len(receiver.requests) == 1
    (shown,) = await endpoints.all()
    assert (shown.disabled_for, shown.waiting) == ("gone", 0)


@pytest.mark.usefixtures("url")
async def test_an_endpoint_that_does_not_answer_holds_up_nobody_else(
    rounds: Rounds, keep: Keep, tell: Tell, receiver: Receiver
) -> None:
    """Each has a task of its own."""
    await keep(f"https://silent.example.org:{receiver.port}/x", "nacc")
    resolve, release = rounds.sender.resolve, asyncio.Event()

    async def slow(host: str, port: int):
        if host.startswith("silent"):
            await release.wait()
        return await resolve(host, port)

    rounds.sender = replace(rounds.sender, resolve=slow)
    await tell()
    await rounds.begin()
    async with asyncio.timeout(5):
        while not any(task.done() for task in rounds._busy.values()):
            await asyncio.sleep(0.01)

    assert [task.done() for task in rounds._busy.values()].count(False) == 1
    assert len(receiver.requests) == 1
    await rounds.end()


async def test_an_address_is_judged_again_at_every_attempt(
    rounds: Rounds, keep: Keep, tell: Tell, receiver: Receiver, endpoints: EndpointStore
) -> None:
    """A port that an operator has taken back since is not connected to."""
    await keep(f"https://{HOST}:{receiver.port}/hook")
    rounds.ports = frozenset({443})
    await tell()
    await play(rounds)

    assert receiver.connections == 0
    assert [one.waiting for one in await endpoints.all()] == [1]


async def test_a_database_that_is_away_is_waited_for(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch, clock: MovedClock
) -> None:
    """It is said in the log, and looked for again."""
    looks: list[int] = []

    async def away(*_: object) -> set[bytes]:
        looks.append(1)
        if len(looks) > 2:
            raise asyncio.CancelledError
        raise Unavailable("database.unavailable")

    monkeypatch.setattr(rounds.outbox, "due", away)
    monkeypatch.setattr(rounds_module, "LOOK_EVERY_S", 0.0)
    with pytest.raises(asyncio.CancelledError):
        await rounds.keep_sending()

    assert len(looks) == 3

"""What `mustshare doctor` says of webhooks: the sender, its unit, and who is told nothing."""

from pathlib import Path

import pytest

from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.app.doctor import unit, webhooks
from mustshare_api.store.outlook import Outlook, outlook
from mustshare_api.store.webhooks import Outbox
from tests.doors import MovedClock
from tests.unit.app.findings import fake_systemctl, said
from tests.webhooks.conftest import Keep, Tell, play
from tests.webhooks.receiver import Receiver, answer

ALL_WELL = {name: value for name, (value, _) in unit.WANTED_OF_DELIVERING.items()}


async def test_what_nobody_sends_is_seen(
    outbox: Outbox, keep: Keep, tell: Tell, clock: MovedClock
) -> None:
    """An event is due since its own midnight; one of yesterday that nobody tried lies there."""
    await keep("https://hooks.example.org/new")
    await tell()
    today = await outlook(outbox._database, clock.now())
    clock.advance(days=1)

    assert today == Outlook(endpoints=1, given_up=0, left_lying=0)
    assert (await outlook(outbox._database, clock.now())).left_lying == 1


async def test_an_attempt_that_was_put_off_and_never_made_is_seen(
    outbox: Outbox,
    keep: Keep,
    tell: Tell,
    rounds: Rounds,
    receiver: Receiver,
    clock: MovedClock,
) -> None:
    """The sender ended between two attempts; a pause of the schedule is no such thing."""
    receiver.answers = [answer(500)]
    await keep(receiver.destination().url)
    await tell()
    await play(rounds)
    paused = await outlook(outbox._database, clock.now())
    clock.advance(hours=2)

    assert paused.left_lying == 0
    assert (await outlook(outbox._database, clock.now())).left_lying == 1


async def test_an_endpoint_that_was_given_up_is_seen(
    outbox: Outbox,
    keep: Keep,
    tell: Tell,
    rounds: Rounds,
    receiver: Receiver,
    clock: MovedClock,
) -> None:
    """And what waits for it is not what nobody sends."""
    receiver.answers = [answer(410)]
    await keep(receiver.destination().url)
    await tell()
    await play(rounds)
    clock.advance(days=2)

    assert await outlook(outbox._database, clock.now()) == Outlook(1, given_up=1, left_lying=0)


@pytest.mark.parametrize(
    ("found", "verdicts", "run"),
    [
        (Outlook(2, 0, 0), ["ok"], ""),
        (Outlook(2, 1, 0), ["think"], webhooks.LIST),
        (Outlook(2, 0, 3), ["think"], webhooks.START),
        (Outlook(2, 1, 3), ["think", "think"], webhooks.START),
    ],
)
def test_each_is_said_with_what_mends_it(found: Outlook, verdicts: list[str], run: str) -> None:
    """And no partner and no address is named: what the doctor prints is passed around."""
    told = said(webhooks.of_endpoints(found), "webhooks")

    assert [verdict for verdict, _ in told] == verdicts
    assert told[-1][1].endswith(run)


def test_where_nobody_asked_for_webhooks_there_is_nothing_to_run(dsn: str) -> None:
    """A machine without the unit is no worse for it."""
    assert [verdict for verdict, _ in said(webhooks.look(dsn), "webhooks")] == ["ok"]


@pytest.mark.parametrize(
    ("changed", "verdicts"),
    [
        ({}, ["ok"]),
        ({"ActiveState": "failed"}, ["think", "ok"]),
        ({"LoadState": "not-found"}, ["unseen"]),
        *(({name: "changed"}, ["think", "ok"]) for name in ALL_WELL),
    ],
)
def test_the_unit_is_looked_at(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    verdicts: list[str],
) -> None:
    """That it runs, and that no drop-in opened it."""
    told = {"LoadState": "loaded", "ActiveState": "active"} | ALL_WELL | changed
    fake_systemctl(tmp_path, monkeypatch, told)

    assert [verdict for verdict, _ in said(webhooks.of_process(), "webhooks")] == verdicts

"""The line: what needs no stretch does not stand in it, and guesses keep no tip out of it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from mustshare_api.crypto import receipts
from mustshare_api.domain.lanes import Errand, Lane
from tests.api.front_end import FrontEnd
from tests.api.test_challenges import flood, full_house
from tests.doors import OCTETS, Doors, made_up_receipt, with_receipt


@pytest.fixture
def held_stretches(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Stretches that take until the test lets them go: a flood of guesses, all the time."""
    let_go = threading.Event()
    derive = receipts.derive

    def waited(digits: str, deployment_id: bytes) -> receipts.ReceiptKeys:
        if threading.current_thread().name.startswith("stretch"):
            let_go.wait(10)
        return derive(digits, deployment_id)

    monkeypatch.setattr(receipts, "derive", waited)
    yield let_go
    let_go.set()


async def test_what_needs_no_stretch_does_not_wait_behind_what_does(
    doors: Doors, held_stretches: threading.Event
) -> None:
    """Sealed tips, access tokens, public routes: answered while guesses fill the line."""
    guesses = [
        asyncio.create_task(
            doors.reporter.get("/v1/tip", headers=with_receipt(made_up_receipt()))
        )
        for _ in range(40)
    ]
    turns = doors.bench.stretcher.turns
    while len(turns._line) < 38:
        await asyncio.sleep(0.01)
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    sealed = await doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    view = await doors.reporter.get("/v1/tip", headers=front.headers)
    form = await doors.reporter.get("/v1/intake")
    waiting = len(turns._line)
    held_stretches.set()
    await asyncio.gather(*guesses)

    assert (sealed.status_code, view.status_code, form.status_code) == (201, 200, 200)
    assert waiting == 38


async def test_guessed_receipts_leave_every_second_turn_to_tips(
    doors: Doors, held_stretches: threading.Event
) -> None:
    """A tip that is sealed here is stretched before the guesses that were there first."""
    turns = doors.bench.stretcher.turns
    guesses = [
        asyncio.create_task(
            doors.reporter.get("/v1/tip", headers=with_receipt(made_up_receipt()))
        )
        for _ in range(40)
    ]
    while len(turns._line) < 38:
        await asyncio.sleep(0.01)
    tip = asyncio.create_task(doors.send_tip())
    while not turns._line._queues.get((Lane.PLAIN, Errand.TIP)):
        await asyncio.sleep(0.01)
    held_stretches.set()
    answer = await tip
    left = len(turns._line)
    await asyncio.gather(*guesses)

    assert answer.status_code == 201
    assert left >= 25


async def test_a_form_without_a_script_is_kept_in_line_until_there_is_room(
    doors: Doors,
) -> None:
    """It cannot solve, nor send again by itself, so the server does the waiting."""
    flood(doors)
    receipt = made_up_receipt()
    fields = {"receipt": receipt, "text": "ถนนพัง"}
    async with full_house(doors):
        files = {name: (None, value) for name, value in fields.items()}
        sent = asyncio.create_task(doors.reporter.post("/v1/form", files=files))
        await asyncio.sleep(0.3)
        was_waiting = not sent.done()
    for line in (doors.bench.stretcher.turns, doors.bench.beginnings):
        line._line.room = 64
    answer = await sent

    assert was_waiting
    assert answer.status_code == 201

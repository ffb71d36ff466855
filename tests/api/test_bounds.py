"""Nothing is left behind or held too long: descriptors, memory, slots, the loop's time."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Kind
from mustshare_api.errors import Busy
from mustshare_api.flows.credentials import TypedReceipt, claim
from mustshare_api.flows.parking import Parking
from mustshare_api.flows.stretching import Stretcher
from tests.api.asgi import body, call, door_of
from tests.api.front_end import FrontEnd
from tests.api.pictures import jpeg
from tests.api.test_follow_ups import answered
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_receipt

LATE_S = 0.05
"""Sixteen stretches on the loop itself would be 0.4 s."""


def descriptors() -> int:
    return sum("memfd" in _target(fd) for fd in Path("/proc/self/fd").iterdir())


def _target(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except FileNotFoundError:
        return ""


async def test_no_path_of_an_upload_leaks_a_descriptor_or_memory(doors: Doors) -> None:
    """Taken, refused for each kind of reason, cut off, answered: all is given back."""
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    await doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    thin = {**with_receipt(front.digits), **OCTETS}
    _, file_id = await answered(doors, front.tip_id)
    made = secrets.token_bytes(16)
    sealed = front.attachment(made)
    bodies = [
        (thin, jpeg()),
        (thin, jpeg()[:300]),
        (thin, b"%PDF"),
        (thin, b""),
        (front.headers, sealed),
        (front.headers, sealed),
        (front.headers, sealed[:-1]),
        (front.headers, sealed[:50]),
        (front.headers, jpeg()),
        (with_receipt(made_up_receipt()) | OCTETS, jpeg()),
    ]
    before = descriptors()
    for _ in range(3):
        for headers, octets in bodies:
            name = made if octets[:4] == b"MSO1" else secrets.token_bytes(16)
            path = f"/v1/tip/attachments/{name.hex()}"
            await doors.reporter.put(path, content=octets, headers=headers)
        for headers in (thin, front.headers):
            target = f"/v1/tip/attachments/{file_id.hex()}"
            await doors.reporter.get(target, headers=headers)
            await doors.reporter.get(f"/v1/tip/attachments/{'00' * 16}", headers=headers)
            await doors.reporter.head(target, headers=headers)
        await call(
            door_of(doors),
            "PUT",
            f"/v1/tip/attachments/{'ee' * 16}",
            thin,
            [body(jpeg()[:200], more=True)],
        )

    assert descriptors() == before
    assert doors.bench.parking.taken_bytes == 0


async def test_a_picture_too_large_for_the_budget_is_shed_and_given_back(doors: Doors) -> None:
    """503 in the middle of an upload, and the next one finds all memory free."""
    digits = await doors.new_tip()
    doors.bench.parking.budget_bytes = 10_000
    headers = {**with_receipt(digits), **OCTETS}
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    answer = await doors.reporter.put(path, content=bytes(20_000), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (503, "upload.busy")
    assert doors.bench.parking.taken_bytes == 0


async def test_messages_on_their_way_count_against_the_same_budget(doors: Doors) -> None:
    """What is read and not yet answered is what a flood grows."""
    doors.bench.parking.budget_bytes = 5
    answer = await doors.send_tip("ถนนพัง")
    doors.bench.parking.budget_bytes = 10_000_000

    assert (answer.status_code, answer.json()["code"]) == (503, "upload.busy")
    assert doors.bench.parking.taken_bytes == 0
    assert (await doors.send_tip("ถนนพัง")).status_code == 201


def test_a_parked_file_is_given_back_after_any_failure() -> None:
    """Also when the machine, and not the budget, has no room."""
    parking = Parking(budget_bytes=100)
    before = descriptors()

    def fill(octets: bytes) -> None:
        with parking.park() as parked:
            parked.write(octets)
            raise RuntimeError

    for octets, error in ((bytes(60), RuntimeError), (bytes(101), Busy)):
        with pytest.raises(error):
            fill(octets)

    assert (parking.taken_bytes, descriptors()) == (0, before)


def test_no_descriptor_left_is_busy_and_not_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """EMFILE is a flood's end, not a bug."""

    def none_left(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("os.memfd_create", none_left)
    with pytest.raises(Busy) as caught, Parking(100).park():
        pass

    assert caught.value.code == "upload.busy"


async def loop_lateness(work: Awaitable[Any]) -> float:
    """How late, at worst, the loop came back to a task that sleeps 5 ms at a time."""
    worst, done = 0.0, False

    async def watch() -> None:
        nonlocal worst
        while not done:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - began - 0.005)

    watcher = asyncio.create_task(watch())
    await work
    done = True
    await watcher
    return worst


async def test_a_burst_of_200_receipts_is_served_in_part_and_shed_in_part(doors: Doors) -> None:
    """Slots and queue are served; the rest is told when to come back."""
    stretcher = Stretcher(slots=2, queue=14, gate=doors.bench.gate)
    object.__setattr__(doors.bench, "stretcher", stretcher)
    answers = await asyncio.gather(
        *(
            doors.reporter.get("/v1/tip", headers=with_receipt(made_up_receipt()))
            for _ in range(200)
        )
    )
    statuses = [one.status_code for one in answers]
    stretcher.close()

    assert (statuses.count(401), statuses.count(503)) == (16, 184)
    assert {one.headers["retry-after"] for one in answers if one.status_code == 503} == {"2"}


async def test_a_burst_of_receipts_does_not_hold_up_the_others(doors: Doors) -> None:
    """The best of five runs, because this machine has other work: the loop is never late."""
    stretcher = Stretcher(slots=2, queue=14, gate=doors.bench.gate)
    object.__setattr__(doors.bench, "stretcher", stretcher)
    typed = [TypedReceipt(made_up_receipt()) for _ in range(200)]

    async def burst() -> list[Any]:
        claims = (claim(doors.bench, one) for one in typed)
        return await asyncio.gather(*claims, return_exceptions=True)

    late = [await loop_lateness(burst()) for _ in range(5)]
    stretcher.close()

    assert stretcher.load == 0
    assert min(late) < LATE_S


async def test_who_hangs_up_does_not_make_room_for_more_work(doors: Doors, monkeypatch) -> None:
    """A thread cannot be stopped, so its slot is taken until it ends."""
    monkeypatch.setattr(receipts, "derive", lambda *_: time.sleep(0.1))
    stretcher = Stretcher(slots=1, queue=0, gate=doors.bench.gate)
    first = asyncio.create_task(stretcher.stretch("", b""))
    await asyncio.sleep(0.02)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)

    with pytest.raises(Busy):
        await stretcher.stretch("", b"")
    await asyncio.sleep(0.2)
    assert stretcher.load == 0
    await stretcher.stretch("", b"")
    stretcher.close()


def whole(doors: Doors) -> Callable[[], Awaitable[None]]:
    """A check that every tip and every file stored is there with all that belongs to it."""

    async def check() -> None:
        objects = (await doors.signed("GET", "/v1/index")).json()["objects"]
        tips = {one["tip_id"] for one in objects if one["kind"] == Kind.TIP}
        assert tips == {tip_id.hex() for tip_id in await doors.bundles()}
        files = [one for one in objects if one["kind"] == Kind.ATTACHMENT_FROM_REPORTER]
        notices = [one for one in objects if one["kind"] == Kind.FOLLOW_UP_FROM_REPORTER]
        assert len(files) == len(notices)
        for one in objects:
            fetched = await doors.signed("GET", f"/v1/objects/{one['object_id']}")
            assert len(fetched.content) == one["octets"]

    return check


async def cancelled_after(work: Coroutine[Any, Any, Any], turns: int) -> bool:
    """Runs work for so many turns of the loop, then cancels it; whether it had ended."""
    task = asyncio.create_task(work)
    for _ in range(turns):
        await asyncio.sleep(0.0005)
        if task.done():
            break
    ended = task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return ended


async def test_a_tip_that_is_cancelled_anywhere_is_there_whole_or_not_at_all(
    doors: Doors,
) -> None:
    """At every turn until one gets through."""
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    turns = 0
    while not await cancelled_after(
        doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS), turns
    ):
        front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
        turns += 1

    await whole(doors)()
    assert doors.bench.parking.taken_bytes == 0


async def test_a_file_that_is_cancelled_anywhere_is_there_whole_or_not_at_all(
    doors: Doors,
) -> None:
    """The file and the message that names it come together; nothing stays held."""
    digits = await doors.new_tip()
    before, photo = descriptors(), jpeg()
    headers = {**with_receipt(digits), **OCTETS}
    for turns in (*range(0, 60, 4), *range(60, 400, 20), 4000):
        path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
        await cancelled_after(doors.reporter.put(path, content=photo, headers=headers), turns)

    await whole(doors)()
    assert descriptors() == before
    assert doors.bench.parking.taken_bytes == 0
    assert doors.bench.stretcher.load == 0


async def test_a_malformed_announcement_of_length_is_refused(doors: Doors) -> None:
    """More digits than a number has are too large, and letters are no length."""
    for length, status in (("9" * 40, 413), ("x", 400), ("-1", 400), ("٣", 400)):
        sent = await call(
            door_of(doors), "POST", "/v1/tips", {**JSON, "content-length": quoted(length)}
        )
        assert sent[0]["status"] == status, length


def quoted(text: str) -> str:
    """As a header's octets look once they are read as Latin-1."""
    return text.encode().decode("latin-1")

"""Retries, lost answers and double clicks: one tip, one follow-up, one file."""

import asyncio
import secrets
from typing import Any

import pytest

from mustshare_api.crypto.envelope import Kind
from tests.api.front_end import FrontEnd
from tests.api.pictures import jpeg, png
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_receipt

CLICKS = 64


async def count(doors: Doors, kind: Kind) -> int:
    objects = (await doors.signed("GET", "/v1/index")).json()["objects"]
    return sum(one["kind"] == kind for one in objects)


async def patiently(call, *, tries: int = 60):
    """Sends again when told to, as a front end does."""
    for _ in range(tries):
        answer = await call()
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError("never served")


async def test_64_identical_sends_at_once_are_one_tip(doors: Doors) -> None:
    """A receipt minted by the front end, sent 64 times at once: one row and one answer."""
    digits = made_up_receipt()
    answers = await asyncio.gather(
        *(patiently(lambda: doors.send_tip("ถนนพัง", digits)) for _ in range(CLICKS))
    )

    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert len(await doors.bundles()) == 1
    assert await count(doors, Kind.TIP) == 1


async def test_64_sends_with_one_retry_key_are_one_tip_with_one_receipt(doors: Doors) -> None:
    """The receipt that the server makes is the same for every one of them."""
    headers = {"idempotency-key": secrets.token_urlsafe(24)}
    answers = await asyncio.gather(
        *(patiently(lambda: doors.send_tip("ถนนพัง", headers=headers)) for _ in range(CLICKS))
    )

    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["receipt"] for one in answers}) == 1
    assert await count(doors, Kind.TIP) == 1


async def test_64_sealed_sends_at_once_are_one_tip(doors: Doors) -> None:
    """The same octets, as a front end's journal sends them again."""
    body = FrontEnd(doors.org.deployment_id, doors.org.recipients()).tip()
    answers = await asyncio.gather(
        *(doors.reporter.post("/v1/tips", content=body, headers=OCTETS) for _ in range(CLICKS))
    )

    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert await count(doors, Kind.TIP) == 1


async def test_64_different_tips_under_one_receipt_leave_one(doors: Doors) -> None:
    """One wins; the others are told so, and none of them is acknowledged."""
    digits = made_up_receipt()
    answers = await asyncio.gather(
        *(patiently(lambda n=n: doors.send_tip(f"เรื่อง {n}", digits)) for n in range(CLICKS))
    )

    codes = sorted(one.status_code for one in answers)
    assert codes == [201] + [409] * (CLICKS - 1)
    assert await count(doors, Kind.TIP) == 1


async def test_a_retry_after_midnight_gets_the_first_answer(doors: Doors) -> None:
    """To the byte: the day is the one on which the tip came in."""
    digits = made_up_receipt()
    first = await doors.send_tip("a", digits)
    doors.clock.advance(days=1)
    again = await doors.send_tip("a", digits)

    assert again.content == first.content


@pytest.mark.parametrize("key", ["short", "x" * 65, "has space in it but is long", "ก" * 30])
async def test_a_retry_key_that_could_be_guessed_is_refused(doors: Doors, key: str) -> None:
    """Whoever guesses it and the words would be given the receipt."""
    headers: Any = {**JSON, "idempotency-key": key.encode()}
    answer = await doors.reporter.post("/v1/tips", content=b'{"text":"a"}', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.bad_retry_key")


async def test_a_retry_key_with_other_words_is_another_tip(doors: Doors) -> None:
    """The receipt of the first is not handed to whoever reuses its key."""
    headers = {"idempotency-key": secrets.token_urlsafe(24)}
    first = await doors.send_tip("a", headers=headers)
    other = await doors.send_tip("b", headers=headers)

    assert first.json()["receipt"] != other.json()["receipt"]
    assert await count(doors, Kind.TIP) == 2


async def test_identical_follow_ups_at_once_are_one(doors: Doors) -> None:
    """The id is the front end's, so that a double click is the same follow-up."""
    digits = await doors.new_tip()
    said = {"id": secrets.token_hex(16), "text": "เพิ่มเติม"}

    async def send():
        headers = with_receipt(digits)
        return await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)

    answers = await asyncio.gather(*(patiently(send) for _ in range(16)))

    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert await count(doors, Kind.FOLLOW_UP_FROM_REPORTER) == 1


async def test_another_follow_up_under_the_same_id_is_refused(doors: Doors) -> None:
    """It would be acknowledged and kept nowhere."""
    digits = await doors.new_tip()
    made = secrets.token_hex(16)
    headers = with_receipt(digits)
    for text, status in (("a", 201), ("b", 409), ("a", 201)):
        said = {"id": made, "text": text}
        answer = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
        assert answer.status_code == status


async def test_identical_files_at_once_are_one(doors: Doors) -> None:
    """One attachment and one notice of it, however often the picture is sent."""
    digits = await doors.new_tip()
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    headers = {**with_receipt(digits), **OCTETS}
    photo = jpeg()

    async def send():
        return await doors.reporter.put(path, content=photo, headers=headers)

    answers = await asyncio.gather(*(patiently(send) for _ in range(12)))

    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert await count(doors, Kind.ATTACHMENT_FROM_REPORTER) == 1
    assert await count(doors, Kind.FOLLOW_UP_FROM_REPORTER) == 1


async def test_another_file_under_the_same_id_is_refused(doors: Doors) -> None:
    """And the first stays."""
    digits = await doors.new_tip()
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    headers = {**with_receipt(digits), **OCTETS}

    assert (await doors.reporter.put(path, content=jpeg(), headers=headers)).status_code == 201
    other = await doors.reporter.put(path, content=png(), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "id.in_use")
    assert await count(doors, Kind.ATTACHMENT_FROM_REPORTER) == 1

"""A retry that comes long after, when the keys of its week have been retired."""

import secrets
from datetime import UTC, datetime, timedelta

import httpx

from tests.api.front_end import FrontEnd
from tests.doors import OCTETS, Doors

NEW_WEEK = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
"""Monday the 30th of November, midnight in Bangkok."""


async def test_a_retry_after_the_keys_have_changed_finds_what_was_recorded(
    doors: Doors,
) -> None:
    """The answer was lost on Sunday; told on Tuesday that it failed, they would send again."""
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    file_id = secrets.token_bytes(16)
    tip, follow_up, file = front.tip(), front.follow_up(), front.attachment(file_id)

    async def send_all() -> list[httpx.Response]:
        ways = ("POST", "/v1/tip/follow-ups", follow_up), ("PUT", place, file)
        later = [
            await doors.reporter.request(method, target, content=body, headers=front.headers)
            for method, target, body in ways
        ]
        return [await begin(), *later]

    async def begin() -> httpx.Response:
        return await doors.reporter.post("/v1/tips", content=tip, headers=OCTETS)

    place = f"/v1/tip/attachments/{file_id.hex()}"
    await begin()
    first = await send_all()
    doors.clock.at = NEW_WEEK + timedelta(days=1)
    again = await send_all()

    assert [answer.status_code for answer in first] == [201, 201, 201]
    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert len((await doors.signed("GET", "/v1/index")).json()["objects"]) == 3

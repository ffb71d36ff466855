"""Taking a tip back: whole, once, whatever else was on its way."""

import asyncio
import secrets

from tests.api.pictures import jpeg
from tests.doors import OCTETS, Doors, with_receipt


async def test_a_withdrawal_and_an_addition_at_once_leave_nothing_half(doors: Doors) -> None:
    """Whoever comes second finds no tip; a withdrawn one holds nothing that was on its way."""
    for _ in range(5):
        digits = await doors.new_tip()
        headers = with_receipt(digits)
        said = {"id": secrets.token_hex(16), "text": "a"}
        path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
        answers = await asyncio.gather(
            doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers),
            doors.reporter.put(path, content=jpeg(), headers={**headers, **OCTETS}),
            *(doors.reporter.delete("/v1/tip", headers=headers) for _ in range(4)),
        )
        deleted = [one.status_code for one in answers[2:]]
        assert sorted(deleted) == [200, 401, 401, 401]
        assert {one.status_code for one in answers[:2]} <= {201, 401}

    assert await doors.bundles() == {}
    assert (await doors.signed("GET", "/v1/index")).json()["objects"] == []


async def test_a_withdrawal_says_what_may_remain(doors: Doors) -> None:
    """In both languages, and its retry is told what any unknown receipt is told."""
    digits = await doors.new_tip()
    first = await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))
    again = await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))

    assert first.json()["withdrawn"] is True
    assert "ข้อมูลสำรอง" in first.json()["remains_th"]
    assert "backups" in first.json()["remains_en"]
    assert (again.status_code, again.json()["code"]) == (401, "receipt.unknown")
    assert (await doors.signed("GET", "/v1/tips")).json()["tips"][0]["state"] == "withdrawn"


async def test_a_tip_can_be_seen_and_taken_back_once_the_keys_have_run_out(
    doors: Doors,
) -> None:
    """Nothing new is taken in then, yet a reporter's own tip stays theirs."""
    headers = with_receipt(await doors.new_tip())
    doors.clock.advance(days=31)
    seen = await doors.reporter.get("/v1/tip", headers=headers)
    gone = await doors.reporter.delete("/v1/tip", headers=headers)

    assert (await doors.send_tip("a")).json()["code"] == "directory.expired"
    assert (seen.status_code, gone.status_code) == (200, 200)

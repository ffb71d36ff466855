"""A receipt exchanged for a new one: by thin front ends, and under every retry and race."""

import asyncio
import secrets
from typing import Any

import httpx
import pytest

from mustshare_api.crypto import receipts, rotation
from tests.api.stepping import see_to_all
from tests.api.test_follow_ups import CERTIFICATE, answered
from tests.doors import JSON, Doors, made_up_receipt, with_access, with_receipt
from tests.rotations import earlier

RECEIPT = "/v1/tip/receipt"


async def rotate(
    doors: Doors, old: str, new: str | None = None, key: str | None = None
) -> httpx.Response:
    """As a thin front end does it."""
    headers = with_receipt(old) | ({"idempotency-key": key} if key else {})
    if new is None:
        return await doors.reporter.post(RECEIPT, headers=headers)
    return await doors.reporter.post(RECEIPT, json={"receipt": new}, headers=headers | JSON)


async def show(doors: Doors, digits: str) -> httpx.Response:
    return await doors.reporter.get("/v1/tip", headers=with_receipt(digits))


async def texts(doors: Doors, digits: str) -> list[str | None]:
    answer = await doors.reporter.get("/v1/tip/follow-ups", headers=with_receipt(digits))
    return sorted(one["text"] for one in answer.json()["follow_ups"])


def seen(answer: httpx.Response) -> tuple[Any, ...]:
    return answer.status_code, tuple(sorted(answer.headers.items())), answer.content


async def test_the_new_receipt_reads_on_where_the_old_one_did(doors: Doors) -> None:
    """Answer, file and tip are there; the old receipt is as unknown as one made up."""
    old, new = await doors.new_tip(), made_up_receipt()
    _, file_id = await answered(doors, await doors.only_tip_id())
    before = await show(doors, old)
    done = await rotate(doors, old, new)

    assert (done.status_code, done.json()["receipt"]) == (200, None)
    assert "ใบรับแจ้งเดิมใช้ไม่ได้อีกแล้ว" in done.json()["told_th"]
    assert (await show(doors, new)).content == before.content
    assert await texts(doors, new) == ["ได้รับแล้ว"]
    place = f"/v1/tip/attachments/{file_id.hex()}"
    file = await doors.reporter.get(place, headers=with_receipt(new))
    assert file.content == CERTIFICATE
    assert seen(await show(doors, old)) == seen(await show(doors, made_up_receipt()))


async def test_a_receipt_minted_here_is_the_same_at_a_retry(doors: Doors) -> None:
    """The answer was lost; the old receipt is gone by then, and the same answer comes again."""
    old, key = await doors.new_tip(), secrets.token_urlsafe(24)
    first, again = await rotate(doors, old, key=key), await rotate(doors, old, key=key)

    assert first.status_code == 200
    assert seen(again) == seen(first)
    assert (await show(doors, first.json()["receipt"])).status_code == 200
    other = await rotate(doors, first.json()["receipt"], key=key)
    assert other.json()["receipt"] != first.json()["receipt"]


async def test_a_retry_with_ones_own_receipt_gets_the_same_answer(doors: Doors) -> None:
    """Until the new one is exchanged in its turn: then both are unknown."""
    old, new, third = await doors.new_tip(), made_up_receipt(), made_up_receipt()
    first, again = await rotate(doors, old, new), await rotate(doors, old, new)
    await rotate(doors, new, third)

    assert seen(again) == seen(first)
    assert seen(await rotate(doors, old, new)) == seen(
        await rotate(doors, made_up_receipt(), new)
    )
    assert (await show(doors, third)).status_code == 200


async def test_neither_receipt_nor_retry_key_changes_nothing(doors: Doors) -> None:
    """Were that answer lost, nobody would have a receipt that works."""
    old = await doors.new_tip()
    refused = await rotate(doors, old)
    slipped = await rotate(doors, old, "1" * 30)

    assert (refused.status_code, refused.json()["code"]) == (400, "receipt.new_missing")
    assert (slipped.status_code, slipped.json()["code"]) == (400, "receipt.malformed")
    assert (await show(doors, old)).status_code == 200


async def test_of_many_rotations_at_once_one_wins(doors: Doors) -> None:
    """One opens the tip; to the others the old receipt was unknown already."""
    old, new = await doors.new_tip(), [made_up_receipt() for _ in range(6)]
    await answered(doors, await doors.only_tip_id())
    answers = await asyncio.gather(*(rotate(doors, old, each) for each in new))

    won = [each for each, answer in zip(new, answers, strict=True) if answer.status_code == 200]
    assert len(won) == 1
    lost = {seen(answer) for answer in answers if answer.status_code != 200}
    assert lost == {seen(await show(doors, made_up_receipt()))}
    assert await texts(doors, won[0]) == ["ได้รับแล้ว"]
    assert (await show(doors, old)).status_code == 401


async def test_a_double_click_is_one_rotation(doors: Doors) -> None:
    """Both are told that it is done."""
    old, new = await doors.new_tip(), made_up_receipt()
    answers = await asyncio.gather(*(rotate(doors, old, new) for _ in range(6)))

    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert len(await chain(doors)) == 1


@pytest.mark.parametrize("taken", ["its own", "another's", "an earlier one"])
async def test_a_receipt_that_is_not_new_is_refused(doors: Doors, taken: str) -> None:
    """And the present one goes on working."""
    first, other, now = await doors.new_tip(), await doors.new_tip("ก"), made_up_receipt()
    await rotate(doors, first, now)
    new = {"its own": now, "another's": other, "an earlier one": first}[taken]
    refused = await rotate(doors, now, new)

    assert (refused.status_code, refused.json()["code"]) == (409, "receipt.not_new")
    assert (await show(doors, now)).status_code == 200


async def test_there_is_an_end_to_rotations(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staff fetch every link, and one receipt must not fill a disk."""
    monkeypatch.setattr("mustshare_api.flows.rotate.ROTATIONS_PER_TIP", 1)
    old, new = await doors.new_tip(), made_up_receipt()
    await rotate(doors, old, new)
    refused = await rotate(doors, new, made_up_receipt())

    assert (refused.status_code, refused.json()["code"]) == (409, "receipt.rotated_often")
    assert (await show(doors, new)).status_code == 200


async def test_an_expired_tip_does_not_hold_its_receipt(doors: Doors) -> None:
    """Swept or not: refusing would tell whoever finds it that it made a tip once."""
    dead = await doors.new_tip()
    await see_to_all(doors)
    doors.clock.advance(days=29)
    old = await doors.new_tip("ข")
    doors.clock.advance(days=352)

    assert (await rotate(doors, old, dead)).status_code == 200


async def dead_ones(doors: Doors) -> dict[str, str]:
    burnt, rotated = await doors.new_tip(), await doors.new_tip()
    await doors.reporter.delete("/v1/tip", headers=with_receipt(burnt))
    await rotate(doors, rotated, made_up_receipt())
    unknown = made_up_receipt()
    return {
        "unknown": unknown,
        "burnt": burnt,
        "rotated": rotated,
        "a wrong digit": str((int(unknown[0]) + 1) % 10) + unknown[1:],
        "too short": unknown[:29],
        "letters": "letters",
    }


@pytest.mark.parametrize("way", ["own", "key"])
async def test_old_receipts_that_open_nothing_cannot_be_told_apart(
    doors: Doors, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One status, one body and the same two stretches, whatever is wrong with it."""
    work: list[str] = []
    derive = receipts.derive

    def counted(digits: str, deployment_id: bytes) -> Any:
        work.append(digits)
        return derive(digits, deployment_id)

    found = await dead_ones(doors)
    told: dict[str, Any] = {}
    monkeypatch.setattr(receipts, "derive", counted)
    for name, digits in found.items():
        work.clear()
        new = made_up_receipt() if way == "own" else None
        told[name] = seen(await rotate(doors, digits, new, "k" * 30))
        assert len(work) == 2, name

    assert told["unknown"][0] == 401
    assert {name for name in told if told[name] != told["unknown"]} == set()


async def test_the_old_access_is_unknown_everywhere_afterwards(doors: Doors) -> None:
    """For whoever derived it as well, to the byte."""
    old = await doors.new_tip()
    access = (await doors.keys(old)).access
    await rotate(doors, old, made_up_receipt())
    for method, path in (("GET", "/v1/tip"), ("GET", RECEIPT), ("DELETE", "/v1/tip")):
        answers = [
            await doors.reporter.request(method, path, headers=with_access(each))
            for each in (access, secrets.token_bytes(32))
        ]
        assert seen(answers[0]) == seen(answers[1])
        assert answers[0].status_code == 401


async def chain(doors: Doors) -> list[rotation.Link]:
    tip_id = await doors.only_tip_id()
    return earlier((await doors.signed("GET", f"/v1/tips/{tip_id.hex()}/rotations")).json())


async def test_withdrawn_while_it_is_exchanged(doors: Doors) -> None:
    """Either it is gone and the new receipt opens nothing, or it lives under the new one."""
    for _ in range(6):
        old, new = await doors.new_tip(), made_up_receipt()
        gone, rotated = await asyncio.gather(
            doors.reporter.delete("/v1/tip", headers=with_receipt(old)), rotate(doors, old, new)
        )
        assert sorted([gone.status_code, rotated.status_code]) == [200, 401]
        alive = (await show(doors, new)).status_code
        assert alive == rotated.status_code
        assert (await show(doors, old)).status_code == 401


async def test_withdrawing_takes_the_chain_along(doors: Doors) -> None:
    """No old bundle stays by which a receipt found later could be matched."""
    old, new = await doors.new_tip(), made_up_receipt()
    tip_id = await doors.only_tip_id()
    await rotate(doors, old, new)
    gone = await doors.reporter.delete("/v1/tip", headers=with_receipt(new))

    assert gone.status_code == 200
    assert await doors.bench.rotations.of_tip(tip_id) == []
    asked = await doors.signed("GET", f"/v1/tips/{tip_id.hex()}/rotations")
    assert (asked.status_code, asked.json()["code"]) == (404, "tip.not_found")


async def test_other_bodies_are_refused_before_anything_is_done(doors: Doors) -> None:
    """JSON, or nothing at all."""
    old = await doors.new_tip()
    for kind, body in (("text/plain", b"x"), ("", b"x"), ("application/octet-stream", b"")):
        headers = with_receipt(old) | ({"content-type": kind} if kind else {})
        answer = await doors.reporter.post(RECEIPT, content=body, headers=headers)
        assert answer.status_code == 415, kind
    missing = await doors.reporter.post(RECEIPT, json={"receipt": made_up_receipt()})
    assert (missing.status_code, missing.json()["code"]) == (401, "receipt.missing")

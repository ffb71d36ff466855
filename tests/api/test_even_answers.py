"""What the length of an answer tells a watcher of the wire, or of the store: nothing."""

import secrets
from typing import Any

import pytest

from mustshare_api.api.answers import FOLLOW_UPS_FLOOR_BYTES, TIP_VIEW_BYTES
from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.problems import plain_answer
from mustshare_api.api.sizes import ANSWER_BYTES
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.padding import padme
from mustshare_api.domain.message import AttachmentName
from tests.api.pictures import jpeg
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_access, with_receipt


def test_every_problem_is_of_one_size() -> None:
    """In either language; so a 401 is as long as a 409."""
    sizes = {
        len(plain_answer(code, language)[2]) for code in CATALOGUE for language in ("th", "en")
    }

    assert sizes == {ANSWER_BYTES}


async def test_a_problem_that_names_a_field_is_no_longer(doors: Doors) -> None:
    """Which field it was is for the sender."""
    bodies: list[dict[str, Any]] = [
        {"text": 1},
        {"text": "a", "procurement_refs": [{"scheme": "TH-EGP", "id": "x"}]},
        {"text": "a", "coordinates": {"longitude": "x"}},
    ]
    for said in bodies:
        answer = await doors.reporter.post("/v1/tips", json=said)
        assert answer.status_code == 400
        assert len(answer.content) == ANSWER_BYTES


async def test_a_tip_is_shown_in_one_size_with_and_without_news(doors: Doors) -> None:
    """None, one, four answers that wait, to a thin front end and to a careful one."""
    digits = await doors.new_tip()
    keys = await doors.keys(digits)
    tip_id, sizes, pages = await doors.only_tip_id(), set(), set()
    for waiting in (0, 1, 4):
        while len(await doors.stored(Kind.FOLLOW_UP_FROM_STAFF)) < waiting:
            assert (await doors.reply(tip_id, "ได้รับแล้ว " * 40)).status_code == 201
        for headers in (with_receipt(digits), with_access(keys.access)):
            shown = await doors.reporter.get("/v1/tip", headers=headers)
            page = await doors.reporter.get("/v1/tip/follow-ups", headers=headers)
            assert shown.json()["follow_ups_waiting"] == waiting
            sizes.add(len(shown.content))
            pages.add(len(page.content))

    assert sizes == {TIP_VIEW_BYTES}
    assert all(one == padme(one) >= FOLLOW_UPS_FLOOR_BYTES for one in pages)


async def test_what_is_acknowledged_is_of_one_size(doors: Doors) -> None:
    """A tip, a follow-up, a file with and without hidden data, an exchange, a withdrawal."""
    tip = await doors.send_tip()
    headers = with_receipt(tip.json()["receipt"])
    said = {"id": secrets.token_hex(16), "text": "ก"}
    told = [tip, await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)]
    path = "/v1/tip/attachments/"
    told += [
        await doors.reporter.put(
            path + secrets.token_hex(16), content=jpeg(), headers=headers | OCTETS
        )
    ]
    fresh = {"receipt": made_up_receipt()}
    rotated = await doors.reporter.post("/v1/tip/receipt", json=fresh, headers=headers | JSON)

    assert {one.status_code for one in told} == {201}
    assert {len(one.content) for one in told} == {ANSWER_BYTES}
    assert len(rotated.content) == padme(len(rotated.content))


@pytest.mark.parametrize("texts", [("a", "ก" * 1000), ("ก" * 1200, "y" * 3500)])
async def test_texts_of_a_size_are_stored_and_listed_in_one(
    doors: Doors, texts: tuple[str, str]
) -> None:
    """Tips and follow-ups lie there in sizes of the padding set, whatever they say."""
    for text in texts:
        headers = with_receipt(await doors.new_tip(text))
        said = {"id": secrets.token_hex(16), "text": text}
        assert (
            await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
        ).status_code == 201
    index = (await doors.signed("GET", "/v1/index")).json()["objects"]

    assert len(index) == 2 * len(texts)
    assert len({one["octets"] for one in index}) == 1


async def test_answers_of_staff_are_stored_in_one_size(doors: Doors) -> None:
    """A short one, and a longer one that names a file."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    name = AttachmentName(id="ab" * 16, sha256="cd" * 32, media_type="text/plain", size_bytes=1)
    for text, names in (("a", []), ("b" * 900, [name])):
        assert (await doors.reply(tip_id, text, names)).status_code == 201
    sizes = {len(octets) for octets in await doors.stored(Kind.FOLLOW_UP_FROM_STAFF)}

    assert len(sizes) == 1

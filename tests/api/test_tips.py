"""Sending a tip, in both ways, and what becomes of a retry."""

from mustshare_api.crypto.envelope import SERVER_SEALED, Kind, parse_head
from mustshare_api.domain.message import TipBody
from tests.doors import Doors, made_up_receipt, with_receipt


async def test_a_tip_in_thai_is_taken_and_staff_open_it_to_the_letter(doors: Doors) -> None:
    """What staff read is what was typed, and the envelope says that the server saw it."""
    answer = await doors.send_tip("น้ำท่วมถนน งบ ๔ ล้าน", category="road", place="100101")

    assert answer.status_code == 201, answer.text
    assert len(answer.json()["receipt"]) == 30
    (tip,) = await doors.opened(Kind.TIP)
    assert isinstance(tip, TipBody)
    assert (tip.text, tip.category, tip.place) == ("น้ำท่วมถนน งบ ๔ ล้าน", "road", "100101")
    (octets,) = await doors.stored(Kind.TIP)
    assert parse_head(octets).prefix.flags == SERVER_SEALED


async def test_a_retry_under_a_minted_receipt_finds_the_same_tip(doors: Doors) -> None:
    """The same receipt with the same words is one tip, and the answer is the same."""
    digits = made_up_receipt()
    first = await doors.send_tip("ถนนพัง", digits)
    again = await doors.send_tip("ถนนพัง", digits)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(await doors.stored(Kind.TIP)) == 1


async def test_a_receipt_is_not_taken_for_a_second_tip(doors: Doors) -> None:
    """Other words under the same receipt are refused: nobody would ever read them."""
    digits = made_up_receipt()
    await doors.send_tip("ถนนพัง", digits)
    other = await doors.send_tip("เสาไฟแพง", digits)

    assert (other.status_code, other.json()["code"]) == (409, "receipt.in_use")


async def test_a_retry_key_makes_a_server_made_receipt_the_same_again(doors: Doors) -> None:
    """With an Idempotency-Key, a double click is one tip with one receipt."""
    headers = {"idempotency-key": "a-random-key-of-22-or-more"}
    first = await doors.send_tip("ถนนพัง", headers=headers)
    again = await doors.send_tip("ถนนพัง", headers=headers)

    assert first.json()["receipt"] == again.json()["receipt"]
    assert len(await doors.stored(Kind.TIP)) == 1


async def test_the_receipt_shows_where_the_tip_stands(doors: Doors) -> None:
    """A receipt opens its tip, however it is typed."""
    digits = await doors.new_tip()
    typed = " ".join(digits[at : at + 5] for at in range(0, 30, 5))
    view = await doors.reporter.get("/v1/tip", headers=with_receipt(typed))

    assert view.status_code == 200
    assert view.json()["state"] == "received"
    assert view.json()["answer_by"] == "2027-02-21"
    assert len(view.content) == 10240

"""Receipts as people type them, and what nobody can tell of one that opens nothing."""

import base64
import secrets
from dataclasses import replace
from typing import Any

import pytest

from mustshare_api.crypto import receipts
from tests.api.stepping import see_to_all
from tests.doors import Doors, made_up_receipt, with_access, with_receipt
from tests.organisation import Organisation, organisation

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}
CALLS = [
    ("GET", "/v1/tip"),
    ("DELETE", "/v1/tip"),
    ("GET", "/v1/tip/receipt"),
    ("GET", "/v1/tip/follow-ups"),
    ("POST", "/v1/tip/follow-ups"),
    ("DELETE", f"/v1/tip/follow-ups/{'ab' * 16}"),
    ("PUT", f"/v1/tip/attachments/{'ab' * 16}"),
    ("GET", f"/v1/tip/attachments/{'ab' * 16}"),
]
"""Every call that a receipt opens, but for its own exchange: test_rotation."""


def groups(digits: str, between: str) -> str:
    return between.join(digits[at : at + 5] for at in range(0, 30, 5))


def header(typed: str) -> dict[str, Any]:
    return {"authorization": f"Receipt {typed}".encode()}


@pytest.mark.parametrize(
    "typed",
    [
        lambda digits: digits,
        lambda digits: groups(digits, " "),
        lambda digits: groups(digits, "-"),
        lambda digits: groups(digits, "\u2013"),
        lambda digits: groups(digits, "\u00a0"),
        lambda digits: groups(digits, "\u200b"),
        lambda digits: f"  {digits}  ",
        lambda digits: digits.translate(THAI),
        lambda digits: groups(digits.translate(THAI), " "),
        lambda digits: digits.translate(WIDE),
        lambda digits: digits[:15].translate(THAI) + digits[15:],
    ],
)
async def test_a_receipt_opens_its_tip_however_it_is_typed(doors: Doors, typed: Any) -> None:
    """Thai numerals as UTF-8, spaces, dashes and full-width digits are all one receipt."""
    digits = await doors.new_tip()
    view = await doors.reporter.get("/v1/tip", headers=header(typed(digits)))

    assert view.status_code == 200


def slipped(digits: str) -> str:
    return str((int(digits[0]) + 1) % 10) + digits[1:]


async def dead_ones(doors: Doors) -> dict[str, dict[str, Any]]:
    """Headers of receipts that open nothing, each for another reason."""
    burnt, expired = await doors.new_tip(), await doors.new_tip()
    gone = await doors.reporter.delete("/v1/tip", headers=with_receipt(burnt))
    assert gone.status_code == 200
    await see_to_all(doors)
    doors.clock.advance(days=400)
    unknown = made_up_receipt()
    return {
        "unknown": header(unknown),
        "burnt": header(burnt),
        "expired": header(expired),
        "a wrong digit": header(slipped(unknown)),
        "too short": header(unknown[:29]),
        "too long": header(unknown + "1"),
        "very long": header("1" * 5000),
        "letters": header("ไม่ใช่ตัวเลข"),
        "bytes": {"authorization": b"Receipt \xff\xfe"},
        "superscripts": header("²" * 30),
        "empty": {"authorization": b"Receipt"},
    }


async def dead_tokens(doors: Doors) -> dict[str, dict[str, Any]]:
    """The same for front ends that derive for themselves."""
    burnt = await doors.keys(await doors.new_tip())
    await doors.reporter.delete("/v1/tip", headers=with_access(burnt.access))
    return {
        "unknown": with_access(secrets.token_bytes(32)),
        "burnt": with_access(burnt.access),
        "short": with_access(b"short"),
        "long": with_access(bytes(33)),
        "empty": {"authorization": "Bearer"},
        "not base64": {"authorization": "Bearer ****"},
        "padded": {"authorization": "Bearer " + base64.b64encode(bytes(32)).decode()},
        "bytes": {"authorization": b"Bearer \xff\xfe"},
        "the hash itself": with_access(receipts.access_hash(burnt.access)),
    }


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_dead_receipts_cannot_be_told_apart(
    doors: Doors, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown, burnt, expired, malformed: one status, one body, one work."""
    work: list[str] = []
    derive = receipts.derive

    def counted(digits: str, deployment_id: bytes) -> Any:
        work.append(digits)
        return derive(digits, deployment_id)

    seen = {}
    found = await dead_ones(doors)
    monkeypatch.setattr(receipts, "derive", counted)
    for name, headers in found.items():
        work.clear()
        answer = await doors.reporter.request(method, path, headers=headers | kind(method))
        seen[name] = (answer.status_code, sorted(answer.headers.items()), answer.content)
        assert len(work) == 1, name

    assert seen["unknown"][0] == 401
    assert {name for name in seen if seen[name] != seen["unknown"]} == set()


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_dead_tokens_cannot_be_told_apart(
    doors: Doors, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for access tokens, each of which costs one look into the database."""
    looks: list[bytes] = []
    find = doors.bench.tips.find

    async def counted(access_hash: bytes, today: Any) -> Any:
        looks.append(access_hash)
        return await find(access_hash, today)

    seen = {}
    found = await dead_tokens(doors)
    monkeypatch.setattr(doors.bench.tips, "find", counted)
    for name, headers in found.items():
        looks.clear()
        answer = await doors.reporter.request(method, path, headers=headers | kind(method))
        seen[name] = (answer.status_code, sorted(answer.headers.items()), answer.content)
        assert len(looks) == 1, name

    assert seen["unknown"][0] == 401
    assert {name for name in seen if seen[name] != seen["unknown"]} == set()


def kind(method: str) -> dict[str, Any]:
    return {"content-type": "application/octet-stream"} if method in ("PUT", "POST") else {}


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic YTpi"}, {"authorization": "12345"}]
)
async def test_without_a_receipt_nothing_opens(
    doors: Doors, method: str, path: str, headers: dict[str, str]
) -> None:
    """No header of ours is a 401 that names both schemes."""
    answer = await doors.reporter.request(method, path, headers=headers | kind(method))

    assert (answer.status_code, answer.json()["code"]) == (401, "receipt.missing")
    assert answer.headers["www-authenticate"] == "Receipt, Bearer"


async def test_a_receipt_in_a_path_or_a_query_opens_nothing(doors: Doors) -> None:
    """It would stand in the log of whatever is in between."""
    digits = await doors.new_tip()

    assert (await doors.reporter.get(f"/v1/tip/{digits}")).status_code == 404
    assert (await doors.reporter.get(f"/v1/tip?receipt={digits}")).status_code == 401
    cookie = {"cookie": f"receipt={digits}"}
    assert (await doors.reporter.get("/v1/tip", headers=cookie)).status_code == 401


async def test_an_expired_receipt_begins_a_tip_like_a_new_one(doors: Doors) -> None:
    """Were it refused until the sweep, whoever finds it would learn that it made a tip once."""
    digits = await doors.new_tip()
    await see_to_all(doors)
    doors.clock.advance(days=400)
    await doors.bench.directory.accept(renewed(doors).note(2))
    answer = await doors.send_tip("เรื่องใหม่", digits)

    assert answer.status_code == 201, answer.text


def renewed(doors: Doors) -> Organisation:
    """The same organisation with keys for the weeks that it is now."""
    made = organisation(doors.clock.now())
    return replace(made, deployment_id=doors.org.deployment_id, root_seeds=doors.org.root_seeds)


async def test_a_new_tip_with_a_slip_in_its_receipt_is_refused(doors: Doors) -> None:
    """The check digits catch it before the words are sealed to a receipt nobody wrote down."""
    answer = await doors.send_tip("a", slipped(made_up_receipt()))

    assert (answer.status_code, answer.json()["code"]) == (400, "receipt.malformed")
    assert await doors.bundles() == {}


async def test_a_new_tip_takes_no_access_token(doors: Doors) -> None:
    """Whoever derives for themselves seals for themselves."""
    answer = await doors.send_tip("a", headers=with_access(secrets.token_bytes(32)))

    assert (answer.status_code, answer.json()["code"]) == (401, "receipt.missing")

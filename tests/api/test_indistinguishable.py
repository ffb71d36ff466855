"""A receipt that opens nothing tells not even the clock why.

Unknown, withdrawn, expired and malformed ones are presented in turn, and their times compared
by Cliff's delta: how much likelier one kind is to be slower than another, minus the reverse. It
knows no unit, so a slow machine does not move it, and noise that comes and goes strikes all
kinds alike. A leak stays in every run; chance does not, so the best of a few runs counts.
"""

import base64
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mustshare_api.api import doors as api_doors
from mustshare_api.api.openapi import operation_of
from mustshare_api.crypto import receipts
from mustshare_api.flows import credentials
from mustshare_api.flows.credentials import Presented
from tests.api.stepping import see_to_all
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_access, with_receipt

SAMPLES = 40
BOUND = 0.45
"""Chance alone moves the delta of 40 against 40 by 0.13 (one standard deviation)."""

RUNS = 4
ID = "ab" * 16
TOKEN = {"upload-token": base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()}
BODIES: dict[tuple[str, str], tuple[dict[str, str], bytes]] = {
    ("POST", "/v1/tip/follow-ups"): (OCTETS, b"x"),
    ("PUT", "/v1/tip/attachments/{attachment_id:str}"): (OCTETS, b"x"),
    ("POST", "/v1/tip/dispute"): (OCTETS, b"x"),
    ("POST", "/v1/tip/uploads"): (
        JSON | TOKEN,
        b'{"id":"' + ID.encode() + b'","size_bytes":9}',
    ),
    ("GET", "/v1/tip/uploads"): (TOKEN, b""),
    ("PATCH", "/v1/tip/uploads"): (OCTETS | TOKEN | {"upload-offset": "0"}, b"x"),
    ("DELETE", "/v1/tip/uploads"): (TOKEN, b""),
}
KNOWS_NO_TIP = {"/v1/certificates/proof"}
"""Looks no receipt up, so that there is nothing to tell apart."""


def calls() -> list[tuple[str, str]]:
    """Every route that a receipt opens, as the contract has them."""
    return sorted(
        (method, path)
        for handler in api_doors.REPORTER_ROUTES
        if operation_of(handler).credential == "receipt"
        for path in handler.paths - KNOWS_NO_TIP
        for method in handler.http_methods
    )


async def dead(doors: Doors) -> dict[str, list[dict[str, Any]]]:
    """Credentials that open nothing by their reasons, each as a receipt and as an access."""
    gone, expired, rotated = [await doors.new_tip() for _ in range(3)]
    fresh = {"receipt": made_up_receipt()}
    await doors.reporter.delete("/v1/tip", headers=with_receipt(gone))
    done = await doors.reporter.post(
        "/v1/tip/receipt", json=fresh, headers=with_receipt(rotated)
    )
    assert done.status_code == 200
    await see_to_all(doors)
    doors.clock.advance(days=400)
    digits = {
        "unknown": made_up_receipt(),
        "gone": gone,
        "expired": expired,
        "rotated": rotated,
    }
    found = {
        name: [with_receipt(one), with_access((await doors.keys(one)).access)]
        for name, one in digits.items()
    }
    short = made_up_receipt()[:29]
    return found | {"malformed": [with_receipt(short), {"authorization": "Bearer ****"}]}


@pytest.mark.parametrize("which", [0, 1], ids=["receipt", "access"])
async def test_no_route_tells_why_a_receipt_opens_nothing(doors: Doors, which: int) -> None:
    """On every route that takes one: reading, writing, uploading, exchanging, withdrawing."""
    found = await dead(doors)
    told: dict[object, set[str]] = {}
    for method, path in calls():
        more, body = BODIES.get((method, path), ({}, b""))
        if path == "/v1/tip/receipt" and method == "POST":
            more, body = JSON, b'{"receipt":"' + made_up_receipt().encode() + b'"}'
        for name, headers in found.items():
            target = path.partition("{")[0] + (ID if "{" in path else "")
            answer = await doors.reporter.request(
                method, target, content=body, headers=headers[which] | more
            )
            assert answer.status_code == 401, (method, path, answer.text)
            said = (method, path, tuple(sorted(answer.headers.items())), answer.content)
            told.setdefault(said, set()).add(name)

    assert set(map(frozenset, told.values())) == {frozenset(found)}
    assert len(told) == len(calls())


async def timed(
    doors: Doors, found: dict[str, list[dict[str, Any]]], which: int, samples: int
) -> dict[str, list[float]]:
    """How long each kind took, in s; the kinds take turns, beginning with another each time."""
    times: dict[str, list[float]] = {name: [] for name in found}
    order = list(found)
    for turn in range(samples):
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            began = time.perf_counter()
            await doors.reporter.get("/v1/tip", headers=found[name][which])
            times[name].append(time.perf_counter() - began)
    return times


def delta(first: list[float], second: list[float]) -> float:
    """Cliff's delta, -1 to 1; 0 where neither tends to be slower."""
    signs = [(a > b) - (a < b) for a in first for b in second]
    return sum(signs) / len(signs)


async def smallest(work: Callable[[], Awaitable[dict[str, list[float]]]]) -> float:
    """The largest delta against an unknown one, in the run where that is smallest."""
    best = 1.0
    for _ in range(RUNS):
        times = await work()
        best = min(best, max(abs(delta(times["unknown"], one)) for one in times.values()))
        if best < BOUND:
            break
    return best


@pytest.mark.parametrize("which", [0, 1], ids=["receipt", "access"])
async def test_the_clock_does_not_tell_why_a_receipt_opens_nothing(
    doors: Doors, which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when it is stretched (here a little), nor when a look into the database is all."""
    monkeypatch.setattr(receipts, "MEMORY_KIB", 256)
    found = await dead(doors)
    await timed(doors, found, which, 2)  # connections, caches

    assert await smallest(lambda: timed(doors, found, which, SAMPLES)) < BOUND


async def test_work_left_out_for_a_malformed_one_would_be_seen(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted leak, of one look into the database that is spared."""
    found = await dead(doors)
    find = credentials.claim_of

    async def early(bench: Any, presented: Presented) -> Any:
        return None if presented.is_malformed else await find(bench, presented)

    monkeypatch.setattr(credentials, "claim_of", early)
    await timed(doors, found, 1, 2)

    assert await smallest(lambda: timed(doors, found, 1, SAMPLES)) > BOUND


def test_the_measure_is_blind_to_units_and_sees_a_shift() -> None:
    """Equal samples give 0, one that is always slower 1."""
    some = [secrets.randbelow(1000) / 1e6 for _ in range(20)]

    assert delta(some, some) == 0
    assert delta([one + 1 for one in some], some) == 1

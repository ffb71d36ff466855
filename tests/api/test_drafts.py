"""Drafts lie at the staff door sealed: kept, replaced, handed out and dropped."""

import secrets

import httpx
import pytest

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import drafts, sealing
from mustshare_api.crypto.suite import signer
from mustshare_api.flows import pages as page_flows
from mustshare_api.store import drafts as store
from tests.doors import Doors
from tests.pages import Desk, case


def sealed(doors: Doors, draft_id: str, text: bytes = b"x", *, to: int | None = None) -> bytes:
    """A draft as the key tool seals it; `to` so many of its recipients alone."""
    org = doors.org
    listed = drafts.recipients(org.directory(), org.today)[:to]
    prefix = drafts.prefix(bytes.fromhex(draft_id), secrets.token_bytes(16))
    keys = [entry.public_key for entry in listed]
    return sealing.seal_message(
        prefix, keys, drafts.pack([b"{}", text]), signer(org.officers[0].sign_seed)
    )


async def send(
    doors: Doors, method: str, draft_id: str, body: bytes = b"", seen: int | None = 0
) -> httpx.Response:
    target = f"/v1/drafts/{draft_id}"
    match = None if seen is None else f'"{seen}"'
    headers = doors.signature(method, target, body, None, match)
    return await doors.staff.request(method, target, content=body, headers=headers)


@pytest.fixture
def draft_id() -> str:
    return secrets.token_hex(16)


async def test_a_draft_is_kept_and_handed_out_octet_by_octet(
    doors: Doors, draft_id: str
) -> None:
    """To every officer; a retry is known; the list names it with its version."""
    octets = sealed(doors, draft_id)
    kept = [(await send(doors, "PUT", draft_id, octets)).status_code for _ in range(2)]
    path = f"/v1/drafts/{draft_id}"
    got = await doors.signed("GET", path, officer=doors.org.officers[1])
    listed = (await doors.signed("GET", "/v1/drafts")).json()

    assert kept == [201, 200]
    assert (got.content, got.headers["etag"]) == (octets, '"1"')
    assert [(one["draft_id"], one["version"]) for one in listed["drafts"]] == [(draft_id, 1)]


async def test_the_later_of_two_officers_is_told_that_a_draft_changed(
    doors: Doors, draft_id: str
) -> None:
    """And undoes nothing; the same of deleting it."""
    await send(doors, "PUT", draft_id, sealed(doors, draft_id))
    again = await send(doors, "PUT", draft_id, sealed(doors, draft_id))
    newer = await send(doors, "PUT", draft_id, sealed(doors, draft_id), 1)
    stale = await send(doors, "DELETE", draft_id, seen=1)
    bare = await send(doors, "DELETE", draft_id, seen=None)
    gone = await send(doors, "DELETE", draft_id, seen=2)

    assert (again.status_code, again.json()["code"]) == (412, "draft.changed")
    assert newer.status_code == 201
    assert (stale.status_code, stale.json()["code"]) == (412, "draft.changed")
    assert (bare.status_code, bare.json()["code"]) == (428, "precondition.missing")
    assert gone.status_code == 204
    missing = await doors.signed("GET", f"/v1/drafts/{draft_id}")
    assert (missing.status_code, missing.json()["code"]) == (404, "draft.not_found")


async def test_whoever_repeats_what_became_of_a_draft_is_told_that_it_did(
    doors: Doors, draft_id: str
) -> None:
    """A draft that was kept, replaced and dropped since: nothing is brought back."""
    first, newer = sealed(doors, draft_id), sealed(doors, draft_id)
    await send(doors, "PUT", draft_id, first)
    assert (await send(doors, "PUT", draft_id, newer, 1)).status_code == 201
    assert (await send(doors, "PUT", draft_id, first)).status_code == 200
    for _ in range(2):
        assert (await send(doors, "DELETE", draft_id, seen=2)).status_code == 204

    assert (await send(doors, "PUT", draft_id, newer, 1)).status_code == 200

    assert (await doors.signed("GET", f"/v1/drafts/{draft_id}")).status_code == 404


async def test_a_draft_that_is_begun_anew_is_dropped_anew(doors: Doors, draft_id: str) -> None:
    """It counts from 1 again: nobody is told that it is gone because the one before is."""
    done: list[tuple[int, int, int]] = []
    for _ in range(2):
        kept = await send(doors, "PUT", draft_id, sealed(doors, draft_id))
        there = await doors.signed("GET", f"/v1/drafts/{draft_id}")
        dropped = await send(doors, "DELETE", draft_id, seen=1)
        done.append((kept.status_code, there.status_code, dropped.status_code))

    assert done == [(201, 200, 204)] * 2
    assert (await doors.signed("GET", "/v1/drafts")).json()["drafts"] == []
    assert (await send(doors, "DELETE", draft_id, seen=1)).status_code == 204


async def test_a_draft_is_sealed_to_every_officer_and_nobody_else(
    doors: Doors, draft_id: str
) -> None:
    """One key less, another kind, another id, or no envelope at all: refused."""
    for octets, code in (
        (sealed(doors, draft_id, to=1), "envelope.wrong_recipients"),
        (sealed(doors, secrets.token_hex(16)), "envelope.wrong_tip"),
        (b"{}", "envelope.malformed"),
    ):
        answer = await send(doors, "PUT", draft_id, octets)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_there_is_room_for_so_many_drafts(
    doors: Doors, draft_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is refused; one that is there can still be changed."""
    monkeypatch.setattr(store, "LIMIT", 1)
    await send(doors, "PUT", draft_id, sealed(doors, draft_id))
    other = secrets.token_hex(16)
    full = await send(doors, "PUT", other, sealed(doors, other))

    assert (full.status_code, full.json()["code"]) == (409, "draft.full")
    assert (await send(doors, "PUT", draft_id, sealed(doors, draft_id), 1)).status_code == 201


async def test_the_draft_of_a_page_goes_with_it_on_its_day(doors: Doors) -> None:
    """It says the same, to whoever has an officer's key; what was written since stays."""
    desks = [Desk(doors), Desk(doors)]
    for desk, slug, days in zip(desks, ("one", "two"), (0, 1), strict=True):
        octets = sealed(doors, desk.page_id)
        published = await desk.publish(case(slug=slug, retain_until="2026-12-01"))
        doors.clock.advance(days=days)
        kept = await desk.put(f"/v1/drafts/{desk.page_id}", octets)
        assert (published.status_code, kept.status_code) == (201, 201)
    doors.clock.advance(days=8)
    today = bangkok_day(doors.clock.now())
    assert await page_flows.erase_due(doors.bench, today) == 2
    left = (await doors.signed("GET", "/v1/drafts")).json()["drafts"]

    assert [one["draft_id"] for one in left] == [desks[1].page_id]

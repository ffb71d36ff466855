"""The staff door: nothing comes in that a key of the directory in force did not sign."""

import re
import secrets
from typing import Any

import httpx
import pytest

from mustshare_api.api.doors import STAFF_ROUTES
from mustshare_api.crypto import receipts, requests
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.api.front_end import sealed_file
from tests.doors import OCTETS, Doors
from tests.organisation import Officer

ID, REFER = "ab" * 16, "?agency=nacc&tips=" + "ab" * 32
QUERIES = {"attachments": "?follow_up=" + "ef" * 16, "/v1/referrals/": REFER}
VERSIONED = ("/v1/cases", "/v1/ar", "/v1/campaigns", "/v1/drafts", "/v1/referrals", "/v1/ag")
EARLIER = {
    f"/v1/referrals/{ID}/acknowledgement": (403, "staff.not_permitted"),
    f"/v1/referrals/{ID}/questions": (403, "staff.not_permitted"),
    f"/v1/referrals/{ID}/outcomes": (403, "staff.not_permitted"),
    f"/v1/referrals/{ID}": (404, "agency.unknown"),
    f"/v1/agencies/{ID}": (415, "request.wrong_content_type"),
}
"""What an officer who asks so is told before the body is read: nothing comes of it either."""

ROUTES = [
    (method, re.sub(r"\{\w+:str\}", ID, path))
    for handler in STAFF_ROUTES
    for path in sorted(handler.paths)
    for method in sorted(handler.http_methods)
]


async def ask(doors: Doors, method: str, target: str, headers: Any, body: bytes = b"") -> Any:
    return await doors.staff.request(method, target, content=body, headers=headers)


def test_the_door_has_the_routes_that_are_tried_here() -> None:
    """A route that is added is tried without a word of this file being changed."""
    assert len(ROUTES) >= 10


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_route_opens_without_a_signature(doors: Doors, method: str, path: str) -> None:
    """Default-deny: the guard stands on the whole door, with and without a body."""
    for headers in ({}, OCTETS, {"authorization": "Bearer x"}):
        answer = await ask(doors, method, path, headers, b"x" if method != "GET" else b"")
        assert (answer.status_code, answer.json()["code"]) == (401, "signature.missing")
        assert answer.headers["www-authenticate"] == "Signature"


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_route_opens_to_a_key_that_is_not_in_the_directory(
    doors: Doors, method: str, path: str
) -> None:
    """A good signature of a stranger is worth nothing."""
    headers = doors.signature(method, path, b"", Officer("stranger"))
    answer = await ask(doors, method, path, headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.unknown_key")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_route_opens_to_a_replay(doors: Doors, method: str, path: str) -> None:
    """The second time it is known, whatever came of the first."""
    headers = doors.signature(method, path, b"")
    await ask(doors, method, path, headers)
    answer = await ask(doors, method, path, headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.replayed")


@pytest.mark.parametrize("seconds", [-61, 61, -3600, 86_400])
async def test_a_signature_of_another_time_is_refused(doors: Doors, seconds: int) -> None:
    """A minute either way, no more."""
    headers = doors.signature("GET", "/v1/index")
    doors.clock.advance(seconds=seconds)
    answer = await ask(doors, "GET", "/v1/index", headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.skewed")
    assert answer.json()["skew_s"] == -seconds


async def test_a_replay_is_known_for_as_long_as_its_signature_passes(doors: Doors) -> None:
    """Signed a minute ahead of time, a request passes for two: its nonce is kept for longer."""
    doors.clock.advance(seconds=60)
    headers = doors.signature("GET", "/v1/index")
    doors.clock.advance(seconds=-60)
    assert (await ask(doors, "GET", "/v1/index", headers)).status_code == 200
    doors.clock.advance(seconds=120)
    await doors.bench.nonces.sweep(doors.clock.now())
    answer = await ask(doors, "GET", "/v1/index", headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.replayed")


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        (("GET", "/v1/index"), ("GET", "/v1/tips")),
        (("GET", "/v1/index?limit=1"), ("GET", "/v1/index?limit=2")),
        (("GET", "/v1/index"), ("GET", "/v1/index?limit=2")),
        (("GET", "/v1/directory"), ("PUT", "/v1/directory")),
    ],
)
async def test_a_signature_opens_only_what_was_signed(
    doors: Doors, signed: tuple[str, str], sent: tuple[str, str]
) -> None:
    """Another method, path or query is another request."""
    answer = await ask(doors, *sent, doors.signature(*signed))

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.invalid")


async def test_a_signature_for_another_host_is_refused(doors: Doors) -> None:
    """One deployment's request is nothing at another."""
    headers = doors.signature("GET", "/v1/index") | {"host": "other.test"}
    answer = await ask(doors, "GET", "/v1/index", headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.invalid")


@pytest.mark.parametrize(
    ("method", "path"), [one for one in ROUTES if one[0] not in {"GET", "DELETE"}]
)
async def test_a_body_other_than_the_one_signed_changes_nothing(
    doors: Doors, method: str, path: str
) -> None:
    """The digest is checked before anything comes of the body. To delete takes none."""
    target = path + next((query for part, query in QUERIES.items() if part in path), "")
    seen = '"1"' if path.startswith(VERSIONED) or path.endswith("/steps") else f'"{"ab" * 32}"'
    headers = doors.signature(method, target, b"what was signed", None, seen)
    answer = await ask(doors, method, target, headers, b"what was sent!!")

    refused = EARLIER.get(path, (401, "signature.invalid"))
    assert (answer.status_code, answer.json()["code"]) == refused
    assert doors.bench.parking.taken_bytes == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers | {"Signature": "mustshare=:AAAA:"},
        lambda headers: headers | {"Signature": "x"},
        lambda headers: headers | {"Signature-Input": headers["Signature-Input"] + ";x=1"},
        lambda headers: headers | {"Signature-Input": 'a=("@method");created=1'},
        lambda headers: headers | {"Content-Digest": "sha-512=:AAAA:"},
        lambda headers: headers | {"Signature-Input": "x" * 3000},
        lambda headers: [*headers.items(), ("Signature", headers["Signature"])],
        lambda headers: [*headers.items(), ("Content-Digest", headers["Content-Digest"])],
    ],
)
async def test_a_signature_that_cannot_be_read_is_refused(doors: Doors, spoil: Any) -> None:
    """Two of a header are one too many, even when they are the same."""
    headers = doors.signature("GET", "/v1/index")
    del headers["content-type"]
    answer = await ask(doors, "GET", "/v1/index", spoil(headers))

    assert (answer.status_code, answer.json()["code"]) == (400, "signature.malformed")


async def test_an_officer_who_was_struck_off_is_out_at_once(doors: Doors) -> None:
    """With the next directory their signature opens nothing; what they wrote stays theirs."""
    gone = doors.org.officers[1]
    assert (await doors.signed("GET", "/v1/index", officer=gone)).status_code == 200
    left = type(doors.org)(
        doors.org.today, doors.org.officers[:1], doors.org.deployment_id, doors.org.root_seeds
    )
    published = await doors.signed("PUT", "/v1/directory", left.note(2))
    assert published.status_code == 204, published.text
    answer = await doors.signed("GET", "/v1/index", officer=gone)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature.unknown_key")
    assert doors.bench.directory.past_signer(bytes.fromhex(gone.keyid)) is not None


async def publish(doors: Doors, note: bytes) -> tuple[int, str]:
    answer = await doors.signed("PUT", "/v1/directory", note)
    return answer.status_code, answer.json()["code"] if answer.content else ""


async def test_only_a_newer_directory_with_enough_signatures_comes_into_force(
    doors: Doors,
) -> None:
    """Who sends it does not count; every fault has its code and leaves the old one in force."""
    org = doors.org
    before = doors.bench.directory.current().octets
    stranger = type(org)(org.today, org.officers, secrets.token_bytes(16), org.root_seeds)
    await publish(doors, org.note(5))

    assert await publish(doors, b"not a directory") == (400, "directory.malformed")
    one_root = org.note(6, signed_by=("anan",))
    assert await publish(doors, one_root) == (403, "directory.too_few_signatures")
    assert await publish(doors, before) == (409, "directory.rolled_back")
    assert await publish(doors, org.note(5, days=29)) == (409, "directory.rolled_back")
    assert await publish(doors, stranger.note(6)) == (409, "directory.other_deployment")
    doors.clock.advance(days=-2)
    assert await publish(doors, org.note(6)) == (409, "directory.out_of_date")
    doors.clock.advance(days=2)
    assert doors.bench.directory.current().serial == 5
    assert await publish(doors, org.note(5)) == (204, "")


async def test_a_directory_put_back_into_the_store_is_not_taken_up(doors: Doors, dsn) -> None:
    """Whoever deletes the newest row does not bring back officers who were struck off."""
    await publish(doors, doors.org.note(5))
    async with doors.bench.directory.store._database.connection() as connection:
        await connection.execute("DELETE FROM directories WHERE serial = 5")
    await doors.bench.directory.load()

    assert doors.bench.directory.current().serial == 5


async def test_pages_lead_through_all_objects_in_no_order_of_time(doors: Doors) -> None:
    """Each page begins after the last, and ends without a next one."""
    for _ in range(5):
        await doors.new_tip()
    found: list[str] = []
    target = "/v1/index?limit=2"
    while True:
        page = (await doors.signed("GET", target)).json()
        found += [one["object_id"] for one in page["objects"]]
        if page["next"] is None:
            break
        target = f"/v1/index?limit=2&after={page['next']}"

    assert len(found) == len(set(found)) == 5
    assert found == sorted(found)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=", "limit=-1", "limit=%D9%A3", "after=",
     "after=x", "page=2", "after=" + "AB" * 16, "limit=1&limit=1", "%ff=1"],
)  # fmt: skip
async def test_a_page_that_cannot_be_is_refused(doors: Doors, query: str) -> None:
    """Unknown and odd values are told, not guessed at."""
    answer = await doors.signed("GET", str(httpx.URL("/v1/index", query=query.encode())))

    assert answer.status_code == 400, answer.text


async def test_an_answer_to_a_tip_that_is_gone_is_refused(doors: Doors) -> None:
    """Withdrawn while staff were writing: told, and nothing is stored."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    octets = await doors.sealed_reply(tip_id, "a", [], secrets.token_bytes(16))
    await doors.reporter.delete("/v1/tip", headers={"authorization": f"Receipt {digits}"})
    answer = await doors.signed("POST", f"/v1/tips/{tip_id.hex()}/follow-ups", octets)

    assert (answer.status_code, answer.json()["code"]) == (404, "tip.not_found")


async def test_an_answer_sealed_past_the_reporter_is_refused(doors: Doors) -> None:
    """To the reporter and to every officer, or not at all."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    bundle = (await doors.bundles())[tip_id]
    object_id = secrets.token_bytes(16)
    prefix = Prefix(
        Kind.ATTACHMENT_FROM_STAFF, 0, tip_id, object_id, receipts.bundle_hash(bundle)
    )
    target = f"/v1/tips/{tip_id.hex()}/attachments/{object_id.hex()}?follow_up={'ab' * 16}"
    octets = sealed_file(prefix, doors.org.recipients(), b"a file")
    answer = await doors.signed("PUT", target, octets)

    assert (answer.status_code, answer.json()["code"]) == (400, "envelope.wrong_recipients")


async def test_an_answer_comes_twice_and_is_stored_once(doors: Doors) -> None:
    """201, then 200 for the same octets, then 409 for others under the same id."""
    await doors.new_tip()
    tip_id, made = await doors.only_tip_id(), secrets.token_bytes(16)
    octets = await doors.sealed_reply(tip_id, "a", [], made)
    target = f"/v1/tips/{tip_id.hex()}/follow-ups"
    other = await doors.sealed_reply(tip_id, "b", [], made)
    codes = [
        (await doors.signed("POST", target, body)).status_code
        for body in (octets, octets, other)
    ]

    assert codes == [201, 200, 409]
    assert len(await doors.stored(Kind.FOLLOW_UP_FROM_STAFF)) == 1


async def test_head_is_signed_as_head(doors: Doors) -> None:
    """The method that was sent is the one that counts, although the app sees GET."""
    as_head = doors.signature("HEAD", "/v1/index")
    as_get = doors.signature("GET", "/v1/index")

    assert (await ask(doors, "HEAD", "/v1/index", as_head)).status_code == 200
    assert (await ask(doors, "HEAD", "/v1/index", as_get)).status_code == 401


def test_a_signature_covers_an_empty_body_too() -> None:
    """So that a signed GET cannot be turned into a request with a body."""
    assert requests.content_digest(b"").startswith("sha-256=:47DEQ")

"""Partners at the door: told what they have, ahead while they have it, out once stopped."""

import hashlib
import re

import asyncpg
import httpx
import pytest

from mustshare_api.flows import deeds
from mustshare_api.flows.partners import new_key
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.store.partners import Partner
from tests.api.test_challenges import full_house
from tests.doors import JSON, Doors, made_up_receipt, with_receipt
from tests.store.made import TODAY

PAGE = "https://river.example"
LEAF = deeds.of_operator("operator-partner-added", TODAY, "river-watch")


async def added(doors: Doors, a_day: int = 100, a_minute: int = 50) -> dict[str, str]:
    """The header of a new partner."""
    key = new_key()
    partner = Partner("river-watch", (PAGE,), a_day, a_minute, stopped=False)
    store = doors.bench.partners.store
    assert await store.add(partner, hash_of_key(key), TODAY, LEAF)
    return {"partner-key": key}


async def own(doors: Doors, headers: dict[str, str]) -> httpx.Response:
    return await doors.reporter.get("/v1/partner/self", headers=headers)


async def test_a_partner_is_told_what_it_may_use_and_what_is_left(doors: Doors) -> None:
    """Also in the headers of every call with its key."""
    key = await added(doors)
    sent = await doors.send_tip(headers=key)
    told = await own(doors, key)

    assert told.json() == {
        "name": "river-watch",
        "quota_per_day": 100,
        "quota_per_minute": 50,
        "left_today": 99,
        "left_in_minute": 49,
        "origins": [PAGE],
    }
    for answer in (sent, told):
        assert answer.headers["ratelimit-policy"] == '"day";q=100;w=86400, "minute";q=50;w=60'
        assert answer.headers["ratelimit"] == '"day";r=99;t=43200, "minute";r=49;t=60'


async def test_without_a_key_nothing_is_told_of_quotas(doors: Doors) -> None:
    """A counter that others move would tell how many of them there are."""
    answer = await doors.send_tip()

    assert not [name for name in answer.headers if name.startswith("ratelimit")]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "partner.missing"),
        ("", "partner.unknown"),
        ("x", "partner.unknown"),
        (new_key(), "partner.unknown"),
        (new_key() + "x", "partner.unknown"),
        (f"{new_key()}, {new_key()}", "partner.unknown"),
    ],
)
async def test_a_key_that_is_none_is_refused(doors: Doors, key: str | None, code: str) -> None:
    """Before anything is read: a front end with a wrong key should learn it at once."""
    answer = await own(doors, {} if key is None else {"partner-key": key})

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Partner-Key"
    if key is not None:
        assert (await doors.send_tip(headers={"partner-key": key})).json()["code"] == code


async def test_a_stopped_partner_is_refused_from_the_next_call_on(doors: Doors) -> None:
    """And its reporters are told where else to send."""
    key = await added(doors)
    before = await doors.send_tip(headers=key)
    await doors.bench.partners.store.stop("river-watch", LEAF, stopped=True)
    after = await doors.send_tip(headers={**key, "accept-language": "en"})

    assert (before.status_code, after.status_code) == (201, 403)
    assert after.json()["code"] == "partner.stopped"
    assert "/v1/form" in after.json()["detail"]


async def test_a_tip_is_taken_when_the_partner_s_quota_is_used_up(doors: Doors) -> None:
    """The quota is the partner's, and the tip is a reporter's."""
    key = await added(doors, a_day=1)
    answers = [await doors.send_tip(headers=key) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 201, 201]
    assert answers[-1].headers["ratelimit"].startswith('"day";r=0;')


async def test_only_without_room_is_a_used_up_quota_a_problem(doors: Doors) -> None:
    """429 with a time to come back; with quota left it is the plain one."""
    key = await added(doors, a_day=1)
    async with full_house(doors):
        within = await doors.send_tip(headers=key)
        beyond = await doors.send_tip(headers=key)

    assert (within.status_code, within.json()["code"]) == (503, "receipt.busy")
    assert (beyond.status_code, beyond.json()["code"]) == (429, "partner.quota_spent")
    assert int(beyond.headers["retry-after"]) >= 2


async def test_a_used_up_quota_is_not_counted_again(doors: Doors, dsn: str) -> None:
    """Whoever has a stolen key would otherwise lock one row with each request, and log it."""
    key = await added(doors, a_day=1)
    await doors.send_tip(headers=key)
    before = await _usage_row(dsn)
    sent = await doors.send_tip(headers=key)

    assert sent.status_code == 201
    assert await _usage_row(dsn) == before


async def _usage_row(dsn: str) -> tuple[object, ...]:
    """With who wrote it last, and who locked it."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow("SELECT xmin, xmax, ctid, * FROM partner_usage")
    finally:
        await connection.close()
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize("key", ["its own", "stopped", "x", "msp_" + "A" * 43, "a, b", "\xff"])
async def test_a_route_that_takes_no_key_does_not_look_at_one(
    doors: Doors, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    """The same bytes and headers as without; nothing is charged, told or logged."""
    own_key = await added(doors)
    if key == "stopped":
        await doors.bench.partners.store.stop("river-watch", LEAF, stopped=True)
    sent = own_key["partner-key"] if key in ("its own", "stopped") else key
    asked = ("/v1/intake", "/v1/directory", "/openapi.json", "/v1/nowhere")
    for path in asked:
        plain = await doors.reporter.get(path)
        header = [(b"partner-key", sent.encode("latin-1"))]
        keyed = await doors.reporter.get(path, headers=header)
        assert _answer(keyed) == _answer(plain)
    for method, path in (("POST", "/v1/challenges"), ("OPTIONS", "/v1/tips")):
        answer = await doors.reporter.request(method, path, headers={"partner-key": "x"})
        assert answer.status_code in (201, 204)
    await doors.bench.partners.store.stop("river-watch", LEAF, stopped=False)

    assert (await own(doors, own_key)).json()["left_today"] == 100
    assert capsys.readouterr() == ("", "")


def _answer(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.multi_items())


async def test_one_request_uses_one_call_however_often_it_waits(doors: Doors) -> None:
    """An exchange of receipts stretches two of them."""
    key = await added(doors)
    headers = {**JSON, **key, **with_receipt(await doors.new_tip())}
    body = {"receipt": made_up_receipt()}
    answer = await doors.reporter.post("/v1/tip/receipt", json=body, headers=headers)
    left = (await own(doors, key)).json()["left_today"]

    assert (answer.status_code, left) == (200, 99)


async def test_nothing_of_a_partner_is_stored_with_a_tip(doors: Doors, dsn: str) -> None:
    """It stands in the tables of partners and in no other, neither as octets nor as a word."""
    key = await added(doors)
    await doors.send_tip(headers=key)
    traces = (b"river-watch", key["partner-key"].encode(), hash_of_key(key["partner-key"]))

    assert await holding(dsn, traces) == {"partners", "partner_usage"}


async def holding(dsn: str, traces: tuple[bytes, ...]) -> set[str]:
    """The tables in which one of these stands anywhere; the audit log tells who added it."""
    connection = await asyncpg.connect(dsn)
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    try:
        kept = {
            name: [
                value if isinstance(value, bytes) else str(value).encode()
                for row in await connection.fetch(f"SELECT * FROM {name}")  # noqa: S608 - catalogue
                for value in row.values()
            ]
            for (name,) in await connection.fetch(names)
            if name != "audit_leaves"
        }
    finally:
        await connection.close()
    return {
        name for name, values in kept.items() for t in traces if any(t in v for v in values)
    }


async def test_the_key_itself_is_not_kept(doors: Doors) -> None:
    """Only its hash."""
    key = (await added(doors))["partner-key"]
    async with doors.bench.tips._database.connection() as connection:
        row = await connection.fetchrow("SELECT * FROM partners")

    assert row is not None
    assert row["key_hash"] == hashlib.sha256(key.encode()).digest()
    assert key not in str(row)


async def test_a_partner_s_pages_may_call_until_it_is_stopped(doors: Doors) -> None:
    """Exact origins from its record, within a second of a change."""
    await added(doors)
    desk, seen = doors.bench.partners, []
    for stopped in (False, True):
        await desk.store.stop("river-watch", LEAF, stopped=stopped)
        doors.clock.advance(seconds=1.1)
        await doors.reporter.get("/v1/intake", headers={"origin": PAGE})
        seen.append(PAGE in desk.origins)

    assert seen == [True, False]


async def test_where_partners_cannot_be_read_a_tip_fails_as_without_them(doors: Doors) -> None:
    """The database is away: 503 and a time to come back, never a 500."""
    key = await added(doors)
    await doors.bench.tips._database.pool.close()
    answer = await doors.send_tip(headers={**key, "origin": PAGE})

    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")


def test_keys_are_of_one_form_and_never_alike() -> None:
    """Known by their beginning where they should not be, in a log or a repository."""
    keys = {new_key() for _ in range(50)}

    assert len(keys) == 50
    assert all(re.fullmatch(r"msp_[A-Za-z0-9_-]{43}", key) for key in keys)


async def test_a_key_in_a_query_is_nobody_s(doors: Doors) -> None:
    """It goes in a header, where no log of ours or of a proxy's has it."""
    key = (await added(doors))["partner-key"]
    answer = await doors.reporter.get(f"/v1/partner/self?partner-key={key}", headers=JSON)

    assert answer.json()["code"] == "partner.missing"

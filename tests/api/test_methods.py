"""Which methods a path knows, what reading leaves alone, and whom a browser may let in."""

import re

import asyncpg
import pytest

from mustshare_api.api import doors as api_doors
from tests.doors import Doors, with_receipt

PARTNER, STRANGER = "https://tip.example", "https://evil.example"
OF_PATH = {
    ("reporter", "/v1/tips"): "OPTIONS, POST",
    ("reporter", "/v1/tip"): "DELETE, GET, HEAD, OPTIONS",
    ("reporter", f"/v1/tip/attachments/{'ab' * 16}"): "GET, HEAD, OPTIONS, PUT",
    ("reporter", "/v1/intake"): "GET, HEAD, OPTIONS",
    ("staff", "/v1/tips"): "GET, HEAD, OPTIONS",
    ("staff", "/v1/directory"): "GET, HEAD, OPTIONS, PUT",
    ("operator", "/metrics"): "GET, HEAD, OPTIONS",
}
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


@pytest.mark.parametrize(("place", "allow"), OF_PATH.items())
async def test_a_wrong_method_is_told_the_right_ones(
    doors: Doors, place: tuple[str, str], allow: str
) -> None:
    """405 and OPTIONS name the same methods, HEAD among them."""
    door, path = place
    client = getattr(doors, door)
    refused = await client.patch(path)
    options = await client.options(path)

    assert (refused.status_code, refused.json()["code"]) == (405, "request.wrong_method")
    assert refused.headers["allow"] == options.headers["allow"] == allow
    assert (options.status_code, options.content) == (204, b"")


async def everything(dsn: str) -> dict[str, list[str]]:
    """Every row of every table."""
    connection = await asyncpg.connect(dsn)
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    try:
        return {
            name: sorted(map(str, await connection.fetch(f"SELECT * FROM {name}")))  # noqa: S608 - catalogue
            for (name,) in await connection.fetch(names)
        }
    finally:
        await connection.close()


async def read_everything(doors: Doors, digits: str) -> None:
    """GET and HEAD of every route of the reporter door."""
    for handler in api_doors.REPORTER_ROUTES:
        for path in handler.paths if "GET" in handler.http_methods else ():
            there = re.sub(r"\{[^}]*\}", "ab" * 16, path)
            for method in ("GET", "HEAD"):
                await doors.reporter.request(method, there, headers=with_receipt(digits))


async def test_reading_changes_no_row(doors: Doors, dsn: str) -> None:
    """By whoever holds a receipt, a day later; what is made at first use is there by then."""
    digits = await doors.new_tip()
    await read_everything(doors, digits)
    before = await everything(dsn)
    doors.clock.advance(days=1)
    await read_everything(doors, digits)

    assert len(before["tips"]) == 1
    assert await everything(dsn) == before


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD", "PATCH"])
async def test_a_path_that_is_not_there_is_a_404_for_every_method(
    doors: Doors, method: str
) -> None:
    """Nothing is said of methods where there is no page."""
    answer = await doors.reporter.request(method, "/v1/nowhere")

    assert answer.status_code == 404
    assert "allow" not in answer.headers


async def test_no_route_can_be_reached_through_a_wrong_door(doors: Doors) -> None:
    """Each path of one door is unknown or refused at the others."""
    routes = {
        "reporter": api_doors.REPORTER_ROUTES,
        "staff": api_doors.STAFF_ROUTES,
        "operator": api_doors.OPERATOR_ROUTES,
    }
    known = {
        door: {
            (path, method)
            for one in handlers
            for path in one.paths
            for method in one.http_methods
        }
        for door, handlers in routes.items()
    }
    for door, client in (("reporter", doors.reporter), ("operator", doors.operator)):
        for other in known.keys() - {door}:
            for path, method in known[other] - known[door]:
                answer = await client.request(method, path)
                assert answer.status_code in (404, 405), (door, method, path)


async def test_a_partners_browser_is_let_in(doors: Doors) -> None:
    """Its exact origin, the headers it needs, and never its cookies."""
    answer = await doors.reporter.options("/v1/tips", headers={"origin": PARTNER} | PREFLIGHT)
    shown = await doors.reporter.get("/v1/intake", headers={"origin": PARTNER})

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PARTNER
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert shown.headers["access-control-allow-origin"] == PARTNER
    assert "access-control-allow-credentials" not in {*answer.headers, *shown.headers}


@pytest.mark.parametrize(
    "origin", [STRANGER, "null", "https://tip.example.evil", "http://tip.example", "*", ""]
)
async def test_a_strangers_browser_is_not(doors: Doors, origin: str) -> None:
    """No header of ours lets it read or send; caches are told that it depends."""
    asked = await doors.reporter.options("/v1/tips", headers={"origin": origin} | PREFLIGHT)
    shown = await doors.reporter.get("/v1/intake", headers={"origin": origin})

    for answer in (asked, shown):
        assert [name for name in answer.headers if name.startswith("access-control")] == []
        assert answer.headers["vary"] == "Origin"


async def test_a_refusal_can_be_read_by_a_partners_page(doors: Doors) -> None:
    """Otherwise its users would be told 'network error'."""
    answer = await doors.reporter.get("/v1/tip", headers={"origin": PARTNER})

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == PARTNER


async def test_the_other_doors_let_no_browser_in(doors: Doors) -> None:
    """They have no partners."""
    for client in (doors.staff, doors.operator):
        answer = await client.options("/v1/tips", headers={"origin": PARTNER} | PREFLIGHT)
        assert [name for name in answer.headers if name.startswith("access-control")] == []


async def test_every_answer_carries_the_security_headers(doors: Doors) -> None:
    """Good or bad, by whatever layer it was made."""
    calls = [("GET", "/docs"), ("GET", "/v1/intake"), ("GET", "/v1/tip"), ("PATCH", "/v1/tip"),
             ("GET", "/nowhere"), ("OPTIONS", "/v1/tip"), ("POST", "/v1/tips")]  # fmt: skip
    for method, path in calls:
        answer = await doors.reporter.request(method, path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert {"etag", "server", "set-cookie"}.isdisjoint(answer.headers)

"""Every route of the three doors in every way of asking: one set of headers, and no secret."""

import base64
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from mustshare_api.api import doors as api_doors
from mustshare_api.api.cors import Cors
from mustshare_api.api.harden import SECURITY_HEADERS
from mustshare_api.api.hosts import Hosts, check_host
from mustshare_api.api.methods import answer_methods
from mustshare_api.api.openapi import operation_of
from mustshare_api.api.plane.shared import public_paths
from tests.api.served import Served
from tests.doors import Doors, with_receipt

ROUTES = {
    "reporter": api_doors.REPORTER_ROUTES,
    "staff": api_doors.STAFF_ROUTES,
    "operator": api_doors.OPERATOR_ROUTES,
}
ID = "ab" * 16
TELLING = {"server", "date", "set-cookie", "x-powered-by", "via", "etag", "last-modified",
           "x-request-id", "alt-svc", "server-timing"}  # fmt: skip
PARTNER = {"origin": "https://tip.example"}


def paths(door: str) -> dict[str, set[str]]:
    """Every path of a door, an id in place of its parameters, with its methods."""
    found: dict[str, set[str]] = {}
    for handler in ROUTES[door]:
        for path in handler.paths:
            known = found.setdefault(re.sub(r"\{[^}]+\}", ID, path), set())
            known |= set(map(str, handler.http_methods))
    return found


def askings(door: str) -> Iterator[tuple[str, str]]:
    """Every path in every method, those it does not know too, and some that are nowhere."""
    for path in [*paths(door), "/", "/v1", "/v1/nowhere", "/v1/tip/", "/v1//tip", "/v1/%74ip"]:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            yield method, path


COMPARED = {("staff", "/v1/changes")}
"""What staff ask again and again, and have not sent again while it is the same."""


def dressed(answer: httpx.Response, *, public: bool, compared: bool) -> bool:
    """Whether an answer has all the headers it should, and none that it should not."""
    own = {"content-security-policy", "referrer-policy"}  # pages have their own, see test_traps
    wanted = {k.decode(): v.decode() for k, v in SECURITY_HEADERS.items()}
    telling = TELLING - {"etag"} if compared else TELLING
    if public:  # anybody may keep it for a minute, and show it anywhere
        wanted["cross-origin-resource-policy"] = "cross-origin"
        if answer.status_code == 200:
            wanted["cache-control"], telling = "public, max-age=60", TELLING - {"etag"}
        if answer.headers.get("content-type", "").startswith("text/html"):  # for search engines
            own |= {"x-robots-tag"}
    return telling.isdisjoint(answer.headers) and all(
        answer.headers.get(name) == value or (name in own and name in answer.headers)
        for name, value in wanted.items()
    )


def varies(answer: httpx.Response) -> bool:
    """Whether it is another one for another origin; what is public is one for all."""
    everybody = answer.headers.get("access-control-allow-origin") == "*"
    assert everybody is ("vary" not in answer.headers)
    return bool(answer.headers.get("vary") == "Origin")


@pytest.mark.parametrize("door", ROUTES)
async def test_every_answer_of_every_route_has_the_headers_and_none_that_tells(
    doors: Doors, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the method and status: 2xx, 4xx, a fault of ours, a page that is not there."""
    client: httpx.AsyncClient = getattr(doors, door)
    seen: set[int] = set()
    naked: list[object] = []
    is_public = public_paths(api_doors.REPORTER_ROUTES)
    for broken in (False, True):
        if broken:  # where the database is looked into, a fault; elsewhere the same as before
            for store in (doors.bench.tips, doors.bench.nonces, doors.bench.directory):
                for name in ("find", "spend", "load"):
                    if hasattr(store, name):
                        monkeypatch.setattr(type(store), name, failing)
        for method, path in askings(door):
            headers = PARTNER | with_receipt("1" * 30)
            if door == "staff":
                headers |= doors.signature(method, path)
            answer = await client.request(method, path, headers=headers)
            seen.add(answer.status_code)
            public = door == "reporter" and is_public(path)
            if not dressed(answer, public=public, compared=(door, path) in COMPARED):
                naked.append((method, path, answer.status_code))
            if door == "reporter" and varies(answer) != (not public):
                naked.append((method, path, "vary"))

    assert naked == []
    assert {204, 404, 405, 500} <= seen


async def failing(*_: object, **__: object) -> Any:
    raise RuntimeError("SECRET words")


@pytest.mark.parametrize("door", ROUTES)
async def test_methods_are_exact_on_every_path(doors: Doors, door: str) -> None:
    """`Allow` names those of the contract, on OPTIONS and on every 405; TRACE is no method."""
    client: httpx.AsyncClient = getattr(doors, door)
    for path, known in paths(door).items():
        allowed = sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set()))
        asked = await client.options(path)
        assert (asked.status_code, asked.headers["allow"]) == (204, ", ".join(allowed))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"} - known:
            refused = await client.request(method, path)
            assert refused.status_code == 405, (method, path)
            assert refused.headers["allow"] == ", ".join(allowed)


async def test_head_is_get_without_its_body_on_every_path(doors: Doors) -> None:
    """Status and headers are the same; what HEAD leaves out, it announces."""
    headers = with_receipt(await doors.new_tip())
    for door in ("reporter", "operator"):
        client: httpx.AsyncClient = getattr(doors, door)
        for path in (path for path, known in paths(door).items() if "GET" in known):
            shown = await client.get(path, headers=headers)
            head = await client.head(path, headers=headers)
            assert (head.status_code, head.content) == (shown.status_code, b"")
            assert head.headers == shown.headers, path


async def test_a_preflight_is_told_what_that_route_takes(doors: Doors) -> None:
    """Methods of the path; headers of the method asked about; nothing for another."""
    for path, known in paths("reporter").items():
        for method in known:
            asked = PARTNER | {"access-control-request-method": method}
            answer = await doors.reporter.options(path, headers=asked)
            handler = next(
                one
                for one in api_doors.REPORTER_ROUTES
                if method in one.http_methods
                and path in {re.sub(r"\{[^}]+\}", ID, of) for of in one.paths}
            )
            operation = operation_of(handler)
            granted = set(answer.headers["access-control-allow-headers"].split(", "))
            named = {one.name for one in operation.parameters if one.where == "header"}
            assert granted == {"Accept-Language"} | named | (
                {"Authorization"} if operation.credential else set()
            ) | ({"Content-Type"} if operation.takes else set())
            methods = set(answer.headers["access-control-allow-methods"].split(", "))
            assert methods == known | ({"HEAD"} if "GET" in known else set())
        other = PARTNER | {"access-control-request-method": "TRACE"}
        refused = await doors.reporter.options(path, headers=other)
        assert "access-control-allow-methods" not in refused.headers


async def test_a_partner_is_let_go_without_a_restart() -> None:
    """The origins are asked for at every request; two `Origin` headers are nobody's."""
    origins = ["https://tip.example"]
    cors = Cors(lambda: origins)
    scope: dict[str, Any] = {"path": "/", "headers": [(b"origin", b"https://tip.example")]}

    assert (b"access-control-allow-origin", b"https://tip.example") in cors.of_answer(scope)
    assert cors.of_answer({**scope, "headers": scope["headers"] * 2}) == [(b"vary", b"Origin")]
    origins.clear()
    assert cors.of_answer(scope) == [(b"vary", b"Origin")]


async def test_the_question_of_all_methods_is_answered(served: Served) -> None:
    """`OPTIONS *`, which only a wire can carry."""
    found = served.say(b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert found.startswith(b"HTTP/1.1 204 ")
    assert b"allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n" in found


def test_what_is_no_request_is_told_so_by_the_doors(served: Served) -> None:
    """The codes of octets that never become a request; `test_strictness` has them all."""
    for octets, code in (
        (b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n", "request.unknown_method"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n", "request.unknown_expectation"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "request.malformed"),
        (b"GET / HTTP/1.1\r\n\r\n", "request.malformed"),
    ):
        for door in ROUTES:
            with served.dial(door) as wire:
                wire.sendall(octets)
                body = wire.recv(65536).partition(b"\r\n\r\n")[2] or wire.recv(65536)
            assert json.loads(body)["code"] == code


async def test_the_doors_answer_to_their_names_alone(doors: Doors) -> None:
    """`request.wrong_host` comes before any route is looked for, signed or not."""
    app = check_host(answer_methods(failing, ROUTES["staff"]), Hosts.of(("staff.example",)))
    headers = doors.signature("GET", "/v1/index")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://staff.test"
    ) as client:
        for path in ("/v1/index", "/v1/nowhere"):
            answer = await client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (421, "request.wrong_host")


async def test_no_path_query_or_cookie_carries_a_secret(doors: Doors) -> None:
    """Each route with each secret in each wrong place: none opens, comes back or is logged."""
    digits = await doors.new_tip()
    access = base64.urlsafe_b64encode((await doors.keys(digits)).access).rstrip(b"=").decode()
    token = secrets.token_urlsafe(32)
    tip_id = (await doors.only_tip_id()).hex()
    found = {"receipt": digits, "access": access, "upload_token": token, "tip_id": tip_id}
    with structlog.testing.capture_logs() as lines:
        for path, known in paths("reporter").items():
            for method in known:
                for name, secret in found.items():
                    tried = [
                        (f"{path}?{name}={secret}", {}),
                        (f"{path}/{secret}", {}),
                        (path, {"cookie": f"{name}={secret}", "x-receipt": secret}),
                    ]
                    for target, headers in tried:
                        answer = await doors.reporter.request(method, target, headers=headers)
                        said = answer.text + str(answer.headers)
                        assert secret not in said, (method, target)
                        opens = path.startswith("/v1/tip/") or path == "/v1/tip"
                        assert not (opens and answer.status_code < 400), (method, target)

    assert lines == []
    shown = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    assert shown.status_code == 200

"""Answers that are kept ready: the same octets as before, and never a moment too long."""

from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar, get

from mustshare_api.api import doors as api_doors
from mustshare_api.api.bodies import Patience
from mustshare_api.api.ready import Answer, Ready, serve_ready
from mustshare_api.domain.pressure import RISE_WAIT_S
from tests.api.asgi import Message, body, call
from tests.doors import Doors
from tests.pages import Desk, case

PATHS = ["/v1/intake", "/v1/directory", "/openapi.json", "/docs"]
ASKED: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "get": ("GET", "", {}, b""),
    "head": ("HEAD", "", {}, b""),
    "a query": ("GET", "?a=b", {}, b""),
    "a body": ("GET", "", {"content-length": "5"}, b"hello"),
    "another language": ("GET", "", {"accept-language": "en"}, b""),
    "a stranger's page": ("GET", "", {"origin": "https://evil.example"}, b""),
    "a partner's page": ("GET", "", {"origin": "https://tip.example"}, b""),
    "a tag": ("GET", "", {"if-none-match": "*"}, b""),
    "a receipt": ("GET", "", {"authorization": "Receipt 1"}, b""),
    "a wrong method": ("POST", "", {}, b""),
    "options": ("OPTIONS", "", {}, b""),
    "another spelling": ("GET", "/", {}, b""),
    "another host": ("GET", "", {"host": "evil.example:bad"}, b""),
}
PAGE = Answer.public("ถนนพัง".encode(), "text/html; charset=utf-8")
LENT = [(b"vary", b"Origin"), (b"access-control-allow-origin", b"https://tip.example")]


async def asked(app: Any, path: str, how: str) -> list[Message]:
    """All that a door sends for one way of asking for a path."""
    method, more, headers, octets = ASKED[how]
    return await call(app, method, path + more, headers, [body(octets)])


def nothing(_self: Ready, _path: str) -> None:
    """A door that keeps no answer."""


def was_asked(*_: object) -> None:
    """A door whose route had to answer."""
    pytest.fail("the route was asked")


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_ready_is_what_the_route_answers(
    doors: Doors, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the octet, every header and every piece, in every way of asking."""
    app = api_doors.reporter_door(
        doors.bench, Patience(20, 60), lambda: ("https://tip.example",), "1.0"
    )
    with monkeypatch.context() as without:
        without.setattr(Ready, "find", nothing)
        plain = {how: await asked(app, path, how) for how in ASKED}
    monkeypatch.setattr(Ready, "learn", was_asked)

    assert {how: await asked(app, path, how) for how in ASKED} == plain


async def test_a_new_directory_shows_at_once(doors: Doors) -> None:
    """In the note and in the form, for the very next one who asks."""
    for path in PATHS:
        await doors.reporter.get(path)
    note = doors.org.note(serial=2)
    await doors.bench.directory.accept(note)

    assert (await doors.reporter.get("/v1/directory")).content == note
    assert (await doors.reporter.get("/v1/intake")).json()["directory"]["serial"] == 2


async def test_a_directory_that_runs_out_is_out_at_once(doors: Doors) -> None:
    """At midnight, with nobody to say so."""
    for path in PATHS:
        await doors.reporter.get(path)
    doors.clock.advance(days=40)

    refused = await doors.reporter.get("/v1/directory")
    assert (refused.status_code, refused.json()["code"]) == (503, "directory.expired")
    assert not (await doors.reporter.get("/v1/intake")).json()["open"]


async def test_a_flood_shows_in_the_form_at_once(doors: Doors) -> None:
    """Front ends begin to solve when it helps, not when somebody's answer has grown old."""
    calm = (await doors.reporter.get("/v1/intake")).json()
    doors.bench.gate.observe(RISE_WAIT_S * 4)
    flooded = (await doors.reporter.get("/v1/intake")).json()

    assert calm["challenges"]["state"] == "not_needed"
    assert flooded["challenges"]["state"] == "helps"


async def test_a_refusal_is_not_kept(doors: Doors) -> None:
    """It is in the language of whoever asked, and may be over by the next time."""
    doors.clock.advance(days=40)
    thai = await doors.reporter.get("/v1/directory", headers={"accept-language": "th"})
    english = await doors.reporter.get("/v1/directory", headers={"accept-language": "en"})

    assert thai.headers["content-language"] == "th"
    assert english.headers["content-language"] == "en"


async def test_reporters_routes_have_no_tag_and_are_not_to_be_stored(doors: Doors) -> None:
    """What somebody has read of us is not left in a browser's cache."""
    for path in PATHS * 2:
        answer = await doors.reporter.get(path, headers={"if-none-match": "*"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def door_with(doors: Doors, **pages: Answer) -> Any:
    """The reporter door with pages that are ready."""
    ready = Ready()
    for name, page in pages.items():
        ready.put(f"/v1/{name}", page)
    return api_doors.reporter_door(
        doors.bench, Patience(20, 60), lambda: ("https://tip.example",), "1.0", ready=ready
    )


def lines(messages: list[Message]) -> dict[bytes, bytes]:
    """The headers of what came back, each of which stands once."""
    headers = messages[0]["headers"]
    assert len(dict(headers)) == len(headers)
    return dict(headers)


@get("/page")
async def show_page() -> Answer:
    """A route that returns an answer as it is."""
    return PAGE


@pytest.mark.parametrize("headers", [{}, {"if-none-match": "*"}])
async def test_a_handler_may_return_an_answer_as_it_is(headers: dict[str, str]) -> None:
    """The first one who asks gets the octets that everybody gets who comes later."""
    ready = Ready()
    app = serve_ready(Litestar([show_page], openapi_config=None), ready)
    first = await call(app, "GET", "/page", headers)
    ready.put("/page", PAGE)

    assert await call(app, "GET", "/page", headers) == first


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_public_page_can_be_kept_and_asked_for_by_its_tag(
    doors: Doors, method: str
) -> None:
    """200 with a strong tag, then 304 without a body; open to every page of the web."""
    app = door_with(doors, intake=PAGE)
    first = await call(app, method, "/v1/intake", {"origin": "https://tip.example"})
    tag = lines(first)[b"etag"]
    again = await call(app, method, "/v1/intake", {"if-none-match": f'"a", {tag.decode()}'})

    assert (first[0]["status"], again[0]["status"]) == (200, 304)
    assert lines(first)[b"access-control-allow-origin"] == b"*"
    assert lines(first)[b"cache-control"] == b"public, max-age=60"
    assert lines(again)[b"etag"] == tag
    assert b"content-length" not in lines(again)
    assert again[1]["body"] == b""
    assert lines(again)[b"x-content-type-options"] == b"nosniff"


async def test_what_a_304_says_of_a_page_is_what_the_page_said(doors: Doors) -> None:
    """A browser takes its headers over: with another policy the page would lose its style."""
    desk = Desk(doors)
    assert (await desk.publish(case())).status_code == 201
    for path in (f"/cases/{case()['slug']}", f"/v1/cases/{case()['slug']}", "/statistics"):
        first = await doors.reporter.get(path)
        again = await doors.reporter.get(path, headers={"if-none-match": first.headers["etag"]})

        assert (first.status_code, again.status_code) == (200, 304)
        said = {name for name in first.headers if name.startswith("content-")}
        assert dict(again.headers) == {
            name: value
            for name, value in first.headers.items()
            if name not in said - {"content-security-policy"}
        }, path


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"*", 304),
        (b"W/%s", 304),
        (b'"x", W/"y",%s', 304),
        (b'"other"', 200),
        (b"", 200),
        (b'"', 200),
        (b"%.6s", 200),
        (b"\xff\x00,,,", 200),
    ],
)
def test_a_tag_is_compared_as_the_standard_says(said: bytes, status: int) -> None:
    """Weakly, one of several, or `*`; what is no tag is none."""
    assert PAGE.etag is not None
    named = said % PAGE.etag if b"%" in said else said

    assert PAGE.told([(b"if-none-match", named)])[0] == status


def test_two_pages_have_two_tags() -> None:
    """A changed page is another one, whatever its length."""
    other = Answer.public("ถนนดี!".encode(), "text/html; charset=utf-8")

    assert other.etag != PAGE.etag


def test_who_is_asked_for_least_makes_room() -> None:
    """Pages without number do not fill the memory."""
    ready, page = Ready(room_bytes=30), replace(PAGE, octets=bytes(10))
    for name in "abc":
        ready.put(name, page)
    ready.find("a")
    ready.put("d", page)

    assert [name for name in "abcd" if ready.find(name)] == ["a", "c", "d"]


def test_what_is_larger_than_the_room_is_not_kept() -> None:
    """And pushes nobody out."""
    ready = Ready(room_bytes=30)
    ready.put("a", replace(PAGE, octets=bytes(10)))
    ready.put("b", replace(PAGE, octets=bytes(31)))

    assert ready.find("a")
    assert ready.find("b") is None


def test_what_was_dropped_or_has_another_version_is_gone() -> None:
    """A page that was taken down is not shown once more."""
    ready, versions = Ready(), [1]
    ready.put("a", PAGE, lambda: versions[0])
    ready.put("b", PAGE)
    assert ready.find("a")
    versions[0] = 2
    ready.drop("b")

    assert ready.find("a") is None
    assert ready.find("b") is None


async def test_a_change_while_a_route_answers_is_not_missed() -> None:
    """What was made of the old state is not kept as the new one's."""
    ready, versions = Ready(), [1]
    ready.remember("/a", lambda: versions[0])

    async def route(_scope: Any, _receive: Any, send: Any) -> None:
        versions[0] = 2
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"old"})

    await call(serve_ready(route, ready), "GET", "/a", {})

    assert ready.find("/a") is None


async def test_half_an_answer_is_not_kept() -> None:
    """A route that stopped short is asked again."""
    ready = Ready()
    ready.remember("/a", lambda: None)

    async def route(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    await call(serve_ready(route, ready), "GET", "/a", {})

    assert ready.find("/a") is None

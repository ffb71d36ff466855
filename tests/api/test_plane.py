"""What everybody may read: the plane's answers, headers and lists."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from mustshare_api.errors import Unavailable
from mustshare_api.flows import pages as page_flows
from tests.api.files import located
from tests.doors import Doors
from tests.pages import Desk, article, both, case, change, photo, picture
from tests.pictures import marks

SLUG = case()["slug"]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
async def desk(doors: Doors) -> Desk:
    """A case that is public."""
    made = Desk(doors)
    assert (await made.publish(case())).status_code == 201
    return made


async def test_a_published_case_is_there_for_everybody(desk: Desk) -> None:
    """In both languages, its Markdown as HTML, links made from its references."""
    shown = (await desk.doors.reporter.get(f"/v1/cases/{SLUG}")).json()

    assert shown["title"] == case()["title"]
    assert shown["body_html"]["en"] == "<h2>Lamp posts</h2>\n<p><strong>price</strong></p>\n"
    assert shown["right_of_reply"] == case()["right_of_reply"]
    assert {link["name"] for link in shown["procurement"][0]["links"]} == {"ACT Ai", "e-GP"}
    assert "63017000001" in shown["procurement"][0]["links"][0]["url"]
    assert (shown["published_on"], shown["changed_on"]) == ("2026-11-23", "2026-11-23")


async def test_nothing_is_there_before_the_second_signature(doors: Doors) -> None:
    """Not the page, not its history, not on a list, not in a feed."""
    await Desk(doors).propose(case())

    for path in (f"/v1/cases/{SLUG}", f"/v1/cases/{SLUG}/history"):
        answer = await doors.reporter.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "page.not_found")
    assert (await doors.reporter.get("/v1/cases")).json()["pages"] == []
    assert (await doors.reporter.get("/v1/feed.json")).json()["items"] == []


PUBLIC = ("/v1/cases", f"/v1/cases/{SLUG}", f"/v1/cases/{SLUG}/history", "/v1/articles",
          "/v1/feed.atom", "/v1/feed.json", "/v1/feed.atom?kind=outcome", "/v1/statistics",
          "/v1/statistics.csv", "/statistics", "/v1/campaigns", "/v1/open311/services.xml",
          "/v1/open311/discovery.xml")  # fmt: skip


async def test_every_answer_may_be_kept_for_a_minute_and_asked_about(desk: Desk) -> None:
    """A strong ETag, 304 with it, no instant, nothing that varies; twice the same bytes."""
    for path in PUBLIC:
        first = await desk.doors.reporter.get(path)
        second = await desk.doors.reporter.get(path)
        etag = first.headers["etag"]
        again = await desk.doors.reporter.get(path, headers={"if-none-match": etag})

        assert first.status_code == 200, path
        assert (first.content, etag) == (second.content, second.headers["etag"])
        assert etag.startswith('"')
        assert first.headers["cache-control"] == "public, max-age=60"
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert not {"last-modified", "set-cookie", "vary"} & first.headers.keys()


async def test_pages_of_every_origin_may_read_it_and_nothing_else(desk: Desk) -> None:
    """`*` on the plane alone, once, also for a partner's origin and on its problems."""
    for origin in ("https://tip.example", "https://elsewhere.example", "null"):
        for path in (*PUBLIC, "/v1/cases/none", "/v1/cases?x=1"):
            answer = await desk.doors.reporter.get(path, headers={"origin": origin})
            assert answer.headers.get_list("access-control-allow-origin") == ["*"], path
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        tip = await desk.doors.reporter.get("/v1/tip", headers={"origin": origin})
        assert tip.headers.get("access-control-allow-origin") != "*"
        assert tip.headers["vary"] == "Origin"


async def test_head_and_options_are_exact(desk: Desk) -> None:
    """HEAD has GET's headers and no body; a preflight names what may be sent."""
    door = desk.doors.reporter
    for path in PUBLIC:
        got, head = await door.get(path), await door.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(got.content))
        asked = {"origin": "https://x.example", "access-control-request-method": "GET"}
        preflight = await door.options(path, headers=asked)
        assert preflight.status_code == 204
        assert preflight.headers["allow"] == "GET, HEAD, OPTIONS"
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
        assert (await door.post(path)).status_code == 405


async def test_a_correction_shows_at_once_with_its_history(desk: Desk) -> None:
    """Readers are told what changed, why and when; not what it said before."""
    old = (await desk.doors.reporter.get(f"/v1/cases/{SLUG}")).headers["etag"]
    await desk.publish(case(version=2, change=change(), title=both("corrected")))
    answer = await desk.doors.reporter.get(f"/v1/cases/{SLUG}", headers={"if-none-match": old})
    history = (await desk.doors.reporter.get(f"/v1/cases/{SLUG}/history")).json()

    assert (answer.status_code, answer.json()["title"]) == (200, both("corrected"))
    assert [(one["act"], one["change"]) for one in history["versions"]] == [
        ("published", None), ("corrected", change()),
    ]  # fmt: skip
    assert history["versions"][1]["on"] == "2026-11-23"
    assert "Kinnari lamp posts" not in json.dumps(history)


async def test_a_page_that_was_taken_down_says_why(desk: Desk) -> None:
    """410 with reason and day in both languages; off lists and feeds; its history stays."""
    await desk.doors.reporter.get(f"/v1/cases/{SLUG}")
    await desk.take_down(1)
    gone = await desk.doors.reporter.get(f"/v1/cases/{SLUG}")

    assert (gone.status_code, gone.json()["code"]) == (410, "page.taken_down")
    assert (gone.json()["reason"], gone.json()["on"]) == (change(), "2026-11-23")
    assert (await desk.doors.reporter.get("/v1/cases")).json()["pages"] == []
    assert (await desk.doors.reporter.get("/v1/feed.json")).json()["items"] == []
    history = (await desk.doors.reporter.get(f"/v1/cases/{SLUG}/history")).json()
    assert [one["act"] for one in history["versions"]] == ["published", "taken_down"]


async def test_on_its_day_a_page_is_erased(doors: Doors) -> None:
    """By the clock, from the disk: words and pictures; its slug and history stay."""
    desk, octets = Desk(doors), photo()
    named = picture(octets)
    await desk.publish(case(retain_until="2026-12-01", pictures=[named]))
    await desk.send_picture(named, octets)
    doors.clock.advance(days=8)

    assert await page_flows.erase_due(doors.bench, doors.clock.now().date()) == 1
    assert await page_flows.erase_due(doors.bench, doors.clock.now().date()) == 0
    assert (await doors.reporter.get(f"/v1/cases/{SLUG}")).status_code == 410
    assert (await desk.get(f"{desk.path}/versions/1")).status_code == 404
    async with doors.bench.pages._database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM page_pictures") == 0
        kept = await connection.fetch("SELECT content, shown FROM page_versions")
    assert {value for row in kept for value in row} == {None}


async def test_a_picture_is_stripped_again_and_goes_with_its_page(doors: Doors) -> None:
    """What a careless tool sent is not what readers get."""
    desk, octets = Desk(doors), located()
    named = picture(octets)
    await desk.publish(case(pictures=[named]))
    await desk.send_picture(named, octets)
    (shown,) = (await doors.reporter.get(f"/v1/cases/{SLUG}")).json()["pictures"]
    answer = await doors.reporter.get(shown["url"])

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert not marks.found_in(answer.content)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert shown["alt"] == named["alt"]
    await desk.take_down(1)
    assert (await doors.reporter.get(shown["url"])).status_code == 404


async def test_lists_are_walked_by_cursor_without_loss(doors: Doors) -> None:
    """The newest first, each once, also when one is published in between."""
    for number in range(5):
        await Desk(doors).publish(case(slug=f"case-{number}"))
        doors.clock.advance(days=1)
    seen: list[str] = []
    after = ""
    while True:
        page = (await doors.reporter.get(f"/v1/cases?limit=2{after}")).json()
        seen += [one["slug"] for one in page["pages"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == [f"case-{number}" for number in (4, 3, 2, 1, 0)]


async def test_lists_are_filtered_by_place_state_and_campaign(doors: Doors) -> None:
    """A place is everything that lies in it; all filters hold together."""
    await Desk(doors).publish(case(slug="a", places=["110303"], campaign="roads"))
    await Desk(doors).publish(case(slug="b", places=["1103"], state="referred"))
    await Desk(doors).publish(case(slug="c", places=["100101"], campaign="roads"))

    async def slugs(query: str) -> set[str]:
        answer = await doors.reporter.get(f"/v1/cases?{query}")
        return {one["slug"] for one in answer.json()["pages"]}

    assert await slugs("place=11") == {"a", "b"}
    assert await slugs("place=110303") == {"a"}
    assert await slugs("state=referred") == {"b"}
    assert await slugs("campaign=roads&place=10") == {"c"}
    assert await slugs("campaign=roads&place=11&state=open") == {"a"}
    assert await slugs("campaign=none") == set()


BAD_QUERIES = ("limit=0", "limit=101", "limit=x", "limit=1&limit=1", "place=1", "state=x",
               "campaign=../x", "after=!!", "after=AAAA", "order=asc", "place=๑๐")  # fmt: skip


async def test_a_query_that_is_none_is_refused(doors: Doors) -> None:
    """Each by the one problem that says what may be asked."""
    for query in BAD_QUERIES:
        answer = await doors.reporter.get(f"/v1/cases?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "page.bad_query"), query


async def test_the_atom_feed_is_what_the_standard_asks_for(desk: Desk) -> None:
    """RFC 4287: id, title, updated and author of the feed; of each entry; ids that differ."""
    await Desk(desk.doors, "articles").publish(article(title=both('<b>&"')))
    answer = await desk.doors.reporter.get("/v1/feed.atom")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    entries = feed.findall("a:entry", ATOM)

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    for found in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(found.findall(f"a:{name}", ATOM)) == 1
    assert feed.find("a:author/a:name", ATOM) is not None
    assert len({one.findtext("a:id", "", ATOM) for one in entries}) == len(entries) == 2
    assert all(
        one.findtext("a:updated", "", ATOM).endswith("T00:00:00+07:00") for one in entries
    )


async def test_the_json_feed_is_version_1_1(desk: Desk) -> None:
    """Each item with an id and its content."""
    answer = await desk.doors.reporter.get("/v1/feed.json")
    feed = answer.json()

    assert answer.headers["content-type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert [set(one) >= {"id", "content_html", "date_published"} for one in feed["items"]] == [
        True
    ]


async def test_what_is_ready_is_shown_while_the_database_is_away(
    desk: Desk, monkeypatch: Any
) -> None:
    """A flood on the database does not take published cases from the public."""
    path = f"/v1/cases/{SLUG}"
    before = (await desk.doors.reporter.get(path)).content

    async def away() -> int:
        raise Unavailable("database.unavailable")

    monkeypatch.setattr(desk.doors.bench.plane.store, "generation", away)
    desk.doors.clock.advance(seconds=5)

    assert (await desk.doors.reporter.get(path)).content == before


async def test_another_process_sees_a_takedown_within_a_second(desk: Desk) -> None:
    """Even one that holds the page ready."""
    path = f"/v1/cases/{SLUG}"
    await desk.doors.reporter.get(path)
    plane = desk.doors.bench.plane
    looked = plane._looked_at
    await desk.take_down(1)
    plane._looked_at = looked  # as in a process that was told nothing

    assert (await desk.doors.reporter.get(path)).status_code == 200
    desk.doors.clock.advance(seconds=1)
    assert (await desk.doors.reporter.get(path)).status_code == 410


async def test_people_read_a_case_in_a_browser(desk: Desk) -> None:
    """HTML without a script; what staff typed is text, whatever it looks like."""
    wrong = '</h1><script>alert(1)</script>"onload=x'
    await desk.publish(case(version=2, change=change(), title=both(wrong), agency=both(wrong)))
    answer = await desk.doors.reporter.get(f"/cases/{SLUG}")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert answer.headers["x-robots-tag"] == "all"
    await desk.take_down(2)
    gone = await desk.doors.reporter.get(f"/cases/{SLUG}")
    assert (gone.status_code, "a mistake" in gone.text) == (410, True)

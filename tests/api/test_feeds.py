"""Feeds tell of cases, articles, campaigns and outcomes, each as an entry of its own."""

import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.campaigns import roads
from tests.doors import Doors
from tests.pages import Desk, article, both, case, change, photo, picture
from tests.unit.domain.xss import VECTORS

ATOM = "{http://www.w3.org/2005/Atom}"
OF_FEED = {"id", "title", "updated", "author", "link"}
OF_ENTRY = {
    *("id", "title", "link", "published", "updated", "category", "summary", "content"),
}
OF_ITEM = {
    *("id", "title", "summary", "content_html", "date_published", "date_modified", "tags"),
}
INSPECTED = {
    "name": "inspection", "on": "2021-08-01",
    "agency": both("NACC"), "text": both("seen by us"),
}  # fmt: skip


async def _entries(doors: Doors, query: str = "") -> list[Any]:
    """Of the Atom feed, held to what RFC 4287 asks for."""
    answer = await doors.reporter.get(f"/v1/feed.atom{query}")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    assert {one.tag.removeprefix(ATOM) for one in feed} - {"entry"} == OF_FEED
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for entry in entries:
        assert {one.tag.removeprefix(ATOM) for one in entry} == OF_ENTRY
        assert len(entry) == len(OF_ENTRY)
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")).tzinfo
        # This service's own, so that a reader of several takes none for another's.
        here = doors.org.deployment_id.hex()
        named = rf"tag:[a-z.-]+,[0-9]{{4}}:{here}/[a-z0-9/-]+"
        assert re.fullmatch(named, entry.findtext(f"{ATOM}id", ""))
    return entries


async def _items(doors: Doors, query: str = "") -> dict[str, Any]:
    """Of the JSON Feed by id, held to what version 1.1 asks for."""
    answer = await doors.reporter.get(f"/v1/feed.json{query}")
    feed = answer.json()
    assert (feed["version"], bool(feed["title"])) == ("https://jsonfeed.org/version/1.1", True)
    for item in feed["items"]:
        assert set(item) - {"url"} == OF_ITEM
        assert datetime.fromisoformat(item["date_modified"]).tzinfo
    return {item["id"]: item for item in feed["items"]}


async def test_both_feeds_tell_of_every_kind_and_of_one_where_asked(doors: Doors) -> None:
    """The same entries in both; an outcome leads to its place on the case's page."""
    await Desk(doors).publish(case(outcomes=[INSPECTED]))
    await Desk(doors, "articles").publish(article())
    await Desk(doors, "campaigns").publish(roads())
    items = await _items(doors)
    entries = await _entries(doors)
    (outcome,) = await _entries(doors, "?kind=outcome")

    assert sorted(item["tags"][0] for item in items.values()) == [
        *("article", "campaign", "case", "outcome"),
    ]
    assert {one.findtext(f"{ATOM}id") for one in entries} == items.keys()
    assert (
        outcome.find(f"{ATOM}link")
        .get("href")
        .endswith("/cases/kinnari-lamp-posts#outcome-inspection")
    )
    assert both("seen by us")["th"] in outcome.findtext(f"{ATOM}summary")
    assert both("seen by us")["en"] in outcome.findtext(f"{ATOM}summary")
    for kind in ("case", "article", "campaign", "outcome"):
        assert {one["tags"][0] for one in (await _items(doors, f"?kind={kind}")).values()} == {
            kind
        }
    page = (await doors.reporter.get("/cases/kinnari-lamp-posts")).text
    assert 'id="outcome-inspection"' in page
    assert "seen by us" in (await doors.reporter.get("/v1/cases/kinnari-lamp-posts")).text
    assert (await doors.reporter.get(f"/campaigns/{roads()['slug']}")).status_code == 200


@pytest.mark.parametrize("query", ["kind=tip", "kind=", "kind=case&kind=case", "x=1"])
async def test_a_kind_that_is_none_is_refused(doors: Doors, query: str) -> None:
    """By the problem that lists have, and after the whole feed was asked for."""
    await doors.reporter.get("/v1/feed.json")
    answer = await doors.reporter.get(f"/v1/feed.json?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "page.bad_query")


async def test_an_outcome_stays_one_entry_through_corrections_and_a_takedown(
    doors: Doors,
) -> None:
    """The same id and day of publication, updated when it changed; gone while it is hidden."""
    desk = Desk(doors)
    await desk.publish(case(state="concluded"))
    ((name, first),) = (await _items(doors, "?kind=outcome")).items()
    doors.clock.advance(days=3)
    more = {"version": 2, "state": "concluded", "change": change()}
    named = INSPECTED | {"name": "concluded"}
    await desk.publish(case(**more, outcomes=[named]))
    ((same, second),) = (await _items(doors, "?kind=outcome")).items()
    await desk.take_down(2)
    doors.clock.advance(seconds=2)
    gone = await _items(doors, "?kind=outcome")
    await desk.publish(case(**more | {"version": 4}, outcomes=[named, INSPECTED]))
    back = await _items(doors, "?kind=outcome")

    assert (same, second["date_published"]) == (name, first["date_published"])
    assert second["date_modified"] > first["date_modified"]
    assert gone == {}
    assert (len(back), back[name]["date_published"]) == (2, first["date_published"])


async def test_what_was_concluded_before_outcomes_had_a_place_of_their_own_has_one(
    doors: Doors,
) -> None:
    """Also where its pictures came after an upgrade; and where the entry leads, it stands."""
    octets, desk = photo(), Desk(doors)
    named = picture(octets)
    await desk.publish(case(state="concluded", pictures=[named]))
    async with doors.bench.published._database.connection() as connection:
        await connection.execute(
            "UPDATE page_versions SET shown ="
            " convert_to((convert_from(shown, 'UTF8')::jsonb - 'outcomes')::text, 'UTF8')"
        )
    await desk.send_picture(named, octets)
    (outcome,) = (await _items(doors, "?kind=outcome")).values()

    assert outcome["id"].endswith("/outcome/concluded")
    page = (await doors.reporter.get("/cases/kinnari-lamp-posts")).text
    assert 'id="outcome-concluded"' in page


async def test_two_outcomes_of_one_name_are_refused(doors: Doors) -> None:
    """An entry has one meaning."""
    answer = await Desk(doors).second(case(outcomes=[INSPECTED, INSPECTED]))

    assert answer.status_code == 400


async def test_no_known_vector_gets_out_of_its_place_in_a_feed(doors: Doors) -> None:
    """XML stays well-formed, and what an outcome says stays text wherever HTML is read."""
    text = "\n".join(vector for vector in VECTORS if vector.isprintable())[:4900]
    said = {"th": text, "en": "]]><!--<script>alert(1)</script>&amp;\"'"}
    title = {"th": "<script>alert(1)</script>]]>", "en": '"><svg onload=alert(1)>&quot;'}
    outcome = INSPECTED | {"text": said, "agency": title}
    assert (await Desk(doors).publish(case(title=title, outcomes=[outcome]))).status_code == 201
    (entry,) = await _entries(doors, "?kind=outcome")
    html = entry.findtext(f"{ATOM}content")
    page = (await doors.reporter.get("/cases/kinnari-lamp-posts")).text

    assert said["th"] in entry.findtext(f"{ATOM}summary")
    assert set(re.findall(r"<(/?[a-z]+)", html)) <= {"div", "/div", "p", "/p", "br"}
    assert "<script" not in page
    assert "<svg" not in page

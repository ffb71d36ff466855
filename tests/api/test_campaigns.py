"""A campaign as front ends find it, and tips that answer it or do not."""

from typing import Any

import asyncpg
import jsonschema_rs
import pytest

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import TipBody
from tests.api.front_end import FrontEnd
from tests.campaigns import ANSWERS, BASE, SLUG, answered, published, roads
from tests.doors import JSON, OCTETS, Doors
from tests.pages import Desk, article, case


async def test_a_published_campaign_is_listed_and_shown_whole(doors: Doors) -> None:
    """Questions, texts, days and links, as two officers signed them."""
    await published(doors)
    (listed,) = (await doors.reporter.get("/v1/campaigns")).json()["campaigns"]
    shown = (await doors.reporter.get(listed["url"])).json()

    assert (listed["slug"], listed["is_open"]) == (SLUG, True)
    assert [one["id"] for one in shown["questions"]] == [
        one["id"] for one in roads()["questions"]
    ]
    assert shown["hashtag"] == "#ถนนไทยเป็นอะไรได้บ้าง"
    assert shown["links"]["answers_schema"] == f"{BASE}/schema.json"
    assert "<h3>" in shown["body_html"]["th"]


async def test_the_form_for_front_ends_names_what_the_public_is_asked_for(
    doors: Doors,
) -> None:
    """Open campaigns, and cases that ask for evidence; others not."""
    await published(doors)
    await Desk(doors).publish(case())
    await Desk(doors).publish(case(slug="silent", call_for_evidence=None))
    form = (await doors.reporter.get("/v1/intake")).json()

    assert [one["slug"] for one in form["campaigns"]] == [SLUG]
    assert [one["slug"] for one in form["cases_calling"]] == ["kinnari-lamp-posts"]


async def test_answers_are_sealed_inside_the_tip_and_stand_nowhere_else(
    doors: Doors, dsn: str
) -> None:
    """Staff find them with the tip; beside it the server keeps no word of a campaign."""
    await published(doors)
    taken = await answered(doors)

    assert taken.status_code == 201, taken.text
    (tip,) = await doors.opened(Kind.TIP)
    assert isinstance(tip, TipBody)
    assert (tip.campaign, tip.answers) == (SLUG, ANSWERS)
    assert await _about(dsn) == [(None, None)]


async def test_the_link_stands_in_clear_only_where_it_was_asked_for(
    doors: Doors, dsn: str
) -> None:
    """By the front end's own word, for a campaign or for a case."""
    await published(doors)
    await Desk(doors).publish(case())
    await answered(doors, link_in_clear=True)
    await doors.send_tip(case="kinnari-lamp-posts", link_in_clear=True)

    assert await _about(dsn) == [("campaign", SLUG), ("case", "kinnari-lamp-posts")]


async def test_staff_are_told_of_the_link_where_it_stands_in_clear(doors: Doors) -> None:
    """In the list of tips and in what changed; of one without, and of one gone, nothing."""
    await published(doors)
    sent = await answered(doors, link_in_clear=True)
    await doors.send_tip()
    on = doors.clock.now().date().isoformat()
    for path in ("/v1/tips", f"/v1/changes?since={on}"):
        told = (await doors.signed("GET", path)).json()["tips"]
        assert sorted(str(one["about"]) for one in told) == ["None", f"campaign/{SLUG}"]
    receipt = {"authorization": f"Receipt {sent.json()['receipt']}"}
    await doors.reporter.delete("/v1/tip", headers=receipt)

    told = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    assert {one["about"] for one in told} == {None}


async def test_a_withdrawn_tip_leaves_no_link_behind(doors: Doors, dsn: str) -> None:
    """What it was about goes with it."""
    await published(doors)
    receipt = (await answered(doors, link_in_clear=True)).json()["receipt"]
    gone = await doors.reporter.delete(
        "/v1/tip", headers={"authorization": f"Receipt {receipt}"}
    )

    assert gone.status_code == 200
    assert await _about(dsn) == [(None, None)]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (
            {"answers": {"defect": ["crack"], "sign": False}},
            [("/answers/road", "answer.missing")],
        ),
        (
            {"answers": ANSWERS | {"sign": True}},
            [("/answers/finished_on", "answer.missing")],
        ),
        ({"answers": ANSWERS | {"who_are_you": "me"}}, [("/answers", "answer.unknown")]),
        ({"answers": [1]}, [("/answers", "field.wrong_type")]),
        ({"campaign": "of-nobody"}, [("/campaign", "campaign.not_open")]),
        ({"campaign": None}, [("/answers", "answer.no_campaign")]),
        ({"case": "kinnari-lamp-posts"}, [("/case", "about.both")]),
        (
            {"coordinates": {"latitude": 18.79, "longitude": 98.98, "precision_m": 10}},
            [("/coordinates/precision_m", "campaign.precision")],
        ),
        (
            {"campaign": None, "answers": {}, "case": "of-nobody"},
            [("/case", "about.no_case")],
        ),
        (
            {"campaign": None, "answers": {}, "link_in_clear": True},
            [("/link_in_clear", "about.nothing")],
        ),
    ],
)
async def test_what_does_not_fit_is_told_field_by_field_and_nothing_is_stored(
    doors: Doors, more: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    """Before anything is sealed, while the reporter can still correct it."""
    await published(doors)
    refused = await answered(doors, **more)

    assert refused.status_code == 400
    told = refused.json()
    assert told["code"] == "request.invalid_fields"
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == wrong
    assert await doors.stored(Kind.TIP) == []


async def test_an_answer_of_half_a_character_is_no_json(doors: Doors) -> None:
    """Octets that UTF-8 has no character for were taken for one until it was to be sealed."""
    await published(doors)
    told = f'{{"text":"a","campaign":"{SLUG}","answers":{{"defect":["hole"],"road":"?"}}}}'
    body = told.encode().replace(b"?", b"\xed\xa0\x80")
    refused = await doors.reporter.post("/v1/tips", content=body, headers=JSON)

    assert (refused.status_code, refused.json()["code"]) == (400, "request.bad_json")


async def test_every_wrong_answer_is_told_at_once(doors: Doors) -> None:
    """A form of ten questions is not corrected in ten rounds."""
    await published(doors)
    refused = await answered(doors, answers={"sign": 1, "defect": [], "since": "ever"})

    assert {one["pointer"] for one in refused.json()["errors"]} == {
        *("/answers/sign", "/answers/defect", "/answers/since", "/answers/road"),
    }


async def test_a_campaign_takes_tips_a_day_longer_than_it_calls_for_them(doors: Doors) -> None:
    """An answer that was lost before midnight is asked for again after it."""
    await published(doors, closes_on="2026-11-23")

    assert (await answered(doors)).status_code == 201
    doors.clock.advance(days=1)
    assert (await answered(doors)).status_code == 201
    (listed,) = (await doors.reporter.get("/v1/campaigns")).json()["campaigns"]
    assert not listed["is_open"]
    doors.clock.advance(days=1)
    assert (await answered(doors)).status_code == 400


async def test_a_point_goes_in_no_finer_than_its_reporter_chose(doors: Doors) -> None:
    """The middle of a cell of that size, whatever the front end sent."""
    await published(doors)
    place = {"latitude": 18.788312, "longitude": 98.985371, "precision_m": 1000}
    await answered(doors, coordinates=place)

    (tip,) = await doors.opened(Kind.TIP)
    assert isinstance(tip, TipBody)
    assert tip.coordinates is not None
    assert (tip.coordinates.latitude, tip.coordinates.longitude) == (18.785, 98.985)


async def test_the_published_schema_judges_the_example_as_the_door_does(doors: Doors) -> None:
    """What a front end lets through is taken, and what it stops would have been refused."""
    await published(doors)
    shown = await doors.reporter.get(f"{BASE}/schema.json")
    judge = jsonschema_rs.validator_for(shown.json())

    assert shown.headers["content-type"] == "application/schema+json"
    assert judge.is_valid(ANSWERS)
    assert not judge.is_valid(ANSWERS | {"finished_on": "2026-03-31"})


@pytest.mark.parametrize(
    ("header", "refused", "link"),
    [
        (f"campaign/{SLUG}", None, ("campaign", SLUG)),
        (None, None, (None, None)),
        ("campaign/of-nobody", "about.unknown", None),
        ("article/how-to-read-a-tender", "about.malformed", None),
        (f"campaign/{SLUG}, case/x", "about.malformed", None),
        ("", "about.malformed", None),
    ],
)
async def test_a_sealed_tip_says_in_clear_only_the_name_of_a_public_page(
    doors: Doors, dsn: str, header: str | None, refused: str | None, link: Any
) -> None:
    """In a header of its own, where its front end chose so."""
    await published(doors)
    await Desk(doors, "articles").publish(article())
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    headers = OCTETS | ({} if header is None else {"tip-about": header})
    sent = await doors.reporter.post("/v1/tips", content=front.tip(), headers=headers)

    assert (sent.status_code, sent.json().get("code")) == (400 if refused else 201, refused)
    assert await _about(dsn) == ([link] if link else [])


async def test_what_is_public_is_kept_by_anyone_and_asked_for_by_its_tag(doors: Doors) -> None:
    """ETag and 304, a minute of caching, open to every origin."""
    await published(doors)
    for path in (BASE, f"{BASE}/schema.json", f"{BASE}/map.geojson", f"{BASE}/gallery"):
        first = await doors.reporter.get(path)
        again = await doors.reporter.get(path, headers={"if-none-match": first.headers["etag"]})

        assert (first.status_code, again.status_code) == (200, 304)
        assert first.headers["cache-control"] == "public, max-age=60"
        assert first.headers["access-control-allow-origin"] == "*"


async def test_a_campaign_that_is_taken_down_is_gone_with_all_that_hangs_on_it(
    doors: Doors,
) -> None:
    """Page, schema, map and gallery; and it takes no tips."""
    desk = await published(doors)
    assert (await desk.take_down(1)).status_code == 204

    for path in ("", "/schema.json", "/map.geojson", "/map.csv", "/gallery"):
        assert (await doors.reporter.get(BASE + path)).status_code in {404, 410}
    assert (await answered(doors)).status_code == 400


async def test_a_campaign_that_contradicts_itself_is_not_published(doors: Doors) -> None:
    """Nobody could fill it in, or its map would tell too much."""
    content = roads(map={"grid_m": 1000, "k": 2})
    desk = Desk(doors, "campaigns")
    await desk.propose(content)
    refused = await desk.second(content)

    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid_fields")


async def _about(dsn: str) -> list[tuple[str | None, str | None]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "SELECT about_kind, about_slug FROM tips ORDER BY about_kind, about_slug"
        )
    finally:
        await connection.close()
    return [(row["about_kind"], row["about_slug"]) for row in rows]

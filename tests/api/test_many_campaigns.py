"""More campaigns than stand on one list: each can be found, and answered."""

import json
from typing import Any

import pytest

from mustshare_api.api import ready
from mustshare_api.api.ready import Answer, Ready
from tests.bench import many
from tests.campaigns import answered, mapped, published, roads
from tests.doors import Doors
from tests.pages import Desk, case

COUNT = 250


async def _fill(doors: Doors, count: int = COUNT) -> None:
    """So many copies of the example, newer than it; every second one is closed already."""
    shown = json.loads((await doors.reporter.get(f"/v1/campaigns/{roads()['slug']}")).content)
    async with doors.bench.tips._database.connection() as connection:
        for number in range(count):
            closes = "2026-01-31" if number % 2 else None
            page = shown | {"slug": f"c{number}", "opens_on": "2026-01-01", "closes_on": closes}
            await connection.execute(
                """
                WITH made AS (
                    INSERT INTO pages
                    VALUES (uuid_send(gen_random_uuid()), 'campaign', $1, 1, 1, 'open',
                            '2026-11-24', '2026-11-24', NULL)
                    RETURNING page_id
                ), said AS (
                    INSERT INTO page_versions
                        (page_id, version, act, happened_on, told, shown, state, tags,
                         pictures, opens_on, closes_on)
                    SELECT page_id, 1, 'published', '2026-11-24', 'null', $2, 'open', '{}',
                           '{}', '2026-01-01', $3::text::date FROM made
                )
                INSERT INTO page_tags SELECT 'campaign', '', '2026-11-24', page_id FROM made
                """,
                *(page["slug"], json.dumps(page).encode(), closes),
            )
        await connection.execute("UPDATE plane SET generation = generation + 1")
    doors.clock.advance(seconds=30)


async def _walked(doors: Doors, path: str | None) -> list[str]:
    found: list[str] = []
    while path:
        told: Any = (await doors.reporter.get(path)).json()
        found += [one["slug"] for one in told["campaigns"]]
        query = "open=true&" if "open=true" in path else ""
        path = f"/v1/campaigns?{query}after={told['next']}" if told["next"] else None
    return found


async def test_every_open_campaign_is_reached_and_answered_however_many_are_newer(
    doors: Doors,
) -> None:
    """By cursors, each once; a form is told where its list goes on; the oldest takes a tip."""
    await published(doors)
    await _fill(doors)
    slug = roads()["slug"]
    everything = await _walked(doors, "/v1/campaigns?limit=100")
    still_open = await _walked(doors, "/v1/campaigns?open=true&limit=100")
    intake = (await doors.reporter.get("/v1/intake")).json()
    told = [one["slug"] for one in intake["campaigns"]]
    rest = await _walked(doors, intake["campaigns_next"])

    assert sorted(everything) == sorted({slug, *(f"c{n}" for n in range(COUNT))})
    assert sorted(still_open) == sorted({slug, *(f"c{n}" for n in range(0, COUNT, 2))})
    assert len(told) == 100
    assert told + rest == still_open
    assert still_open[-1] == slug
    assert (await answered(doors)).status_code == 201


async def test_no_campaign_with_a_map_is_left_out_of_open311(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its services have no pages: however many at a time are asked of the database."""
    monkeypatch.setattr("mustshare_api.flows.public_campaigns.CARDS_AT_ONCE", 25)
    await published(doors)
    await _fill(doors, 49)  # which ends with a full page
    found = (await doors.reporter.get("/v1/open311/services.json")).json()

    wanted = sorted([roads()["slug"], *(f"c{number}" for number in range(49))])
    assert sorted(one["service_code"] for one in found) == wanted


async def test_every_case_that_asks_for_evidence_is_reached(doors: Doors) -> None:
    """A form is told of the newest hundred, and where their list goes on."""
    await Desk(doors).publish(case())
    shown = json.loads((await doors.reporter.get("/v1/cases/kinnari-lamp-posts")).content)
    async with doors.bench.tips._database.connection() as connection:
        await connection.executemany(
            """
            WITH made AS (
                INSERT INTO pages
                VALUES (uuid_send(gen_random_uuid()), 'case', $1, 1, 1, 'open',
                        '2026-11-24', '2026-11-24', NULL)
                RETURNING page_id
            ), said AS (
                INSERT INTO page_versions (page_id, version, act, happened_on, told, shown,
                                           state, tags, pictures)
                SELECT page_id, 1, 'published', '2026-11-24', 'null', $2, 'open', '{calling}',
                       '{}' FROM made
            )
            INSERT INTO page_tags SELECT 'case', tag, '2026-11-24', page_id
            FROM made, unnest('{calling,""}'::text[]) AS tag
            """,
            [
                (f"c{number}", json.dumps(shown | {"slug": f"c{number}"}).encode())
                for number in range(120)
            ],
        )
        await connection.execute("UPDATE plane SET generation = generation + 1")
    await Desk(doors).publish(case(slug="silent", call_for_evidence=None))
    doors.clock.advance(seconds=30)
    intake = (await doors.reporter.get("/v1/intake")).json()
    told = [one["slug"] for one in intake["cases_calling"]]
    path = intake["cases_calling_next"]
    while path:
        rest = (await doors.reporter.get(path)).json()
        told += [one["slug"] for one in rest["pages"]]
        path = f"/v1/cases?calling=true&after={rest['next']}" if rest["next"] else None
    bad = await doors.reporter.get("/v1/cases?calling=false")

    assert len(intake["cases_calling"]) == 100
    assert sorted(told) == sorted(["kinnari-lamp-posts", *(f"c{n}" for n in range(120))])
    assert (bad.status_code, bad.json()["code"]) == (400, "page.bad_query")


async def test_a_list_of_campaigns_refuses_what_it_does_not_know(doors: Doors) -> None:
    """As the other lists do."""
    for query in ("open=false", "open=true&open=true", "limit=0", "after=!!", "x=1"):
        answer = await doors.reporter.get(f"/v1/campaigns?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "page.bad_query"), query


async def test_how_many_campaigns_there_are_makes_no_question_more(doors: Doors) -> None:
    """Of the list, the feed, the form, services and requests: as many with 1 as with 40."""
    await published(doors)
    paths = (
        *("/v1/campaigns", "/v1/feed.atom", "/v1/intake", "/statistics"),
        *("/v1/open311/services.xml", "/v1/open311/requests.xml"),
    )
    asked: list[list[int]] = []
    for count in (0, 40):
        await _fill(doors, count)
        await mapped(doors)
        counts: list[int] = []
        for path in paths:
            async with many.watching(doors.bench.tips._database) as watched:
                assert (await doors.reporter.get(path)).status_code == 200
            counts.append(sum("generation" not in query for query, _ in watched.asked))
        asked.append(counts)

    assert asked[0] == asked[1]
    assert sum(asked[0]) > 0


def test_pictures_push_no_page_out_and_have_room_of_their_own() -> None:
    """One campaign's gallery would fill all that is kept ready."""
    kept = Ready.with_pictures(30)
    page, picture = Answer.public(bytes(20), "a/b"), Answer.public(bytes(20), "image/png")
    kept.put("/page", page)
    assert kept.pictures is not None
    for number in range(5):
        kept.pictures.put(f"/picture{number}", picture)

    assert kept.find("/page") is page
    assert [kept.find(f"/picture{n}") is picture for n in range(5)] == [False] * 4 + [True]
    assert 2 * ready.ROOM_BYTES == 64 * 1024 * 1024
    kept.drop("/picture4")
    assert kept.find("/picture4") is None

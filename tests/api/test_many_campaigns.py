"""More campaigns than stand on one list: each can be found, and answered."""

import json
from typing import Any

from mustshare_api.api import ready
from mustshare_api.api.ready import Answer, Ready
from tests.bench import many
from tests.campaigns import answered, mapped, published, roads
from tests.doors import Doors

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
    assert len((await doors.reporter.get("/v1/open311/services.json")).json()) == COUNT + 1


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

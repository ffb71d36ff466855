"""Points that are taken back, and maps that show less than before."""

import asyncpg

from mustshare_api.clock import bangkok_day
from mustshare_api.flows import pages, points
from tests.campaigns import BASE, approved, mapped, published, roads
from tests.doors import Doors


async def test_a_point_is_taken_back_at_once(doors: Doors) -> None:
    """Its group is shown no more where it is now too small; the others wait for new ones."""
    await published(doors)
    ids = await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    assert len((await mapped(doors))["features"]) == 1
    gone = await doors.signed("DELETE", f"{BASE}/points/{ids[0]}")

    assert gone.status_code == 204
    assert (await mapped(doors))["features"] == []
    await approved(doors)
    doors.clock.advance(weeks=4)
    assert len((await mapped(doors))["features"]) == 1


async def test_a_group_that_stays_large_enough_stays(doors: Doors) -> None:
    """Only its band may change."""
    await published(doors)
    ids = await approved(doors, count=10)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    await doors.signed("DELETE", f"{BASE}/points/{ids[0]}")
    (shown,) = (await mapped(doors))["features"]

    assert (shown["properties"]["at_least"], shown["properties"]["at_most"]) == (5, 9)


async def test_taking_back_what_is_not_there_says_so(doors: Doors) -> None:
    """But not to whoever did it, and may have lost the answer; what is no id is refused."""
    await published(doors)
    (point_id,) = await approved(doors)
    path = f"{BASE}/points/{point_id}"
    done = [(await doors.signed("DELETE", path)).status_code for _ in range(2)]
    late = await doors.signed("DELETE", path, officer=doors.org.officers[1])
    other = await doors.signed("DELETE", path.replace(point_id, "ab" * 16))
    odd = await doors.signed("DELETE", f"{BASE}/points/1")

    assert done == [204, 204]
    for nothing in (late, other):
        assert (nothing.status_code, nothing.json()["code"]) == (404, "point.not_found")
    assert (odd.status_code, odd.json()["code"]) == (400, "id.malformed")


async def test_no_point_joins_a_shown_cell_alone(doors: Doors) -> None:
    """Whoever compares two weeks would see it come; it waits for four others."""
    await published(doors)
    await approved(doors, count=9)
    doors.clock.advance(weeks=4)
    before = (await mapped(doors))["features"]
    await approved(doors)
    doors.clock.advance(weeks=30)

    assert (await mapped(doors))["features"] == before


async def test_a_campaign_that_asks_for_more_points_hides_what_had_fewer(doors: Doors) -> None:
    """A correction of k holds at once, for what was shown before as well."""
    desk = await published(doors)
    await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    assert len((await mapped(doors))["features"]) == 1
    stricter = roads(version=2, map={"grid_m": 1000, "k": 6})
    what = {"th": "k", "en": "k"}
    await desk.publish(stricter | {"change": {"what": what, "why": what}})

    assert (await mapped(doors))["features"] == []


async def test_a_campaign_that_asks_for_a_coarser_grid_shows_no_finer_cell(
    doors: Doors,
) -> None:
    """A correction of the grid holds at once, for what was shown before as well."""
    desk = await published(doors, map={"grid_m": 100, "k": 5})
    await approved(doors, count=5, precision_m=100)
    await approved(doors, (18.7893, 98.9853), count=5, precision_m=100)
    doors.clock.advance(weeks=4)
    assert len((await mapped(doors))["features"]) == 2
    what = {"what": {"th": "k", "en": "k"}, "why": {"th": "k", "en": "k"}}
    await desk.publish(roads(version=2, map={"grid_m": 1000, "k": 5}, change=what))
    (shown,) = (await mapped(doors))["features"]

    assert shown["id"] == "1000_18.7800_98.9800"
    assert (shown["properties"]["at_least"], shown["properties"]["at_most"]) == (10, 19)


async def test_a_point_is_taken_back_while_its_campaign_is_hidden(doors: Doors) -> None:
    """And does not come again when the page does; nor do too few others."""
    desk = await published(doors)
    ids = await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    await desk.take_down(1)
    gone = await doors.signed("DELETE", f"{BASE}/points/{ids[0]}")
    assert gone.status_code == 204, gone.text
    what = {"what": {"th": "k", "en": "k"}, "why": {"th": "k", "en": "k"}}
    await desk.publish(roads(version=3, change=what))

    assert (await mapped(doors))["features"] == []


async def test_a_campaign_that_is_erased_takes_its_points_along(doors: Doors, dsn: str) -> None:
    """On the day that its page names."""
    await published(doors, retain_until="2026-12-31")
    await approved(doors, count=5)
    doors.clock.advance(weeks=8)
    await pages.erase_due(doors.bench, bangkok_day(doors.clock.now()))
    await points.release(doors.bench)

    assert await _rows(dsn) == []


async def test_a_campaign_that_is_published_again_keeps_its_new_points(
    doors: Doors, dsn: str
) -> None:
    """That it was erased once is no reason to delete them every minute."""
    desk = await published(doors, retain_until="2026-12-01")
    doors.clock.advance(weeks=2)
    await pages.erase_due(doors.bench, bangkok_day(doors.clock.now()))
    what = {"what": {"th": "k", "en": "k"}, "why": {"th": "k", "en": "k"}}
    again = await desk.publish(roads(version=3, change=what))
    assert again.status_code == 201, again.text
    await approved(doors)
    await points.release(doors.bench)

    assert len(await _rows(dsn)) == 1


async def _rows(dsn: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch("SELECT * FROM campaign_points")
    finally:
        await connection.close()

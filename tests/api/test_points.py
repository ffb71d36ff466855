"""Points of a campaign's map: approved by staff, shown late and only together, taken back."""

import csv
import io
import re
import secrets
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from mustshare_api.clock import bangkok_day
from mustshare_api.flows import points
from tests.campaigns import (
    BASE,
    CHIANG_MAI,
    approve,
    approved,
    mapped,
    place,
    published,
)
from tests.doors import Doors

HAT_YAI = (7.0086, 100.4747)
BESIDE = """
SELECT FROM campaign_points AS p JOIN audit_leaves AS l ON l.xmin::text = p.xmin::text
"""


async def test_a_cell_shows_only_after_the_delay_and_with_enough_points(doors: Doors) -> None:
    """Not on the day of approval, not with four; with five once every Monday has passed."""
    await published(doors)
    await approved(doors, count=5)
    assert (await mapped(doors))["features"] == []
    doors.clock.advance(days=6)  # the Sunday before the first Monday
    assert (await mapped(doors))["features"] == []
    doors.clock.advance(weeks=3)
    (shown,) = (await mapped(doors))["features"]

    assert shown["id"] == "1000_18.7800_98.9800"
    assert shown["properties"] == {
        "cell_m": 1000,
        "at_least": 5,
        "at_most": 9,
        "updated_on": "2026-12-14",
    }


async def test_four_points_are_shown_nowhere_however_long_they_wait(doors: Doors) -> None:
    """Not in a coarser cell either, and no count tells of them."""
    await published(doors)
    await approved(doors, count=4)
    doors.clock.advance(weeks=30)
    told = await mapped(doors)

    assert told["features"] == []
    assert told["suppressed"] == {"by_province": {}, "elsewhere": None}


async def test_points_too_few_for_their_cell_are_shown_in_a_wider_one(doors: Doors) -> None:
    """One size coarser each week that they wait."""
    await published(doors)
    for step in range(5):
        await approved(doors, (18.71 + step / 100, 98.95))
    doors.clock.advance(weeks=5)
    (shown,) = (await mapped(doors))["features"]

    assert shown["properties"]["cell_m"] == 10_000
    assert shown["id"] == "10000_18.7000_98.9000"


async def test_the_map_is_geojson_that_closes_its_rings(doors: Doors) -> None:
    """RFC 7946: longitude first, counter-clockwise, first and last the same."""
    await published(doors)
    await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    told = await mapped(doors)
    (ring,) = told["features"][0]["geometry"]["coordinates"]

    assert (told["type"], told["as_of"]) == ("FeatureCollection", "2026-12-21")
    assert ring[0] == ring[-1] == [98.98, 18.78]
    area = sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise(ring))
    assert area < 0
    assert all(97 < x < 106 and 5 < y < 21 for x, y in ring)


async def test_the_table_holds_the_same_cells(doors: Doors) -> None:
    """For whoever reads by spreadsheet."""
    await published(doors)
    await approved(doors, count=10)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    table = await doors.reporter.get(f"{BASE}/map.csv")
    (row,) = csv.DictReader(io.StringIO(table.text))

    assert table.headers["content-type"].startswith("text/csv")
    assert (row["cell"], row["south"], row["at_least"], row["at_most"]) == (
        *("1000_18.7800_98.9800", "18.7800", "10", "19"),
    )


async def test_no_cell_of_the_table_is_obeyed_by_a_spreadsheet(doors: Doors) -> None:
    """Numbers, codes and days: nothing begins as a formula does, whatever a campaign says."""
    await published(doors, title={"th": "=1+1", "en": "@SUM(A1)"})
    await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    rows = (await doors.reporter.get(f"{BASE}/map.csv")).text.splitlines()[1:]

    assert rows
    assert all(
        re.fullmatch(r"[0-9][0-9._-]*|", cell) for row in rows for cell in row.split(",")
    )


async def test_what_the_database_holds_is_a_cell_and_no_position(
    doors: Doors, dsn: str
) -> None:
    """Snapped again to the campaign's grid, though a tool sent more."""
    await published(doors)
    await approved(doors, (18.788312, 98.985371), precision_m=10)

    (row,) = await _rows(dsn)
    assert (row["size_m"], row["south_e7"], row["west_e7"]) == (1000, 187_800_000, 989_800_000)


async def test_a_point_that_was_given_coarsely_stays_coarse(doors: Doors, dsn: str) -> None:
    """The campaign's grid is no reason to be finer than a reporter was."""
    await published(doors)
    await approved(doors, precision_m=10_000)

    (row,) = await _rows(dsn)
    assert (row["size_m"], row["south_e7"], row["west_e7"]) == (
        10_000,
        187_000_000,
        989_000_000,
    )


async def test_a_point_waits_one_to_three_mondays_by_chance(doors: Doors, dsn: str) -> None:
    """So that a point and what its reporter did in a week do not go together."""
    await published(doors)
    await approved(doors, count=40)

    assert {row["batch_on"].isoformat() for row in await _rows(dsn)} == {
        *("2026-11-30", "2026-12-07", "2026-12-14"),
    }


async def test_sending_a_point_again_is_no_second_point(doors: Doors) -> None:
    """The same id with the same place is a retry; with another place it is refused."""
    await published(doors)
    said = {"id": secrets.token_hex(16), **place(CHIANG_MAI)}
    first, again = await approve(doors, said), await approve(doors, said)
    other = await approve(doors, said | place(HAT_YAI))

    assert (first.status_code, again.status_code) == (201, 200)
    assert (other.status_code, other.json()["code"]) == (409, "id.in_use")


async def test_points_that_no_cell_shows_are_counted_by_province(doors: Doors) -> None:
    """In bands, from k on, a week after their Monday."""
    await published(doors, map={"grid_m": 1000, "coarsest_m": 1000, "k": 5})
    for step in range(6):
        await approved(doors, (18.71 + step / 100, 98.95), province="50")
    doors.clock.advance(weeks=5)
    told = await mapped(doors)

    assert told["features"] == []
    assert told["suppressed"]["by_province"] == {"50": {"at_least": 5, "at_most": 9}}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"latitude": 98.98, "longitude": 18.78}, 400, "request.invalid_fields"),
        ({"latitude": 35.68, "longitude": 139.69}, 400, "point.outside"),
        ({"precision_m": 0}, 400, "request.invalid_fields"),
        ({"precision_m": 200_000}, 400, "request.invalid_fields"),
        ({"province": "500"}, 400, "request.invalid_fields"),
        ({"id": "1"}, 400, "request.invalid_fields"),
        ({"nonce": None}, 400, "request.invalid_fields"),
        ({"tip_id": "ab" * 16}, 400, "request.invalid_fields"),
        ({"latitude": "18.78"}, 400, "request.invalid_fields"),
    ],
)
async def test_a_point_that_is_none_is_refused(
    doors: Doors, dsn: str, changes: dict[str, Any], status: int, code: str
) -> None:
    """Each for what is wrong with it, and none is kept."""
    await published(doors)
    said = {"id": secrets.token_hex(16), **place(CHIANG_MAI), **changes}
    refused = await approve(doors, said)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await _rows(dsn) == []


async def test_octets_that_are_no_json_are_refused(doors: Doors) -> None:
    """As at every door."""
    await published(doors)

    assert (await approve(doors, b"\xff{")).json()["code"] == "request.bad_json"


async def test_a_campaign_without_a_map_takes_no_points(doors: Doors) -> None:
    """And shows none."""
    await published(doors, map=None)
    refused = await approve(doors, {"id": secrets.token_hex(16), **place(CHIANG_MAI)})
    shown = await doors.reporter.get(f"{BASE}/map.geojson")

    assert (refused.status_code, refused.json()["code"]) == (404, "campaign.no_map")
    assert (shown.status_code, shown.json()["code"]) == (404, "campaign.no_map")


async def test_a_campaign_holds_so_many_points_and_no_more(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is said, and a retry of one that is there still is a retry."""
    monkeypatch.setattr(points, "POINTS_LIMIT", 1)
    await published(doors)
    said = {"id": secrets.token_hex(16), **place(CHIANG_MAI)}
    first, again = await approve(doors, said), await approve(doors, said)
    refused = await approve(doors, said | {"id": secrets.token_hex(16)})

    assert (first.status_code, again.status_code) == (201, 200)
    assert (refused.status_code, refused.json()["code"]) == (413, "campaign.full")


@pytest.mark.parametrize("slug", ["of-nobody", "Roads", "..", "a" * 70])
async def test_a_campaign_that_is_not_published_has_nothing(doors: Doors, slug: str) -> None:
    """Page, map and points alike."""
    said = {"id": secrets.token_hex(16), **place(CHIANG_MAI)}
    refused = await approve(doors, said, slug)
    shown = await doors.reporter.get(f"/v1/campaigns/{slug}")

    assert (refused.status_code, shown.status_code) == (404, 404)


async def test_staff_see_every_point_and_the_cell_it_is_shown_in(doors: Doors) -> None:
    """Page by page, in the order of random ids."""
    await published(doors)
    ids = sorted(await approved(doors, count=5))
    doors.clock.advance(weeks=4)
    await mapped(doors)
    first = (await doors.signed("GET", f"{BASE}/points?limit=3")).json()
    rest = (await doors.signed("GET", f"{BASE}/points?after={first['next']}")).json()

    assert [one["id"] for one in first["points"] + rest["points"]] == ids
    assert rest["next"] is None
    assert {one["shown_in"] for one in rest["points"]} == {"1000_18.7800_98.9800"}


async def test_an_auditor_approves_nothing(doors: Doors) -> None:
    """Nobody puts on the map what they cannot have opened: the request has to be signed."""
    await published(doors)
    unsigned = await doors.staff.post(
        f"{BASE}/points", json={"id": secrets.token_hex(16), **place(CHIANG_MAI)}
    )

    assert unsigned.status_code == 401


async def test_after_the_night_no_point_can_be_laid_beside_its_approval(
    doors: Doors, dsn: str
) -> None:
    """Both are written in one transaction, whose number PostgreSQL keeps.

    One that waits is mixed every night, or the night would tell the day.
    """
    await published(doors)
    early = await approved(doors, count=9)
    assert len(await _rows(dsn, BESIDE)) == 9
    doors.clock.advance(days=1)
    assert await doors.bench.mixer.mix(bangkok_day(doors.clock.now()))
    late = await approved(doors, count=9)
    doors.clock.advance(days=1)
    assert await doors.bench.mixer.mix(bangkok_day(doors.clock.now()))

    assert await _rows(dsn, BESIDE) == []
    rows = await _rows(dsn, "SELECT *, xmin::text FROM campaign_points ORDER BY ctid")
    assert len({row["xmin"] for row in rows}) == 1
    assert [row["point_id"].hex() for row in rows] == sorted(early + late)


async def _rows(dsn: str, asked: str = "SELECT * FROM campaign_points") -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(asked)
    finally:
        await connection.close()

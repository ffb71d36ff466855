"""The public is told counts of what is over, once, and none that points to somebody."""

from datetime import UTC, datetime
from typing import Any

from mustshare_api.flows.figures import tell_figures
from tests.doors import Doors
from tests.pages import Desk, case, change


async def _at(doors: Doors, year: int, month: int, tips: int = 0) -> None:
    """So many tips on a day of a month."""
    doors.clock.at = datetime(year, month, 15, 5, tzinfo=UTC)
    doors.clock.seconds += 10
    for _ in range(tips):
        async with doors.bench.tips._database.connection() as connection:
            await connection.execute(
                """
                INSERT INTO tips (tip_id, access_hash, bundle, bundle_hash, state, received_on,
                                  expires_on, changed_on)
                SELECT uuid_send(gen_random_uuid()), sha256(uuid_send(gen_random_uuid())),
                       decode(repeat('00', 1248), 'hex'), sha256(''), 'received', $1,
                       'infinity', $1
                """,
                doors.clock.at.date(),
            )


async def _told(doors: Doors) -> dict[str, dict[str, int | None]]:
    await tell_figures(doors.bench)
    found = (await doors.reporter.get("/v1/statistics")).json()
    return {one["period"]: one["counts"] for one in found["months"] + found["years"]}


async def test_a_running_month_is_not_told(doors: Doors) -> None:
    """What comes today cannot be read off tomorrow's figure."""
    await _at(doors, 2026, 11, tips=7)

    assert "2026-11" not in await _told(doors)


async def test_a_month_is_told_once(doors: Doors) -> None:
    """Whatever becomes of its tips afterwards, the figure stays: two could be subtracted."""
    await _at(doors, 2026, 11, tips=7)
    await _at(doors, 2026, 12)
    before = await _told(doors)
    async with doors.bench.tips._database.connection() as connection:
        await connection.execute("DELETE FROM tips")
    await _at(doors, 2027, 1)

    assert before["2026-11"] == {"tips": 7}
    assert (await _told(doors))["2026-11"] == {"tips": 7}


async def test_a_small_month_is_withheld_and_its_year_as_well(doors: Doors) -> None:
    """The year's total less the other months would tell it."""
    await _at(doors, 2026, 3, tips=9)
    await _at(doors, 2026, 4, tips=2)
    await _at(doors, 2027, 1)
    told = await _told(doors)

    assert (told["2026-03"], told["2026-04"]) == ({"tips": 9}, {"tips": None})
    assert set(told["2026"].values()) == {None}


async def test_a_year_of_many_is_told_with_where_its_tips_stand(doors: Doors) -> None:
    """Open, published, referred, closed, and those that are gone, however they went."""
    await _at(doors, 2026, 3, tips=9)
    await _at(doors, 2027, 1)
    told = await _told(doors)

    assert told["2026"] == {
        "tips": 9, "open": 9, "published": 0, "referred": 0, "closed": 0, "ended": 0,
    }  # fmt: skip


async def _sent(doors: Doors, year: int, count: int) -> None:
    """So many referrals of a year, which are gone by now."""
    async with doors.bench.tips._database.connection() as connection:
        await connection.execute("INSERT INTO referral_totals VALUES ($1, $2)", year, count)


async def _annual(doors: Doors) -> Any:
    await tell_figures(doors.bench)
    return (await doors.reporter.get("/v1/statistics")).json()["annual"]


async def test_a_year_has_four_figures_and_the_years_have_totals(doors: Doors) -> None:
    """In both calendars; a year that is not over tells nothing of tips, and of pages all."""
    desk = Desk(doors)
    await desk.publish(case(state="concluded"))
    await _at(doors, 2026, 11, tips=9)
    await _sent(doors, 2026, 6)
    running = (await _annual(doors))["years"]
    await _at(doors, 2027, 1)
    annual = await _annual(doors)

    assert running == [
        {
            "year": 2026, "buddhist_year": 2569, "is_over": False, "tips": None,
            "cases_published": 1, "referred": None, "outcomes_known": 1,
        }
    ]  # fmt: skip
    assert annual["years"] == [running[0] | {"is_over": True, "tips": 9, "referred": 6}]
    assert annual["totals"] == {
        "tips": 9, "tips_of_years": 1, "cases_published": 1, "referred": 6,
        "referred_of_years": 1, "outcomes_known": 1,
    }  # fmt: skip
    table = (await doors.reporter.get("/v1/statistics.csv")).text.split("\r\n")
    assert table[1:3] == ["2026,2569,true,9,1,6,1", "total,,,9,1,6,1"]
    page = (await doors.reporter.get("/statistics")).text
    assert "<th>2569 (2026)</th><td>9</td><td>1</td><td>6</td><td>1</td>" in page


async def test_no_total_less_the_years_gives_a_withheld_figure_away(doors: Doors) -> None:
    """Whatever was counted in a withheld cell, every format is the same to the byte."""
    await _at(doors, 2025, 3, tips=9)
    await _sent(doors, 2025, 6)
    await _at(doors, 2026, 3, tips=2)
    await _sent(doors, 2026, 1)
    await _at(doors, 2027, 1)
    annual = await _annual(doors)
    paths = ("/v1/statistics", "/v1/statistics.csv", "/statistics")
    told = [(await doors.reporter.get(path)).content for path in paths]
    async with doors.bench.tips._database.connection() as connection:
        await connection.execute("DELETE FROM plane_figures")
        await connection.execute("UPDATE referral_totals SET sent = 4 WHERE year = 2026")
    await _at(doors, 2026, 3, tips=2)
    await _at(doors, 2027, 1)
    await tell_figures(doors.bench)
    again = [(await doors.reporter.get(path)).content for path in paths]

    assert [(one["tips"], one["referred"]) for one in annual["years"]] == [(9, 6), (None, None)]
    assert (annual["totals"]["tips"], annual["totals"]["tips_of_years"]) == (9, 1)
    assert annual["totals"]["referred"] == 6
    assert again == told


async def test_what_stood_as_referred_is_not_told_by_how_many_were_sent(doors: Doors) -> None:
    """Nothing sent would say that a withheld count of what stands as referred is zero."""
    await _at(doors, 2026, 3, tips=5)
    async with doors.bench.tips._database.connection() as connection:
        await connection.execute(
            "UPDATE tips SET state = 'closed' WHERE tip_id = (SELECT min(tip_id) FROM tips)"
        )
    await _at(doors, 2027, 1)
    found = (await _told(doors))["2026"]
    (year,) = (await _annual(doors))["years"]

    assert (found["tips"], found["referred"]) == (5, None)
    assert (year["tips"], year["referred"]) == (5, None)


async def test_a_page_keeps_its_place_in_the_table_when_it_is_taken_down(doors: Doors) -> None:
    """Once published is published; the totals are those of the pages, counted anew."""
    desk = Desk(doors)
    await desk.publish(case(state="concluded"))
    await desk.publish(case(version=2, state="referred", change=change()))
    await desk.take_down(2)
    (year,) = (await _annual(doors))["years"]
    found = (await doors.reporter.get("/v1/statistics")).json()["published"]

    assert (year["cases_published"], year["outcomes_known"]) == (1, 1)
    assert [one["by_state"] for one in found if one["kind"] == "case"] == [{"taken_down": 1}]

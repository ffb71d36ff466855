"""The public is told counts of what is over, once, and none that points to somebody."""

from datetime import UTC, datetime

from mustshare_api.flows.figures import tell_figures
from tests.doors import Doors


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

"""Pages that two officers signed and that were hidden before the public was shown any."""

from datetime import date

import pytest

from mustshare_api.clock import bangkok_day
from mustshare_api.flows import pages
from tests.api.test_told_partners import told
from tests.doors import Doors
from tests.pages import Desk, case, change, photo, picture

PATH = f"/v1/cases/{case()['slug']}"


@pytest.fixture
async def waiting(doors: Doors) -> Desk:
    """A case whose picture has not come yet."""
    desk = Desk(doors)
    sent = await desk.publish(case(pictures=[picture(photo())], retain_until="2026-12-01"))
    assert sent.status_code == 201, sent.text
    return desk


async def test_a_page_that_is_taken_down_before_it_was_shown_stays_unknown(
    waiting: Desk,
) -> None:
    """Its very name may be what was wrong with it: no partner and no reader is told of it."""
    assert (await waiting.take_down(1)).status_code == 204
    reporter = waiting.doors.reporter

    assert await told(waiting.doors) == []
    for path in (PATH, f"{PATH}/history", PATH.removeprefix("/v1")):
        assert (await reporter.get(path)).status_code == 404
    assert (await reporter.get("/v1/statistics")).json()["published"] == []


async def test_a_page_that_is_erased_before_it_was_shown_stays_unknown(waiting: Desk) -> None:
    """Likewise, when its day comes first."""
    doors = waiting.doors
    doors.clock.advance(days=8)

    assert await pages.erase_due(doors.bench, bangkok_day(doors.clock.now())) == 1
    assert await told(doors) == []
    assert (await doors.reporter.get(f"{PATH}/history")).status_code == 404


async def test_a_correction_that_was_hidden_before_it_was_whole_is_in_no_history(
    doors: Doors,
) -> None:
    """What it was to change, and why, was never said to the public."""
    desk = Desk(doors)
    await desk.publish(case())
    more = case(version=2, pictures=[picture(photo())], change=change())
    assert (await desk.publish(more)).status_code == 201
    assert (await desk.take_down(2)).status_code == 204

    history = (await doors.reporter.get(f"{PATH}/history")).json()

    acts = [one["act"] for one in history["versions"]]
    assert acts == ["published", "taken_down"]


@pytest.mark.parametrize("until", ["2026-11-30", None])
async def test_a_day_that_awaits_pictures_is_not_in_force_yet(
    doors: Doors, until: str | None
) -> None:
    """Until when a page is kept is what the page says that the public is shown."""
    desk, octets = Desk(doors), photo()
    await desk.publish(case(retain_until="2027-01-01"))
    more = case(version=2, pictures=[picture(octets)], change=change(), retain_until=until)
    assert (await desk.publish(more)).status_code == 201
    day = bangkok_day(doors.clock.now())
    assert await pages.erase_due(doors.bench, day.replace(month=12)) == 0
    assert (await retained(doors)) == date(2027, 1, 1)

    assert (await desk.send_picture(more["pictures"][0], octets)).status_code == 201

    assert (await retained(doors)) == (date.fromisoformat(until) if until else None)


async def retained(doors: Doors) -> date | None:
    async with doors.bench.tips._database.connection() as connection:
        found: date | None = await connection.fetchval("SELECT retain_until FROM pages")
    return found

"""Pages that two officers signed and that were hidden before the public was shown any."""

import pytest

from mustshare_api.clock import bangkok_day
from mustshare_api.flows import pages
from tests.api.test_told_partners import told
from tests.doors import Doors
from tests.pages import Desk, case, photo, picture

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

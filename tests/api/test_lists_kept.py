"""Lists of the public plane that are kept ready: how much of a service's memory they take."""

import base64
from datetime import date

import pytest

from mustshare_api.api.plane import open311, shared
from tests.campaigns import approved, mapped, published
from tests.doors import Doors
from tests.pages import Desk, case

KEY = ("/v1/cases", "()")


async def test_made_up_cursors_do_not_fill_the_memory(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists that are kept ready have so many octets in all, however many are asked for."""
    await Desk(doors).publish(case())
    monkeypatch.setattr(shared, "KEPT_BYTES", 20_000)
    for day in range(1, 29):
        cursor = date(2030, 1, day).toordinal().to_bytes(4) + bytes(16)
        after = base64.urlsafe_b64encode(cursor).rstrip(b"=").decode()
        answer = await doors.reporter.get(f"/v1/cases?after={after}")
        assert len(answer.json()["pages"]) == 1
    kept = doors.bench.plane.kept.values()

    assert 0 < sum(len(one.octets) for one in kept) < 20_000


@pytest.mark.parametrize(("most", "asked"), [(1, 1), (0, 4)])
async def test_lists_and_the_cells_that_they_are_made_from_do_not_push_each_other_out(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, most: int, asked: int
) -> None:
    """The cells of all maps are asked for once, up to a bound; beyond it, each time, alone."""
    await published(doors)
    await approved(doors, count=6)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    plane, points = doors.bench.plane, doors.bench.plane.points
    monkeypatch.setattr(open311, "CELLS_MOST", most)
    asks: list[int] = []
    all_shown = points.all_shown

    async def counted() -> object:
        asks.append(1)
        return await all_shown()

    monkeypatch.setattr(points, "all_shown", counted)
    plane.keep(KEY, b"list", 10, shared.KEPT_BYTES)
    for size in (1, 2, 3, 4):
        answer = await doors.reporter.get(f"/v1/open311/requests.json?page_size={size}")
        assert len(answer.json()) == 1
    kept = set(plane.kept)
    plane.keep(("one", "more"), b"", shared.KEPT_BYTES, shared.KEPT_BYTES)
    await doors.reporter.get("/v1/open311/requests.json?page_size=1")

    assert (len(asks) - (most == 0), KEY in kept) == (asked, True)


async def test_a_list_that_has_no_room_takes_none_from_others(doors: Doors) -> None:
    """It is made again whenever it is asked for; the others stay."""
    plane = doors.bench.plane
    plane.keep(KEY, b"list", 10, 20)
    plane.keep(("large", ""), b"", 21, 20)

    assert set(plane.kept) == {KEY}

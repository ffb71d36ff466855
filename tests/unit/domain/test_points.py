"""Points of a map: cells that nest, and groups that give nobody away."""

import math
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain import points
from mustshare_api.domain.points import SIZES_M, Band, Cell, Waiting, cell_of
from mustshare_api.errors import Malformed

MONDAY = date(2026, 11, 30)
K = 5

latitudes = st.floats(points.SOUTH, points.NORTH, exclude_max=True)
longitudes = st.floats(points.WEST, points.EAST, exclude_max=True)
sizes = st.sampled_from(SIZES_M)


@given(latitudes, longitudes, sizes)
def test_snapping_twice_is_snapping_once(latitude: float, longitude: float, size: int) -> None:
    """By the corner and by the middle: the tool's cell is the server's."""
    cell = cell_of(latitude, longitude, size)
    south, west, north, east = cell.box

    assert cell_of(south, west, size) == cell
    assert cell_of(*cell.middle, size) == cell
    assert south <= latitude + 1e-7
    assert latitude < north + 1e-7
    assert west <= longitude + 1e-7
    assert longitude < east + 1e-7


@pytest.mark.parametrize("size", SIZES_M)
def test_a_place_a_hair_inside_the_border_is_inside(size: int) -> None:
    """Rounding takes nobody out of the country."""
    nearest = math.nextafter(points.NORTH, 0), math.nextafter(points.EAST, 0)

    cell = cell_of(*nearest, size)

    assert cell_of(*cell.middle, size) == cell


@given(latitudes, longitudes, sizes, sizes)
def test_a_cell_lies_in_one_of_each_coarser_size(
    latitude: float, longitude: float, fine: int, coarse: int
) -> None:
    """Snapped at once or by way of a finer cell, it is the same; never the other way."""
    fine, coarse = sorted((fine, coarse))
    cell = cell_of(latitude, longitude, fine)

    assert cell.within(coarse) == cell_of(latitude, longitude, coarse)
    if fine < coarse:
        with pytest.raises(Malformed):
            cell.within(coarse).within(fine)


@pytest.mark.parametrize(
    ("precision_m", "size"),
    [(1, 10), (10, 10), (11, 100), (1000, 1000), (1001, 10_000), (100_000, 100_000)],
)
def test_a_cell_is_never_finer_than_what_was_chosen(precision_m: int, size: int) -> None:
    """The next size up, where there is none of it."""
    assert points.size_for(precision_m) == size


def test_what_no_cell_can_hold_is_refused() -> None:
    """Coarser than a province, of no size, or in another country."""
    for wrong in (
        lambda: points.size_for(100_001),
        lambda: cell_of(18.0, 99.0, 500),
        lambda: cell_of(35.0, 99.0, 1000),
        lambda: cell_of(18.0, 139.0, 1000),
        lambda: cell_of(float("nan"), 99.0, 1000),
    ):
        with pytest.raises(Malformed):
            wrong()


weeks = st.integers(-3, 6).map(lambda n: MONDAY + timedelta(weeks=n))
clustered = st.builds(
    Cell, st.just(1000), st.integers(1870, 1893).map(lambda n: n * 100_000),
    st.integers(9890, 9912).map(lambda n: n * 100_000),
)  # fmt: skip
waiting = st.lists(
    st.builds(Waiting, st.binary(min_size=16, max_size=16), clustered, weeks),
    unique_by=lambda one: one.point_id,
    max_size=60,
)


@given(waiting)
def test_every_group_has_k_points_that_lie_in_it_and_each_point_one_group(
    some: list[Waiting],
) -> None:
    """And none comes out before its Monday, or finer than the grid."""
    groups = points.gather(some, MONDAY, k=K, grid_m=1000, coarsest_m=100_000)
    by_id = {one.point_id: one for one in some}
    times = Counter(i for group in groups for i in group.point_ids)

    assert set(times.values()) <= {1}
    for group in groups:
        assert len(group.point_ids) >= K
        assert group.cell.size_m >= 1000
        for point_id in group.point_ids:
            assert by_id[point_id].cell.within(group.cell.size_m) == group.cell
            assert by_id[point_id].batch_on <= MONDAY


@given(waiting, st.integers(1, 6))
def test_the_map_grows_by_no_fewer_than_k_points_in_a_cell_from_week_to_week(
    some: list[Waiting], rounds: int
) -> None:
    """Whoever keeps every map there was learns of nobody by taking one from the next."""
    left, before = list(some), Counter[Cell]()
    for week in range(rounds):
        monday = MONDAY + timedelta(weeks=week)
        groups = points.gather(left, monday, k=K, grid_m=1000, coarsest_m=100_000)
        gone = {i for group in groups for i in group.point_ids}
        left = [one for one in left if one.point_id not in gone]
        after = before + Counter({g.cell: len(g.point_ids) for g in groups})

        assert all(after[cell] >= count for cell, count in before.items())
        assert all(grown >= K for grown in (after - before).values())
        before = after


def test_points_go_one_size_coarser_each_week_that_they_wait() -> None:
    """A map that is slow to fill still shows fine cells where it can."""
    some = [
        Waiting(bytes([n]), cell_of(18.71 + n / 100, 98.95, 1000), MONDAY) for n in range(K)
    ]
    found = [
        points.gather(some, MONDAY + timedelta(weeks=n), k=K, grid_m=1000, coarsest_m=100_000)
        for n in (0, 1)
    ]

    assert found[0] == []
    assert [group.cell.size_m for group in found[1]] == [10_000]


def test_a_point_comes_out_on_one_of_the_next_three_mondays() -> None:
    """Never on the one of its own week."""
    sunday, monday = MONDAY - timedelta(days=1), MONDAY

    assert points.batch_after(sunday, 0) == MONDAY
    assert points.batch_after(monday, 0) == MONDAY + timedelta(weeks=1)
    assert points.batch_after(monday, 2) == MONDAY + timedelta(weeks=3)


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (4, None),
        (5, Band(5, 9)),
        (9, Band(5, 9)),
        (10, Band(10, 19)),
        (319, Band(160, 319)),
        (320, Band(320, None)),
        (99_999, Band(320, None)),
    ],
)
def test_how_many_is_told_in_bands_from_k_on(count: int, found: Band | None) -> None:
    """Doubling, open at the end, and nothing below k."""
    assert points.band(count, K) == found


def test_a_province_with_few_hidden_points_is_told_with_the_others_alone() -> None:
    """And not at all, where all together are few."""
    told = points.by_province(["50"] * 5 + ["90"] * 4 + [None], K)

    assert told == ({"50": Band(5, 9)}, Band(5, 9))
    assert points.by_province(["90"] * 4, K) == ({}, None)

"""Where a campaign's points lie, and when so many lie together that they may be shown.

A point is a cell of a grid and never finer than the reporter chose. The grid is of whole powers
of ten of a degree, so that a cell lies in exactly one of the next size:

    cell      10 m     100 m    1 km    10 km   100 km
    degrees   0.0001   0.001    0.01    0.1     1

A degree of latitude is 110.6 km and, of longitude at 21 degrees north, 103.9 km: no cell around
Thailand is smaller than its name says. Points elsewhere are refused: far north one would be.

Points are shown in groups, on Mondays:

    wait      a point's Monday is the next one, or one or two weeks after it, by chance
    gather    k or more waiting points in one cell become a group; of the finest cell that has
              so many. One that finds too few waits, and may go one size coarser each week
    keep      a group never changes afterwards, but for points that staff take back: then it is
              shown while it still has k, and else its points wait again

So whoever compares the maps of any two weeks sees sums of groups, each of at least k points:
nobody's point appears by itself, and none moves from a coarse cell to a fine one later. How
many a cell has is told in bands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.errors import Malformed

SIZES_M: Final = (10, 100, 1000, 10_000, 100_000)
_STEP_E7: Final = {size: 1000 * size // 10 for size in SIZES_M}
"""Ten-millionths of a degree across a cell."""

SOUTH, NORTH, WEST, EAST = 5.0, 21.0, 97.0, 106.0
"""Around Thailand, in whole degrees, so that the widest cells lie within too."""

JITTER_WEEKS: Final = 3
"""A point comes out on one of so many Mondays, the first of which is the next."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A square of the grid, by its south-west corner in ten-millionths of a degree."""

    size_m: int
    south_e7: int
    west_e7: int

    @property
    def name(self) -> str:
        """Its name: the size, and the corner in degrees."""
        return f"{self.size_m}_{self.south_e7 / 1e7:.4f}_{self.west_e7 / 1e7:.4f}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South, west, north, east, in degrees."""
        step = _STEP_E7[self.size_m]
        ends = (self.south_e7, self.west_e7, self.south_e7 + step, self.west_e7 + step)
        south, west, north, east = (end / 1e7 for end in ends)
        return south, west, north, east

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of its middle."""
        half = _STEP_E7[self.size_m] // 2
        return (self.south_e7 + half) / 1e7, (self.west_e7 + half) / 1e7

    def within(self, size_m: int) -> "Cell":
        """The cell of another size that this one lies in.

        Raises:
            Malformed: `point.precision`, that would be a finer one.
        """
        if size_m < self.size_m:
            raise Malformed("point.precision")
        step = _STEP_E7[size_m]
        return Cell(size_m, self.south_e7 // step * step, self.west_e7 // step * step)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A point that is shown nowhere yet. `batch_on` is its Monday."""

    point_id: bytes
    cell: Cell
    batch_on: date


@dataclass(frozen=True, slots=True)
class Group:
    """Points that come out together in one cell."""

    cell: Cell
    point_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """About how many. `at_most` is None above the last band."""

    at_least: int
    at_most: int | None


def size_for(precision_m: int) -> int:
    """The smallest cell that is no finer than a precision.

    Raises:
        Malformed: `point.precision`, none is as coarse.
    """
    for size in SIZES_M:
        if size >= precision_m:
            return size
    raise Malformed("point.precision")


def cell_of(latitude: float, longitude: float, size_m: int) -> Cell:
    """The cell of a size that a place lies in. Snapping twice is snapping once.

    Raises:
        Malformed: `point.outside`, not in Thailand; `point.precision`, no such size.
    """
    if size_m not in _STEP_E7:
        raise Malformed("point.precision")
    if not (SOUTH <= latitude < NORTH and WEST <= longitude < EAST):
        raise Malformed("point.outside")
    step = _STEP_E7[size_m]
    # Rounded first: 18.79 * 10**7 is a hair off a whole number, and would be in the next cell.
    # What is rounded up to the border is not over it.
    north, east = int(NORTH * 1e7) - 1, int(EAST * 1e7) - 1
    latitude_e7 = min(round(latitude * 1e7), north)
    longitude_e7 = min(round(longitude * 1e7), east)
    return Cell(size_m, latitude_e7 // step * step, longitude_e7 // step * step)


def batch_after(today: date, chance: int) -> date:
    """The Monday of a point that is approved today; `chance` is below `JITTER_WEEKS`."""
    return week_of(today) + timedelta(weeks=1 + chance)


def gather(
    waiting: Iterable[Waiting], today: date, *, k: int, grid_m: int, coarsest_m: int
) -> list[Group]:
    """The groups that may come out today, of the points whose Monday has come."""
    left = {one.point_id: one for one in waiting if one.batch_on <= today}
    found: list[Group] = []
    for size in SIZES_M:
        if not grid_m <= size <= coarsest_m:
            continue
        for cell, ids in _together(left.values(), size, grid_m, today).items():
            if len(ids) >= k:
                found.append(Group(cell, tuple(sorted(ids))))
                for point_id in ids:
                    del left[point_id]
    return found


def _together(
    waiting: Iterable[Waiting], size_m: int, grid_m: int, today: date
) -> Mapping[Cell, list[bytes]]:
    found: dict[Cell, list[bytes]] = defaultdict(list)
    for one in waiting:
        own = SIZES_M.index(max(one.cell.size_m, grid_m))
        weeks = (today - one.batch_on).days // 7
        if own <= SIZES_M.index(size_m) <= own + weeks:
            found[one.cell.within(size_m)].append(one.point_id)
    return found


def band(count: int, k: int) -> Band | None:
    """About how many, in bands that double from k; None below k."""
    if count < k:
        return None
    low = k
    for _ in range(6):
        if count < 2 * low:
            return Band(low, 2 * low - 1)
        low *= 2
    return Band(low, None)


def by_province(provinces: Sequence[str | None], k: int) -> tuple[dict[str, Band], Band | None]:
    """About how many points are in no cell: by province, and of all others together."""
    counted = Counter(provinces)
    shown = {
        code: found
        for code, count in sorted(counted.items(), key=str)
        if code is not None and (found := band(count, k))
    }
    rest = sum(count for code, count in counted.items() if code not in shown)
    return shown, band(rest, k)

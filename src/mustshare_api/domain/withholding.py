"""Which counts may be told, so that nobody can work a small one out.

    small      from 1 to 4: withheld, since somebody could be recognised in it
    by total   where the total is told and one cell is withheld, that cell is the rest: so the
               next one by its name is withheld as well, until the rest could be of many kinds

By its name and not the next smallest: whoever knows the rule would learn from that choice that
the withheld one is no larger than any that is told, and with that, now and then, all of it.

A zero is told. Every period is told once and never again: two editions of a table can be
subtracted from one another.
"""

from collections.abc import Mapping
from typing import Final

SMALL: Final = 5
"""The usual bound of official statistics; under it a count is about somebody."""


def is_small(count: int) -> bool:
    """Whether a count could point to somebody."""
    return 0 < count < SMALL


def withheld(cells: Mapping[str, int], *, total_is_told: bool) -> dict[str, int | None]:
    """The cells, None where they are withheld.

    Args:
        cells: what adds up to the total.
        total_is_told: whether readers learn the sum of all cells.
    """
    hidden = {name for name, count in cells.items() if is_small(count)}
    if total_is_told:
        hidden |= _beside(cells, hidden)
    return {name: None if name in hidden else count for name, count in cells.items()}


def _beside(cells: Mapping[str, int], hidden: set[str]) -> set[str]:
    """What has to be withheld with them, in an order that tells nothing of the counts."""
    more: set[str] = set()
    for name in sorted(n for n in cells if n not in hidden and cells[n]):
        if not hidden or not _is_open(cells, hidden | more):
            break
        more.add(name)
    # Where nothing is left to hide behind, everything is withheld, the zeros as well.
    return set(cells) if hidden and _is_open(cells, hidden | more) else more


def _is_open(cells: Mapping[str, int], hidden: set[str]) -> bool:
    """Whether the rest of the total gives a cell away."""
    rest = sum(cells[name] for name in hidden)
    all_highest = rest == len(hidden) * (SMALL - 1)
    return len(hidden) == 1 or rest - len(hidden) < SMALL - 1 or all_highest

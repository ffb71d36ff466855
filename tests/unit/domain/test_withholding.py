"""No small count can be worked out from what is told."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.domain.withholding import SMALL, withheld

CELLS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 14), min_size=1)


def test_a_count_of_four_is_withheld_and_one_of_five_is_told() -> None:
    """The bound itself, in figures: what was said in public is no constant to be turned."""
    cells = dict(zip("abcdef", range(6), strict=True))

    shown = withheld(cells, total_is_told=False)

    assert shown == {"a": 0, "b": None, "c": None, "d": None, "e": None, "f": 5}


@given(CELLS)
def test_no_small_count_is_told(cells: dict[str, int]) -> None:
    """From 1 to 4; a zero is told, if nothing forbids it."""
    for told in (True, False):
        shown = withheld(cells, total_is_told=told)
        assert all(count is None or count == 0 or count >= SMALL for count in shown.values())


@given(CELLS)
@settings(max_examples=200, deadline=None)
def test_the_total_gives_no_small_count_away(cells: dict[str, int]) -> None:
    """Whoever knows the rule and the total still finds more than one value for each."""
    shown = withheld(cells, total_is_told=True)
    hidden = [name for name, count in shown.items() if count is None]
    rest = sum(cells.values()) - sum(count for count in shown.values() if count)
    for at, name in enumerate(hidden):
        if not 0 < cells[name] < SMALL or len(hidden) == len(cells):
            continue
        fits = {
            values[at]
            for values in product(range(1, 15), repeat=len(hidden))
            if sum(values) == rest
        }
        assert len(fits) > 1


def test_whoever_knows_the_rule_itself_finds_no_small_count() -> None:
    """Of all tables that look alike, no two agree on a small count: every table up to 18."""
    alike: dict[tuple[int, tuple[int | None, ...]], list[tuple[int, ...]]] = {}
    for counts in product(range(15), repeat=4):
        if 5 <= sum(counts) <= 18:
            told = withheld(dict(zip("abcd", counts, strict=True)), total_is_told=True)
            alike.setdefault((sum(counts), tuple(told.values())), []).append(counts)
    for (_, shown), tables in alike.items():
        for at in (at for at, count in enumerate(shown) if count is None):
            could_be = {table[at] for table in tables}
            assert len(could_be) > 1 or min(could_be) >= SMALL, (shown, tables)


def test_what_is_large_is_told() -> None:
    """Nothing is withheld without need."""
    assert withheld({"a": 405, "b": 108, "c": 0}, total_is_told=True) == {
        "a": 405, "b": 108, "c": 0,
    }  # fmt: skip


def test_beside_one_small_count_another_is_withheld() -> None:
    """Only where the total is told."""
    cells = {"z": 405, "b": 3, "c": 9}

    assert withheld(cells, total_is_told=True) == {"z": 405, "b": None, "c": None}
    assert withheld(cells, total_is_told=False) == {"z": 405, "b": None, "c": 9}

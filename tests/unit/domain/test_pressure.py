"""The level: up under a flood, down slowly, not moved by a busy day."""

from mustshare_api.domain.pressure import COSTS, TOP, TRIES, Pressure, cost_of, goes_ahead

SLOW_PHONE_ROUNDS_S = 650_000
"""PBKDF2-SHA256 rounds a second; docs/flood.md says where it is from."""

SCRIPT_S = 0.001
"""What a browser needs around one try."""


def test_a_busy_moment_does_not_move_it() -> None:
    """Twenty at one time wait a quarter of a second: no watcher learns of them."""
    pressure = Pressure()
    for second in range(600):
        pressure.observe(0.3, float(second))

    assert pressure.level(600) == 0


def test_a_flood_moves_it_a_step_each_five_seconds() -> None:
    """So that one step's effect is seen before the next."""
    pressure, seen = Pressure(), []
    for tenth in range(300):
        pressure.observe(2.0, tenth / 10)
        seen.append(pressure.level(tenth / 10))

    assert [seen.index(level) for level in range(1, TOP + 1)] == [0, 50, 100, 150]
    assert seen[-1] == TOP


def test_it_falls_a_step_a_minute_once_nobody_waits() -> None:
    """Whoever asks it does not learn when the last one came."""
    pressure = Pressure()
    for second in range(0, 30, 5):
        pressure.observe(2.0, float(second))
    falls = [pressure.level(25.0 + minute * 60) for minute in range(6)]

    assert falls == [4, 3, 2, 1, 0, 0]


def test_it_holds_while_some_still_wait() -> None:
    """Between the two thresholds nothing moves."""
    pressure = Pressure()
    pressure.observe(1.0, 0.0)
    for second in range(1, 600):
        pressure.observe(0.3, float(second))

    assert pressure.level(600) == 1


def test_no_challenge_costs_a_slow_phone_more_than_two_seconds() -> None:
    """At most, not on average: the counter is one of `TRIES`."""
    at_most_s = [TRIES * (cost / SLOW_PHONE_ROUNDS_S + SCRIPT_S) for cost in COSTS]

    assert max(at_most_s) <= 2.0


def test_a_solution_from_one_step_below_still_goes_ahead() -> None:
    """The level may have risen while a phone was solving."""
    assert [goes_ahead(cost_of(level - 1), level) for level in range(1, TOP + 1)] == [True] * 4


def test_what_was_solved_in_calm_is_worth_nothing_under_load() -> None:
    """A hoard of cheap solutions opens nothing from level 3 on; in calm none is looked at."""
    assert [goes_ahead(cost_of(0), level) for level in range(TOP + 1)] == [
        *(False, True, True, False, False)
    ]

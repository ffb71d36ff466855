"""Where a tip stands: one table, and nothing outside of it."""

import itertools

import pytest

from mustshare_api.domain.lifecycle import STEPS, State, Step, after
from mustshare_api.errors import WrongMoment


@pytest.mark.parametrize(("state", "step"), list(itertools.product(State, Step)))
def test_a_step_leads_where_the_table_says_or_nowhere(state: State, step: Step) -> None:
    """Every state with every step."""
    if (state, step) in STEPS:
        assert after(state, step) is STEPS[state, step]
        return

    with pytest.raises(WrongMoment) as caught:
        after(state, step)
    assert caught.value.code == "tip.wrong_state"


def test_nothing_leads_back_from_the_end() -> None:
    """What was deleted cannot come to life again."""
    assert {state for state, _ in STEPS} == {State.RECEIVED}
    assert State.RECEIVED not in STEPS.values()


def test_every_state_can_be_reached() -> None:
    """From the one that a tip begins in."""
    assert {State.RECEIVED, *STEPS.values()} == set(State)

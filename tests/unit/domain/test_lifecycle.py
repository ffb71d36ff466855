"""Where a tip stands: one table, and nothing outside of it."""

import itertools

import pytest

from mustshare_api.domain.lifecycle import (
    BY_OFFICERS,
    LIVING,
    STEPS,
    TOMBSTONES,
    Maker,
    State,
    Step,
    after,
    check_maker,
)
from mustshare_api.errors import NotPermitted, WrongMoment


@pytest.mark.parametrize(("state", "step"), list(itertools.product(State, Step)))
def test_a_step_leads_where_the_table_says_or_nowhere(state: State, step: Step) -> None:
    """Every state with every step."""
    if state in STEPS[step].begins:
        assert after(state, step) is STEPS[step].ends
        return

    with pytest.raises(WrongMoment) as caught:
        after(state, step)
    assert caught.value.code == "step.wrong_state"


def test_nothing_leads_back_from_the_end() -> None:
    """What was deleted cannot come to life again, and nothing is received twice."""
    assert not any(set(move.begins) & set(TOMBSTONES) for move in STEPS.values())
    assert State.RECEIVED not in {move.ends for move in STEPS.values()}


def test_every_state_can_be_reached() -> None:
    """From the one that a tip begins in."""
    reached = {State.RECEIVED}
    for _ in State:
        reached |= {move.ends for move in STEPS.values() if set(move.begins) & reached}

    assert reached == set(State)


@pytest.mark.parametrize("state", LIVING)
def test_a_living_tip_can_always_be_taken_back(state: State) -> None:
    """By its reporter, by the clock, and by two officers, wherever it stands."""
    assert after(state, Step.WITHDRAW) is State.WITHDRAWN
    assert after(state, Step.EXPIRE) is after(state, Step.ERASE) is State.EXPIRED


def test_what_cannot_be_taken_back_takes_two_people() -> None:
    """To publish, to hand over and to erase; all else an officer does alone."""
    assert {step for step in Step if STEPS[step].people == 2} == {
        *(Step.PUBLISH, Step.REFER, Step.ERASE),
    }
    assert {STEPS[step].people for step in Step} == {1, 2}


@pytest.mark.parametrize("step", Step)
def test_officers_make_officers_steps_alone(step: Step) -> None:
    """What is the reporter's or the clock's is refused to them by name."""
    if step in BY_OFFICERS:
        check_maker(step, Maker.OFFICER)
        assert STEPS[step].by is Maker.OFFICER
        return

    with pytest.raises(NotPermitted) as caught:
        check_maker(step, Maker.OFFICER)
    assert caught.value.code == "step.not_for_staff"

"""Where a referral stands and what moves it."""

import re

import pytest

from mustshare_api.domain.referral import ENDED, STEPS, OutcomeKind, State, Step, after
from mustshare_api.errors import WrongMoment
from tests.shape.tree import ROOT

SCHEMA = ROOT / "src/mustshare_api/store/schema/0015_referral_acts.sql"
ALL = [(state, step) for state in State for step in Step]


@pytest.mark.parametrize(("state", "step"), ALL, ids=lambda one: one.value)
def test_a_step_leads_where_the_table_says_or_is_refused(state: State, step: Step) -> None:
    """There is no third way."""
    if (state, step) in STEPS:
        assert after(state.value, step) is STEPS[state, step]
        return
    with pytest.raises(WrongMoment, match=r"referral\.wrong_state"):
        after(state.value, step)


def test_the_database_knows_the_same_states() -> None:
    """Its own check is written by hand, and held against the table here."""
    checked = re.search(r"state IN \(([^)]*)\)", SCHEMA.read_text(encoding="utf-8"))

    assert checked is not None
    assert re.findall(r"'([a-z_]+)'", checked[1]) == [state.value for state in State]


def test_nothing_leads_on_from_what_was_taken_back() -> None:
    """And from what is concluded nothing but a correction."""
    assert not [step for state, step in STEPS if state is State.TAKEN_BACK]
    assert {step for state, step in STEPS if state is State.CONCLUDED} == {
        Step.INQUIRE,
        Step.CONCLUDE,
    }
    assert set(ENDED) == {State.LAPSED, State.CONCLUDED, State.TAKEN_BACK}


def test_only_an_inquiry_that_goes_on_does_not_conclude() -> None:
    """Every other kind of outcome ends the agency's work."""
    going_on = {kind for kind in OutcomeKind if kind.step is Step.INQUIRE}

    assert going_on == {OutcomeKind.UNDER_INQUIRY}

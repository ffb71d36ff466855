"""Attackers against 20 reporters: nobody is lost, whatever they cannot do.

`make flood` plays all 200.
"""

import pytest

from tests.flood.crowd import ATTACKERS, HONEST, attackers, lost, played, report, waits
from tests.flood.model import Flood

FEWER = 100
"""Half of the whole flood, which still is three times what the slots can do."""


@pytest.fixture(scope="module")
def after() -> Flood:
    """A flood with the controls on."""
    return played(controls=True, attacking=FEWER, until_s=62)


def junk(flood: Flood) -> int:
    return sum(len(one.taken_at) for one in flood.visitors if not one.honest)


def test_without_controls_reporters_are_lost() -> None:
    """So that it is known what the controls are for."""
    assert lost(played(controls=False, attacking=FEWER, until_s=60, gives_up_s=30)) != []


def test_no_reporter_is_lost(after: Flood) -> None:
    """Phones, forms without a script and Tor alike."""
    assert len(waits(after)) == HONEST
    assert lost(after) == []


def test_a_reporter_waits_seconds_and_not_minutes(after: Flood) -> None:
    """The longest of all, solving included."""
    found = waits(after)

    assert found[HONEST // 2] < 20
    assert found[-1] < 120


def test_a_reporter_without_a_script_waits_no_longer_than_one_form(after: Flood) -> None:
    """None of them ever has to press the button twice."""
    forms = [one for one in after.visitors if one.is_form]

    assert len(forms) == 7
    assert [one.refused for one in forms] == [0] * 7


def test_calm_hoards_and_replays_get_no_further_than_no_solution_at_all(after: Flood) -> None:
    """Per request sent; the first seconds, in which the level rises, are theirs."""
    shares = {}
    for kind in ("sends plain tips", "hoards solutions", "replays one"):
        members = [one for one in after.visitors if one.kind == kind]
        taken = sum(len(one.taken_at) for one in members)
        shares[kind] = taken / (taken + sum(one.refused for one in members))

    assert max(shares.values()) < 0.35


def test_a_stolen_key_is_worth_its_quota_and_no_more(after: Flood) -> None:
    """Then it waits with everyone else."""
    assert after.quota == 0


def test_the_crowd_is_what_the_report_says(after: Flood) -> None:
    """200 of them, a third through Tor, and every kind in the table."""
    made, table = attackers(), report(after, "After")

    assert len(made) == ATTACKERS
    assert 60 <= sum(one.network is None for one in made) <= 70
    assert all(one.kind in table for one in made)

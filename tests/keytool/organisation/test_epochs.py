"""An officer's keys week by week: made ahead, and counted by what they could open."""

from dataclasses import replace
from datetime import date, timedelta

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import seal_key_file
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, START, Reporter, Tool

MONDAY = START.date()


def keep(tool: Tool, officer: Officer) -> None:
    """Puts other secrets into the officer's key file."""
    octets = seal_key_file(
        officer.encode(), PASSPHRASE, officer.signing_kid, memory_kib=CHEAP_KIB
    )
    (tool.home / "officer.msk").write_bytes(octets)


def without(officer: Officer, week: date) -> Officer:
    epochs = {each: seed for each, seed in officer.epochs.items() if each != week}
    return replace(officer, epochs=epochs)


def test_thirteen_weeks_lie_ahead_after_extending(tool: Tool) -> None:
    """Counted from the week in which it is done, whatever there was."""
    tool.clock.advance(weeks=3)
    ended = tool.unlocked("epochs", "extend")
    last = MONDAY + timedelta(weeks=3 + 12)

    assert ended.code == 0, ended.err
    assert max(tool.officer().epochs) == last
    assert f"until the week of {last}" in ended.out


def test_extending_twice_makes_no_second_key_of_a_week(tool: Tool) -> None:
    """The card that is handed in stays true."""
    tool.clock.advance(weeks=3)
    tool.unlocked("epochs", "extend")
    card = (tool.home / "somsri.card").read_bytes()
    tool.unlocked("epochs", "extend")

    assert (tool.home / "somsri.card").read_bytes() == card


def test_a_week_is_shown_with_what_its_key_opens(tool: Tool, reporter: Reporter) -> None:
    """Of the objects that lie here."""
    for text in ("one", "two"):
        reporter.send_text(text)
    tool.unlocked("sync")
    ended = tool.unlocked("epochs", "show")
    data = tool.unlocked("epochs", "show", "--json").data
    weeks = [each for each in data["keys"] if each["kind"] == "week"]

    assert f"week {MONDAY}: opens 2 objects here; 2 came that week" in ended.out
    assert [each["objects"] for each in weeks] == [2] + [0] * 12
    assert data["objects"] == 2


def test_a_week_whose_key_is_gone_opens_nothing(tool: Tool, reporter: Reporter) -> None:
    """The objects are here, and no key of that week is."""
    reporter.send_text("one")
    tool.unlocked("sync")
    keep(tool, without(tool.officer(), MONDAY))
    ended = tool.unlocked("epochs", "show")
    (gone,) = [k for k in tool.unlocked("epochs", "show", "--json").data["keys"] if k["gone"]]

    assert f"week {MONDAY}: gone, opens 0 objects; 1 came that week" in ended.out
    assert (gone["week"], gone["kid"], gone["objects"]) == (str(MONDAY), None, 0)
    assert tool.unlocked("open", reporter.tip).code == 4


def test_case_keys_are_shown_newest_first(tool: Tool, reporter: Reporter) -> None:
    """Nothing is sealed to one by a reporter."""
    officer = tool.officer()
    keep(tool, replace(officer, case_seeds=(b"n" * 32, *officer.case_seeds)))
    reporter.send_text("one")
    tool.unlocked("sync")
    shown = [
        line for line in tool.unlocked("epochs", "show").out.splitlines() if "case" in line
    ]

    assert len(shown) == 2
    assert all("opens 0 of 1 objects here" in line for line in shown)


def test_objects_that_were_damaged_here_count_as_none(tool: Tool, reporter: Reporter) -> None:
    """They name no key that could be believed."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    (tool.home / "objects" / object_id).write_bytes(b"x")

    assert tool.unlocked("epochs", "show", "--json").data["objects"] == 0

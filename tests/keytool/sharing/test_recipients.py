"""Who can open a tip, as the directories on this machine vouch for it."""

import pytest

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import kid_of
from tests.keytool.colleagues import (
    STRANGER,
    colleague,
    head_of,
    intake_key,
    publish,
)
from tests.keytool.conftest import START, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

MONDAY = START.date()
PICTURE = b"\xff\xd8 a picture" * 20_000


@pytest.fixture
def arthit(tool: Tool, door: FakeDoor) -> Officer:
    """A colleague whom the directory lists, and to whom nothing is sealed yet."""
    return colleague(tool, door)


def answered(tool: Tool, door: FakeDoor, reporter: Reporter) -> str:
    """A tip that was answered, and the answer's object as the door holds it from then on."""
    tool.unlocked("sync")
    ended = tool.unlocked("answer", reporter.tip, "--text", "thank you")
    assert ended.code == 0, ended.err
    (octets,) = door.follow_ups[reporter.tip]
    object_id = head_of(octets).prefix.object_id.hex()
    door.objects[object_id] = octets
    return object_id


def test_recipients_are_shown_by_name_role_week_and_directory(
    tool: Tool, door: FakeDoor, reporter: Reporter, arthit: Officer
) -> None:
    """With the serial that vouches for each key; a key that none lists is called unknown."""
    reporter.recipients.extend([intake_key(arthit, MONDAY), STRANGER])
    message = reporter.send_text("one")
    answer = answered(tool, door, reporter)
    tool.unlocked("grant", reporter.tip, "arthit")
    publish(tool, door, 9)
    tool.unlocked("sync")

    shown = {
        each["object_id"]: each["recipients"]
        for each in tool.offline("recipients", reporter.tip, "--json").data
    }

    brief = [(r["role"], r["name"], r["week"], r["serial"]) for r in shown[message]]
    assert brief == [
        ("intake", "somsri", "2026-11-23", 9),
        ("intake", "arthit", "2026-11-23", 8),
        ("unknown", None, None, None),
        ("case", "arthit", None, 8),
    ]
    assert shown[answer][0]["role"] == "reporter"
    text = tool.offline("recipients", reporter.tip).out
    assert f"{message}: the tip\n  intake somsri 2026-11-23 (directory 9)\n" in text
    assert f"  unknown {kid_of(STRANGER).hex()} (no directory" in text
    assert f"{answer}: an answer\n  the reporter\n" in text


def test_a_directory_that_the_pins_do_not_vouch_for_names_nobody(
    tool: Tool, reporter: Reporter
) -> None:
    """An edited note among the kept ones makes no stranger look like a colleague."""
    reporter.recipients.append(STRANGER)
    reporter.send_text("one")
    tool.unlocked("sync")
    note = (tool.home / "directory.note").read_text()
    old = kid_of(intake_key(tool.officer(), MONDAY)).hex()
    forged = note.replace(old, kid_of(STRANGER).hex())
    (tool.home / "directories" / "99.note").write_text(forged)

    (shown,) = tool.offline("recipients", reporter.tip, "--json").data
    assert [r["role"] for r in shown["recipients"]] == ["intake", "unknown"]

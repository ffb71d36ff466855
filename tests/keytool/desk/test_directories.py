"""Which directory an officer's machine believes, and when it stops."""

from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor


def test_an_older_directory_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """Tips are fetched all the same, and the newer one stays."""
    tool.propose("next", 8, tool.deployment())
    tool.sign("next", "anan", "chai")
    old, door.directory = door.directory, (tool.folder / "next").read_bytes()
    tool.unlocked("sync")
    newer, door.directory = door.directory, old

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "older" in ended.err
    assert (tool.home / "directory.note").read_bytes() == newer


def test_another_directory_of_the_same_serial_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """Both signed by the roots; one of them is being shown to somebody else."""
    tool.unlocked("sync")
    tool.propose("twin", 7, tool.deployment(), days="20")
    tool.sign("twin", "anan", "chai")
    door.directory = (tool.folder / "twin").read_bytes()

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "swapped" in ended.err


def test_the_directory_of_another_deployment_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """The same roots may serve two. Where its log was seen before, that is what is told."""
    tool.unlocked("sync")
    (tool.home / "checkpoint.note").unlink()
    tool.propose("other", 9)
    tool.sign("other", "anan", "chai")
    door.directory = (tool.folder / "other").read_bytes()

    assert "another deployment" in tool.unlocked("sync").err


def test_an_expired_directory_keeps_no_tip_from_being_read(
    tool: Tool, reporter: Reporter
) -> None:
    """Roots who are on holiday do not close the office; answering waits for them."""
    reporter.send_text("one")
    tool.unlocked("sync")
    tool.clock.advance(days=29)
    reporter.follow_up("two")

    synced = tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)
    answered = tool.unlocked("answer", reporter.tip, "--text", "hello")

    assert synced.code == 1
    assert "expired" in synced.err
    assert opened.code == 0
    assert "│ two" in opened.out
    assert answered.code == 1
    assert "expired" in answered.err

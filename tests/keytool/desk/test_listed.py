"""The file in which the tool keeps what the door said: private, and never guessed at."""

import stat

from mustshare_api.crypto.receipts import keys_of
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed, load_index, load_tips
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor


def test_what_a_tool_of_before_kept_is_taken_over(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The reporters' keys that were seen first above all; the old files go."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    home = Home(tool.home)
    tips, index = list(load_tips(home).values()), list(load_index(home).values())
    home.save(home.old_tips, tips)
    home.save(home.old_index, index)
    home.listed.unlink()
    assert tool.unlocked("open", reporter.tip).code == 0
    door.add_tip(reporter.tip_id, keys_of(b"x" * 32).bundle)

    assert tool.unlocked("sync", "--json").data["changed"] == [reporter.tip]
    assert not home.old_tips.exists()
    assert list(load_index(home)) == [object_id]


def test_old_files_that_cannot_be_read_are_kept(tool: Tool, reporter: Reporter) -> None:
    """One line names the file, and nothing is overwritten."""
    home = Home(tool.home)
    home.old_tips.write_text("{")
    ended = tool.unlocked("sync")

    assert (ended.code, "tips.json" in ended.err) == (1, True)
    assert home.old_tips.read_text() == "{"


def test_the_list_is_private_and_forgets_what_is_gone(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Nobody else reads the file, and nothing is left of an object that was deleted."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = Home(tool.home).listed
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert object_id.encode() in file.read_bytes()
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    tool.unlocked("sync")

    assert object_id.encode() not in file.read_bytes()


def test_a_tombstone_goes_when_the_door_lists_it_no_longer(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """After its season nothing here says that there was such a tip; till then it is listed."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, None)
    door.objects.clear()
    tool.unlocked("sync", "--full")
    (listed,) = tool.offline("list", "--json").data
    del door.tips[reporter.tip]

    assert tool.unlocked("sync", "--full", "--json").data["tips"] == 0
    assert (listed["gone"], tool.offline("list", "--json").data) == (True, [])
    assert reporter.tip.encode() not in Home(tool.home).listed.read_bytes()


def test_a_list_of_a_newer_tool_is_left_alone(tool: Tool, reporter: Reporter) -> None:
    """One line, and the file stays as it is."""
    reporter.send_text("one")
    tool.unlocked("sync")
    home = Home(tool.home)
    with Listed.opened(home) as listed:
        listed.database.execute("PRAGMA user_version = 3")
    before = home.listed.read_bytes()
    ended = tool.unlocked("sync")

    assert (ended.code, "listed.db" in ended.err) == (1, True)
    assert home.listed.read_bytes() == before


def test_a_tip_that_is_somebody_elses_by_now_leaves_the_desk(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Dropped from it, or its season missed: no row of it stays in any list or count."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    told, octets = door.tips.pop(reporter.tip), door.objects.pop(object_id)
    synced = tool.unlocked("sync", "--full", "--json")
    counted = tool.offline("digest", "--json").data["states"]["received"]

    assert synced.data["unlisted"] == {reporter.tip: 1}
    assert (synced.data["tips"], counted) == (0, 0)
    assert [tool.unlocked("inbox", "--json").data, tool.offline("list", "--json").data] == [
        [],
        [],
    ]
    assert tool.unlocked("show", reporter.tip).code == 1

    door.tips[reporter.tip], door.objects[object_id] = told, octets
    tool.unlocked("sync")
    assert len(tool.unlocked("inbox", "--json").data) == 1


def test_a_reporters_key_is_still_known_when_a_tip_comes_back(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that hides a tip for a week cannot bring it back under a key of its own."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    octets = door.objects.pop(object_id)
    del door.tips[reporter.tip]
    tool.unlocked("sync", "--full")
    door.objects[object_id] = octets
    door.add_tip(reporter.tip_id, keys_of(b"x" * 32).bundle)
    back = tool.unlocked("sync", "--json")

    assert (back.code, back.data["changed"]) == (1, [reporter.tip])
    assert tool.unlocked("open", reporter.tip).code == 0
